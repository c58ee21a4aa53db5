/// A convolutional spiking network from an architecture string, such as
/// `12C5-MP2-64C5-MP2-FC10`: convolutions, max pools, and fully connected layers at the end.
///
/// Every convolution (after the pools that follow it) and every linear layer feeds a ``Leaky``
/// neuron; the last one's spikes are the logits of each step. Eshraghian et al. (2023) and the
/// tutorials of snnTorch.
public final class SpikingCNN: Model {
  private let stages: [Stage]
  private let heads: [Head]

  final class Stage: Module {
    let convolution: Conv2D
    let pools: [MaxPool2D]
    let neuron: Leaky

    init(convolution: Conv2D, pools: [MaxPool2D], neuron: Leaky) {
      self.convolution = convolution
      self.pools = pools
      self.neuron = neuron
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let currents = pools.reduce(convolution(x, in: pass)) { $1($0, in: pass) }
      return neuron(currents, in: pass)
    }
  }

  final class Head: Module {
    let linear: Linear
    let neuron: Leaky

    init(linear: Linear, neuron: Leaky) {
      self.linear = linear
      self.neuron = neuron
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      neuron(linear(x, in: pass), in: pass)
    }
  }

  init(stages: [Stage], heads: [Head]) {
    self.stages = stages
    self.heads = heads
  }

  /// Classifies every step of `[T, B, H, W, C]`: spikes `[T, B, classes]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let features = stages.reduce(frames) { $1($0, in: pass) }
    let shape = features.shape
    let rows = pass.reshaped(features, to: [shape[0], shape[1], shape.count / shape[0] / shape[1]])
    return heads.reduce(rows) { $1($0, in: pass) }
  }

  /// The name in a `torch.nn.Sequential` of all layers, flattening included.
  public func originalName(of name: String) -> String {
    var parts = name.split(separator: ".").map(String.init)
    guard parts.count >= 3, let index = Int(parts[1]) else { return name }
    var position = 0
    for stage in stages.prefix(parts[0] == "stages" ? index : stages.count) {
      position += 2 + stage.pools.count
    }
    if parts[0] == "heads" { position += 1 + 2 * index }
    if parts[2] == "neuron" {
      position += 1 + (parts[0] == "stages" ? stages[index].pools.count : 0)
    }
    parts.replaceSubrange(0..<3, with: ["m", String(position)])
    return parts.joined(separator: ".")
  }

  /// What snnTorch saves of its neurons.
  public var savedConstants: [SurplusTensor] {
    namedModules.flatMap { name, module -> [SurplusTensor] in
      guard let neuron = module as? Leaky else { return [] }
      let original = originalName(of: name)
      return [
        SurplusTensor(original + ".threshold", [], .constant(neuron.threshold)),
        SurplusTensor(original + ".beta", [], .constant(neuron.beta)),
        SurplusTensor(original + ".graded_spikes_factor", [], .unused(1)),
        // The reset by subtraction.
        SurplusTensor(original + ".reset_mechanism_val", [], .constantInteger(0)),
      ]
    }
  }
}

extension SpikingCNN {
  /// Everything that defines a convolutional spiking network.
  public struct Configuration: ModelConfiguration {
    /// `csnn`.
    public static let modelName = "csnn"

    /// Layers, separated by `-`: `NCk` N channels with a kernel of k, `MPk`, `FCn`; the last layer
    /// is `FC`, whose number is that of the classes.
    public var architecture = "12C5-MP2-64C5-MP2-FC10"
    /// The share of its potential that a neuron keeps each step.
    public var beta: Float = 0.5
    /// The potential above which a neuron fires.
    public var vThreshold: Float = 1
    /// The slope of the fast-sigmoid surrogate.
    public var slope: Float = 25

    /// The network of the tutorials.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case architecture, beta, slope
      case vThreshold = "v_threshold"
    }

    private var neuron: Leaky {
      Leaky(beta: beta, threshold: vThreshold, surrogate: .fastSigmoid(slope: slope))
    }

    /// Builds the network; refuses strings that it cannot read and windows that do not fit.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      let layers = try LayerString(architecture)
      let plan = try LayerPlan(layers, for: input)
      let stages = zip(layers.stages, plan.inputs).map { stage, size in
        Stage(
          convolution: Conv2D(
            size.channels,
            stage.channels,
            kernel: stage.kernel,
            hasBias: true,
            isNormalized: false,
            using: &generator
          ),
          pools: stage.pools.map { MaxPool2D(kernel: $0, stride: $0) },
          neuron: neuron
        )
      }
      let heads = plan.linears(using: &generator).map { Head(linear: $0, neuron: neuron) }
      return SpikingCNN(stages: stages, heads: heads)
    }
  }
}
