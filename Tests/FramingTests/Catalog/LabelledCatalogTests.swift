import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Recordings of one's own, cut by label files.
@Suite struct LabelledCatalogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ text: String = "x") throws {
    try folder.write(Array(text.utf8), to: name)
  }

  @Test func everyRecordingOfAFolderIsCutByItsLabelFile() throws {
    try write("a.aedat")
    try write("a_labels.csv", "class,startTime_usec,endTime_usec\n10,0,5\n2,5,9\n2,9,12\n")
    try write("b.npz")
    try write("b_labels.csv", "note,class,endTime_usec,startTime_usec\nfine,2,20,10\n")
    try write("notes.md")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.kind == .folder && catalog.problems.isEmpty)
    #expect(catalog.classNames == ["2", "10"])
    #expect(catalog.samples.map(\.name) == ["10/a_0", "2/a_0", "2/a_1", "2/b_0"])
    #expect(catalog.samples.map(\.label) == [1, 0, 0, 0])
    #expect(catalog.samples.map(\.window) == [0..<5, 5..<9, 9..<12, 10..<20])
    #expect(catalog.ignored == ["notes.md"])
  }

  @Test func aHeaderOfOtherNamesIsRefusedWithWhatItLacks() throws {
    try write("r.aedat")
    let cases = [
      ("trial,class,start_us,end_us\n1,7,10,20\n", "the column startTime_usec, endTime_usec;"),
      ("id,name,begin,stop\n1,7,10,20\n", "the column class, startTime_usec, endTime_usec;"),
    ]
    for (text, lacking) in cases {
      try write("mine.csv", text)
      let error = #expect(throws: FramingError.self) {
        try RecordingCatalog.open([folder.file("r.aedat")], labels: folder.file("mine.csv"))
      }
      #expect(error?.path == folder.file("mine.csv") && error?.place == "line 1")
      #expect(error?.reason.contains(lacking) == true, "\(error?.reason ?? "")")
      #expect(error?.reason.contains("class,startTime_usec,endTime_usec") == true)
    }
  }

  @Test func classesMayBeWords() throws {
    try write("r.aedat")
    try write("mine.csv", "Class,StartTime_usec,endTime_usec,who\nwave,0,5,me\nclap,5,9,you\n")
    let catalog = try RecordingCatalog.open(
      [folder.file("r.aedat")],
      labels: folder.file("mine.csv")
    )
    #expect(catalog.kind == .recording && catalog.classNames == ["clap", "wave"])
    #expect(catalog.samples.map(\.name) == ["clap/r_0", "wave/r_0"])
    #expect(catalog.samples.map(\.label) == [0, 1])
  }

  @Test func aRecordingWithoutLabelsAmongOthersIsAProblem() throws {
    try write("a.aedat")
    try write("a_labels.csv", "class,startTime_usec,endTime_usec\n1,0,5\n")
    try write("b.aedat")
    try write("c.aedat")
    try write("c_labels.csv", "class,startTime_usec,endTime_usec\n1,0,5\n../x,0,5\n")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.samples.count == 1)
    #expect(catalog.problems.map(\.path) == [folder.file("b.aedat"), folder.file("c_labels.csv")])
    #expect(catalog.problems.last?.place == "line 3")
  }

  @Test func labelsAreForOneRecording() throws {
    try write("a.aedat")
    try write("l.csv", "class,startTime_usec,endTime_usec\n1,0,5\n")
    for inputs in [[folder.path], [folder.file("a.aedat"), folder.file("a.aedat")]] {
      let error = #expect(throws: FramingError.self) {
        try RecordingCatalog.open(inputs, labels: folder.file("l.csv"))
      }
      #expect(error?.kind == .usage)
    }
    let error = #expect(throws: FramingError.self) {
      try RecordingCatalog.open([folder.file("a.aedat")], labels: folder.file("absent.csv"))
    }
    #expect(error?.kind == .missing && error?.path == folder.file("absent.csv"))
  }
}
