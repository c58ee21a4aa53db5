/// The instructions of pickles that are carried out; all others are refused.
///
/// Protocols 2 to 5 of Python's `pickletools`; protocol 0 is known by name only, to say what it is.
enum PickleOpcode: UInt8 {
  case mark = 0x28  // (
  case stop = 0x2E  // .
  case pop = 0x30  // 0
  case popMark = 0x31  // 1
  case duplicate = 0x32  // 2
  case binaryFloat = 0x47  // G
  case binaryInteger = 0x4A  // J
  case binaryInteger1 = 0x4B  // K
  case binaryInteger2 = 0x4D  // M
  case none = 0x4E  // N
  case persistentID = 0x51  // Q
  case reduce = 0x52  // R
  case binaryString = 0x54  // T
  case shortBinaryString = 0x55  // U
  case binaryText = 0x58  // X
  case append = 0x61  // a
  case build = 0x62  // b
  case global = 0x63  // c
  case dictionary = 0x64  // d
  case emptyDictionary = 0x7D  // }
  case appends = 0x65  // e
  case get = 0x68  // h
  case longGet = 0x6A  // j
  case list = 0x6C  // l
  case emptyList = 0x5D  // ]
  case put = 0x71  // q
  case longPut = 0x72  // r
  case setItem = 0x73  // s
  case tuple = 0x74  // t
  case emptyTuple = 0x29  // )
  case setItems = 0x75  // u
  case protocolVersion = 0x80
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long1 = 0x8A
  case long4 = 0x8B
  case binaryBytes = 0x42  // B
  case shortBinaryBytes = 0x43  // C
  case shortBinaryText = 0x8C
  case binaryText8 = 0x8D
  case binaryBytes8 = 0x8E
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91
  case newObjectWithNames = 0x92
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95

  /// What refused instructions are called, for messages.
  static let refusedNames: [UInt8: String] = [
    0x69: "INST, which makes objects of any class", 0x6F: "OBJ, which makes objects of any class",
    0x50: "PERSID of protocol 0", 0x46: "FLOAT of protocol 0", 0x49: "INT of protocol 0",
    0x4C: "LONG of protocol 0", 0x53: "STRING of protocol 0", 0x56: "UNICODE of protocol 0",
    0x67: "GET of protocol 0", 0x70: "PUT of protocol 0",
    0x82: "EXT1, a class of a private registry", 0x83: "EXT2, a class of a private registry",
    0x84: "EXT4, a class of a private registry", 0x96: "BYTEARRAY8",
    0x97: "NEXT_BUFFER, which needs data from elsewhere", 0x98: "READONLY_BUFFER",
  ]
}
