import EventIO
import Framing
import SpikeNet

/// What is in a dataset's folder: its kind, samples by class and split, sizes, stray files.
struct DatasetInspection: SetInspection {
  private let catalog: RecordingCatalog
  private let balance: ClassBalance
  /// Bytes of each sample's recording, or microseconds where labels cut it.
  private let sizes: CountStatistics
  private let isCut: Bool
  private let frames: [String]

  /// Lists a dataset; no recording is read.
  init(_ path: String) throws {
    let catalog = try RecordingCatalog.open([path])
    self.catalog = catalog
    frames = FrameTreeInspection.folders(in: path)
    let splits = (try? SplitPlan([.standard(for: catalog)]).lists(of: catalog.samples)) ?? [:]
    balance = ClassBalance(
      classNames: catalog.classNames,
      labels: catalog.samples.map(\.label),
      splits: splits
    )
    isCut = catalog.samples.contains { $0.window != nil }
    sizes = CountStatistics(
      catalog.samples.map { sample in
        sample.window.map { $0.upperBound - $0.lowerBound }
          ?? Int64(catalog.source(ofRecording: sample.recording).byteCount ?? 0)
      }
    )
  }

  /// The samples.
  var samples: SampleChoice { SampleChoice(catalog.root, count: catalog.samples.count) }

  /// Cuts one sample as convert would.
  ///
  /// - Throws: What reading its recording throws; ``CommandFailure`` if there is no such sample.
  func sample(
    _ index: Int,
    reading: ReadingOptions,
    slicing: Slicing
  ) async throws -> StackInspection {
    try samples.check(index)
    let part = catalog.only(index)
    let camera = reading.layout ?? catalog.kind.camera
    let options = ReadOptions(
      geometry: reading.geometry,
      camera: camera,
      aedat31: reading.aedat31
    )
    let recipe = FramingRecipe(
      slicing: slicing,
      geometry: try part.geometry(reading: options),
      strayEvents: .drop,
      aedat31: reading.aedat31,
      camera: camera?.name
    )
    let sink = SampleSink()
    let pipeline = FramingPipeline(part, recipe, isGeometryForced: reading.geometry != nil)
    let report = try await pipeline.run(to: sink)
    let entry = catalog.samples[index]
    guard let sample = sink.sample else {
      throw CommandFailure(.failed, "\(catalog.root): sample \(index) gave no frames")
    }
    let path = catalog.source(ofRecording: entry.recording).name
    let window = entry.window.map { ", \($0.lowerBound) to \($0.upperBound) µs" } ?? ""
    let origin = [(name: "recording", value: path + window)]
    var inspection = StackInspection(sample.stack, sample.slices, origin: origin)
    inspection.name(
      sample: index,
      entry.name,
      label: entry.label,
      catalog.classNames[entry.label]
    )
    inspection.warnings = report.warnings.map { "\(path): \($0.message)" }
    inspection.isUpsideDown = sample.isUpsideDown
    return inspection
  }

  /// What may be wrong.
  var warnings: [String] {
    var warnings = catalog.problems.map { "\($0)" }
    if !catalog.ignored.isEmpty {
      let shown = catalog.ignored.prefix(3).joined(separator: ", ")
      warnings.append("\(catalog.root): \(catalog.ignored.count) stray files ignored: \(shown)")
    }
    return warnings
  }

  private var sizeName: String { isCut ? "µs a sample" : "bytes a sample" }

  var text: String {
    let names = catalog.samples.map(\.name)
    let facts =
      [
        ("folder", catalog.root), ("dataset", catalog.kind.rawValue),
        ("recordings", "\(catalog.recordings.count)"), ("samples", "\(catalog.samples.count)"),
        ("splits", balance.sizes), (sizeName, "\(sizes.text); \(sizes.zeros) empty"),
        ("outliers", sizes.outlierText(names)),
      ] + frames.map { ("frames", $0) }
    let head = facts.map { $0 + String(repeating: " ", count: 17 - $0.count) + $1 }
    return (head + [""] + balance.lines).joined(separator: "\n")
  }

  var csv: String {
    let places = balance.places()
    let outliers = Set(sizes.outliers)
    let header = "index,name,label,class,parts,recording,start_us,end_us,bytes,outlier\n"
    return catalog.samples.enumerated().reduce(into: header) { text, entry in
      let (index, sample) = entry
      let bytes = catalog.source(ofRecording: sample.recording).byteCount
      let cells = [
        "\(index)", CSVCell.quoted(sample.name), "\(sample.label)",
        CSVCell.quoted(catalog.classNames[sample.label]), places[index],
        CSVCell.quoted(catalog.recordings[sample.recording]),
        sample.window.map { "\($0.lowerBound)" } ?? "",
        sample.window.map { "\($0.upperBound)" } ?? "", bytes.map { "\($0)" } ?? "",
        outliers.contains(index) ? "1" : "0",
      ]
      text += cells.joined(separator: ",") + "\n"
    }
  }

  var json: ConfigurationValue {
    let parts = OfficialPart.allCases.compactMap { part -> ConfigurationValue.Member? in
      let count = catalog.samples.count { $0.part == part }
      return count == 0 ? nil : .init(part.rawValue, .integer(count))
    }
    return .section([
      .init("dataset", .text(catalog.kind.rawValue)),
      .init("recordings", .integer(catalog.recordings.count)),
      .init("samples", .integer(catalog.samples.count)), .init("parts", .section(parts)),
      .init("classes", balance.classesJSON), .init("splits", balance.splitsJSON),
      .init(isCut ? "microseconds_per_sample" : "bytes_per_sample", sizes.json),
      .init("outliers", .list(sizes.outliers.map { .text(catalog.samples[$0].name) })),
      .init("frames", .list(frames.map { .text($0) })),
      .init("ignored", .list(catalog.ignored.map { .text($0) })),
      .init("problems", .list(catalog.problems.map { .text("\($0)") })),
    ])
  }
}
