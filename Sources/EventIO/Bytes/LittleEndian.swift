/// Numbers in a slice of bytes, lowest byte first; the caller has checked the length.
struct LittleEndian {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func u16(_ offset: Int) -> UInt16 { number(offset) }
  func u32(_ offset: Int) -> UInt32 { number(offset) }
  func u64(_ offset: Int) -> UInt64 { number(offset) }

  private func number<T: FixedWidthInteger>(_ offset: Int) -> T {
    let start = bytes.startIndex + offset
    var value: T = 0
    for index in 0..<MemoryLayout<T>.size {
      value |= T(bytes[start + index]) &<< T(8 * index)
    }
    return value
  }
}
