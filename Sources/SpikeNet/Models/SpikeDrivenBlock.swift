/// Attention and perceptron of the Spike-driven Transformer, added to the membrane potentials.
package final class SpikeDrivenBlock: Module {
  private let attention: Attention
  private let perceptron: SpikingPerceptron

  init(
    _ configuration: SpikeDrivenTransformer.Configuration,
    using generator: inout SeededGenerator
  ) {
    attention = Attention(configuration, using: &generator)
    perceptron = SpikingPerceptron(
      configuration.embedDim,
      ratio: configuration.mlpRatio,
      neuron: configuration.neuron,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
  }

  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    perceptron(attention(x, in: pass), in: pass)
  }

  /// q∘neuron(Σ over tokens of k∘v): a column of spikes gates the queries.
  final class Attention: Module {
    private let neuron: any SpikingNeuron
    private let projections: QueryKeyValue
    private let attentionNeuron: any SpikingNeuron
    private let projection: NormalizedConvolution
    private let dilation: Dilation?
    private let heads: Int

    init(
      _ configuration: SpikeDrivenTransformer.Configuration,
      using generator: inout SeededGenerator
    ) {
      let dim = configuration.embedDim
      neuron = configuration.neuron.makeNeuron()
      projections = QueryKeyValue(
        dim,
        neuron: configuration.neuron,
        layout: .convolution,
        initialization: .truncatedNormal(0.02),
        using: &generator
      )
      attentionNeuron = configuration.neuron.makeNeuron(
        threshold: configuration.attentionThreshold
      )
      projection = NormalizedConvolution(
        dim,
        dim,
        hasBias: true,
        initialization: .truncatedNormal(0.02),
        using: &generator
      )
      heads = configuration.heads
      dilation = configuration.erode ? Dilation(heads: configuration.heads) : nil
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let (query, key, value) = projections(neuron(x, in: pass), in: pass)
      let attended =
        dilation?.attend(query, key, value, attentionNeuron, in: pass)
        ?? pass.gated(query, by: attentionNeuron(pass.coincidences(key, value), in: pass))
      let shape = AttentionShape(.gate, perFrame: query.shape, heads: heads)
      pass.report(self, .attention(shape), of: query, key, value, to: query.shape)
      return projection(attended, adding: x, in: pass)
    }
  }

  /// Maxima over 3×3 neighbourhoods, which the authors use for CIFAR10-DVS and call erosion.
  ///
  /// Keys and values are dilated over pixels; products and results over tokens and the channels of
  /// a head, because the authors' pooling meets them in that order of dimensions.
  package struct Dilation {
    let heads: Int

    /// Creates the dilation of an attention with so many heads.
    package init(heads: Int) { self.heads = heads }

    /// Dilates keys and values, and attends.
    func attend(
      _ query: Variable,
      _ key: Variable,
      _ value: Variable,
      _ neuron: any SpikingNeuron,
      in pass: ForwardPass
    ) -> Variable {
      let k = pass.maxPooling(key, kernel: 3, stride: 1, padding: 1)
      let v = pass.maxPooling(value, kernel: 3, stride: 1, padding: 1)
      return gate(query, k, v, neuron, in: pass)
    }

    /// Gates queries by dilated products of keys and values, all `[T, B, …, C]`, and dilates them.
    package func gate(
      _ query: Variable,
      _ key: Variable,
      _ value: Variable,
      _ neuron: any SpikingNeuron,
      in pass: ForwardPass
    ) -> Variable {
      let shape = query.shape
      let products = dilated(pass.both(key, value), in: pass)
      let tokens = shape.rows / (shape[0] * shape[1])
      let counts = pass.scaled(
        pass.mean(products, over: 2..<shape.rank - 1),
        by: Float(tokens)
      )
      let attended = pass.gated(query, by: neuron(counts, in: pass))
      return pass.reshaped(dilated(attended, in: pass), to: shape)
    }

    /// Pools `[T, B, …, C]` as images of tokens × channels of a head.
    private func dilated(_ x: Variable, in pass: ForwardPass) -> Variable {
      let shape = x.shape
      let (steps, batch, channels) = (shape[0], shape[1], shape.channels)
      let tokens = shape.count / (steps * batch * channels)
      let perHead = pass.reshaped(x, to: [steps, batch, tokens, heads, channels / heads])
      let images = pass.permuted(perHead, [0, 1, 2, 4, 3])
      let pooled = pass.maxPooling(images, kernel: 3, stride: 1, padding: 1)
      return pass.reshaped(pass.permuted(pooled, [0, 1, 2, 4, 3]), to: shape)
    }
  }
}
