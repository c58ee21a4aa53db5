/// The dimensions of a tensor, outermost first; data is contiguous and row-major.
///
/// Feature maps are `[T, B, H, W, C]`: channels last, time first.
public struct Shape: Hashable, Sendable {
  /// The length of every dimension.
  public let dimensions: [Int]
  /// The product of all dimensions; 1 for a scalar.
  public let count: Int

  /// Creates a shape; every dimension is at least zero.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "shape: negative dimension in \(dimensions)")
    self.dimensions = dimensions
    count = dimensions.reduce(1, *)
  }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The length of the last dimension; 1 for a scalar.
  public var channels: Int { dimensions.last ?? 1 }

  /// The product of all dimensions but the last.
  public var rows: Int { dimensions.dropLast().reduce(1, *) }

  /// The length of one dimension; negative indices count from the end.
  public subscript(index: Int) -> Int {
    dimensions[index < 0 ? rank + index : index]
  }

  /// This shape with another last dimension.
  public func replacingChannels(_ channels: Int) -> Shape {
    Shape(dimensions.dropLast() + [channels])
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Creates a shape from its dimensions.
  public init(arrayLiteral dimensions: Int...) {
    self.init(dimensions)
  }
}

extension Shape: CustomStringConvertible {
  /// The dimensions in brackets, such as `[4, 2, 8, 8, 32]`.
  public var description: String { "\(dimensions)" }
}
