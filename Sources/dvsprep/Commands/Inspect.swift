import ArgumentParser
import EventIO
import Foundation
import Framing
import SpikeNet

/// Shows what is in a recording, a cache or a dataset.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a recording, a frame cache, frames or a dataset; counts per slice.",
    discussion: """
      A recording is cut as convert would cut it: -T frames with equal numbers of events \
      (--split-by number) or of equal duration (--split-by time), or frames of a fixed --duration.
      Events outside the sensor are counted, and left out of pictures.

      EXAMPLES:
        dvsprep inspect user01_led.aedat
        dvsprep inspect user01_led.aedat -T 16 --png sheet.png --gif slices.gif
        dvsprep inspect cat.aedat --camera cifar10-dvs --duration 50000 --json
        dvsprep inspect gesture.h5
        dvsprep inspect gesture.h5 --sample 12 --png sample.png
        dvsprep inspect DVS128Gesture --csv samples.csv
        dvsprep inspect DVS128Gesture/frames_number_16_split_by_number
      """
  )

  @Argument(
    help: """
      A recording, an events .npz, a frame cache, a folder of SpikingJelly's frames, or a dataset.
      """
  )
  var input: String

  @OptionGroup var slicing: SlicingOptions
  @OptionGroup var reading: ReadingOptions

  @Option(help: "Show this sample of a cache.")
  var sample: Int?

  @OptionGroup var files: InspectionOutputs
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    try files.check(input: input)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: input, isDirectory: &isFolder), isFolder.boolValue {
      try inspectFolder()
    } else if HDF5Signature.isPresent(in: input) {
      try inspectCache()
    } else if Self.isArchive(input) {
      try inspectFolder()
    } else {
      try refuse([("--sample", sample != nil)], for: "a recording; it is for caches")
      try report(RecordingInspection(input, reading: reading, slicing: slicing.slicing))
    }
  }

  private static func isArchive(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"].contains { name.hasSuffix($0) }
  }

  private func inspectFolder() throws {
    try refuse(
      [("--sample", sample != nil)] + files.pictures.map { ($0, true) },
      for: "a folder; name one of its recordings, or convert it and look at the cache"
    )
    let trees = FrameTreeInspection.folders(in: input)
    if trees == [input] || trees == [input + "/"] {
      return try report(FrameTreeInspection(input))
    }
    let dataset: DatasetInspection
    do {
      dataset = try DatasetInspection(input)
    } catch let error as FramingError where error.kind == .nothingFound && !trees.isEmpty {
      // A root that holds frames and no recordings.
      guard trees.count == 1 else {
        throw CommandFailure(
          .usage,
          "\(input): holds several sets of frames; name one of \(trees.joined(separator: ", "))"
        )
      }
      return try report(FrameTreeInspection(trees[0]))
    }
    dataset.warnings.forEach(output.diagnostics.warning)
    try report(dataset)
  }

  private func inspectCache() throws {
    try refuse(
      [("-T, --split-by, --duration and --events-per-frame", slicing.isGiven)],
      for: "a cache, whose slices are already cut"
    )
    let cache = try FrameCache.open(input)
    guard let sample else {
      try refuse(
        files.pictures.map { ($0, true) },
        for: "a whole cache; add --sample and a number from 0 to \(cache.count - 1)"
      )
      return try report(CacheInspection(cache))
    }
    guard cache.names.indices.contains(sample) else {
      throw CommandFailure(
        .usage,
        "\(input): there is no sample \(sample); samples are 0 to \(cache.count - 1)"
      )
    }
    try report(SampleInspection(cache, sample))
  }

  private func report(_ inspection: some SetInspection) throws {
    try files.write(csv: inspection.csv, png: [], gif: [])
    print(output.json ? inspection.json.json : inspection.text)
  }

  private func report(_ inspection: some SliceInspection) throws {
    inspection.warnings.forEach(output.diagnostics.warning)
    let pictures = SlicePictures(inspection)
    try files.write(csv: inspection.csv, png: pictures.png(), gif: pictures.gif())
    print(output.json ? inspection.json.json : inspection.text)
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], for what: String) throws {
    guard let option = options.first(where: \.isGiven) else { return }
    throw CommandFailure(.usage, "\(option.name) does not go with \(what)")
  }
}
