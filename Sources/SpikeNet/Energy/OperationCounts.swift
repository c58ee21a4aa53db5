/// The operations that a model did on measured samples, layer by layer.
///
/// The convention of the spiking transformers' papers: a layer whose inputs are all zeros and ones
/// does as many additions (ACs, synaptic operations) as a dense one does multiply-adds (MACs), times
/// the share of ones; every other layer does all multiply-adds. Biases count as one operation for
/// each output. Spiking self-attention of N tokens and h heads of d channels does
/// T·h·N·d²·(min(rate k, rate v) + rate q) additions, whatever order its products are taken in;
/// spike-driven attention T·N·h·d·min(rate k, rate v). Normalisation, neurons and pooling are not
/// counted.
public struct OperationCounts: Sendable {
  /// What one layer did, per sample.
  public struct Layer: Sendable {
    /// The layer's path in the model.
    public let name: String
    /// What kind of layer it is.
    public let kind: LayerCall.Kind
    /// Operations of a framework without spikes.
    public let dense: Double
    /// Multiply-adds.
    public let macs: Double
    /// Multiply-adds with an input other than zero.
    public let effectiveMACs: Double
    /// Additions.
    public let acs: Double
    /// The share of inputs that are not zero.
    public let rate: Double
  }

  private struct Sum {
    var kind: LayerCall.Kind
    var readsSpikes: Bool
    var name: String
    var dense = 0
    /// What the rates of an attention multiply.
    var product = 0
    var nonzeros: [Int]
    var elements: [Int]

    func rate(_ input: Int) -> Double {
      elements[input] == 0 ? 0 : Double(nonzeros[input]) / Double(elements[input])
    }
  }

  private var sums: [Sum] = []
  private var positions: [ObjectIdentifier: Int] = [:]
  private let names: [ObjectIdentifier: String]
  /// How many samples were measured.
  public private(set) var samples = 0

  /// Begins without samples.
  public init(of model: any Module) {
    names = Dictionary(
      model.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Counts samples whose layers are added one by one.
  public mutating func add(samples count: Int) { samples += count }

  /// Adds what a layer did in one pass.
  public mutating func add(_ call: LayerCall) {
    let (dense, product): (Int, Int)
    switch call.kind {
    case .convolution, .linear:
      let bias = call.module.namedParameters.contains { $0.name == "bias" }
      (dense, product) = (call.multiplyAdds + (bias ? call.output.count : 0), 0)
    case .attention(let shape):
      (dense, product) = (max(call.multiplyAdds, shape.gates), shape.gates)
    case .normalization, .neuron, .pooling: return
    }
    let id = ObjectIdentifier(call.module)
    let position = positions[id] ?? sums.count
    if position == sums.count {
      positions[id] = position
      sums.append(
        Sum(
          kind: call.kind,
          readsSpikes: call.readsSpikes,
          name: names[id] ?? "",
          nonzeros: call.inputs.map { _ in 0 },
          elements: call.inputs.map { _ in 0 }
        )
      )
    }
    sums[position].dense += dense
    sums[position].product += product
    for (index, input) in call.inputs.enumerated() {
      sums[position].nonzeros[index] += input.nonzeroCount
      sums[position].elements[index] += input.shape.count
    }
  }

  /// Every layer that computes, in the order of the model.
  public var layers: [Layer] { sums.map(layer) }

  private func layer(_ sum: Sum) -> Layer {
    let count = Double(max(samples, 1))
    let dense = Double(sum.dense) / count
    var (macs, acs, effective) = (dense, 0.0, 0.0)
    if case .attention(let shape) = sum.kind, sum.readsSpikes {
      let (query, keyOrValue) = (sum.rate(0), min(sum.rate(1), sum.rate(2)))
      let rates = shape.form == .gate ? keyOrValue : keyOrValue + query
      (macs, acs) = (0, Double(sum.product) / count * rates)
    } else if case .attention = sum.kind {
      effective = dense
    } else if sum.readsSpikes {
      (macs, acs) = (0, dense * sum.rate(0))
    } else {
      effective = dense * sum.rate(0)
    }
    let elements = sum.elements.reduce(0, +)
    return Layer(
      name: sum.name,
      kind: sum.kind,
      dense: dense,
      macs: macs,
      effectiveMACs: effective,
      acs: acs,
      rate: elements == 0 ? 0 : Double(sum.nonzeros.reduce(0, +)) / Double(elements)
    )
  }

  /// Operations of a framework without spikes, per sample.
  public var dense: Double { layers.reduce(0) { $0 + $1.dense } }
  /// Multiply-adds per sample.
  public var macs: Double { layers.reduce(0) { $0 + $1.macs } }
  /// Multiply-adds with an input other than zero, per sample.
  public var effectiveMACs: Double { layers.reduce(0) { $0 + $1.effectiveMACs } }
  /// Additions per sample.
  public var acs: Double { layers.reduce(0) { $0 + $1.acs } }
}

extension AttentionShape {
  /// What the rates of spikes multiply: d² for each token and head, or d where keys gate queries.
  fileprivate var gates: Int {
    sequences * heads * tokens * headWidth * (form == .gate ? 1 : headWidth)
  }
}

extension Variable {
  /// The number of elements that are not zero.
  fileprivate var nonzeroCount: Int {
    switch value {
    case .spikes(let spikes): spikes.onesCount
    case .tensor(let tensor): tensor.nonzeroCount
    }
  }
}
