import ArgumentParser
import EventIO
import Foundation
import Framing

/// What a conversion will do: the samples, the recipe, and how.
struct ConversionPlan: Sendable {
  let catalog: RecordingCatalog
  let pipeline: FramingPipeline
  let output: String
  private let layout: LayoutOptions

  /// Finds the samples and settles the recipe.
  init(_ command: Convert) throws {
    var catalog = try RecordingCatalog.open(
      command.input,
      kind: command.dataset.kind,
      labels: command.labels
    )
    if let problem = catalog.problems.first, !command.keepsGoing { throw problem }
    if let limit = command.limit { catalog.limit(to: limit) }
    let camera = command.reading.layout ?? catalog.kind.camera
    let options = ReadOptions(
      geometry: command.reading.geometry,
      camera: camera,
      aedat31: command.reading.aedat31
    )
    let recipe = FramingRecipe(
      slicing: command.slicing.slicing,
      geometry: try catalog.geometry(reading: options),
      strayEvents: command.strayEvents,
      aedat31: command.reading.aedat31,
      camera: camera?.name
    )
    self.catalog = catalog
    output = command.output
    layout = command.layout
    pipeline = FramingPipeline(
      catalog,
      recipe,
      isGeometryForced: command.reading.geometry != nil,
      options: PipelineOptions(
        jobs: command.jobs ?? ProcessInfo.processInfo.activeProcessorCount,
        compression: command.compression,
        keepsGoing: command.keepsGoing,
        overwrites: command.overwrite,
        splits: command.splits.plan(for: catalog),
        shard: command.shard,
        createdBy: DVSPrep.nameAndVersion,
        command: DVSPrep.commandLine
      )
    )
  }

  /// Says what the inputs were taken for.
  func announce(_ diagnostics: Diagnostics) {
    let parts = Dictionary(grouping: catalog.samples) { $0.part?.rawValue ?? "" }
      .mapValues(\.count).sorted { $0.key > $1.key }
      .compactMap { $0.key.isEmpty ? nil : "\($0.value) \($0.key)" }
    let official = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    let place = catalog.root.isEmpty ? "" : " in \(catalog.root)"
    diagnostics.note(
      "\(catalog.kind.rawValue): \(Quantity.of(catalog.samples.count, "sample"))\(official) of "
        + "\(Quantity.of(catalog.classNames.count, "class"))\(place); "
        + "\(pipeline.recipe.slicing), \(pipeline.recipe.geometry)"
    )
    if !catalog.ignored.isEmpty {
      let shown = catalog.ignored.prefix(5).joined(separator: ", ")
      let more = catalog.ignored.count > 5 ? ", …" : ""
      diagnostics.note("\(Quantity.of(catalog.ignored.count, "file")) ignored: \(shown)\(more)")
    }
  }

  /// Converts, showing progress; stops on a signal and says what is kept.
  func run(stop: StopSignal, _ common: OutputOptions) async throws -> ConversionReport {
    let meter = ProgressMeter(common.progressLine)
    let start = ContinuousClock.now
    let result = try await stop.cancelling { [self] in
      do {
        defer { meter.clear() }
        return try await convert { meter.update($0) }
      } catch let error as UnfinishedConversion {
        note(error.kept, common)
        throw error
      }
    }
    return ConversionReport(
      output: output,
      catalog: catalog,
      result: result,
      seconds: Quantity.seconds(since: start)
    )
  }

  private func note(_ kept: KeptWork, _ common: OutputOptions) {
    guard kept.samples > 0 else { return }
    common.diagnostics.note(
      "\(Quantity.of(kept.samples, "finished sample")) kept in \(kept.path); "
        + "the same command continues"
    )
  }

  private func convert(
    progress: @escaping @Sendable (FramingProgress) -> Void
  ) async throws -> FramingReport {
    guard layout.isTree else { return try await pipeline.run(to: output, progress: progress) }
    let sink = SpikingJellySink(output, writesEvents: layout.events)
    return try await pipeline.run(to: sink, progress: progress)
  }

  /// Converts a few samples to a temporary file and scales size and time up.
  func estimate(_ common: OutputOptions) async throws {
    var sample = catalog
    sample.limit(to: 2 * pipeline.options.jobs)
    let folder = NSTemporaryDirectory() + "/dvsprep-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = pipeline.options
    options.splits = []
    options.shard = nil
    let trial = FramingPipeline(
      sample,
      pipeline.recipe,
      isGeometryForced: pipeline.isGeometryForced,
      options: options
    )
    let start = ContinuousClock.now
    let result = try await trial.run(to: folder + "/trial.h5")
    let seconds = Quantity.seconds(since: start)
    let share = Double(Self.byteCount(of: catalog)) / max(1, Double(Self.byteCount(of: sample)))
    let estimate = ConversionEstimate(
      dataset: catalog.kind.rawValue,
      samples: catalog.samples.count,
      classes: catalog.classNames.count,
      recordings: Set(catalog.samples.map(\.recording)).count,
      inputBytes: Self.byteCount(of: catalog),
      outputBytes: result.byteCount * catalog.samples.count / max(1, result.samples),
      seconds: seconds * share
    )
    if common.json { return try JSONOutput.print(estimate) }
    print(
      "would write \(output): about \(Quantity.bytes(estimate.outputBytes)) from "
        + "\(Quantity.bytes(estimate.inputBytes)) in \(Quantity.of(estimate.recordings, "recording")), "
        + "in about \(Quantity.seconds(estimate.seconds))"
    )
  }

  /// The size of the recordings that a catalog's samples are in.
  private static func byteCount(of catalog: RecordingCatalog) -> Int {
    Set(catalog.samples.map(\.recording)).reduce(0) { total, recording in
      total + (catalog.source(ofRecording: recording).byteCount ?? 0)
    }
  }
}

/// What a dry run prints.
private struct ConversionEstimate: Encodable {
  let dataset: String
  let samples: Int
  let classes: Int
  let recordings: Int
  let inputBytes: Int
  let outputBytes: Int
  let seconds: Double
}
