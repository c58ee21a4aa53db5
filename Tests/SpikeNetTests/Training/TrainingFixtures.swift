import SpikeNet
import Synchronization

/// A small spiking network: convolution, normalisation, neurons, mean, linear.
final class TinyModel: Model {
  private let convolution: Conv2D
  private let norm: BatchNorm
  private let neuron = LIF()
  private let head: Linear

  init(_ input: DataDescription, channels: Int = 8, seed: Int = 0) {
    var generator = RandomStream.weights.generator(seed: seed)
    convolution = Conv2D(
      input.channels,
      channels,
      kernel: 3,
      padding: 1,
      using: &generator
    )
    norm = BatchNorm(channels)
    head = Linear(channels, input.classNames.count, using: &generator)
  }

  func originalName(of name: String) -> String { name }

  func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let spikes = neuron(norm(convolution(frames, in: pass), in: pass), in: pass)
    let perStep = pass.mean(spikes, over: 2..<4)
    return head(pass.mean(perStep, over: 0..<1), in: pass)
  }
}

/// Noise in which ON counts are many for class 1, OFF counts for class 0, and neither for class 2.
struct NoiseDataset: Dataset {
  var count = 24
  var classNames = ["off", "on", "none"]
  var sampleShape: Shape = [3, 6, 5, 2]
  var brokenSample = -1

  func label(at index: Int) -> Int { index % 3 }

  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    if index == brokenSample { throw SpikeNetError(.corrupt, "sample \(index) is broken") }
    var generator = SeededGenerator(seed: UInt64(index))
    for position in target.indices {
      let noise = Float(generator.next() % 4)
      target[position] = position % 2 == label(at: index) ? noise + 2 : noise
    }
  }

  var data: TrainingData {
    TrainingData(self, training: Array(0..<18), validation: [], test: Array(18..<24))
  }
}

/// The same noise; it remembers which samples were read.
final class CountingDataset: Dataset {
  private let noise = NoiseDataset()
  private let read = Mutex<[Int]>([])

  var count: Int { noise.count }
  var classNames: [String] { noise.classNames }
  var sampleShape: Shape { noise.sampleShape }

  func label(at index: Int) -> Int { noise.label(at: index) }

  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    read.withLock { $0.append(index) }
    try noise.readSample(at: index, into: target)
  }

  /// How often samples of a part were read.
  func reads(of part: [Int]) -> Int { read.withLock { $0.count { part.contains($0) } } }
}

extension TrainingConfiguration {
  /// A short run of the tiny model.
  static func tiny(epochs: Int = 3) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(model: ModelSelection("tiny"))
    configuration.epochs = epochs
    configuration.batchSize = 4
    configuration.optimizer.learningRate = 0.02
    configuration.schedule.warmUpEpochs = 0
    configuration.threads = 1
    return configuration
  }
}

/// Every value and buffer of a model.
func state(of model: any Module) -> [Tensor] {
  model.namedParameters.map(\.parameter.value) + model.namedBuffers.map(\.buffer.value)
}
