/// The size of a sensor, in pixels; the origin is at the top left.
public struct SensorGeometry: Hashable, Codable, Sendable {
  /// Columns; x runs over `0..<width`.
  public var width: Int
  /// Rows; y runs over `0..<height`.
  public var height: Int

  /// Creates a geometry of at least one pixel and at most 65536 in each direction.
  public init(width: Int, height: Int) {
    precondition(
      (1...65536).contains(width) && (1...65536).contains(height),
      "geometry: \(width)x\(height) is outside 1x1 to 65536x65536"
    )
    self.width = width
    self.height = height
  }

  /// Says whether a pixel address lies on the sensor.
  public func contains(x: UInt16, y: UInt16) -> Bool {
    Int(x) < width && Int(y) < height
  }
}

extension SensorGeometry: CustomStringConvertible {
  /// Width and height as `128x128`.
  public var description: String { "\(width)x\(height)" }
}

extension SensorGeometry: LosslessStringConvertible {
  /// Parses `WIDTHxHEIGHT`, such as `128x128`; nil for anything else.
  public init?(_ description: String) {
    let parts = description.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
      (1...65536).contains(width), (1...65536).contains(height)
    else { return nil }
    self.init(width: width, height: height)
  }
}
