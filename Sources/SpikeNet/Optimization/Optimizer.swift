/// The rule by which a parameter follows its gradient.
///
/// A rule is a value without state: what it remembers between steps are the slots, which
/// ``OptimizerState`` owns, so that saving and resuming need no code here.
public protocol Optimizer: Sendable {
  /// The names of the tensors kept per parameter, as torch names them in checkpoints.
  var slotNames: [String] { get }

  /// The gradient norm over all parameters above which this rule scales gradients down; or none.
  var gradientNormLimit: Double? { get }

  /// Moves one parameter.
  ///
  /// - Parameters:
  ///   - value: The parameter, in any order of elements that `gradient` and `slots` share.
  ///   - gradient: The derivative of the loss by the parameter.
  ///   - slots: The tensors that ``slotNames`` names; zeros before the first step.
  ///   - step: The number of the step and what holds for it.
  func update(
    _ value: inout Tensor,
    gradient: Tensor,
    slots: inout [Tensor],
    _ step: OptimizerStep
  )
}

extension Optimizer {
  /// No limit.
  public var gradientNormLimit: Double? { nil }
}

/// What holds for one update of one parameter.
public struct OptimizerStep: Sendable {
  /// Counts the updates of this parameter, from 1.
  public var number: Int
  /// The size of the step.
  public var learningRate: Double
  /// Whether weight decay applies to this parameter.
  public var decays: Bool
  /// Multiplies the gradient, to clip it.
  public var gradientScale: Double
  /// How many threads may work.
  public var parallel: Parallel

  /// Describes an update.
  public init(
    number: Int,
    learningRate: Double,
    decays: Bool = true,
    gradientScale: Double = 1,
    parallel: Parallel = .allCores
  ) {
    self.number = number
    self.learningRate = learningRate
    self.decays = decays
    self.gradientScale = gradientScale
    self.parallel = parallel
  }

  /// The elements that one thread takes at a time.
  static let blockSize = 1 << 14

  /// Calls `body` for ranges of element indices, in parallel.
  func forEachBlock(of count: Int, _ body: (Range<Int>) -> Void) {
    parallel.forEachBlock(of: count, size: Self.blockSize, body)
  }
}
