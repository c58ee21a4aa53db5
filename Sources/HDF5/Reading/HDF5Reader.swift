import Synchronization

/// An HDF5 file, open for reading, without the C library.
///
/// It reads what that library writes by default, which is also what h5py writes: superblock 0 or 1,
/// groups with symbol tables, datasets in one block or in chunks with deflate, shuffle and
/// Fletcher-32, numbers, and strings of fixed or variable length. Anything else is refused by name.
///
/// Whatever a file says, time and memory are bounded by its size: nothing is allocated on the word
/// of a number before it has been compared with the bytes that there are. All methods may be called
/// from any thread.
package final class HDF5Reader: Sendable {
  /// The path as it was given.
  package let path: String
  private let file: StoredFile
  private let root: Int
  private let attributes: [String: StoredAttribute]
  private let attributeAddresses: [String: Int]
  private let groups = Mutex<[Int: [String: Int]]>([:])

  /// Opens a file.
  ///
  /// - Throws: ``HDF5Error``: `open` when it cannot be opened, `corrupt` or `implausible` when it is
  ///   damaged or not HDF5, `unsupported` with the remedy.
  package convenience init(_ path: String) throws(HDF5Error) {
    do throws(HDF5Error) {
      try self.init(StoredFile(path))
    } catch {
      throw error.at(path, "")
    }
  }

  /// Reads a file whose bytes are in memory; the name stands for its path.
  ///
  /// - Throws: ``HDF5Error`` as for a file.
  package convenience init(bytes: [UInt8], name: String) throws(HDF5Error) {
    try self.init(StoredFile(bytes, name: name))
  }

  private init(_ file: StoredFile) throws(HDF5Error) {
    self.file = file
    path = file.path
    do throws(HDF5Error) {
      root = try Superblock.root(of: file)
      let header = try ObjectHeader(file, at: root)
      guard header.first(.attributeInfo) == nil else {
        throw HDF5Error.unsupported("its attributes are stored in the format of HDF5 1.8")
      }
      var attributes: [String: StoredAttribute] = [:]
      var addresses: [String: Int] = [:]
      for (address, message) in header.places(of: .attribute) {
        let attribute = try StoredAttribute(message)
        attributes[attribute.name] = attribute
        addresses[attribute.name] = address + message.remaining - attribute.content.remaining
      }
      self.attributes = attributes
      attributeAddresses = addresses
    } catch {
      throw error.at(path, "")
    }
  }

  /// The file's size in bytes.
  package var byteCount: Int { file.byteCount }

  /// Reads bytes of the file as they are, into memory that is reused.
  ///
  /// - Throws: ``HDF5Error`` if they are not all there, or cannot be read.
  package func readBytes(_ range: Range<Int>, into bytes: inout [UInt8]) throws(HDF5Error) {
    do throws(HDF5Error) {
      try file.read(range.count, at: range.lowerBound, into: &bytes)
    } catch {
      throw error.at(path, "")
    }
  }

  // MARK: Attributes of the root

  /// Where in the file the value of an attribute begins; nil if there is no such attribute.
  package func addressOfAttribute(_ name: String) -> Int? { attributeAddresses[name] }

  /// Says whether the root has an attribute.
  package func hasAttribute(_ name: String) -> Bool { attributes[name] != nil }

  /// Reads an integer of any width.
  ///
  /// - Throws: ``HDF5Error`` when there is none, or it is not one integer.
  package func integerAttribute(_ name: String) throws(HDF5Error) -> Int64 {
    try attribute(name) { attribute throws(HDF5Error) in
      guard case .scalar(let type) = attribute.type.element, type != .float32, type != .float64
      else { throw HDF5Error(.mismatch, "it is not an integer") }
      var content = attribute.content
      var bytes = Array(try content.take(type.size))
      if attribute.type.isBigEndian {
        StoredIntegers.reverseBytes(of: &bytes, width: type.size)
      }
      return StoredIntegers.widened(bytes, type)[0]
    }
  }

  /// Reads a string of fixed or variable length.
  ///
  /// - Throws: ``HDF5Error`` when there is none, or it is not one string.
  package func stringAttribute(_ name: String) throws(HDF5Error) -> String {
    try attribute(name) { attribute throws(HDF5Error) in
      var content = attribute.content
      return try StoredStrings.read(1, attribute.type.element, &content, file)[0]
    }
  }

  private func attribute<Value>(
    _ name: String,
    _ read: (StoredAttribute) throws(HDF5Error) -> Value
  ) throws(HDF5Error) -> Value {
    do throws(HDF5Error) {
      guard let attribute = attributes[name] else {
        throw HDF5Error(.missing, "there is no such attribute")
      }
      guard attribute.shape.extents.allSatisfy({ $0 == 1 }) else {
        throw HDF5Error(.mismatch, "it is not a single value")
      }
      return try read(attribute)
    } catch {
      throw error.at(path, "@\(name)")
    }
  }

  // MARK: Objects

  /// Says whether there is a dataset or group of this path.
  package func contains(_ path: String) throws(HDF5Error) -> Bool {
    do throws(HDF5Error) {
      return try address(of: path) != nil
    } catch {
      throw error.at(self.path, path)
    }
  }

  /// The names of a group's members, in alphabetical order.
  package func members(of path: String) throws(HDF5Error) -> [String] {
    do throws(HDF5Error) {
      return try links(of: require(path)).keys.sorted()
    } catch {
      throw error.at(self.path, path)
    }
  }

  /// Opens a dataset.
  package func dataset(_ path: String) throws(HDF5Error) -> HDF5DatasetReader {
    do throws(HDF5Error) {
      return try HDF5DatasetReader(file, path: path, ObjectHeader(file, at: require(path)))
    } catch {
      throw error.at(self.path, path)
    }
  }

  private func require(_ path: String) throws(HDF5Error) -> Int {
    guard let address = try address(of: path) else {
      throw HDF5Error(.missing, "there is no such object")
    }
    return address
  }

  private func address(of path: String) throws(HDF5Error) -> Int? {
    var address = root
    for part in path.split(separator: "/") {
      guard let next = try links(of: address)[String(part)] else { return nil }
      address = next
    }
    return address
  }

  private func links(of group: Int) throws(HDF5Error) -> [String: Int] {
    if let known = groups.withLock({ $0[group] }) { return known }
    let links = try SymbolTable.links(of: ObjectHeader(file, at: group), in: file)
    groups.withLock { $0[group] = links }
    return links
  }
}

/// The start of a file, which says where the root group is.
///
/// | bytes | meaning |
/// |---|---|
/// | 0–7 | `\x89HDF\r\n\x1a\n` |
/// | 8 | version; this reader knows 0 and 1 |
/// | 13, 14 | bytes of an address, bytes of a size; 8 and 8 |
/// | 24–27 in version 1 | what indexed storage needs; the rest moves back by four |
/// | 24–55 | base address, free space, end of the file, driver information |
/// | 56–95 | the root's link: place of its name, address, … |
enum Superblock {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let byteCount = 96

  /// The address of the root group's header.
  static func root(of file: StoredFile) throws(HDF5Error) -> Int {
    let bytes = try file.structure(min(byteCount + 4, file.byteCount), at: 0)
    guard bytes.starts(with: signature) else {
      throw HDF5Error(.corrupt, "this is not an HDF5 file: it does not start with its signature")
    }
    var fields = FieldCursor(bytes)
    try fields.skip(8)
    let version = try fields.byte()
    guard version <= 1 else {
      throw .unsupported(
        "it has a superblock of version \(version), as libver='latest' writes it"
      )
    }
    try fields.skip(4)
    let (addressBytes, sizeBytes) = (try fields.byte(), try fields.byte())
    guard addressBytes == 8, sizeBytes == 8 else {
      throw .unsupported("its addresses have \(addressBytes) bytes, its sizes \(sizeBytes)")
    }
    try fields.skip(version == 0 ? 9 : 13)
    guard try fields.address() == 0 else { throw .unsupported("it does not start at byte 0") }
    try fields.skip(8)
    let end = try fields.size()
    guard end <= file.byteCount else {
      throw HDF5Error(
        .corrupt,
        "it should have \(end) bytes and has \(file.byteCount); it is cut off"
      )
    }
    try fields.skip(16)
    return try fields.address()
  }
}
