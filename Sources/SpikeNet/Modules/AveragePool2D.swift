/// Means over windows of feature maps `[…, H, W, C]` that lie side by side.
public final class AveragePool2D: Layer {
  private let kernel: Int

  /// Creates a pooling with square windows.
  public init(kernel: Int) {
    self.kernel = kernel
  }

  /// Pools `[…, H, W, C]` to `[…, H / kernel, W / kernel, C]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let y = pass.averagePooling(x, kernel: kernel)
    pass.report(self, .pooling, of: x, to: y.shape)
    return y
  }
}
