extension [UInt8] {
  /// Appends a number, lowest byte first.
  mutating func append<T: FixedWidthInteger>(little number: T) {
    var rest = number
    for _ in 0..<MemoryLayout<T>.size {
      append(UInt8(truncatingIfNeeded: rest))
      rest = T.bitWidth > 8 ? rest >> 8 : 0
    }
  }

  /// Appends a number, highest byte first.
  mutating func append<T: FixedWidthInteger>(big number: T) {
    append(little: number.byteSwapped)
  }
}
