/// Zeros and ones, packed 64 channels to a word along the last dimension.
///
/// Only neurons make spikes. Bit `c % 64` of word `c / 64` of a row is channel `c`; the bits past
/// the last channel are zero, so that words can be counted and compared whole.
public struct Spikes: Sendable {
  /// The dimensions, outermost first; the last one is packed.
  public private(set) var shape: Shape
  private let storage: TensorStorage<UInt64>

  /// Creates spikes whose words are undefined until `fill` has written them all.
  init(_ shape: Shape, filledBy fill: (UnsafeMutablePointer<UInt64>) -> Void) {
    self.shape = shape
    storage = TensorStorage(uninitialized: shape.rows * Self.words(for: shape.channels))
    fill(storage.pointer)
  }

  /// Packs a tensor whose elements are all zero or one.
  public init(packing tensor: Tensor) {
    let channels = tensor.shape.channels
    let wordsPerRow = Self.words(for: channels)
    self.init(tensor.shape) { words in
      words.initialize(repeating: 0, count: tensor.shape.rows * wordsPerRow)
      for index in 0..<tensor.count where tensor.pointer[index] != 0 {
        let (row, channel) = index.quotientAndRemainder(dividingBy: channels)
        words[row * wordsPerRow + channel / 64] |= 1 << UInt64(channel % 64)
      }
    }
  }

  /// The number of words in a row of `channels` bits.
  static func words(for channels: Int) -> Int { (channels + 63) / 64 }

  /// The number of words in a row.
  var wordsPerRow: Int { Self.words(for: shape.channels) }

  /// The words for kernels to read; valid while these spikes live.
  var pointer: UnsafePointer<UInt64> { UnsafePointer(storage.pointer) }

  /// The number of ones.
  public var onesCount: Int {
    storage.buffer.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The number of ones in one of equal parts along the first dimension.
  func onesCount(step: Int, of steps: Int) -> Int {
    let size = storage.count / steps
    return storage.buffer[step * size..<(step + 1) * size].reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The share of ones; 0 when there are no elements.
  public var rate: Double {
    shape.count == 0 ? 0 : Double(onesCount) / Double(shape.count)
  }

  /// The same spikes under other dimensions; packed anew only if rows of words would be cut.
  public func reshaped(_ shape: Shape) -> Spikes {
    precondition(shape.count == self.shape.count, "reshape: spikes \(self.shape) to \(shape)")
    let keepsWords =
      shape.channels == self.shape.channels
      || shape.channels % 64 == 0 && self.shape.channels % 64 == 0
    guard keepsWords else { return Spikes(packing: tensor.reshaped(shape)) }
    var result = self
    result.shape = shape
    return result
  }

  /// The spikes as zeros and ones in a tensor.
  public var tensor: Tensor {
    var tensor = Tensor(uninitialized: shape)
    SpikeKernels.selected.add_spikes(
      nil,
      pointer,
      tensor.mutablePointer,
      shape.rows,
      shape.channels
    )
    return tensor
  }
}
