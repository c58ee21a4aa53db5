import Foundation

/// What two runs must have in common, so that one may go on with the other's work.
struct ConversionIdentity: Hashable, Codable {
  private var createdBy: String
  private var recipe: String
  /// The level.
  private(set) var compression: Int
  private var layout: String
  private var dataset: String
  private var classes: [String]
  private var sampleCount: Int
  /// A digest of the samples' names, labels, windows and recordings.
  private var samples: String
  /// A digest of the splits.
  private var splits: String

  /// Identifies a conversion of samples with splits.
  ///
  /// - Parameter layout: The kind of output, such as `hdf5`.
  init(
    _ catalog: RecordingCatalog,
    _ recipe: FramingRecipe,
    _ options: PipelineOptions,
    _ splits: [String: [String: [Int]]],
    layout: String = "hdf5"
  ) {
    createdBy = options.createdBy
    self.recipe = recipe.json
    compression = options.compression
    self.layout = layout
    dataset = catalog.kind.rawValue
    classes = catalog.classNames
    sampleCount = catalog.samples.count
    var digest = SourceFingerprint()
    for sample in catalog.samples {
      digest.add(sample, content: catalog.recordings[sample.recording])
    }
    samples = digest.description
    digest = SourceFingerprint()
    for (name, parts) in splits.sorted(by: { $0.key < $1.key }) {
      for (part, indices) in parts.sorted(by: { $0.key < $1.key }) {
        digest.add("\(name)/\(part): \(indices)")
      }
    }
    self.splits = digest.description
  }

  /// Identifies a job.
  init(_ job: FramingJob, layout: String) {
    self.init(job.catalog, job.recipe, job.options, job.splits, layout: layout)
  }

  /// Reads what ``json`` wrote; nil if it makes no sense.
  init?(json: String) {
    guard let identity = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = identity
  }

  /// The identity as JSON.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What differs from the job at hand, in sentences; empty if nothing does.
  func differences(from job: ConversionIdentity) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ mine: some CustomStringConvertible, _ other: String) {
      if "\(mine)" != other { differences.append("\(what) is \(mine), not \(other)") }
    }
    compare("the program", createdBy, job.createdBy)
    if let mine = try? FramingRecipe(json: recipe), let other = try? FramingRecipe(json: job.recipe)
    {
      differences += mine.differences(from: other)
    } else if recipe != job.recipe {
      differences.append("the recipe is \(recipe)")
    }
    compare("the compression", compression, "\(job.compression)")
    compare("the layout", layout, job.layout)
    compare("the dataset", dataset, job.dataset)
    compare("the number of samples", sampleCount, "\(job.sampleCount)")
    if samples == job.samples && splits != job.splits { differences.append("the splits differ") }
    if differences.isEmpty && self != job {
      differences.append("the samples have other names, labels, times or recordings")
    }
    return differences
  }
}
