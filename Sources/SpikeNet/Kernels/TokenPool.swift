import Foundation

/// A mean over all tokens of a sample, of all its steps, weighted by the softmax of scores.
///
/// Values are `[T, B, N, C]`, scores `[T, B, N]`, results `[B, C]`.
struct TokenPool {
  let steps: Int
  let samples: Int
  let tokens: Int
  let channels: Int
  let parallel: Parallel

  /// Rows of a sample, of every step.
  private func forEachRow(of sample: Int, _ body: (Int) -> Void) {
    for step in 0..<steps {
      let first = (step * samples + sample) * tokens
      for row in first..<first + tokens { body(row) }
    }
  }

  /// Computes the results, and the weights `[T, B, N]`.
  func forward(_ values: Tensor, scores: Tensor) -> (pooled: Tensor, weights: Tensor) {
    var pooled = Tensor.zeros([samples, channels])
    var weights = Tensor(uninitialized: scores.shape)
    let (result, shares) = (pooled.mutablePointer, weights.mutablePointer)
    let (scores, values) = (scores.pointer, values.pointer)
    parallel.forEach(samples) { sample in
      var greatest = -Float.infinity
      forEachRow(of: sample) { greatest = max(greatest, scores[$0]) }
      var total = 0.0
      forEachRow(of: sample) { row in
        shares[row] = exp(scores[row] - greatest)
        total += Double(shares[row])
      }
      let factor = Float(1 / total)
      let sum = result + sample * channels
      forEachRow(of: sample) { row in
        shares[row] *= factor
        let (share, value) = (shares[row], values + row * channels)
        for channel in 0..<channels { sum[channel] += share * value[channel] }
      }
    }
    return (pooled, weights)
  }

  /// Computes the gradients of values and scores from that of the results.
  func backward(
    _ gradient: Tensor,
    _ values: Tensor,
    weights: Tensor
  ) -> (values: Tensor, scores: Tensor) {
    var ofValues = Tensor(uninitialized: values.shape)
    var ofScores = Tensor(uninitialized: weights.shape)
    let (valueTarget, scoreTarget) = (ofValues.mutablePointer, ofScores.mutablePointer)
    let (gradients, values, shares) = (gradient.pointer, values.pointer, weights.pointer)
    parallel.forEach(samples) { sample in
      let gradient = gradients + sample * channels
      var mean = 0.0
      forEachRow(of: sample) { row in
        let (value, target, share) = (
          values + row * channels, valueTarget + row * channels, shares[row]
        )
        var product: Float = 0
        for channel in 0..<channels {
          product += gradient[channel] * value[channel]
          target[channel] = share * gradient[channel]
        }
        scoreTarget[row] = product
        mean += Double(share * product)
      }
      forEachRow(of: sample) { scoreTarget[$0] = shares[$0] * (scoreTarget[$0] - Float(mean)) }
    }
    return (ofValues, ofScores)
  }
}
