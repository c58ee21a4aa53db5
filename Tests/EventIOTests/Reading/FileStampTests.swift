import EventIO
import Foundation
import Testing
import _TestSupport

@Suite struct FileStampTests {
  @Test func aTimeThatIsSetBackDoesNotHideAChange() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], to: "a")
    let path = folder.file("a")
    let before = try #require(FileStamp(path))
    #expect(FileStamp(path) == before)
    let date = try #require(
      try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    )
    // The clock of file systems ticks every few milliseconds.
    Thread.sleep(forTimeInterval: 0.05)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data([1, 2, 4]))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    #expect(FileStamp(path) != before)
  }
}
