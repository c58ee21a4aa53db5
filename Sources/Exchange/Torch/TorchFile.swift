import EventIO
import SpikeNet

/// The tensors of a file that `torch.save` wrote: `.pth`, `.pt`, `.pth.tar`.
///
/// Tensors are read when they are asked for, so that an optimizer's state costs nothing.
public struct TorchFile: TensorSource {
  /// The file.
  public let path: String
  /// The names of all tensors of the state dictionary, as the file has them.
  public let names: [String]
  private let tensors: [String: TorchTensor]
  private let container: any TorchContainer

  private static let zipMark = Array("PK".utf8)

  /// Bytes that ``recognises(_:)`` looks at.
  public static let prefixLength = 9

  /// Whether a file begins as `torch.save` begins its files.
  ///
  /// The length that safetensors begin with may have the byte of a pickle; their header follows it.
  public static func recognises(_ prefix: [UInt8]) -> Bool {
    if prefix.starts(with: zipMark) { return true }
    let isSafetensors = prefix.count >= prefixLength && prefix[8] == UInt8(ascii: "{")
    return prefix.first == PickleOpcode.protocolVersion.rawValue && !isSafetensors
  }

  /// Opens a file.
  ///
  /// - Throws: ``SpikeNetError`` with the path, and the offset of what is wrong with the content.
  public init(path: String) throws(SpikeNetError) {
    let source = try SpikeNetError.bridging { () throws(RecordingError) in
      try ByteSource(path: path)
    }
    try self.init(source)
  }

  /// Reads bytes in memory; errors begin with the name.
  public init(bytes: [UInt8], name: String) throws(SpikeNetError) {
    try self.init(ByteSource(bytes: bytes, name: name))
  }

  private init(_ source: ByteSource) throws(SpikeNetError) {
    path = source.name
    do throws(SpikeNetError) {
      container = try Self.container(source)
      let heap = container.heap
      let found = try StateDictionary(container.root, in: heap)
      names = found.entries.map(\.name)
      tensors = Dictionary(
        found.entries.map { ($0.name, heap.tensors[$0.tensor]) },
        uniquingKeysWith: { _, last in last }
      )
    } catch {
      throw error.at(source.name)
    }
  }

  private static func container(_ source: ByteSource) throws(SpikeNetError) -> any TorchContainer {
    let isZip = try SpikeNetError.bridging { () throws(RecordingError) in
      try source.peek(zipMark.count) == zipMark
    }
    guard !isZip else { return try ZippedTorchFile(source) }
    let bytes = try SpikeNetError.bridging { () throws(RecordingError) in try source.readAll() }
    return try LegacyTorchFile(bytes)
  }

  /// The dimensions of a tensor; nil if there is none of this name.
  public func shape(of name: String) -> Shape? { tensors[name].map { Shape($0.sizes) } }

  /// A tensor, contiguous and as 32-bit floats, whatever its strides and type in the file.
  public func tensor(_ name: String) throws(SpikeNetError) -> Tensor {
    let (tensor, type, bytes) = try elements(name)
    return Tensor(Shape(tensor.sizes), tensor.gathered(type.floats(bytes)))
  }

  /// A tensor of integers or truth values, whatever their width.
  public func integers(_ name: String) throws(SpikeNetError) -> [Int64] {
    let (tensor, type, bytes) = try elements(name)
    guard !type.isFloatingPoint else {
      throw SpikeNetError(
        .mismatch,
        "tensor \"\(name)\" is \(type.rawValue), expected integers",
        path: path
      )
    }
    return tensor.gathered(type.integers(bytes))
  }

  /// The bytes from a tensor's first element to its last.
  private func elements(
    _ name: String
  ) throws(SpikeNetError) -> (TorchTensor, Safetensors.ScalarType, ArraySlice<UInt8>) {
    do throws(SpikeNetError) {
      guard let tensor = tensors[name] else {
        throw SpikeNetError(.mismatch, "it is not there; there are \(tensors.count) others")
      }
      guard let type = tensor.storage.scalarType else {
        throw SpikeNetError(.unsupported, "elements of torch's \(tensor.storage.typeName)")
      }
      let span = tensor.span
      guard !span.isEmpty else { return (tensor, type, []) }
      let bytes = try container.bytes(of: tensor.storage)
      let width = type.byteCount
      guard span.upperBound <= bytes.count / width else {
        throw SpikeNetError(
          .corrupt,
          "it takes elements \(span) of a storage that holds \(bytes.count / width)"
        )
      }
      guard tensor.count <= max(bytes.count, 1 << 16) else {
        throw SpikeNetError(
          .unsupported,
          "it repeats \(bytes.count) bytes to \(tensor.count) elements"
        )
      }
      let first = bytes.startIndex
      return (
        tensor, type, bytes[first + span.lowerBound * width..<first + span.upperBound * width]
      )
    } catch {
      var error = error
      error.reason = "tensor \"\(name)\": \(error.reason)"
      throw error.at(path)
    }
  }
}

/// One of the two kinds of files that torch writes.
protocol TorchContainer: Sendable {
  /// What the file's main pickle holds.
  var root: PickleValue { get }
  /// What the pickle's values refer to.
  var heap: PickleHeap { get }

  /// All bytes of a storage, little-endian; from a view's first element on.
  func bytes(of storage: TorchStorage) throws(SpikeNetError) -> ArraySlice<UInt8>
}
