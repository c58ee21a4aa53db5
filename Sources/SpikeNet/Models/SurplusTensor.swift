/// A tensor of the authors' checkpoints that a model here does without.
///
/// Their programs build parameters that no forward pass uses, and save constants of the neurons.
public struct SurplusTensor: Sendable {
  /// What stands in it.
  public enum Content: Hashable, Sendable {
    /// Nothing that matters; this value when it is written.
    case unused(Float)
    /// A constant of the model, which a checkpoint must agree with.
    case constant(Float)
    /// A whole number of the model, which a checkpoint must agree with.
    case constantInteger(Int64)
    /// A whole number that does not matter; this value when it is written.
    case unusedInteger(Int64)
  }

  /// The authors' name.
  public let name: String
  /// The dimensions in the authors' program.
  public let shape: Shape
  /// What stands in it.
  public let content: Content

  /// Describes a tensor.
  public init(_ name: String, _ shape: Shape, _ content: Content) {
    self.name = name
    self.shape = shape
    self.content = content
  }

  /// A parameter that is never used, with the value that torch begins it with: one for weights of
  /// normalisations, else zero.
  init(_ unused: UnusedParameter) {
    let isNormWeight = unused.shape.rank == 1 && unused.name.hasSuffix(".weight")
    self.init(unused.name, unused.shape, .unused(isNormWeight ? 1 : 0))
  }
}
