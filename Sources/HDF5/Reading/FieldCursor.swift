/// Walks through the fields of a stored structure; every step is checked.
struct FieldCursor {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Addresses and lengths of this value stand for nothing.
  private static let undefined = UInt64.max

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// How many bytes lie ahead.
  var remaining: Int { bytes.endIndex - position }

  /// The next bytes.
  mutating func take(_ count: Int) throws(HDF5Error) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw HDF5Error(.corrupt, "a structure ends after \(bytes.count) bytes, inside a field")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) throws(HDF5Error) { _ = try take(count) }

  /// Moves on so that a multiple of eight bytes has been taken.
  mutating func align() throws(HDF5Error) {
    try skip(-(position - bytes.startIndex) & 7)
  }

  /// The next number, lowest byte first.
  mutating func number<Word: FixedWidthInteger & UnsignedInteger>(
    _: Word.Type
  ) throws(HDF5Error) -> Word {
    try take(MemoryLayout<Word>.size).reversed().reduce(0) { $0 << 8 | Word($1) }
  }

  mutating func byte() throws(HDF5Error) -> Int { Int(try number(UInt8.self)) }
  mutating func u16() throws(HDF5Error) -> Int { Int(try number(UInt16.self)) }
  mutating func u32() throws(HDF5Error) -> Int { Int(try number(UInt32.self)) }

  /// The next 64-bit size.
  mutating func size() throws(HDF5Error) -> Int {
    guard let size = Int(exactly: try number(UInt64.self)) else {
      throw HDF5Error(.corrupt, "a size of 2⁶³ or more is claimed")
    }
    return size
  }

  /// The next address; nil where the structure refers to nothing.
  mutating func optionalAddress() throws(HDF5Error) -> Int? {
    let address = try number(UInt64.self)
    guard address != Self.undefined else { return nil }
    guard let address = Int(exactly: address) else {
      throw HDF5Error(.corrupt, "an address of 2⁶³ or more is claimed")
    }
    return address
  }

  /// The next address, which must be one.
  mutating func address() throws(HDF5Error) -> Int {
    guard let address = try optionalAddress() else {
      throw HDF5Error(.corrupt, "a structure is referred to that does not exist")
    }
    return address
  }

  /// Checks a mark such as `TREE`.
  mutating func expect(_ mark: String) throws(HDF5Error) {
    let found = try take(mark.utf8.count)
    guard found.elementsEqual(mark.utf8) else {
      throw HDF5Error(.corrupt, "\(Array(found)) stands where \(mark) must")
    }
  }
}

extension HDF5Error {
  /// An error about a place that is filled in later.
  init(_ kind: Kind, _ reason: String) { self.init(kind, file: "", reason: reason) }

  /// What all that this reader cannot read has for a remedy.
  static func unsupported(_ what: String) -> HDF5Error {
    HDF5Error(
      .unsupported,
      "\(what); rewrite the file with: h5repack -f SHUF -f GZIP=4 OLD.h5 NEW.h5"
    )
  }

  /// The same error with file and object filled in, where they are missing.
  func at(_ file: String, _ object: String) -> HDF5Error {
    HDF5Error(
      kind,
      file: self.file.isEmpty ? file : self.file,
      object: self.object.isEmpty ? object : self.object,
      reason: reason
    )
  }
}
