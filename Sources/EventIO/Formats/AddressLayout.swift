/// The bit fields, orientation and polarity of a camera's 32-bit address words, as data.
///
/// A mirrored coordinate is `size - 1 - field`. Coordinates come out with the origin at the left
/// and, as SpikingJelly and most data sets have it, rows in the order of the sensor's own field.
public struct AddressLayout: Hashable, Sendable {
  /// A coordinate's place in an address word.
  public struct Field: Hashable, Sendable {
    /// The lowest bit.
    public var shift: Int
    /// How many bits.
    public var bits: Int
    /// Whether the coordinate runs against the field.
    public var isMirrored: Bool

    /// Creates a field.
    public init(shift: Int, bits: Int, isMirrored: Bool = false) {
      precondition(shift >= 0 && (1...16).contains(bits) && shift + bits <= 32)
      self.shift = shift
      self.bits = bits
      self.isMirrored = isMirrored
    }
  }

  /// The name that `--camera` takes.
  public var name: String
  /// What the file's `AEChip` line or source may end in, lower case.
  public var chipNames: [String]
  /// The sensor.
  public var geometry: SensorGeometry
  /// Where the column is.
  public var x: Field
  /// Where the row is.
  public var y: Field
  /// The bit that holds the polarity.
  public var polarityBit: Int
  /// The value of that bit that means ON.
  public var onValue: UInt32
  /// The bits that tell events from other words.
  public var typeMask: UInt32
  /// The value of those bits in an event; other words are skipped and counted.
  public var typeValue: UInt32
  /// Who says so.
  public var source: String

  /// Creates a layout; without a type mask every word is an event.
  public init(
    name: String,
    chipNames: [String],
    geometry: SensorGeometry,
    x: Field,
    y: Field,
    polarityBit: Int,
    onValue: UInt32,
    typeMask: UInt32 = 0,
    typeValue: UInt32 = 0,
    source: String
  ) {
    self.name = name
    self.chipNames = chipNames
    self.geometry = geometry
    self.x = x
    self.y = y
    self.polarityBit = polarityBit
    self.onValue = onValue
    self.typeMask = typeMask
    self.typeValue = typeValue
    self.source = source
  }
}

extension AddressLayout {
  /// Every layout that is known, by name.
  public static let all: [AddressLayout] = [.dvs128, .cifar10DVS, .davis240]

  /// The layout of a name such as `cifar10-dvs`, upper or lower case.
  public static func named(_ name: String) -> AddressLayout? {
    all.first { $0.name == name.lowercased() }
  }

  /// DVS128 as jAER records it.
  public static let dvs128 = AddressLayout(
    name: "dvs128",
    chipNames: ["dvs128", "tmpdiff128"],
    geometry: SensorGeometry(width: 128, height: 128),
    x: Field(shift: 1, bits: 7, isMirrored: true),
    y: Field(shift: 8, bits: 7),
    polarityBit: 0,
    onValue: 0,
    source: "jAER, DVS128 event extractor; AEDAT 2.0 specification, DVS128 address format"
  )

  /// CIFAR10-DVS: a DVS128 on its side, so that the fields trade places.
  public static let cifar10DVS = AddressLayout(
    name: "cifar10-dvs",
    chipNames: [],
    geometry: SensorGeometry(width: 128, height: 128),
    x: Field(shift: 8, bits: 7, isMirrored: true),
    y: Field(shift: 1, bits: 7, isMirrored: true),
    polarityBit: 0,
    onValue: 0,
    source: "SpikingJelly 0.0.0.0.14, CIFAR10DVS.load_origin_data"
  )

  /// DAVIS240 A, B and C; APS and IMU words are told apart by bits 31, 11 and 10.
  public static let davis240 = AddressLayout(
    name: "davis240",
    chipNames: ["davis240a", "davis240b", "davis240c", "sbret10", "sbret20"],
    geometry: SensorGeometry(width: 240, height: 180),
    x: Field(shift: 12, bits: 10),
    y: Field(shift: 22, bits: 9),
    polarityBit: 11,
    onValue: 1,
    typeMask: 0x8000_0000,
    source: "AEDAT 2.0 specification, DAVIS address format"
  )
}
