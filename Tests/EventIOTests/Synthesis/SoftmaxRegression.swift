import EventIO
import Foundation

/// A linear classifier, the yardstick for what a representation gives away without any effort.
struct SoftmaxRegression {
  private let classes: Int
  private var weights: [[Float]]
  private var biases: [Float]

  /// Fits the classifier by gradient descent with momentum and a little weight decay.
  init(features: [[Float]], labels: [Int], classes: Int, epochs: Int) {
    self.classes = classes
    weights = Array(repeating: Array(repeating: 0, count: features[0].count), count: classes)
    biases = Array(repeating: 0, count: classes)
    var velocity = weights
    let rate: Float = 2 / Float(features.count)
    for _ in 0..<epochs {
      var slopes = weights.map { $0.map { _ in Float(0) } }
      var biasSlopes = biases.map { _ in Float(0) }
      for (sample, label) in zip(features, labels) {
        let shares = probabilities(sample)
        for index in 0..<classes {
          let error = shares[index] - (index == label ? 1 : 0)
          biasSlopes[index] += error
          for column in sample.indices { slopes[index][column] += error * sample[column] }
        }
      }
      for index in 0..<classes {
        biases[index] -= rate * biasSlopes[index]
        for column in velocity[index].indices {
          let slope = slopes[index][column] + 0.01 * weights[index][column]
          velocity[index][column] = 0.9 * velocity[index][column] - rate * slope
          weights[index][column] += velocity[index][column]
        }
      }
    }
  }

  /// Returns the share of each class for one sample.
  func probabilities(_ sample: [Float]) -> [Float] {
    var scores = biases
    for index in 0..<classes {
      for column in sample.indices { scores[index] += weights[index][column] * sample[column] }
    }
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
