extension Safetensors {
  /// An array as a tensor; every type is converted to 32-bit floats.
  ///
  /// Exact for float32, float16, bfloat16 and small integers; float64 and larger integers are
  /// rounded to the nearest float.
  public func tensor(_ name: String) throws(SpikeNetError) -> Tensor {
    let entry = try entry(name)
    return Tensor(entry.shape, entry.scalarType.floats(try bytes(name)))
  }

  /// An array of integers or truth values, whatever their width.
  ///
  /// - Throws: ``SpikeNetError`` if there is no such array, or if its elements are real numbers.
  public func integers(_ name: String) throws(SpikeNetError) -> [Int64] {
    let entry = try entry(name)
    guard !entry.scalarType.isFloatingPoint else {
      throw SpikeNetError(
        .mismatch,
        "tensor \"\(name)\" is \(entry.scalarType.rawValue), expected integers"
      )
    }
    return entry.scalarType.integers(try bytes(name))
  }
}

extension Safetensors.ScalarType {
  /// Little-endian elements as floats; bytes of a broken element at the end are left out.
  package func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
    switch self {
    case .float32: Self.words(bytes, UInt32.self).map(Float.init(bitPattern:))
    case .float64: Self.words(bytes, UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .bfloat16: Self.words(bytes, UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .float16: Self.words(bytes, UInt16.self).map(Self.float(fromHalf:))
    case .int64, .int32, .int16, .int8, .uint8, .bool: integers(bytes).map(Float.init)
    }
  }

  /// Little-endian elements as integers; none for real numbers.
  package func integers(_ bytes: ArraySlice<UInt8>) -> [Int64] {
    switch self {
    case .int64: Self.words(bytes, UInt64.self).map { Int64(bitPattern: $0) }
    case .int32: Self.words(bytes, UInt32.self).map { Int64(Int32(bitPattern: $0)) }
    case .int16: Self.words(bytes, UInt16.self).map { Int64(Int16(bitPattern: $0)) }
    case .int8: bytes.map { Int64(Int8(bitPattern: $0)) }
    case .uint8, .bool: bytes.map(Int64.init)
    case .float64, .float32, .float16, .bfloat16: []
    }
  }

  /// Little-endian words at any alignment; the header has checked that they are whole.
  private static func words<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>,
    _ type: Word.Type
  ) -> [Word] {
    let width = MemoryLayout<Word>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / width).map {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: Word.self))
      }
    }
  }

  /// Sign, 5 bits of exponent, 10 bits of fraction; subnormals, infinities and not-a-numbers too.
  private static func float(fromHalf half: UInt16) -> Float {
    let exponent = Int(half >> 10 & 0x1F)
    let fraction = UInt32(half & 0x3FF)
    let magnitude: Float =
      switch exponent {
      case 0: Float(fraction) * 0x1p-24
      case 31: Float(bitPattern: 0x7F80_0000 | fraction << 13)
      default: Float(bitPattern: UInt32(exponent + 112) << 23 | fraction << 13)
      }
    return half >> 15 == 0 ? magnitude : -magnitude
  }
}
