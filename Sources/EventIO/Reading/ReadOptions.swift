/// What the reader cannot learn from the file, and what it does with doubtful events.
public struct ReadOptions: Sendable {
  /// The sensor; it overrides what the file or the camera says.
  public var geometry: SensorGeometry?
  /// How addresses are laid out; it overrides what the file says about its camera.
  public var camera: AddressLayout?
  /// How AEDAT 3.1 packets are read where SpikingJelly and the specification differ.
  public var aedat31: AEDAT31Policy
  /// What happens to events outside the sensor.
  public var strayEvents: StrayEventPolicy
  /// The name of the format, which turns detection off; nil detects it by content.
  public var format: String?
  /// How many bytes are read at a time; at least one.
  public var chunkBytes: Int

  /// Creates options; the defaults suit a file that describes itself.
  public init(
    geometry: SensorGeometry? = nil,
    camera: AddressLayout? = nil,
    aedat31: AEDAT31Policy = .strict,
    strayEvents: StrayEventPolicy = .reject,
    format: String? = nil,
    chunkBytes: Int = ReadOptions.defaultChunkBytes
  ) {
    self.geometry = geometry
    self.camera = camera
    self.aedat31 = aedat31
    self.strayEvents = strayEvents
    self.format = format
    self.chunkBytes = max(1, chunkBytes)
  }

  /// The default of ``chunkBytes``: a chunk and its columns stay in a core's own cache.
  public static let defaultChunkBytes = 1 << 18
}

/// How AEDAT 3.1 packets are read where SpikingJelly and the specification differ.
public enum AEDAT31Policy: String, CaseIterable, Sendable {
  /// As specified: `eventNumber` entries a packet, and events marked invalid are skipped.
  case strict
  /// To the letter of SpikingJelly: `eventCapacity` entries a packet, valid or not.
  case spikingJelly = "spikingjelly"
}

/// What happens to events whose address lies outside the sensor.
public enum StrayEventPolicy: String, CaseIterable, Sendable {
  /// The first one is an error.
  case reject
  /// They are left out and counted.
  case drop
  /// They are kept and counted; only for looking at a recording, never for frames.
  case keep
}
