import Framing
import SpikeNet

/// What is in a dataset's folder: its kind, samples by class and part, stray files.
struct DatasetInspection {
  private let catalog: RecordingCatalog

  init(_ path: String) throws {
    catalog = try RecordingCatalog.open([path])
  }

  func print(asJSON: Bool, to diagnostics: Diagnostics) throws {
    for problem in catalog.problems { diagnostics.warning("\(problem)") }
    if !catalog.ignored.isEmpty {
      let shown = catalog.ignored.prefix(3).joined(separator: ", ")
      diagnostics.warning("\(catalog.root): \(catalog.ignored.count) stray files ignored: \(shown)")
    }
    Swift.print(asJSON ? json.json : text)
  }

  private var parts: [OfficialPart] {
    OfficialPart.allCases.filter { part in catalog.samples.contains { $0.part == part } }
  }

  private func count(label: Int? = nil, part: OfficialPart? = nil) -> Int {
    catalog.samples.reduce(0) { total, sample in
      let fits = (label == nil || sample.label == label) && (part == nil || sample.part == part)
      return total + (fits ? 1 : 0)
    }
  }

  private var text: String {
    let table = TextTable(
      header: ["class", "samples"] + parts.map(\.rawValue),
      rows: catalog.classNames.indices.map { label in
        [catalog.classNames[label], "\(count(label: label))"]
          + parts.map { "\(count(label: label, part: $0))" }
      }
    )
    return """
      folder       \(catalog.root)
      dataset      \(catalog.kind.rawValue)
      recordings   \(catalog.recordings.count)
      samples      \(count())

      \(table.lines.joined(separator: "\n"))
      """
  }

  private var json: ConfigurationValue {
    .section([
      .init("dataset", .text(catalog.kind.rawValue)),
      .init("recordings", .integer(catalog.recordings.count)),
      .init("samples", .integer(count())),
      .init(
        "parts",
        .section(parts.map { .init($0.rawValue, .integer(count(part: $0))) })
      ),
      .init(
        "classes",
        .list(
          catalog.classNames.indices.map { label in
            .section([
              .init("name", .text(catalog.classNames[label])),
              .init("samples", .integer(count(label: label))),
            ])
          }
        )
      ),
      .init("ignored", .list(catalog.ignored.map { .text($0) })),
      .init("problems", .list(catalog.problems.map { .text("\($0)") })),
    ])
  }
}
