/// Puts together the pickle of a state dictionary, protocol 2, as `torch.save` writes it.
struct PickleWriter {
  private var bytes: [UInt8] = [PickleOpcode.protocolVersion.rawValue, 2]

  /// The pickle of tensors whose elements are in storages of their own, numbered from 0.
  static func stateDictionary(
    _ tensors: [(name: String, shape: [Int], storageType: String)]
  ) -> [UInt8] {
    var writer = PickleWriter()
    writer.emptyOrderedDictionary()
    writer.append(.mark)
    for (index, tensor) in tensors.enumerated() {
      writer.text(tensor.name)
      writer.tensor(tensor.shape, tensor.storageType, key: String(index))
    }
    writer.append(.setItems)
    writer.append(.stop)
    return writer.bytes
  }

  private mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  private mutating func global(_ module: String, _ name: String) {
    append(.global)
    bytes += Array("\(module)\n\(name)\n".utf8)
  }

  private mutating func emptyOrderedDictionary() {
    global("collections", "OrderedDict")
    append(.emptyTuple)
    append(.reduce)
  }

  private mutating func text(_ text: String) {
    append(.binaryText)
    let content = Array(text.utf8)
    withUnsafeBytes(of: UInt32(content.count).littleEndian) { bytes += $0 }
    bytes += content
  }

  private mutating func integer(_ value: Int) {
    switch value {
    case 0..<1 << 8:
      append(.binaryInteger1)
      bytes.append(UInt8(value))
    case 0..<1 << 31:
      append(.binaryInteger)
      withUnsafeBytes(of: Int32(value).littleEndian) { bytes += $0 }
    default:
      append(.long1)
      bytes.append(8)
      withUnsafeBytes(of: Int64(value).littleEndian) { bytes += $0 }
    }
  }

  private mutating func tuple(_ values: [Int]) {
    append(.mark)
    for value in values { integer(value) }
    append(.tuple)
  }

  /// `_rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())`.
  private mutating func tensor(_ shape: [Int], _ storageType: String, key: String) {
    global("torch._utils", "_rebuild_tensor_v2")
    append(.mark)
    append(.mark)
    text("storage")
    global("torch", storageType)
    text(key)
    text("cpu")
    integer(shape.reduce(1, *))
    append(.tuple)
    append(.persistentID)
    integer(0)
    tuple(shape)
    tuple(shape.indices.map { shape[($0 + 1)...].reduce(1) { $0 * max($1, 1) } })
    append(.newFalse)
    emptyOrderedDictionary()
    append(.tuple)
    append(.reduce)
  }
}
