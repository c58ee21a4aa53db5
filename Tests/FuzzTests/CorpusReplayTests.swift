import Foundation
import Testing
import _FuzzTargets
import _TestSupport

/// What fuzzing found: every input in `fixtures/bad` is refused, or read within its bounds.
@Suite struct CorpusReplayTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent("fixtures/bad")

  @Test(arguments: FuzzTarget.allCases)
  func everyInputIsRefusedOrRead(_ target: FuzzTarget) throws {
    let folder = Self.folder.appendingPathComponent(target.rawValue)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count >= 10)
    for name in names {
      let input = try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
      let clock = ContinuousClock()
      let time = try clock.measure {
        do { try target.run(input) } catch let broken as BrokenPromise {
          Issue.record("\(target.rawValue)/\(name): \(broken)")
        }
      }
      #expect(time < .seconds(1), "\(target.rawValue)/\(name) took \(time)")
    }
  }
}
