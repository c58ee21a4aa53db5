import Foundation

/// A file of named arrays: the container of checkpoints and golden files.
///
/// | bytes | content |
/// |---|---|
/// | 0 ..< 8 | n, the length of the header, unsigned, little-endian |
/// | 8 ..< 8 + n | JSON: name → `{"dtype", "shape", "data_offsets": [begin, end]}` |
/// | 8 + n … | the arrays, row-major, little-endian, without gaps; offsets count from here |
///
/// The key `__metadata__` holds text by name. Format: https://github.com/huggingface/safetensors
public struct Safetensors: Sendable {
  /// The type of an array's elements.
  public enum ScalarType: String, Sendable, CaseIterable {
    /// 64-bit floating point.
    case float64 = "F64"
    /// 32-bit floating point.
    case float32 = "F32"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of a 32-bit float.
    case bfloat16 = "BF16"
    /// Signed, 8 bytes.
    case int64 = "I64"
    /// Signed, 4 bytes.
    case int32 = "I32"
    /// Signed, 2 bytes.
    case int16 = "I16"
    /// Signed, 1 byte.
    case int8 = "I8"
    /// Unsigned, 1 byte.
    case uint8 = "U8"
    /// Zero or one in a byte.
    case bool = "BOOL"

    /// The length of an element.
    public var byteCount: Int {
      switch self {
      case .float64, .int64: 8
      case .float32, .int32: 4
      case .float16, .bfloat16, .int16: 2
      case .int8, .uint8, .bool: 1
      }
    }

    /// Whether elements are real numbers.
    public var isFloatingPoint: Bool {
      switch self {
      case .float64, .float32, .float16, .bfloat16: true
      default: false
      }
    }
  }

  /// What the header says about one array.
  public struct Entry: Sendable {
    /// The array's name.
    public let name: String
    /// The type of its elements.
    public let scalarType: ScalarType
    /// Its dimensions, outermost first.
    public let shape: Shape
    /// Where its bytes are in the file.
    let bytes: Range<Int>
  }

  /// Text by name.
  public let metadata: [String: String]
  /// All arrays in the order of their bytes.
  public let entries: [Entry]
  private let positions: [String: Int]
  private let file: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: ``SpikeNetError`` with the path, and the offset of what is wrong with the content.
  public static func read(_ path: String) throws(SpikeNetError) -> Safetensors {
    let bytes = try regularFile(path)
    do { return try Safetensors(bytes) } catch { throw error.at(path) }
  }

  /// Checks the header of a file's bytes against their number.
  public init(_ bytes: [UInt8]) throws(SpikeNetError) {
    let header = try SafetensorsHeader(bytes)
    metadata = header.metadata
    entries = header.entries
    positions = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) }
    )
    file = bytes
  }

  /// The names of all arrays in the order of their bytes.
  public var names: [String] { entries.map(\.name) }

  /// What the header says about an array; nil if there is none of this name.
  public subscript(name: String) -> Entry? {
    positions[name].map { entries[$0] }
  }

  /// An array's bytes as they are in the file.
  public func bytes(_ name: String) throws(SpikeNetError) -> ArraySlice<UInt8> {
    try file[entry(name).bytes]
  }

  /// The entry of a name that must be there.
  func entry(_ name: String) throws(SpikeNetError) -> Entry {
    guard let entry = self[name] else {
      throw SpikeNetError(.mismatch, "has no tensor \"\(name)\"; it has \(entries.count) others")
    }
    return entry
  }

  private static func regularFile(_ path: String) throws(SpikeNetError) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw SpikeNetError(
        .missing,
        "there is no such file; expected a checkpoint or a run directory",
        path: path
      )
    }
    guard !isFolder.boolValue else {
      throw SpikeNetError(.missing, "is a folder, expected a .safetensors file", path: path)
    }
    var status = stat()
    guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw SpikeNetError(
        .inputOutput,
        "is a pipe, a socket or a device; expected a .safetensors file",
        path: path
      )
    }
    do {
      return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw SpikeNetError(
        .inputOutput,
        "cannot be read: \(SystemFailure.reason(error))",
        path: path
      )
    }
  }
}
