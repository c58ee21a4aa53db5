import EventIO

/// Counts per polarity and pixel, one frame per slice of a recording.
public struct FrameStack: Hashable, Sendable {
  /// The number of frames, T.
  public private(set) var frameCount: Int
  /// The sensor, H rows of W columns.
  public private(set) var geometry: SensorGeometry
  /// Counts `[T, 2, H, W]`, row-major; channel 0 is OFF, 1 is ON.
  public internal(set) var counts: [Int32]

  /// Stacks larger than this are refused: 4 GiB of counts.
  public static let countLimit = 1 << 30

  /// Creates a stack of zeros.
  ///
  /// - Throws: ``FramingError`` of kind `tooLarge` above ``countLimit``.
  public init(frameCount: Int, geometry: SensorGeometry) throws(FramingError) {
    self.frameCount = 0
    self.geometry = geometry
    counts = []
    try reset(frameCount: frameCount, geometry: geometry)
  }

  /// Creates a stack from counts.
  ///
  /// - Precondition: There are T·2·H·W counts.
  public init(counts: [Int32], frameCount: Int, geometry: SensorGeometry) {
    precondition(
      counts.count == frameCount * 2 * geometry.width * geometry.height,
      "\(counts.count) counts for \(frameCount) frames of \(geometry)"
    )
    self.counts = counts
    self.frameCount = frameCount
    self.geometry = geometry
  }

  /// The number of counts in a frame: 2·H·W.
  public var frameSize: Int { 2 * geometry.width * geometry.height }

  /// The number of counts in a channel: H·W.
  public var channelSize: Int { geometry.width * geometry.height }

  /// The counts of one frame `[2, H, W]`.
  public subscript(frame index: Int) -> ArraySlice<Int32> {
    counts[index * frameSize..<(index + 1) * frameSize]
  }

  /// The largest count; 0 for an empty stack.
  public var maximum: Int32 {
    // `counts.max()` compares one by one; this is done sixteen at a time.
    counts.withUnsafeBufferPointer { $0.reduce(0) { Swift.max($0, $1) } }
  }

  /// Makes all counts zero for a new recording, reusing the memory where it suffices.
  ///
  /// - Throws: ``FramingError`` of kind `tooLarge` above ``countLimit``.
  public mutating func reset(
    frameCount: Int,
    geometry: SensorGeometry
  ) throws(FramingError) {
    precondition(frameCount >= 0, "frameCount is \(frameCount)")
    try Self.checkSize(frameCount: frameCount, geometry: geometry)
    let frameSize = 2 * geometry.width * geometry.height
    let total = frameCount * frameSize
    if counts.count > total { counts.removeLast(counts.count - total) }
    counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    if counts.count < total {
      counts.append(contentsOf: repeatElement(0, count: total - counts.count))
    }
    self.frameCount = frameCount
    self.geometry = geometry
  }

  /// Parts of a long stack have at most this many counts, or one frame.
  private static let partSize = 1 << 24

  /// How a number of frames is divided into parts.
  static func parts(of frameCount: Int, geometry: SensorGeometry) -> [Range<Int>] {
    let size = max(1, partSize / (2 * geometry.width * geometry.height))
    return stride(from: 0, to: frameCount, by: size).map { $0..<min($0 + size, frameCount) }
  }

  /// Refuses stacks of more than ``countLimit`` counts.
  ///
  /// - Throws: ``FramingError`` of kind `tooLarge`.
  static func checkSize(
    frameCount: Int,
    geometry: SensorGeometry
  ) throws(FramingError) {
    guard frameCount <= countLimit / (2 * geometry.width * geometry.height) else {
      throw FramingError(
        .tooLarge,
        "\(frameCount) frames of \(geometry) need more than \(countLimit) counts; "
          + "use fewer or longer slices"
      )
    }
  }
}
