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
      Events outside the sensor are counted, and left out of pictures. --sample shows one sample of \
      a cache, of a folder of frames, or of a dataset, cut in the same way.

      EXAMPLES:
        dvsprep inspect user01_led.aedat
        dvsprep inspect user01_led.aedat -T 16 --png sheet.png --gif slices.gif
        dvsprep inspect cat.aedat --camera cifar10-dvs --duration 50000 --json
        dvsprep inspect gesture.h5
        dvsprep inspect gesture.h5 --sample 12 --png sample.png
        dvsprep inspect DVS128Gesture --csv samples.csv
        dvsprep inspect DVS128Gesture --sample 3 -T 8 --gif sample.gif
        dvsprep inspect DVS128Gesture/frames_number_16_split_by_number
        dvsprep inspect DVS128Gesture/frames_number_16_split_by_number --sample 7 --png sample.png
      """
  )

  @Argument(
    help: """
      A recording, an .npz of events or frames, a frame cache, a folder of SpikingJelly's frames, or \
      a dataset.
      """
  )
  var input: String

  @OptionGroup var slicing: SlicingOptions
  @OptionGroup var reading: ReadingOptions

  @Option(help: "Show this sample of a cache, a folder of frames or a dataset, counted from 0.")
  var sample: Int?

  @OptionGroup var files: InspectionOutputs
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    try files.check(input: input)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: input, isDirectory: &isFolder), isFolder.boolValue {
      try await inspectFolder()
    } else if HDF5Signature.isPresent(in: input) {
      try inspectCache()
    } else if Self.isArchive(input) {
      try await inspectFolder()
    } else if FramesFile.isPresent(at: input) {
      try refuse([("--sample", sample != nil)], for: "the frames of one sample")
      try refuseSlicing(for: "frames")
      try report(FramesFile.inspection(of: input))
    } else {
      try refuse([("--sample", sample != nil)], for: "a recording; it is for caches and datasets")
      try report(RecordingInspection(input, reading: reading, slicing: slicing.slicing))
    }
  }

  private static func isArchive(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"].contains { name.hasSuffix($0) }
  }

  private func inspectFolder() async throws {
    let trees = FrameTreeInspection.folders(in: input)
    if trees == [input] { return try inspectTree(input) }
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
      return try inspectTree(trees[0])
    }
    if let sample {
      let slicing = slicing.slicing
      return try report(await dataset.sample(sample, reading: reading, slicing: slicing))
    }
    try refusePictures(of: "a whole dataset", dataset.samples)
    dataset.warnings.forEach(output.diagnostics.warning)
    try report(dataset)
  }

  private func inspectTree(_ path: String) throws {
    try refuseSlicing(for: "a folder of frames")
    if let sample { return try report(FrameTreeInspection.sample(sample, of: path)) }
    let samples = SampleChoice(path, count: SpikingJellyTree(path).files.count)
    try refusePictures(of: "a whole folder of frames", samples)
    try report(FrameTreeInspection(path))
  }

  private func inspectCache() throws {
    try refuseSlicing(for: "a cache")
    let cache = try FrameCache.open(input)
    let samples = SampleChoice(input, count: cache.count)
    guard let sample else {
      try refusePictures(of: "a whole cache", samples)
      return try report(CacheInspection(cache))
    }
    try samples.check(sample)
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

  private func refusePictures(of what: String, _ samples: SampleChoice) throws {
    try refuse(files.pictures.map { ($0, true) }, for: "\(what); \(samples.hint)")
  }

  private func refuseSlicing(for what: String) throws {
    try refuse(
      [("-T, --split-by, --duration and --events-per-frame", slicing.isGiven)],
      for: "\(what), whose slices are already cut"
    )
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], for what: String) throws {
    guard let option = options.first(where: \.isGiven) else { return }
    throw CommandFailure(.usage, "\(option.name) does not go with \(what)")
  }
}
