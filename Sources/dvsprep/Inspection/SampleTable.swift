import Framing
import SpikeNet

/// What is in a set of frames, sample by sample: a cache, or a tree of files.
struct SampleTable {
  /// What is said first: a name and a value a line.
  var facts: [(name: String, value: String)]
  let names: [String]
  let balance: ClassBalance
  /// Events in each slice of each sample.
  let slices: [[Int64]]

  private var eventsPerSample: CountStatistics {
    CountStatistics(slices.map { $0.reduce(0, +) })
  }

  private var eventsPerSlice: CountStatistics { CountStatistics(slices.flatMap(\.self)) }

  /// Frames in all samples.
  var frameCount: Int { slices.reduce(0) { $0 + $1.count } }

  /// For people.
  var text: String {
    let (sample, slice) = (eventsPerSample, eventsPerSlice)
    let all =
      facts + [
        ("splits", balance.sizes),
        ("events a slice", "\(slice.text); \(slice.zeros) empty"),
        ("events a sample", sample.text), ("outliers", sample.outlierText(names)),
      ]
    let width = all.map(\.name.count).max() ?? 0
    let head = all.map {
      $0.name + String(repeating: " ", count: width - $0.name.count + 3) + $0.value
    }
    return (head + [""] + balance.lines).joined(separator: "\n")
  }

  /// What `text` says of the samples, for programs.
  var members: [ConfigurationValue.Member] {
    let (sample, slice) = (eventsPerSample, eventsPerSlice)
    return [
      .init("samples", .integer(names.count)), .init("frames", .integer(frameCount)),
      .init("classes", balance.classesJSON), .init("splits", balance.splitsJSON),
      .init("empty_slices", .integer(slice.zeros)), .init("events_per_slice", slice.json),
      .init("events_per_sample", sample.json),
      .init("outliers", .list(sample.outliers.map { .text(names[$0]) })),
    ]
  }

  /// One line a sample, comma-separated.
  var csv: String {
    let outliers = Set(eventsPerSample.outliers)
    let places = balance.places()
    let header = "index,name,label,class,parts,frames,events,least_events,empty_slices,outlier\n"
    return names.indices.reduce(into: header) { text, index in
      let slices = slices[index]
      let label = balance.labels[index]
      let cells = [
        "\(index)", CSVCell.quoted(names[index]), "\(label)",
        CSVCell.quoted(balance.classNames[label]), places[index], "\(slices.count)",
        "\(slices.reduce(0, +))", "\(slices.min() ?? 0)", "\(slices.count { $0 == 0 })",
        outliers.contains(index) ? "1" : "0",
      ]
      text += cells.joined(separator: ",") + "\n"
    }
  }
}

/// Text in comma-separated values.
enum CSVCell {
  /// The text, in quotation marks where it needs them (RFC 4180).
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
