/// The MD5 digest, by which the makers of datasets publish what an archive holds (RFC 1321).
///
/// It finds damage, not forgery.
struct MD5 {
  private var state: (UInt32, UInt32, UInt32, UInt32) = (
    0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476
  )
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// ⌊2³² · |sin(i + 1)|⌋, as the specification has it.
  private static let sines: [UInt32] = [
    0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613,
    0xFD46_9501, 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE, 0x6B90_1122, 0xFD98_7193,
    0xA679_438E, 0x49B4_0821, 0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D,
    0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8, 0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED,
    0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A, 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122,
    0xFDE5_380C, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70, 0x289B_7EC6, 0xEAA1_27FA,
    0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665, 0xF429_2244,
    0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
    0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB,
    0xEB86_D391,
  ]
  private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

  /// Takes the next bytes in.
  mutating func add(_ bytes: [UInt8]) {
    byteCount &+= UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      start = min(64 - pending.count, bytes.count)
      pending += bytes[..<start]
      guard pending.count == 64 else { return }
      block(pending, at: 0)
      pending.removeAll(keepingCapacity: true)
    }
    while bytes.count - start >= 64 {
      block(bytes, at: start)
      start += 64
    }
    pending += bytes[start...]
  }

  /// The digest of everything so far, as 32 hexadecimal digits.
  var hexadecimal: String {
    var copy = self
    let bits = byteCount &* 8
    let padding = (119 - Int(byteCount % 64)) % 64 + 1
    copy.add([0x80] + [UInt8](repeating: 0, count: padding - 1))
    copy.add((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) })
    let words = [copy.state.0, copy.state.1, copy.state.2, copy.state.3]
    return words.map { word in
      (0..<4).map { index in
        let byte = UInt8(truncatingIfNeeded: word >> (8 * UInt32(index)))
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
    }.joined()
  }

  private mutating func block(_ bytes: [UInt8], at start: Int) {
    var (a, b, c, d) = state
    bytes.withUnsafeBytes { raw in
      for step in 0..<64 {
        var mix: UInt32
        var word: Int
        switch step >> 4 {
        case 0: (mix, word) = ((b & c) | (~b & d), step)
        case 1: (mix, word) = ((d & b) | (~d & c), (5 * step + 1) & 15)
        case 2: (mix, word) = (b ^ c ^ d, (3 * step + 5) & 15)
        default: (mix, word) = (c ^ (b | ~d), (7 * step) & 15)
        }
        let value = UInt32(
          littleEndian: raw.loadUnaligned(fromByteOffset: start + 4 * word, as: UInt32.self)
        )
        mix = mix &+ a &+ Self.sines[step] &+ value
        (a, d, c) = (d, c, b)
        let shift = Self.shifts[(step >> 4) << 2 | step & 3]
        b = b &+ (mix << shift | mix >> (32 - shift))
      }
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }
}
