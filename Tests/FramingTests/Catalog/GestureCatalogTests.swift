import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Label files and lists of DVS128 Gesture, through the catalog that reads them.
@Suite struct GestureCatalogTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try write("trials_to_train.txt", "user01_led.aedat\r\n\r\n")
    try write("trials_to_test.txt", "user02_led.aedat\n")
    for user in ["user01_led", "user02_led"] {
      try write("\(user).aedat", "content does not matter here")
      try write("\(user)_labels.csv", "class,startTime_usec,endTime_usec\n1,10,20\n11,20,30\n")
    }
  }

  private func write(_ name: String, _ text: String) throws {
    try folder.write(Array(text.utf8), to: "DvsGesture/\(name)")
  }

  private func samples(labels text: String) throws -> [CatalogSample] {
    try write("user01_led_labels.csv", text)
    let catalog = try RecordingCatalog.open([folder.path])
    if let problem = catalog.problems.first { throw problem }
    return catalog.samples.filter { $0.part == .train }
  }

  @Test func rowsBecomeSamplesNumberedWithinTheirClass() throws {
    let samples = try samples(
      labels: "class,startTime_usec,endTime_usec\n8,5,9\n1,10,20\n8,20,40\n"
    )
    #expect(
      samples.map(\.name) == [
        "train/0/user01_led_0", "train/7/user01_led_0", "train/7/user01_led_1",
      ]
    )
    #expect(samples.map(\.label) == [0, 7, 7])
    #expect(samples.map(\.window) == [10..<20, 5..<9, 20..<40])
  }

  @Test(arguments: [
    "\u{FEFF}class,startTime_usec,endTime_usec\r\n2,10,20\r\n\r\n",
    " Class , startTime_usec, endTime_usec \n 2 , 10 , 20 \n",
    "startTime_usec,endTime_usec,comment,class\n10,20,fine,2\n",
    "class,startTime_usec,endTime_usec\n2,10,20,,\n\n,,\n",
    "trial,CLASS,startTime_usec,endTime_usec\n7,2,10,20\n",
  ])
  func variantsOfTheFormatAreRead(_ text: String) throws {
    let samples = try samples(labels: text)
    #expect(samples.map(\.label) == [1])
    #expect(samples.map(\.window) == [10..<20])
  }

  @Test(
    arguments: [
      ("class,startTime_usec,endTime_usec\n", nil), ("", nil),
      ("class,startTime_usec,endTime_usec\n1,10\n", "line 2"),
      ("class,startTime_usec,endTime_usec\n1,10,20\n0,10,20\n", "line 3"),
      ("1,10,20\n", "line 1"), ("class,startTime_usec,stop\n1,10,20\n", "line 1"),
      ("class,startTime_usec,endTime_usec\n12,10,20\n", "line 2"),
      ("class,startTime_usec,endTime_usec\n1,20,10\n", "line 2"),
      ("class,startTime_usec,endTime_usec\n1,1e3,20\n", "line 2"),
      ("class,startTime_usec,endTime_usec\n1,10,99999999999999999999\n", "line 2"),
      ("class,start\n1,10,20\n", "line 1"), ("class,start,end\n1,10,20\n", "line 1"),
      ("trial,class,start_us,end_us\n1,2,10,20\n", "line 1"),
      ("id,name,begin,stop\n1,2,10,20\n", "line 1"),
    ] as [(String, String?)]
  )
  func brokenLabelsAreErrorsThatNameTheLine(_ text: String, _ place: String?) {
    let error = #expect(throws: FramingError.self) { try samples(labels: text) }
    #expect(error?.kind == .corrupt)
    #expect(error?.place == place)
    #expect(error?.path?.hasSuffix("user01_led_labels.csv") == true)
  }

  @Test func whatTheListsNameMustBeThereOnce() throws {
    func problem() throws -> FramingError? {
      try RecordingCatalog.open([folder.path]).problems.first
    }
    #expect(try problem() == nil)
    try write("trials_to_test.txt", "user02_led.aedat\nuser03_led.aedat\n")
    #expect(try problem()?.kind == .missing)
    try write("trials_to_test.txt", "user01_led.aedat\n")
    #expect(try problem()?.reason.contains("listed twice") == true)
    try write("trials_to_test.txt", "\n../../etc/passwd.aedat\n")
    #expect(try problem()?.place == "line 2")
    try FileManager.default.removeItem(atPath: folder.file("DvsGesture/trials_to_test.txt"))
    #expect(try problem()?.kind == .missing)
  }

  @Test func otherFilesAreIgnoredAndReported() throws {
    try write("README.txt", "")
    try write("user09_lab.aedat", "")
    let catalog = try RecordingCatalog.open([folder.path])
    #expect(catalog.ignored == ["README.txt", "user09_lab.aedat"])
    #expect(catalog.samples.count == 4)
  }

  @Test func theRootMayBeTheFolderOrWhatHoldsIt() throws {
    for root in [folder.path, folder.path + "/", folder.file("DvsGesture")] {
      let catalog = try RecordingCatalog.open([root])
      #expect(catalog.kind == .dvs128Gesture && catalog.samples.count == 4)
    }
    try FileManager.default.createDirectory(
      atPath: folder.file("x"),
      withIntermediateDirectories: true
    )
    try FileManager.default.moveItem(
      atPath: folder.file("DvsGesture"),
      toPath: folder.file("x/extract")
    )
    #expect(try RecordingCatalog.open([folder.file("x")]).samples.count == 4)
  }
}
