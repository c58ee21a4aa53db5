/// One run of a model: its mode, its randomness, and the tape of what was computed.
///
/// Nothing outlives the pass: neurons keep no state in their modules and gradients are returned as
/// values, so there is nothing to reset between batches.
public final class ForwardPass {
  /// What the pass is for.
  public enum Mode: Sendable {
    /// Batch statistics, and a tape for gradients.
    case training
    /// Running statistics, and no tape.
    case inference
    /// Shapes alone: operations hand out memory that nobody fills or reads.
    case shapes
  }

  /// Takes the gradient of an operation's result, whose memory it may reuse; returns those of its
  /// inputs, in their order.
  typealias Pullback = (inout Tensor) -> [Tensor?]

  private struct Node {
    var inputs: [Int?]
    var pullback: Pullback?
  }

  /// What the pass is for.
  public let mode: Mode
  /// How many threads the kernels use.
  public let parallel: Parallel
  /// The randomness of this pass.
  public var generator: SeededGenerator
  /// Where operations leave their times, when set.
  public var profile: OperationProfile?
  /// Overrides how fast running statistics follow those of this pass; 1 adopts them.
  public var statisticsMomentum: Float?
  /// Called with the output of every neuron, when set.
  public var observer: ((any Module, Variable) -> Void)?
  /// Called for every layer when it has computed, when set.
  public var layerObserver: ((LayerCall) -> Void)?

  /// Whether results are searched for values that are no numbers.
  var watchesForDivergence = false
  /// The parameter that was last used when the first such value appeared.
  private(set) var firstDiverged: Parameter?
  private var lastParameter: Parameter?

  private var nodes: [Node] = []
  private var leaves: [ObjectIdentifier: (parameter: Parameter, node: Int)] = [:]

  /// Creates an empty pass.
  public init(
    _ mode: Mode,
    parallel: Parallel = .allCores,
    generator: SeededGenerator = SeededGenerator(seed: 0)
  ) {
    self.mode = mode
    self.parallel = parallel
    self.generator = generator
  }

  /// A parameter as the input of an operation.
  public func variable(_ parameter: Parameter) -> Variable {
    guard mode == .training else {
      return Variable(computed(parameter.shape) { parameter.value })
    }
    lastParameter = parameter
    let id = ObjectIdentifier(parameter)
    if let leaf = leaves[id] { return Variable(.tensor(parameter.value), node: leaf.node) }
    let node = append(Node(inputs: [], pullback: nil))
    leaves[id] = (parameter, node)
    return Variable(.tensor(parameter.value), node: node)
  }

  /// An input whose gradient will be asked for, as tests of operations do.
  package func differentiable(_ tensor: Tensor) -> Variable {
    Variable(.tensor(tensor), node: append(Node(inputs: [], pullback: nil)))
  }

  /// A spike input whose gradient will be asked for.
  package func differentiable(_ spikes: Spikes) -> Variable {
    Variable(.spikes(spikes), node: append(Node(inputs: [], pullback: nil)))
  }

  /// Tells the observer of layers, if there is one, what a layer did.
  func report(
    _ module: any Module,
    _ kind: @autoclosure () -> LayerCall.Kind,
    of inputs: Variable...,
    to output: Shape
  ) {
    guard let layerObserver else { return }
    layerObserver(LayerCall(module: module, kind: kind(), inputs: inputs, output: output))
  }

  /// The result of a kernel, or memory that nobody fills where only shapes are asked for.
  func computed(_ shape: Shape, _ kernel: () -> Tensor) -> Tensor {
    mode == .shapes ? Tensor(uninitialized: shape) : kernel()
  }

  /// The spikes of a kernel, or memory that nobody fills where only shapes are asked for.
  func computed(_ shape: Shape, _ kernel: () -> Spikes) -> Spikes {
    mode == .shapes ? Spikes(shape) { _ in } : kernel()
  }

  /// Puts an operation on the tape: its result, its inputs and its pullback.
  func record(_ value: Tensor, from inputs: [Variable], _ pullback: @escaping Pullback) -> Variable
  {
    if watchesForDivergence, firstDiverged == nil, !value.isFinite {
      firstDiverged = lastParameter
    }
    return Variable(.tensor(value), node: node(from: inputs, pullback))
  }

  /// Puts an operation that makes spikes on the tape.
  func record(_ value: Spikes, from inputs: [Variable], _ pullback: @escaping Pullback) -> Variable
  {
    Variable(.spikes(value), node: node(from: inputs, pullback))
  }

  /// Puts an operation that makes either on the tape.
  func record(
    _ value: Variable.Value,
    from inputs: [Variable],
    _ pullback: @escaping Pullback
  ) -> Variable {
    Variable(value, node: node(from: inputs, pullback))
  }

  private func node(from inputs: [Variable], _ pullback: @escaping Pullback) -> Int? {
    guard mode == .training, inputs.contains(where: \.needsGradient) else { return nil }
    return append(Node(inputs: inputs.map(\.node), pullback: pullback))
  }

  private func append(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Differentiates a scalar by every parameter that it depends on, and uses up the tape.
  ///
  /// - Parameters:
  ///   - loss: One element.
  ///   - inputs: Further variables whose gradients are wanted.
  public func gradients(of loss: Variable, and inputs: [Variable] = []) -> Gradients {
    precondition(loss.shape.count == 1, "gradients: the loss has shape \(loss.shape)")
    return gradients(of: loss, seed: .filled(loss.shape, with: 1), and: inputs)
  }

  /// Differentiates the inner product of a result with `seed`.
  package func gradients(of result: Variable, seed: Tensor, and inputs: [Variable] = [])
    -> Gradients
  {
    var gradients = [Tensor?](repeating: nil, count: nodes.count)
    if let node = result.node { gradients[node] = seed }
    let kept = Set(inputs.compactMap(\.node))
    for index in nodes.indices.reversed() {
      guard let pullback = nodes[index].pullback else { continue }
      nodes[index].pullback = nil
      guard var gradient = gradients[index] else { continue }
      if !kept.contains(index) { gradients[index] = nil }
      propagate(pullback(&gradient), to: nodes[index].inputs, in: &gradients)
    }
    return Gradients(
      parameters: leaves.mapValues { ($0.parameter, gradients[$0.node]) },
      inputs: inputs.map { input in input.node.flatMap { gradients[$0] } }
    )
  }

  private func propagate(
    _ values: [Tensor?],
    to inputs: [Int?],
    in gradients: inout [Tensor?]
  ) {
    precondition(values.count == inputs.count, "pullback: \(values.count) of \(inputs.count)")
    for (value, input) in zip(values, inputs) {
      guard let value, let input else { continue }
      guard let sum = gradients[input] else {
        gradients[input] = value
        continue
      }
      gradients[input] = nil
      gradients[input] = profile.measure("sum of gradients", .moving(3 * value.count)) {
        Elementwise.sum(sum, value, parallel)
      }
    }
  }
}
