/// A value that a pass computed, and its place on the tape if gradients can reach it.
public struct Variable {
  /// What was computed.
  public enum Value: Sendable {
    /// Real numbers.
    case tensor(Tensor)
    /// Packed zeros and ones, the output of a neuron.
    case spikes(Spikes)
  }

  /// What was computed.
  public let value: Value
  /// The position on the tape; nil for constants.
  let node: Int?
  /// Channel statistics that a convolution gathered on its way, for the normalisation after it.
  var statistics: ChannelStatistics?

  init(_ value: Value, node: Int?, statistics: ChannelStatistics? = nil) {
    self.value = value
    self.node = node
    self.statistics = statistics
  }

  /// Creates a constant: gradients stop here.
  public init(_ tensor: Tensor) {
    self.init(.tensor(tensor), node: nil)
  }

  /// Creates a constant from spikes.
  public init(_ spikes: Spikes) {
    self.init(.spikes(spikes), node: nil)
  }

  /// The dimensions of the value.
  public var shape: Shape {
    switch value {
    case .tensor(let tensor): tensor.shape
    case .spikes(let spikes): spikes.shape
    }
  }

  /// The value as a tensor; spikes are unpacked.
  public var tensor: Tensor {
    switch value {
    case .tensor(let tensor): tensor
    case .spikes(let spikes): spikes.tensor
    }
  }

  /// Whether gradients can reach what this was computed from.
  var needsGradient: Bool { node != nil }
}
