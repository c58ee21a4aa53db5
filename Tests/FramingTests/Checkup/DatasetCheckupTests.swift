import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Every defect of a dataset's folder is found, and nothing else is.
@Suite struct DatasetCheckupTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What the small datasets of the tests consist of.
  private static let truths = [
    DatasetTruth(
      .dvs128Gesture,
      parts: [.init(.train, recordings: 2, samples: 24), .init(.test, recordings: 1, samples: 12)],
      archives: DatasetTruth.dvs128Gesture.archives
    ),
    DatasetTruth(
      .cifar10DVS,
      parts: [.init(nil, recordings: 30, samples: 30, perClass: Array(repeating: 3, count: 10))],
      archives: DatasetTruth.cifar10DVS.archives
    ),
    DatasetTruth(
      .nMNIST,
      parts: [
        .init(.train, recordings: 20, samples: 20, perClass: Array(repeating: 2, count: 10)),
        .init(.test, recordings: 10, samples: 10, perClass: Array(repeating: 1, count: 10)),
      ],
      archives: DatasetTruth.nMNIST.archives
    ),
  ]

  private func check(
    _ root: String,
    kind: DatasetKind? = nil,
    readsContent: Bool = true
  ) async throws -> CheckupReport {
    let checkup = DatasetCheckup(
      folder.file(root),
      kind: kind,
      jobs: 2,
      readsContent: readsContent,
      truths: Self.truths
    )
    var report = try await checkup.run()
    report.findings.removeAll { $0.kind == .room }  // depends on the machine
    return report
  }

  private func write(_ name: String, _ text: String = "") throws {
    try folder.write(Array(text.utf8), to: name)
  }

  private func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder.file(name))
  }

  private func move(_ name: String, to other: String) throws {
    try FileManager.default.createDirectory(
      atPath: (folder.file(other) as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true
    )
    try FileManager.default.moveItem(atPath: folder.file(name), toPath: folder.file(other))
  }

  /// N-MNIST numbered as the real one is: through all digits of a part.
  private func writeNMNIST() throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    for (part, count) in [("Train", 2), ("Test", 1)] {
      var next = 1
      for number in 0..<count {
        for digit in 0..<10 {
          try move(
            "n/\(part)/\(digit)/0000\(digit + 10 * number).bin",
            to: "m/\(part)/\(digit)/\(String(format: "%05d", next)).bin"
          )
          next += 1
        }
      }
    }
  }

  // MARK: Healthy

  @Test func wholeDatasetsAreHealthy() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c/extract")
    try writeNMNIST()
    let gesture = try await check("g/")
    #expect(gesture.isHealthy, "\(gesture.findings)")
    #expect(gesture.parts == ["train": 24, "test": 12] && gesture.recordings == 3)
    #expect(gesture.events == 36_000)
    #expect(gesture.classes.first { $0.name == "other_gestures" }?.samples == 6)
    let cifar = try await check("c")
    #expect(cifar.isHealthy && cifar.dataset == "cifar10-dvs", "\(cifar.findings)")
    let digits = try await check("m")
    #expect(digits.isHealthy && digits.dataset == "n-mnist", "\(digits.findings)")
    #expect(digits.room?.cacheBytes == 30 * 16 * 2 * 34 * 34)
  }

  // MARK: DVS128 Gesture

  @Test func aListedRecordingThatIsMissingIsFound() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try remove("g/DvsGesture/user02_led.aedat")
    try write("g/download/DvsGesture.tar.gz", "not the published one")
    let archive = folder.file("g/download/DvsGesture.tar.gz")
    let quick = try await check("g", readsContent: false).findings.first { $0.kind == .missing }
    #expect(quick?.path == folder.file("g/DvsGesture/user02_led.aedat"))
    #expect(
      quick?.remedy == "tar -xzf \(archive) -C \(folder.file("g")) DvsGesture/user02_led.aedat"
    )
    // An archive that is not the published one is no remedy.
    let report = try await check("g")
    let missing = report.findings.first { $0.kind == .missing }
    #expect(missing?.remedy.contains("https://") == true, "\(missing?.remedy ?? "")")
    let digest = report.findings.first { $0.kind == .checksum }
    #expect(digest?.path == archive && digest?.remedy.contains("https://") == true)
    #expect(
      report.findings.contains {
        $0.kind == .count && $0.message.contains("1 recordings of 12 samples")
      }
    )
  }

  @Test func brokenLabelsAndListsAreFound() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try write("g/DvsGesture/user01_fluorescent_labels.csv", "class,startTime_usec,endTime_usec\n")
    try remove("g/DvsGesture/trials_to_test.txt")
    let report = try await check("g")
    #expect(report.findings.contains { $0.kind == .damaged && $0.path.hasSuffix("_labels.csv") })
    #expect(report.findings.contains { $0.kind == .missing && $0.path.hasSuffix("_test.txt") })
    try remove("g/DvsGesture/trials_to_train.txt")
    let lists = try await check("g").findings.first { $0.kind == .missing }
    #expect(lists?.message.contains("trials_to_train.txt") == true)
  }

  @Test func windowsWithoutEventsAreFound() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try write(
      "g/DvsGesture/user24_lab_labels.csv",
      "class,startTime_usec,endTime_usec\n"
        + (1...11).map { "\($0),\($0 * 1000),\($0 * 1000 + 900)\n" }.joined()
        + "11,99000000,99500000\n"
    )
    let report = try await check("g")
    #expect(report.findings.map(\.kind) == [.damaged])
    #expect(report.findings.first?.message.contains("test/10/user24_lab_1") == true)
  }

  // MARK: CIFAR10-DVS

  @Test func recordingsThatAreMissingAreNamedByClass() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try remove("c/cat/cifar10_cat_1.aedat")
    try remove("c/ship")
    let report = try await check("c")
    #expect(report.findings.map(\.path) == [folder.file("c/cat"), folder.file("c/ship")])
    #expect(report.findings[0].message == "1 of 3 recordings are missing: cifar10_cat_1.aedat")
    #expect(report.findings[1].message.hasPrefix("3 of 3"))
    let url = "https://ndownloader.figshare.com/files/7712812"
    #expect(report.findings[0].remedy == "curl -L -o \(folder.file("c/cat.zip")) \(url)")
  }

  @Test func truncatedAndEmptyRecordingsAreFoundWithTheirPlace() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    let path = folder.file("c/dog/cifar10_dog_2.aedat")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try folder.write(Array(bytes.dropLast(3)), to: "c/dog/cifar10_dog_2.aedat")
    try write("c/frog/cifar10_frog_0.aedat")
    let report = try await check("c")
    #expect(report.findings.map(\.kind) == [.damaged, .damaged])
    #expect(report.findings.map(\.path) == [path, folder.file("c/frog/cifar10_frog_0.aedat")])
    #expect(report.findings[0].message.contains("byte "))
    #expect(try await check("c", readsContent: false).isHealthy)
  }

  @Test func strayFilesAreFound() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try write("c/cat/.DS_Store")
    try write("c/cat/my notes.txt")
    try write("c/README.txt")
    let report = try await check("c")
    #expect(report.findings.map(\.kind) == [.extra, .extra])
    #expect(report.findings[0].remedy == "rm \(folder.file("c/cat/.DS_Store"))")
    #expect(report.findings[1].remedy.contains("'\(folder.file("c/cat/my notes.txt"))'"))
  }

  @Test func moreRecordingsThanPublishedAreFound() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c", perClass: 4)
    let report = try await check("c")
    #expect(report.findings.count == 11 && report.findings.allSatisfy { $0.kind == .count })
  }

  // MARK: Nesting

  @Test(arguments: ["g/DvsGesture/DvsGesture", "g/data/DvsGesture"])
  func aDatasetThatLiesTooDeepIsFoundAndChecked(_ place: String) async throws {
    try MiniDataset.writeGesture(to: folder, at: "x")
    try move("x/DvsGesture", to: place)
    let report = try await check("g")
    #expect(report.findings.map(\.kind) == [.nested] && report.samples == 36, "\(report.findings)")
    #expect(report.findings.first?.remedy.hasPrefix("mv -n ") == true)
  }

  @Test func aClassFolderInItselfIsFound() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try move("c/deer", to: "c/x/deer")
    try move("c/x", to: "c/deer")
    let report = try await check("c")
    #expect(report.findings.map(\.kind) == [.nested])
    #expect(report.findings.first?.path == folder.file("c/deer/deer"))
  }

  @Test func aFolderOfRecordingsThatNobodyReadsIsFound() async throws {
    try writeNMNIST()
    try #require(try await check("m").isHealthy)
    try FileManager.default.copyItem(atPath: folder.file("m/Train"), toPath: folder.file("x"))
    try move("x", to: "m/Train/Train")
    let report = try await check("m")
    #expect(report.findings.map(\.kind) == [.nested], "\(report.findings)")
    let finding = report.findings.first
    #expect(finding?.path == folder.file("m/Train/Train"))
    #expect(finding?.message.contains("20 recordings") == true)
    #expect(finding?.remedy.contains("Train/Train ANOTHER_FOLDER/") == true)
  }

  @Test func aDamagedArchiveIsNotItsOwnRemedy() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try write("g/DvsGesture/user02_led.aedat", "not a recording")
    let run = try ProgramRun(
      program: "/bin/tar",
      ["-czf", folder.file("d.tar.gz"), "DvsGesture"],
      in: folder.file("g")
    )
    #expect(run.status == 0)
    try move("d.tar.gz", to: "a/DvsGesture.tar.gz")
    for readsContent in [true, false] {
      let report = try await check("a", readsContent: readsContent)
      #expect(report.findings.contains { $0.kind == .damaged } == readsContent)
      for finding in report.findings {
        #expect(!finding.remedy.contains("tar -xzf"), "\(finding)")
      }
    }
  }

  // MARK: N-MNIST

  @Test func numbersThatAreMissingAreKnown() async throws {
    try writeNMNIST()
    try remove("m/Train/4/00015.bin")
    try remove("m/Test/0/00001.bin")
    try write("m/Train.zip", "x")
    let report = try await check("m", readsContent: false)
    #expect(report.findings.map(\.kind) == [.missing, .missing])
    #expect(report.findings[0].message == "1 of 20 recordings are missing: 00015.bin")
    #expect(
      report.findings[0].remedy
        == "unzip -o \(folder.file("m/Train.zip")) -d \(folder.file("m"))"
    )
  }

  // MARK: Archives and conversions

  @Test func anArchiveThatCannotBeReadIsAFinding() async throws {
    try write("a/DvsGesture.tar.gz", "\u{1F}not gzip")
    let report = try await check("a")
    #expect(report.findings.map(\.kind) == [.checksum, .damaged])
  }

  @Test func theSameArchiveInDownloadIsChecked() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    let run = try ProgramRun(
      program: "/bin/tar",
      ["-czf", folder.file("d.tar.gz"), "DvsGesture"],
      in: folder.file("g")
    )
    #expect(run.status == 0)
    try move("d.tar.gz", to: "a/download/DvsGesture.tar.gz")
    let report = try await check("a")
    #expect(report.findings.map(\.kind) == [.checksum] && report.samples == 36)
  }

  @Test func halfMadeConversionsAreFound() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c/extract")
    try write("c/frames_number_4_split_by_number.building")
    for number in 0..<3 {
      let events = MiniDataset.events(5, seed: 1)
      try write("c/events_np/cat/\(number).npz")
      try NPZWriter.write(events, to: folder.file("c/events_np/cat/\(number).npz"))
    }
    try write("c/events_np/cat/2.npz", "PK, but cut")
    let report = try await check("c")
    #expect(report.findings.map(\.kind) == [.unfinished, .unfinished, .damaged])
    #expect(report.findings[1].message.hasPrefix("holds 3 of 30 samples"))
    #expect(report.findings[2].path == folder.file("c/events_np/cat/2.npz"))
    let error = await #expect(throws: FramingError.self) {
      try await check("c/events_np/cat/2.npz")
    }
    #expect(error?.kind == .usage)
  }

  @Test func nothingAtAllIsAFindingAndNoFolderAnError() async throws {
    try write("e/notes.txt")
    let report = try await check("e")
    #expect(report.findings.map(\.kind) == [.missing] && report.dataset == "unknown")
    let error = await #expect(throws: FramingError.self) { try await check("absent") }
    #expect(error?.kind == .missing)
  }

  /// The published figures add up.
  @Test func theTruthTablesAgreeWithThemselves() {
    for truth in [DatasetTruth.dvs128Gesture, .cifar10DVS, .nMNIST] {
      for part in truth.parts {
        #expect(part.perClass.map { $0.reduce(0, +) == part.samples } ?? true)
      }
      #expect(truth.archives.allSatisfy { $0.md5.count == 32 })
    }
    #expect(DatasetTruth.dvs128Gesture.sampleCount == 1464)
    #expect(DatasetTruth.nMNIST.sampleCount == 70_000)
  }

  /// Digests as coreutils computes them, at the lengths where padding changes.
  @Test(arguments: [
    (0, "d41d8cd98f00b204e9800998ecf8427e"), (1, "0cc175b9c0f1b6a831c399e269772661"),
    (55, "ef1772b6dff9a122358552954ad0df65"), (56, "3b0c8ac703f828b04c6c197006d17218"),
    (63, "b06521f39153d618550606be297466d5"), (64, "014842d480b571495a4a0363793f7367"),
    (1_000_000, "7707d6ae4e027c70eea2a935c2296f21"),
  ])
  func md5EqualsCoreutils(_ count: Int, _ expected: String) async throws {
    // The digest is seen in the finding about an archive that is not the published one.
    try write("d/DvsGesture.tar.gz", String(repeating: "a", count: count))
    let report = try await check("d")
    let finding = report.findings.first { $0.kind == .checksum }
    #expect(finding?.message.contains("digest \(expected),") == true, "\(finding?.message ?? "")")
  }
}
