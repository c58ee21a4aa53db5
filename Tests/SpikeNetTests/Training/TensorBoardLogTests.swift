import Foundation
import SpikeNet
import Testing
import _TestSupport

struct TensorBoardLogTests {
  /// The check value of RFC 3720, and that of the usual test string.
  @Test func checksumIsCastagnolis() {
    #expect(TFRecord.crc32c(Array("123456789".utf8)) == 0xE306_9283)
    #expect(TFRecord.crc32c(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(TFRecord.crc32c([]) == 0)
  }

  @Test func fileBeginsWithItsVersion() throws {
    let folder = try TemporaryFolder()
    let log = TensorBoardLog(folder: folder.path) { Date(timeIntervalSince1970: 1) }
    let start = TrainingStart(
      epochs: 1,
      stepsPerEpoch: 1,
      parameterCount: 1,
      trainingSamples: 1,
      testSamples: 1,
      history: [],
      totalSteps: 0
    )
    try log.log(.started(start))
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    #expect(name.hasPrefix("events.out.tfevents.1."))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
    // Length 26; wall time 1.0, step 0, version.
    #expect(bytes.prefix(8) == [26, 0, 0, 0, 0, 0, 0, 0])
    #expect(bytes[12..<23] == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x10, 0])
    #expect(bytes[23..<25] == [0x1A, 13])
    #expect(String(decoding: bytes[25..<38], as: UTF8.self) == "brain.Event:2")
    #expect(bytes.count == 8 + 4 + 26 + 4)
  }
}
