/// Labelled frame stacks with random access; safe to read from several threads at once.
public protocol Dataset: Sendable {
  /// The number of samples.
  var count: Int { get }
  /// The names of the classes; labels index them.
  var classNames: [String] { get }
  /// The shape of a sample: `[T, H, W, C]`.
  var sampleShape: Shape { get }

  /// The class index of a sample.
  func label(at index: Int) -> Int

  /// Writes the counts of one sample, `[T, H, W, C]` row-major, where the caller says.
  ///
  /// - Parameters:
  ///   - index: The sample, below ``count``.
  ///   - target: Room for `sampleShape.count` values.
  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws
}

extension Dataset {
  /// One sample as a batch of its own, `[T, 1, H, W, C]`.
  public func frames(of index: Int) throws -> Tensor {
    var scratch = Tensor(uninitialized: sampleShape)
    return try Batch(
      [index],
      of: self,
      number: 0,
      BatchPreparation(),
      scratch: &scratch
    ).frames
  }
}
