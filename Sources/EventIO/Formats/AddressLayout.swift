/// The bit fields, orientation and polarity of a camera's 32-bit address words, as data.
///
/// A mirrored coordinate is `size - 1 - field`. Numbers come out as SpikingJelly has them, even
/// where its rows count from the bottom; ``rowOrigin`` says so.
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

  /// Where row 0 of a sensor is; both occur, because jAER draws upwards.
  public enum RowOrigin: String, Sendable {
    /// Row 0 is the top of the picture.
    case top
    /// Row 0 is the bottom of the picture; turn rows round to draw it upright.
    case bottom
  }

  /// The name that `--camera` takes.
  public var name: String
  /// What the file's `AEChip` line or source may end in, lower case.
  public var chipNames: [String]
  /// The camera's Java class in jAER, which a written header names.
  public var chipClass: String?
  /// The sensor.
  public var geometry: SensorGeometry
  /// Where the column is.
  public var x: Field
  /// Where the row is.
  public var y: Field
  /// Where row 0 is.
  public var rowOrigin: RowOrigin
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
    chipClass: String? = nil,
    geometry: SensorGeometry,
    x: Field,
    y: Field,
    rowOrigin: RowOrigin = .top,
    polarityBit: Int,
    onValue: UInt32,
    typeMask: UInt32 = 0,
    typeValue: UInt32 = 0,
    source: String
  ) {
    self.name = name
    self.chipNames = chipNames
    self.chipClass = chipClass
    self.geometry = geometry
    self.x = x
    self.y = y
    self.rowOrigin = rowOrigin
    self.polarityBit = polarityBit
    self.onValue = onValue
    self.typeMask = typeMask
    self.typeValue = typeValue
    self.source = source
  }
}

extension AddressLayout {
  /// Every layout that is known, by name.
  public static let all: [AddressLayout] = [.dvs128, .cifar10DVS, .davis240, .davis346]

  /// The layout of a name such as `cifar10-dvs`, upper or lower case.
  public static func named(_ name: String) -> AddressLayout? {
    all.first { $0.name == name.lowercased() }
  }

  /// The layout of a camera that a file names, such as `ch.unizh.ini.jaer.chip.retina.DVS128`.
  static func ofChip(_ chip: String) -> AddressLayout? {
    let words = chip.lowercased().split { !$0.isLetter && !$0.isNumber }
    return all.first { layout in
      layout.chipNames.contains { name in words.contains { $0.hasPrefix(name) } }
    }
  }

  /// DVS128 as jAER records it.
  public static let dvs128 = AddressLayout(
    name: "dvs128",
    chipNames: ["dvs128", "tmpdiff128"],
    chipClass: "ch.unizh.ini.jaer.chip.retina.DVS128",
    geometry: SensorGeometry(width: 128, height: 128),
    x: Field(shift: 1, bits: 7, isMirrored: true),
    y: Field(shift: 8, bits: 7),
    rowOrigin: .bottom,
    polarityBit: 0,
    onValue: 0,
    source: "jAER, event extractor of DVS128: x flipped, y not and from below, raw polarity 0 ON"
  )

  /// CIFAR10-DVS: a DVS128 on its side, so that row and column trade places.
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

  /// DAVIS240 A, B and C; the row field counts from the bottom, and SpikingJelly keeps it so.
  public static let davis240 = AddressLayout(
    name: "davis240",
    chipNames: ["davis240", "sbret10", "sbret20"],
    chipClass: "eu.seebetter.ini.chips.davis.DAVIS240C",
    geometry: SensorGeometry(width: 240, height: 180),
    x: Field(shift: 12, bits: 10),
    y: Field(shift: 22, bits: 9),
    rowOrigin: .bottom,
    polarityBit: 11,
    onValue: 1,
    typeMask: 0x8000_0400,
    source: "AEDAT 2.0 specification, DAVIS; SpikingJelly 0.0.0.0.14, load_events(filter_dvs=True)"
  )

  /// DAVIS346; the fields of DAVIS240 on a larger sensor.
  public static let davis346 = AddressLayout(
    name: "davis346",
    chipNames: ["davis346"],
    chipClass: "eu.seebetter.ini.chips.davis.Davis346blue",
    geometry: SensorGeometry(width: 346, height: 260),
    x: davis240.x,
    y: davis240.y,
    rowOrigin: davis240.rowOrigin,
    polarityBit: davis240.polarityBit,
    onValue: davis240.onValue,
    typeMask: davis240.typeMask,
    source: davis240.source
  )
}

extension AddressLayout {
  /// The address word of an event on the sensor.
  func address(x column: UInt16, y row: UInt16, p: Polarity) -> UInt32 {
    let column = x.isMirrored ? UInt32(geometry.width - 1) - UInt32(column) : UInt32(column)
    let row = y.isMirrored ? UInt32(geometry.height - 1) - UInt32(row) : UInt32(row)
    let sign = p == .on ? onValue : onValue ^ 1
    return column << UInt32(x.shift) | row << UInt32(y.shift) | sign << UInt32(polarityBit)
      | typeValue
  }

  /// Whether an event's first byte can be anything, even the `#` of a header line.
  var usesTopByte: Bool { max(x.shift + x.bits, y.shift + y.bits) > 24 }
}
