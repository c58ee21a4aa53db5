// Strings of variable length lie in "global heaps", blocks without a checksum whose sizes the C
// library (1.10.8) trusts: a damaged one makes it loop forever or read outside its memory. So the
// library is only asked where a string lies, and the heap is read here, with every size checked.
//
// heap    "GCOL" | version 1, 3 unused | heap size u64 | objects …
// object  index u16 | references u16 | 4 unused | size u64 | bytes, padded to a multiple of 8
// https://docs.hdfgroup.org/hdf5/v1_14/_f_m_t3.html#GlobalHeap

import CHDF5
import Glibc

/// Where a string of variable length lies: how the file itself refers to it.
struct HeapReference {
  /// Bytes that such a reference takes in files with 8-byte addresses.
  static let byteCount = 16

  let length: UInt32
  let address: UInt64
  let index: UInt32

  /// Splits the stored form: length, address, index.
  init(_ bytes: ArraySlice<UInt8>) {
    func number<Word: FixedWidthInteger>(_ offset: Int, _ type: Word.Type) -> Word {
      let start = bytes.startIndex + offset
      return bytes[start..<start + MemoryLayout<Word>.size].reversed()
        .reduce(0) { $0 << 8 | Word($1) }
    }
    length = number(0, UInt32.self)
    address = number(4, UInt64.self)
    index = number(12, UInt32.self)
  }
}

/// Makes the library hand out stored references instead of following them.
enum HeapReferenceType {
  /// The memory type of a reference: 16 bytes that mean nothing to the library.
  static func make() -> hid_t {
    _ = registered
    return H5Tcreate(H5T_OPAQUE, HeapReference.byteCount)
  }

  /// Tells the library, once, that a stored string "converts" to opaque bytes by leaving it alone.
  private static let registered: Bool = {
    let string = makeVariableStringType()
    defer { H5Tclose(string) }
    let opaque = H5Tcreate(H5T_OPAQUE, HeapReference.byteCount)
    defer { H5Tclose(opaque) }
    let status = H5Tregister(
      H5T_PERS_SOFT,
      "dvsprep heap reference",
      string,
      opaque
    ) { _, _, data, _, _, _, _, _, _ in
      data?.pointee.need_bkg = H5T_BKG_NO
      return 0
    }
    return status >= 0
  }()
}

/// Reads global heaps straight from the file.
final class GlobalHeapReader {
  private let descriptor: Int32
  private let file: HDF5File
  private let fileSize: Int
  private var heapAddress: UInt64?
  private var heap: [UInt8] = []
  private var objects: [UInt16: Range<Int>] = [:]

  init(_ file: HDF5File) throws(HDF5Error) {
    self.file = file
    if file.isWritable { try file.flush() }
    fileSize = try file.byteCount()
    descriptor = Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw HDF5Error(.open, file: file.path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { _ = close(descriptor) }

  /// The string that a reference names.
  func string(_ reference: HeapReference) throws(HDF5Error) -> String {
    guard reference.length > 0 else { return "" }
    if reference.address != heapAddress { try load(reference.address) }
    guard let index = UInt16(exactly: reference.index), let range = objects[index],
      Int(reference.length) <= range.count
    else { throw broken("has no object \(reference.index) of \(reference.length) bytes") }
    let bytes = heap[range].prefix(Int(reference.length))
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func broken(_ reason: String) -> HDF5Error {
    HDF5Error(
      .read,
      file: file.path,
      reason: "the heap of strings at \(heapAddress ?? 0) \(reason)"
    )
  }

  private func load(_ address: UInt64) throws(HDF5Error) {
    heapAddress = address
    objects.removeAll(keepingCapacity: true)
    heap = try bytes(at: address, count: 16)
    guard heap.starts(with: Array("GCOL".utf8)), heap[4] == 1 else {
      throw broken("has no signature")
    }
    let size = number(at: 8)
    guard size >= 16, size <= UInt64(fileSize) else { throw broken("claims \(size) bytes") }
    heap = try bytes(at: address, count: Int(size))
    try indexObjects()
  }

  private func indexObjects() throws(HDF5Error) {
    var position = 16
    while position + 16 <= heap.count {
      let index = UInt16(heap[position]) | UInt16(heap[position + 1]) << 8
      if index == 0 { return }  // the rest is free space
      let size = number(at: position + 8)
      guard size <= UInt64(heap.count - position - 16) else {
        throw broken("has an object of \(size) bytes that reaches beyond its end")
      }
      let start = position + 16
      objects[index] = start..<start + Int(size)
      position = start + (Int(size) + 7) & ~7
    }
  }

  private func number(at offset: Int) -> UInt64 {
    heap[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func bytes(at address: UInt64, count: Int) throws(HDF5Error) -> [UInt8] {
    guard address <= UInt64(fileSize), count <= fileSize - Int(address) else {
      throw broken("lies beyond the end of the file")
    }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor,
          buffer.baseAddress.map { $0 + filled },
          count - filled,
          off_t(address) + off_t(filled)
        )
      }
      guard got > 0 else { throw broken("cannot be read") }
      filled += got
    }
    return bytes
  }
}
