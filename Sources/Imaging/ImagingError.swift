/// Why a picture could not be encoded.
public struct ImagingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the library said.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
