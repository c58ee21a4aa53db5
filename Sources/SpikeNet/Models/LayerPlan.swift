/// The sizes of every layer of an architecture on an input, checked before anything is built.
struct LayerPlan {
  /// The size of a feature map.
  typealias MapSize = (height: Int, width: Int, channels: Int)

  /// What each convolution reads.
  private(set) var inputs: [MapSize] = []
  /// What is left after the last convolution and its pools.
  private(set) var output: MapSize
  /// What the first linear layer reads, then what each writes.
  private(set) var widths: [Int]

  /// Plans the layers.
  ///
  /// - Parameter isPadded: Whether convolutions see half a window beyond the edges.
  /// - Throws: ``SpikeNetError`` if windows do not fit, or for more weights than can be meant.
  init(
    _ layers: LayerString,
    for input: ModelInput,
    isPadded: Bool = false
  ) throws(SpikeNetError) {
    output = (input.height, input.width, input.channels)
    var weights = 0
    for stage in layers.stages {
      inputs.append(output)
      weights += output.channels * stage.channels * stage.kernel * stage.kernel
      let lost = isPadded ? -((stage.kernel + 1) % 2) : stage.kernel - 1
      output = (output.height - lost, output.width - lost, stage.channels)
      for pool in stage.pools {
        output = (output.height / pool, output.width / pool, output.channels)
      }
      guard output.height > 0, output.width > 0 else {
        throw SpikeNetError(
          .configuration,
          "model.architecture = \(layers.text): nothing is left of \(input.height)x\(input.width) "
            + "frames after \(stage.channels)C\(stage.kernel)"
        )
      }
    }
    widths = [output.height * output.width * output.channels]
    for width in layers.widths(classes: input.classes) {
      weights += (widths.last ?? 0) * width
      widths.append(width)
    }
    guard weights <= TransformerSizes.weightLimit else {
      throw SpikeNetError(
        .configuration,
        "model.architecture = \(layers.text): \(weights) weights are more than "
          + "\(TransformerSizes.weightLimit)"
      )
    }
  }

  /// Fresh linear layers, the first of which reads maps.
  func linears(using generator: inout SeededGenerator) -> [Linear] {
    var layout = ParameterLayout.flattenedImage(
      channels: output.channels,
      height: output.height,
      width: output.width
    )
    return zip(widths, widths.dropFirst()).map { inputs, outputs in
      defer { layout = .linear }
      return Linear(inputs, outputs, layout: layout, using: &generator)
    }
  }
}
