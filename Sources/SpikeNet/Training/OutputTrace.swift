/// What a model's outputs add up to, step after step, for one sample.
///
/// Of networks that fire at their output these are spike counts; of others, T times the result on
/// the first T frames.
public struct OutputTrace: Sendable {
  /// The sums by step, then class.
  public let sums: [[Double]]

  /// Classifies the first frames of a sample, then more and more.
  ///
  /// - Parameter frames: One sample, `[T, 1, H, W, C]`.
  public init(_ model: any Model, _ frames: Tensor, _ parallel: Parallel) {
    let steps = frames.shape[0]
    let whole = Self.logits(model, frames, parallel)
    guard whole.shape.rank != 3 else {
      sums = Self.cumulated(whole)
      return
    }
    let size = frames.count / max(steps, 1)
    let scalars = frames.scalars
    sums = (1...max(steps, 1)).map { count in
      let shape = Shape([count] + frames.shape.dimensions.dropFirst())
      let first = Tensor(shape, Array(scalars.prefix(count * size)))
      return Self.logits(model, first, parallel).scalars.map { Double($0) * Double(count) }
    }
  }

  private static func logits(_ model: any Model, _ frames: Tensor, _ parallel: Parallel) -> Tensor {
    model.logits(Variable(frames), in: ForwardPass(.inference, parallel: parallel)).tensor
  }

  /// Sums over steps of `[T, 1, classes]`.
  private static func cumulated(_ logits: Tensor) -> [[Double]] {
    let (steps, classes) = (logits.shape[0], logits.shape.channels)
    var sum = [Double](repeating: 0, count: classes)
    return (0..<steps).map { step in
      for index in 0..<classes { sum[index] += Double(logits[step * classes + index]) }
      return sum
    }
  }

  /// The class with the greatest sum in the end.
  public var prediction: Int {
    let last = sums.last ?? []
    return last.indices.dropFirst().reduce(0) { last[$1] > last[$0] ? $1 : $0 }
  }
}
