import EventIO
import Foundation
import Testing
import _TestSupport

/// `dvsprep doctor`: what it prints and how it ends.
@Suite struct DoctorTests {
  /// As many recordings and samples as DVS128 Gesture has, of few events each.
  private func writeGesture(to folder: TemporaryFolder) throws {
    let bytes = try AEDAT3Writer().recording(of: MiniDataset.events(240, step: 40, seed: 1))
    var table = "class,startTime_usec,endTime_usec\n"
    for sample in 0..<12 {
      table += "\(min(sample + 1, 11)),\(sample * 300),\(sample * 300 + 900)\n"
    }
    var lists = ["train": "", "test": ""]
    for number in 0..<122 {
      let name = "user\(String(format: "%02d", number / 5 + 1))_\(number % 5)"
      try folder.write(bytes, to: "g/DvsGesture/\(name).aedat")
      try folder.write(Array(table.utf8), to: "g/DvsGesture/\(name)_labels.csv")
      lists[number < 98 ? "train" : "test", default: ""] += name + ".aedat\n"
    }
    for (part, list) in lists {
      try folder.write(Array(list.utf8), to: "g/DvsGesture/trials_to_\(part).txt")
    }
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aWholeDatasetIsHealthyAndADamagedOneIsNot() throws {
    let folder = try TemporaryFolder()
    try writeGesture(to: folder)
    let healthy = try ProgramRun("doctor", folder.file("g"))
    #expect(healthy.status == 0, "\(healthy.output)\(healthy.errors)")
    #expect(healthy.output.contains("1,464 samples (1176 train, 288 test) of 11 classes"))
    #expect(healthy.output.hasSuffix("healthy\n"))

    let recording = folder.file("g/DvsGesture/user03_1.aedat")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: recording)))
    try folder.write(Array(bytes.dropLast(5)), to: "g/DvsGesture/user03_1.aedat")
    let damaged = try ProgramRun("doctor", folder.file("g"), "--json")
    #expect(damaged.status == 1)
    let json = try object(damaged.output)
    #expect(json["healthy"] as? Bool == false && json["dataset"] as? String == "dvs128-gesture")
    let findings = try #require(json["findings"] as? [[String: String]])
    #expect(findings.map { $0["kind"] } == ["damaged"])
    #expect(findings.first?["path"] == recording)
    #expect(findings.first?["remedy"]?.contains("DvsGesture.tar.gz") == true)
    #expect(try ProgramRun("doctor", folder.file("g"), "--quick").status == 0)
  }

  @Test func theRootMayBeTheWorkingFolder() throws {
    let folder = try TemporaryFolder()
    try MiniDataset.writeGesture(to: folder, at: "g")
    // An empty sample, and fewer recordings than published.
    let table = "class,startTime_usec,endTime_usec\n1,1,1\n"
    try folder.write(Array(table.utf8), to: "g/DvsGesture/user24_lab_labels.csv")
    let run = try ProgramRun("doctor", ".", in: folder.file("g/DvsGesture"))
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("no events belong to test/0/user24_lab_0"))
    try folder.write([1], to: "g/DvsGesture/DvsGesture.tar.gz")
    let quick = try ProgramRun("doctor", ".", "--quick", in: folder.file("g/DvsGesture"))
    #expect(quick.output.contains("./DvsGesture.tar.gz -C .. DvsGesture"), "\(quick.output)")
  }

  @Test func anEmptyFolderIsAFindingAndAnAbsentOneAnError() throws {
    let folder = try TemporaryFolder()
    let empty = try ProgramRun("doctor", folder.path)
    #expect(empty.status == 1 && empty.output.contains("missing: \(folder.path)"))
    #expect(try ProgramRun("doctor", folder.file("absent")).status == 66)
    #expect(try ProgramRun("doctor", folder.path, "--dataset", "recording").status == 64)
  }

  @Test func theHelpNamesTheDatasets() throws {
    let run = try ProgramRun("doctor", "--help")
    #expect(run.status == 0)
    for word in ["CIFAR10-DVS", "N-MNIST", "--quick", "--json"] {
      #expect(run.output.contains(word), "\(word)")
    }
  }
}
