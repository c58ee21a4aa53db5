import Foundation

/// The header of a safetensors file, checked against the bytes that are there.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Safetensors.Entry] = []

  /// A larger header is refused, as the reference implementation does.
  private static let longestHeader = 100_000_000
  static let metadataKey = "__metadata__"

  init(_ file: [UInt8]) throws(SpikeNetError) {
    let json = try Self.json(of: file)
    let items: [String: SafetensorsHeaderItem]
    do {
      items = try JSONDecoder().decode([String: SafetensorsHeaderItem].self, from: json)
    } catch {
      throw SpikeNetError(
        .corrupt,
        "the header is not the JSON of a safetensors file: \(Self.text(of: error))",
        byteOffset: 8
      )
    }
    let start = 8 + json.count
    for (name, item) in items {
      switch item {
      case .metadata(let text): metadata = text
      case .array(let array):
        entries.append(try Self.entry(name, array, dataStart: start, fileEnd: file.count))
      }
    }
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    try checkThatArraysFill(start..<file.count)
  }

  private static func json(of file: [UInt8]) throws(SpikeNetError) -> Data {
    guard file.count >= 8 else {
      throw SpikeNetError(
        .corrupt,
        "ends after \(file.count) bytes; a safetensors file starts with an 8-byte length"
      )
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(file[$1]) << UInt64(8 * $1) }
    let room = file.count - 8
    guard length <= UInt64(min(room, longestHeader)) else {
      throw SpikeNetError(
        .corrupt,
        "the header claims \(length) bytes, and \(room) follow",
        byteOffset: 0
      )
    }
    guard length > 0, file[8] == UInt8(ascii: "{") else {
      throw SpikeNetError(
        .corrupt,
        "no { at the start of the header; is this a safetensors file?",
        byteOffset: 8
      )
    }
    return Data(file[8..<8 + Int(length)])
  }

  private static func entry(
    _ name: String,
    _ array: SafetensorsHeaderItem.Array,
    dataStart: Int,
    fileEnd: Int
  ) throws(SpikeNetError) -> Safetensors.Entry {
    func corrupt(_ reason: String) -> SpikeNetError {
      SpikeNetError(.corrupt, "tensor \"\(name)\": \(reason)", byteOffset: 8)
    }
    guard let type = Safetensors.ScalarType(rawValue: array.dtype) else {
      throw SpikeNetError(.unsupported, "tensor \"\(name)\": elements of type \(array.dtype)")
    }
    guard array.data_offsets.count == 2, let begin = array.data_offsets.first,
      let end = array.data_offsets.last, begin >= 0, begin <= end, end <= fileEnd - dataStart
    else {
      throw corrupt("bytes \(array.data_offsets) of \(fileEnd - dataStart) that follow the header")
    }
    guard let count = byteCount(of: array.shape, type), count == end - begin else {
      throw corrupt("shape \(array.shape) of \(array.dtype) does not take \(end - begin) bytes")
    }
    return Safetensors.Entry(
      name: name,
      scalarType: type,
      shape: Shape(array.shape),
      bytes: dataStart + begin..<dataStart + end
    )
  }

  /// The bytes that a shape takes; nil if a dimension is negative or the product too large.
  private static func byteCount(of shape: [Int], _ type: Safetensors.ScalarType) -> Int? {
    var count = type.byteCount
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// Gaps could hide bytes, and overlaps or names that occur twice leave some.
  private func checkThatArraysFill(_ data: Range<Int>) throws(SpikeNetError) {
    var end = data.lowerBound
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw SpikeNetError(
          .corrupt,
          "tensor \"\(entry.name)\" does not start where the one before it ends",
          byteOffset: end
        )
      }
      end = entry.bytes.upperBound
    }
    guard end == data.upperBound else {
      throw SpikeNetError(
        .corrupt,
        "\(data.upperBound - end) bytes belong to no tensor",
        byteOffset: end
      )
    }
  }

  private static func text(of error: any Error) -> String {
    switch error as? DecodingError {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? "" : "at \(path.prefix(200)): ") + context.debugDescription
    default: return "\(error)"
    }
  }
}

/// One member of the header's JSON object.
enum SafetensorsHeaderItem: Codable {
  struct Array: Codable {
    var dtype: String
    var shape: [Int]
    // The name is the format's.
    var data_offsets: [Int]
  }

  case metadata([String: String])
  case array(Array)

  init(from decoder: any Decoder) throws {
    self =
      if decoder.codingPath.last?.stringValue == SafetensorsHeader.metadataKey {
        .metadata(try [String: String](from: decoder))
      } else {
        .array(try Array(from: decoder))
      }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .metadata(let text): try text.encode(to: encoder)
    case .array(let array): try array.encode(to: encoder)
    }
  }
}
