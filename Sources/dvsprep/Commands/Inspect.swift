import ArgumentParser
import EventIO
import Foundation
import Framing
import SpikeNet

/// Shows what is in a recording, a cache or a dataset.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what is in a recording, a frame cache or a dataset; counts per slice.",
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
        dvsprep inspect DvsGesture/
      """
  )

  @Argument(help: "A recording, an events .npz, a frame cache, or the root of a dataset.")
  var input: String

  @OptionGroup var slicing: SlicingOptions
  @OptionGroup var reading: ReadingOptions

  @Option(help: "Show this sample of a cache.")
  var sample: Int?

  @Option(help: ArgumentHelp("Also write the slices as a table.", valueName: "path"))
  var csv: String?

  @Option(help: ArgumentHelp("Also write the frames as one picture.", valueName: "path"))
  var png: String?

  @Option(help: ArgumentHelp("Also write the frames as an animation.", valueName: "path"))
  var gif: String?

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    for path in [csv, png, gif].compactMap(\.self) where SameFile.holds(input, path) {
      throw CommandFailure(.usage, "\(path): is the input; choose another place to write to")
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: input, isDirectory: &isFolder), isFolder.boolValue {
      try refuse(
        [
          ("--sample", sample != nil), ("--csv", csv != nil), ("--png", png != nil),
          ("--gif", gif != nil),
        ],
        for: "a folder; name one of its recordings"
      )
      try DatasetInspection(input).print(asJSON: output.json, to: output.diagnostics)
    } else if HDF5Signature.isPresent(in: input) {
      try inspectCache()
    } else {
      try refuse([("--sample", sample != nil)], for: "a recording; it is for caches")
      try report(RecordingInspection(input, reading: reading, slicing: slicing.slicing))
    }
  }

  private func inspectCache() throws {
    try refuse(
      [("-T, --split-by, --duration and --events-per-frame", slicing.isGiven)],
      for: "a cache, whose slices are already cut"
    )
    let cache = try FrameCache.open(input)
    guard let sample else {
      try refuse(
        [("--csv", csv != nil), ("--png", png != nil), ("--gif", gif != nil)],
        for: "a whole cache; choose one with --sample"
      )
      return try CacheInspection(cache).print(asJSON: output.json)
    }
    guard cache.names.indices.contains(sample) else {
      throw CommandFailure(
        .usage,
        "\(input): there is no sample \(sample); samples are 0 to \(cache.count - 1)"
      )
    }
    try report(SampleInspection(cache, sample))
  }

  private func report(_ inspection: some SliceInspection) throws {
    inspection.warnings.forEach(output.diagnostics.warning)
    let pictures = SlicePictures(inspection)
    if let csv { try AtomicFile.write(inspection.csv, to: csv) }
    if let png { try write(pictures.png(), to: png) }
    if let gif { try write(pictures.gif(), to: gif) }
    print(output.json ? inspection.json.json : inspection.text)
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try AtomicFile.write(to: path) { try $0.write(contentsOf: Data(bytes)) }
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], for what: String) throws {
    guard let option = options.first(where: \.isGiven) else { return }
    throw CommandFailure(.usage, "\(option.name) does not go with \(what)")
  }
}
