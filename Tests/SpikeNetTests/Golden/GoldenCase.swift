import Foundation
import SpikeNet
import Testing
import _TestSupport

/// One case of `ops_manifest.json`: an operation, its attributes, and what torch computed.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let file: String
  let name: String
  let operation: String
  nonisolated(unsafe) let attributes: [String: Any]
  let tolerances: [String: [Double]]

  var testDescription: String { "\(file) \(name)" }

  static let all: [GoldenCase] = {
    guard let data = FileManager.default.contents(atPath: GoldenNetworks.path("ops_manifest.json")),
      let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let files = (manifest["files"] as? [String: Any])?.compactMapValues({ $0 as? [String: Any] })
    else { return [] }
    return files.sorted { $0.key < $1.key }.flatMap { file, content in
      (content["cases"] as? [[String: Any]] ?? []).map { GoldenCase(file, $0) }
    }
  }()

  static func all(_ operations: String...) -> [GoldenCase] {
    all.filter { operations.contains($0.operation) }
  }

  private init(_ file: String, _ content: [String: Any]) {
    self.file = file
    name = content["name"] as? String ?? ""
    operation = content["op"] as? String ?? ""
    attributes = content["attrs"] as? [String: Any] ?? [:]
    tolerances = content["tol"] as? [String: [Double]] ?? [:]
  }

  func float(_ key: String) -> Float { (attributes[key] as? NSNumber)?.floatValue ?? .nan }
  func int(_ key: String) -> Int { (attributes[key] as? NSNumber)?.intValue ?? -1 }
  func flag(_ key: String) -> Bool { (attributes[key] as? NSNumber)?.boolValue ?? false }
  func text(_ key: String) -> String { attributes[key] as? String ?? "" }

  /// The tensors of this case.
  func tensors() throws -> GoldenTensors {
    try GoldenTensors(file: Safetensors.read(GoldenNetworks.path(file)), prefix: name + "/")
  }

  /// Compares with the reference within the manifest's tolerance.
  func expect(
    _ ours: Tensor?,
    equals output: String,
    in tensors: GoldenTensors,
    permuting axes: [Int]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try tensors(output)
    let ours = try #require(ours, "\(output)", sourceLocation: sourceLocation)
    let value = axes.map { ours.permuted($0) } ?? ours
    let tolerance = try #require(tolerances[output], sourceLocation: sourceLocation)
    expectClose(
      value,
      expected,
      tolerance: max(20 * tolerance[0], 2e-5 * tolerance[1]),
      output,
      sourceLocation: sourceLocation
    )
  }
}

/// The tensors of one golden case, by their names within it.
struct GoldenTensors {
  let file: Safetensors
  let prefix: String

  func callAsFunction(_ name: String) throws -> Tensor { try file.tensor(prefix + name) }

  /// A tensor of another case, such as `shared/x`.
  func shared(_ name: String) throws -> Tensor { try file.tensor(name) }

  func has(_ name: String) -> Bool { file.entries.contains { $0.name == prefix + name } }
}

/// Expects equal shapes and a greatest difference of at most `tolerance`.
func expectClose(
  _ ours: Tensor,
  _ expected: Tensor,
  tolerance: Double,
  _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(ours.count == expected.count, "\(what): \(ours.shape)", sourceLocation: sourceLocation)
  guard ours.count == expected.count else { return }
  let difference = zip(ours.scalars, expected.scalars).reduce(0.0) { greatest, pair in
    let difference = Double(abs(pair.0 - pair.1))
    return difference.isNaN ? .infinity : max(greatest, difference)
  }
  #expect(difference <= tolerance, "\(what)", sourceLocation: sourceLocation)
}
