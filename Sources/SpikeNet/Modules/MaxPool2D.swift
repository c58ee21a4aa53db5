/// Maximum over windows of feature maps `[…, H, W, C]`.
public final class MaxPool2D: Layer {
  private let kernel: Int
  private let stride: Int
  private let padding: Int

  /// Creates a pooling with square windows.
  public init(kernel: Int, stride: Int, padding: Int = 0) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// Pools `[…, H, W, C]` to `[…, outHeight, outWidth, C]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let y = pass.maxPooling(x, kernel: kernel, stride: stride, padding: padding)
    pass.report(self, .pooling, of: x, to: y.shape)
    return y
  }
}
