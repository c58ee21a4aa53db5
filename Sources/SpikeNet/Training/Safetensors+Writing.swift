import Foundation

extension Safetensors {
  /// The elements of an array to be written.
  public enum Content: Sendable {
    /// Written as float32.
    case tensor(Tensor)
    /// Written as int64; as many as the shape says.
    case integers(Shape, [Int64])
  }

  /// Writes a file, whole or not at all.
  ///
  /// - Parameters:
  ///   - arrays: Names, all different, and contents; integers are put first to keep alignment.
  ///   - metadata: Text by name.
  ///   - path: The file; one that exists is replaced when the new one is complete.
  public static func write(
    _ arrays: [(name: String, content: Content)],
    metadata: [String: String] = [:],
    to path: String
  ) throws(SpikeNetError) {
    let ordered = arrays.filter(\.content.isInteger) + arrays.filter { !$0.content.isInteger }
    let header = try header(of: ordered, metadata)
    try AtomicFile.write(to: path) { file in
      try file.write(contentsOf: header)
      for array in ordered { try file.write(contentsOf: Data(array.content.bytes)) }
    }
  }

  private static func header(
    of arrays: [(name: String, content: Content)],
    _ metadata: [String: String]
  ) throws(SpikeNetError) -> Data {
    var items: [String: SafetensorsHeaderItem] = [:]
    if !metadata.isEmpty { items[SafetensorsHeader.metadataKey] = .metadata(metadata) }
    var offset = 0
    for (name, content) in arrays {
      precondition(items[name] == nil, "safetensors: two arrays named \(name)")
      let end = offset + content.byteCount
      items[name] = .array(
        SafetensorsHeaderItem.Array(
          dtype: content.isInteger ? "I64" : "F32",
          shape: content.shape.dimensions,
          data_offsets: [offset, end]
        )
      )
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      var json = try encoder.encode(items)
      json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
      return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
    } catch {
      throw SpikeNetError(.inputOutput, "the header cannot be encoded: \(error)")
    }
  }
}

extension Safetensors.Content {
  fileprivate var isInteger: Bool {
    if case .integers = self { true } else { false }
  }

  /// The dimensions.
  public var shape: Shape {
    switch self {
    case .tensor(let tensor): tensor.shape
    case .integers(let shape, _): shape
    }
  }

  fileprivate var byteCount: Int { shape.count * (isInteger ? 8 : 4) }

  /// The elements, little-endian.
  package var bytes: [UInt8] {
    switch self {
    case .tensor(let tensor):
      return tensor.scalars.map(\.bitPattern.littleEndian).withUnsafeBytes { [UInt8]($0) }
    case .integers(let shape, let values):
      precondition(values.count == shape.count, "safetensors: \(values.count) fill \(shape)")
      return values.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
    }
  }
}
