/// A tensor that is saved but not trained, such as a running mean.
public final class Buffer {
  /// The current value.
  public var value: Tensor

  /// Creates a buffer.
  public init(_ value: Tensor) {
    self.value = value
  }
}
