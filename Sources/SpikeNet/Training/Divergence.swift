/// The first layer whose numbers are not finite, for a message.
struct Divergence: CustomStringConvertible {
  /// Such as `the output of blocks.0.attention is the first that is not a number`.
  let description: String

  /// Looks at the weights, then at the input, at every result on the way, and at the gradients.
  ///
  /// - Parameter pass: A fresh pass with the randomness of the one that failed.
  init(of model: any Model, on batch: Batch, _ gradients: Gradients, _ pass: ForwardPass) {
    let parameters = model.namedParameters
    if let (name, _) = parameters.first(where: { !$0.parameter.value.isFinite }) {
      description = "the weights of layer \(Self.layer(name)) are the first that are no numbers"
      return
    }
    guard batch.frames.isFinite else {
      description = "the frames hold values that are no numbers"
      return
    }
    pass.watchesForDivergence = true
    _ = model.logits(Variable(batch.frames), in: pass)
    if let culprit = pass.firstDiverged {
      let name = parameters.first { $0.parameter === culprit }?.name ?? ""
      description = "the output of layer \(Self.layer(name)) is the first that is no number"
      return
    }
    let broken = parameters.last { gradients[$0.parameter]?.isFinite == false }
    description =
      broken.map { "the gradient of layer \(Self.layer($0.name)) is the first that is no number" }
      ?? "all layers gave numbers"
  }

  /// The layer that has a parameter.
  private static func layer(_ parameter: String) -> String {
    parameter.split(separator: ".").dropLast().joined(separator: ".")
  }
}

extension Tensor {
  /// Whether no element is infinite or not a number.
  var isFinite: Bool {
    let values = pointer
    return withExtendedLifetime(self) { (0..<count).allSatisfy { values[$0].isFinite } }
  }
}
