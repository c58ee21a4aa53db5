/// A file of named tensors, whatever its format.
public protocol TensorSource: Sendable {
  /// The names of all tensors.
  var names: [String] { get }

  /// The dimensions of a tensor; nil if there is none of this name.
  func shape(of name: String) -> Shape?

  /// A tensor, converted to 32-bit floats.
  ///
  /// - Throws: ``SpikeNetError`` if there is no such tensor, or if its elements are damaged.
  func tensor(_ name: String) throws(SpikeNetError) -> Tensor

  /// A tensor of integers or truth values, whatever their width.
  ///
  /// - Throws: ``SpikeNetError`` if there is no such tensor, or if its elements are real numbers.
  func integers(_ name: String) throws(SpikeNetError) -> [Int64]
}

extension Safetensors: TensorSource {
  /// The dimensions of an array; nil if there is none of this name.
  public func shape(of name: String) -> Shape? { self[name]?.shape }
}
