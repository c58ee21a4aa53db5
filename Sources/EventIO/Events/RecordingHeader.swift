/// What is known about a recording before its first event.
public struct RecordingHeader: Hashable, Sendable {
  /// Where the geometry came from.
  public enum GeometrySource: String, Sendable {
    /// The caller's options.
    case options
    /// The file itself.
    case file
    /// The camera that the file or the caller names.
    case camera
    /// The format's documented default, because nothing else says it.
    case formatDefault
  }

  /// The format and its version, such as `AEDAT 3.1`.
  public var format: String
  /// The sensor that every event must lie on.
  public var geometry: SensorGeometry
  /// Who said so.
  public var geometrySource: GeometrySource
  /// Where row 0 is; rows are never turned round while reading.
  public var rowOrigin = AddressLayout.RowOrigin.top
  /// The camera's name as the file gives it, or the name of the address layout in use.
  public var camera: String?
  /// The text header's start or creation time, as it stands there.
  public var startTime: String?
  /// No recording of this size can hold more events than this; nil if the size is unknown.
  public var maximumEvents: Int?
  /// The integer type in which SpikingJelly holds this recording's timestamps; readers set it.
  public var timestampType = TimestampType.int64
  /// What the reader assumed or found odd while opening.
  public var warnings: [String]

  /// Creates a header.
  public init(
    format: String,
    geometry: SensorGeometry,
    geometrySource: GeometrySource,
    camera: String? = nil,
    startTime: String? = nil,
    maximumEvents: Int? = nil
  ) {
    self.format = format
    self.geometry = geometry
    self.geometrySource = geometrySource
    self.camera = camera
    self.startTime = startTime
    self.maximumEvents = maximumEvents
    warnings = []
  }
}
