/// How well a set of samples was classified: sums that batches are added to.
public struct Metrics: Codable, Hashable, Sendable {
  /// How many samples were counted.
  public private(set) var samples = 0
  /// Samples whose label had the greatest logit; of equal logits the first class counts.
  public private(set) var top1Count = 0
  /// Samples whose label was among the five greatest logits.
  public private(set) var top5Count = 0
  /// The sum of the losses of all samples.
  public private(set) var lossSum = 0.0
  /// Samples by label, then by predicted class.
  public private(set) var confusion: [[Int]]

  enum CodingKeys: String, CodingKey {
    case samples, confusion
    case top1Count = "top1_count"
    case top5Count = "top5_count"
    case lossSum = "loss_sum"
  }

  /// Creates empty sums.
  public init(classes: Int) {
    confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// The share of samples whose label had the greatest logit.
  public var top1: Double { share(top1Count) }

  /// The share of samples whose label was among the five greatest logits.
  public var top5: Double { share(top5Count) }

  /// The mean loss.
  public var loss: Double { samples == 0 ? 0 : lossSum / Double(samples) }

  private func share(_ count: Int) -> Double {
    samples == 0 ? 0 : Double(count) / Double(samples)
  }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - logits: `[B, classes]`, or `[T, B, classes]`, whose mean over T is taken.
  ///   - labels: The class index of every sample.
  ///   - loss: The mean loss of the batch.
  public mutating func add(logits: Tensor, labels: [Int], loss: Double) {
    let classes = logits.shape.channels
    precondition(
      logits.shape.rows % max(labels.count, 1) == 0 && classes == confusion.count,
      "metrics: logits \(logits.shape), \(labels.count) labels, \(confusion.count) classes"
    )
    let steps = logits.shape.rows / max(labels.count, 1)
    for (sample, label) in labels.enumerated() {
      let scores = (0..<classes).map { index in
        (0..<steps).reduce(0.0) {
          $0 + Double(logits[($1 * labels.count + sample) * classes + index])
        }
      }
      add(scores, label)
    }
    samples += labels.count
    lossSum += loss * Double(labels.count)
  }

  private mutating func add(_ scores: [Double], _ label: Int) {
    let predicted = scores.indices.dropFirst().reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    confusion[label][predicted] += 1
    // Not-a-number is above nothing; as a label's score it must not count as a hit.
    guard !scores[label].isNaN else { return }
    let rank = scores.indices.count { index in
      scores[index] > scores[label] || (scores[index] == scores[label] && index < label)
    }
    if predicted == label { top1Count += 1 }
    if rank < 5 { top5Count += 1 }
  }
}
