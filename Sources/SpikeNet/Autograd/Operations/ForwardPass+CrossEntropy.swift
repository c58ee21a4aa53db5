import Foundation

/// What a sample should be classified as: a distribution over classes.
public struct Targets: Sendable {
  /// Probabilities `[B, classes]`.
  public let probabilities: Tensor

  /// Creates targets from probabilities `[B, classes]`, as mixing samples makes them.
  public init(probabilities: Tensor) {
    precondition(probabilities.shape.rank == 2, "targets: \(probabilities.shape)")
    self.probabilities = probabilities
  }

  /// Creates targets from labels; `smoothing` is spread evenly over all classes.
  public init(labels: [Int], classes: Int, smoothing: Float = 0) {
    let rest = smoothing / Float(classes)
    var probabilities = Tensor.filled([labels.count, classes], with: rest)
    for (row, label) in labels.enumerated() {
      precondition((0..<classes).contains(label), "targets: label \(label) of \(classes) classes")
      probabilities[row * classes + label] = 1 - smoothing + rest
    }
    self.init(probabilities: probabilities)
  }
}

extension ForwardPass {
  /// The mean over samples, and over time steps if there are any, of −Σ target · log softmax.
  ///
  /// - Parameters:
  ///   - logits: `[B, classes]`, or `[T, B, classes]` to take the loss at every step.
  ///   - targets: The same for every time step.
  /// - Returns: One element.
  public func crossEntropy(_ logits: Variable, _ targets: Targets) -> Variable {
    let scores = logits.tensor
    let (rows, classes) = (scores.shape.rows, scores.shape.channels)
    let samples = targets.probabilities.shape[0]
    precondition(
      targets.probabilities.shape[1] == classes && samples > 0 && rows % samples == 0,
      "cross-entropy: logits \(scores.shape), targets \(targets.probabilities.shape)"
    )
    var probabilities = Tensor(uninitialized: scores.shape)
    var loss = 0.0
    for row in 0..<rows {
      let range = row * classes..<(row + 1) * classes
      let target = range.map { targets.probabilities[$0 % (samples * classes)] }
      let values = range.map { Double(scores[$0]) }
      let greatest = values.max() ?? 0
      let total = values.reduce(0) { $0 + exp($1 - greatest) }
      let logTotal = greatest + log(total)
      for (index, value) in zip(range, values) {
        loss -= Double(target[index - range.lowerBound]) * (value - logTotal)
        probabilities[index] = Float(exp(value - logTotal))
      }
    }
    let result = Tensor([], [Float(loss / Double(rows))])
    return record(result, from: [logits]) { [probabilities] gradient in
      var difference = probabilities
      let factor = gradient.scalar / Float(rows)
      for index in 0..<difference.count {
        let row = index / classes % samples
        let target = (0..<classes).reduce(Float(0)) {
          $0 + targets.probabilities[row * classes + $1]
        }
        let expected = targets.probabilities[row * classes + index % classes]
        difference[index] = (probabilities[index] * target - expected) * factor
      }
      return [difference]
    }
  }

  /// Temporal efficient training: (1 − λ) · cross-entropy at every step + λ · (logit − mean)².
  ///
  /// Deng et al., "Temporal efficient training of spiking neural network via gradient
  /// re-weighting" (2022).
  ///
  /// - Parameters:
  ///   - logits: `[T, B, classes]`.
  ///   - targets: The same for every time step.
  ///   - mean: What logits are drawn to.
  ///   - weight: λ.
  public func temporalEfficientTraining(
    _ logits: Variable,
    _ targets: Targets,
    mean: Float = 1,
    weight: Float
  ) -> Variable {
    let deviation = shifted(logits, by: -mean)
    let squares = product(deviation, deviation)
    let flat = reshaped(squares, to: [squares.shape.count])
    return sum(
      scaled(crossEntropy(logits, targets), by: 1 - weight),
      scaled(self.mean(flat, over: 0..<1), by: weight)
    )
  }
}
