import EventIO
import Foundation
import Testing
import _TestSupport

/// Every file in `fixtures/recordings/bad` is refused, with the right kind of error.
@Suite("Bad recordings")
struct BadRecordingTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let kind: String
  }

  private static let folder = SampleRecording.folder.appendingPathComponent("bad")

  private static let cases: [Case] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")),
      let kinds = try? JSONDecoder().decode([String: String].self, from: data)
    else { return [] }
    return kinds.map { Case(description: $0.key, kind: $0.value) }
  }()

  @Test func everyFileHasAnExpectation() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Self.cases.map { $0.description } + ["expected.json"]))
    #expect(files.count > 20)
  }

  @Test(arguments: cases)
  func isRefused(_ bad: Case) throws {
    let path = Self.folder.appendingPathComponent(bad.description).path
    let error = try #require(failure(path))
    #expect(error.kind.description == bad.kind, "\(error)")
    #expect(error.path == path)
  }
}
