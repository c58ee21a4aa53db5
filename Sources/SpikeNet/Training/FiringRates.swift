/// The share of ones in the output of every neuron layer.
public struct FiringRates: Sendable {
  private struct Layer {
    var name: String
    var ones = 0
    var elements = 0
  }

  private var positions: [ObjectIdentifier: Int] = [:]
  private var layers: [Layer] = []
  private let names: [ObjectIdentifier: String]

  /// Creates empty sums for the modules of a model.
  public init(of model: any Module) {
    names = Dictionary(
      model.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Adds what a neuron layer gave; where it gave real numbers, those that are not zero count.
  public mutating func add(_ output: Variable, of neuron: any Module) {
    let id = ObjectIdentifier(neuron)
    let position = positions[id] ?? layers.count
    if position == layers.count {
      positions[id] = position
      layers.append(Layer(name: names[id] ?? "neuron\(position)"))
    }
    layers[position].elements += output.shape.count
    switch output.value {
    case .spikes(let spikes): layers[position].ones += spikes.onesCount
    case .tensor(let tensor): layers[position].ones += tensor.nonzeroCount
    }
  }

  /// The rate of every layer in the order in which they first fired.
  public var layerRates: [(name: String, rate: Double)] {
    layers.map { ($0.name, Self.rate($0.ones, $0.elements)) }
  }

  /// The share of ones over all layers together.
  public var mean: Double {
    Self.rate(layers.reduce(0) { $0 + $1.ones }, layers.reduce(0) { $0 + $1.elements })
  }

  private static func rate(_ ones: Int, _ elements: Int) -> Double {
    elements == 0 ? 0 : Double(ones) / Double(elements)
  }
}
