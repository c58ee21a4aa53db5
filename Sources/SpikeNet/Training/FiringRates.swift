/// The share of ones in the output of every neuron layer.
public struct FiringRates: Sendable {
  private struct Layer {
    var name: String
    var ones = 0
    var elements = 0
    var stepOnes: [Int] = []
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
    let ones = output.onesPerStep
    layers[position].ones += ones.reduce(0, +)
    let known = layers[position].stepOnes
    layers[position].stepOnes = (0..<max(ones.count, known.count)).map {
      ($0 < ones.count ? ones[$0] : 0) + ($0 < known.count ? known[$0] : 0)
    }
  }

  /// The rate of every layer in the order in which they first fired.
  public var layerRates: [(name: String, rate: Double)] {
    layers.map { ($0.name, Self.rate($0.ones, $0.elements)) }
  }

  /// The rate of every layer at every time step, in the order of ``layerRates``.
  public var stepRates: [(name: String, rates: [Double])] {
    layers.map { layer in
      let elements = layer.elements / max(layer.stepOnes.count, 1)
      return (layer.name, layer.stepOnes.map { Self.rate($0, elements) })
    }
  }

  /// The share of ones over all layers together.
  public var mean: Double {
    Self.rate(layers.reduce(0) { $0 + $1.ones }, layers.reduce(0) { $0 + $1.elements })
  }

  private static func rate(_ ones: Int, _ elements: Int) -> Double {
    elements == 0 ? 0 : Double(ones) / Double(elements)
  }
}

extension Variable {
  /// The elements of `[T, …]` that are not zero, by time step.
  fileprivate var onesPerStep: [Int] {
    let steps = max(shape.rank > 0 ? shape[0] : 1, 1)
    switch value {
    case .spikes(let spikes): return (0..<steps).map { spikes.onesCount(step: $0, of: steps) }
    case .tensor(let tensor):
      let (values, size) = (tensor.pointer, tensor.count / steps)
      return withExtendedLifetime(tensor) {
        (0..<steps).map { step in
          (step * size..<(step + 1) * size).count { values[$0] != 0 }
        }
      }
    }
  }
}
