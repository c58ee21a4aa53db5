import Foundation

/// The reference results of network operations: `../shared/golden/nn`, or `DVSPREP_GOLDEN_NN`.
public enum GoldenNetworks {
  /// The folder, whether or not it exists.
  public static let folder =
    ProcessInfo.processInfo.environment["DVSPREP_GOLDEN_NN"] ?? SharedData.path("golden/nn")

  /// Whether the files are there; tests that need them are skipped without them.
  public static let isPresent = FileManager.default.fileExists(atPath: path("ops_manifest.json"))

  /// What a test says when it is skipped for want of the files.
  public static let absent = "golden files are absent (expected ../shared/golden/nn); skipped"

  /// The path of a file, such as `optim.safetensors`.
  public static func path(_ name: String) -> String { folder + "/" + name }

  /// Decodes one of the manifests.
  public static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path(name))))
  }
}
