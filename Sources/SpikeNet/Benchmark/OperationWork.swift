/// What an operation has to do, counted from its inputs.
public struct OperationWork: Sendable {
  /// Multiply-adds that a framework without spikes would do.
  public var denseMultiplyAdds: Double
  /// Additions and multiply-adds of floats that are left to do.
  public var operations: Double
  /// Bytes of inputs and results.
  public var bytes: Double

  /// Work that nothing is known of.
  public init(denseMultiplyAdds: Double = 0, operations: Double = 0, bytes: Double = 0) {
    self.denseMultiplyAdds = denseMultiplyAdds
    self.operations = operations
    self.bytes = bytes
  }

  /// The sum of two pieces of work.
  static func += (total: inout OperationWork, part: OperationWork) {
    total.denseMultiplyAdds += part.denseMultiplyAdds
    total.operations += part.operations
    total.bytes += part.bytes
  }

  /// Work that moves bytes and computes little.
  static func moving(_ floats: Int) -> OperationWork {
    OperationWork(bytes: 4 * Double(floats))
  }
}
