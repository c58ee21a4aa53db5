import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

@Suite struct RecordingCatalogTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func touch(_ names: String...) throws {
    for name in names { try folder.write([1], to: name) }
  }

  @Test func nMNISTHasTrainBeforeTest() throws {
    try touch("Test/3/00002.bin", "Train/10/1.bin", "Train/3/00009.bin", "Train/0/00010.bin")
    try FileManager.default.removeItem(atPath: folder.file("Train/10"))
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.kind == .nMNIST)
    #expect(catalog.samples.map(\.name) == ["train/0/00010", "train/3/00009", "test/3/00002"])
    #expect(catalog.samples.map(\.label) == [0, 1, 1])
    #expect(catalog.classNames == ["0", "3"])
    let source = catalog.source(ofRecording: catalog.samples[0].recording)
    #expect(source.name.hasSuffix("Train/0/00010.bin"))
  }

  @Test func cifarIsRecognisedByItsFileNames() throws {
    try touch("extract/cat/cifar10_cat_10.aedat", "extract/cat/cifar10_cat_9.aedat")
    try touch("extract/cat/Thumbs.db", "extract/dog/cifar10_dog_0.aedat", "download/x.zip")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.kind == .cifar10DVS && catalog.kind.camera?.name == "cifar10-dvs")
    #expect(
      catalog.samples.map(\.name) == [
        "cat/cifar10_cat_10", "cat/cifar10_cat_9", "dog/cifar10_dog_0",
      ]
    )
    #expect(catalog.ignored == ["cat/Thumbs.db"])
  }

  @Test func classFoldersMayLieBelowParts() throws {
    try touch("train/b/1.npz", "train/a/1.aedat", "val/a/2.npz", "test/c/3.bin", "readme.md")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.kind == .folder)
    #expect(catalog.samples.map(\.name) == ["train/a/1", "train/b/1", "val/a/2", "test/c/3"])
    #expect(catalog.samples.map(\.label) == [0, 1, 0, 2])
    #expect(catalog.samples.map(\.part) == [.train, .train, .val, .test])
    #expect(catalog.ignored == ["readme.md"])
    let parts = try Split.official.lists(of: catalog.samples)["official"]
    #expect(parts == ["train": [0, 1], "val": [2], "test": [3]])
  }

  @Test func recordingsInTheRootAreOneClass() throws {
    try touch("b.aedat", "a.npz", "notes.txt", ".hidden.npz")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.samples.map(\.name) == ["a", "b"])
    #expect(catalog.classNames.count == 1)
    #expect(catalog.ignored == [".hidden.npz", "notes.txt"])
  }

  @Test func severalFoldersAreClassesAndSeveralFilesAreSamples() throws {
    try touch("x/1.npz", "y/2.npz", "y/3.npz")
    let folders = try RecordingCatalog.open([folder.file("y"), folder.file("x")])
    #expect(folders.classNames == ["y", "x"])
    #expect(folders.samples.map(\.name) == ["x/1", "y/2", "y/3"])
    #expect(folders.samples.map(\.label) == [1, 0, 0])
    let files = try RecordingCatalog.open([folder.file("y/3.npz"), folder.file("x/1.npz")])
    #expect(files.kind == .recording && files.samples.map(\.name) == ["1", "3"])
    let error = #expect(throws: FramingError.self) {
      try RecordingCatalog.open([folder.file("x"), folder.file("y/2.npz")])
    }
    #expect(error?.kind == .usage)
  }

  @Test func twoRecordingsOfOneNameAreAProblem() throws {
    try touch("a/1.npz", "a/1.aedat")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.problems.first?.reason.contains("a/1") == true)
  }

  @Test func eventTreesAreRecognisedByTheirClasses() throws {
    for digit in 0..<11 { try touch("events_np/train/\(digit)/user01_led_0.npz") }
    try touch("events_np/test/3/user24_led_0.npz")
    let gesture = try RecordingCatalog.open([folder.path])
    #expect(gesture.kind == .dvs128Gesture && gesture.classNames.count == 11)
    #expect(gesture.samples.map(\.label) == [0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9, 3])
    try FileManager.default.removeItem(atPath: folder.file("events_np/train/10"))
    #expect(try RecordingCatalog.open([folder.path]).kind == .nMNIST)
    try FileManager.default.removeItem(atPath: folder.file("events_np/train/9"))
    #expect(try RecordingCatalog.open([folder.path]).kind == .folder)
  }

  @Test func nothingFoundSaysWhatWasExpected() throws {
    try touch("a/notes.txt")
    for (kind, word) in [
      (DatasetKind.dvs128Gesture, "trials_to_train.txt"), (.nMNIST, "Train/"),
      (.cifar10DVS, "cifar10_"), (nil, "a folder of recordings per class"),
    ] as [(DatasetKind?, String)] {
      let error = #expect(throws: FramingError.self) {
        try RecordingCatalog.open([folder.path], kind: kind)
      }
      #expect(error?.kind == .nothingFound && error?.reason.contains(word) == true)
      #expect(error?.path == folder.path)
    }
    let error = #expect(throws: FramingError.self) {
      try RecordingCatalog.open([folder.file("absent")])
    }
    #expect(error?.kind == .missing)
  }

  // MARK: Splits

  private func samples(_ names: [String], label: Int = 0) -> [CatalogSample] {
    names.enumerated().map { CatalogSample(name: $1, label: label, recording: $0) }
  }

  @Test func sj90TrainsOnTheFirstNinetyPercentByName() throws {
    let names = (0..<1000).map { "cat/cifar10_cat_\($0)" }.sorted()
    let samples = samples(names)
    let parts = try Split.sj90.lists(of: samples)["sj-0.9"] ?? [:]
    #expect(parts["train"]?.count == 900)
    let test = parts["test"]?.map { samples[$0].name } ?? []
    #expect(test.first == "cat/cifar10_cat_909" && test.last == "cat/cifar10_cat_999")
    #expect(test.contains("cat/cifar10_cat_91") && !test.contains("cat/cifar10_cat_90"))
  }

  @Test(arguments: [(1, 1), (2, 2), (10, 9), (11, 10), (70, 63)])
  func sj90RoundsUp(_ count: Int, _ train: Int) throws {
    let parts = try Split.sj90.lists(of: samples((0..<count).map { "a/\($0)" }))["sj-0.9"] ?? [:]
    #expect(parts["train"]?.count == train)
    #expect((parts["test"]?.count ?? 0) == count - train)
  }

  @Test func tebnTestsOnTheFirstHundredNumbers() throws {
    let parts = try Split.tebn.lists(
      of: samples(["cat/cifar10_cat_100", "cat/cifar10_cat_99", "cat/cifar10_cat_9"])
    )["tebn"]
    #expect(parts == ["train": [0], "test": [1, 2]])
    let error = #expect(throws: FramingError.self) { try Split.tebn.lists(of: samples(["a/1"])) }
    #expect(error?.kind == .usage)
  }

  @Test func noneIsEmptyAndOfficialNeedsParts() throws {
    #expect(try Split.none.lists(of: samples(["a"])).isEmpty)
    #expect(throws: FramingError.self) { try Split.official.lists(of: samples(["a"])) }
  }
}
