import EventIO

/// The labels of one recording: a line `class,startTime_usec,endTime_usec` for every sample.
package struct LabelTable {
  /// A labelled stretch of a recording.
  package struct Row: Hashable {
    /// The class as the file has it: a number, or a word.
    package let className: String
    /// Microseconds; the end does not belong to it.
    package let window: Range<Int64>
  }

  /// Which classes a file may name.
  package enum Classes {
    /// Numbers from 1.
    case numbered(count: Int)
    /// Any number or word.
    case any
  }

  /// The rows in the order of the file.
  package let rows: [Row]

  private static let columnNames = ["class", "starttime_usec", "endtime_usec"]

  /// The label file of a recording in a folder.
  static func name(of recording: String) -> String {
    PathName.stem(recording) + "_labels.csv"
  }

  /// Reads a label file.
  ///
  /// The first line names the columns `class`, `startTime_usec` and `endTime_usec`, upper or lower
  /// case, in any order; other columns are ignored. A first line that does not is an error, because
  /// columns taken for what they are not would give wrong classes and windows. Byte order marks,
  /// blank lines, spaces and all line endings are accepted.
  ///
  /// - Throws: ``FramingError`` naming the line: no header, no numbers, an unknown class, an end
  ///   before its start; or no rows at all.
  init(_ source: RecordingSource, classes: Classes) throws(FramingError) {
    do {
      try self.init(bytes: source.bytes(upTo: 1 << 20), classes: classes)
    } catch {
      throw error.at(source.name)
    }
  }

  /// Reads the content of a label file.
  package init(bytes: [UInt8], classes: Classes) throws(FramingError) {
    var rows: [Row] = []
    var columns: [Int]?
    for (index, cells) in LabelLines(bytes).enumerated() {
      if cells.allSatisfy(\.isEmpty) { continue }
      let place = "line \(index + 1)"
      if let columns {
        rows.append(try Self.row(cells, columns, classes, place: place))
      } else {
        columns = try Self.columns(cells, place: place)
      }
    }
    guard !rows.isEmpty else {
      throw FramingError(
        .corrupt,
        "there are no labels; expected the header class,startTime_usec,endTime_usec and a line for "
          + "every sample"
      )
    }
    self.rows = rows
  }

  /// Where the header puts the three columns.
  private static func columns(_ cells: [String], place: String) throws(FramingError) -> [Int] {
    let names = cells.map { $0.lowercased() }
    let found = columnNames.map { names.firstIndex(of: $0) }
    let missing = zip(found, ["class", "startTime_usec", "endTime_usec"])
      .compactMap { $0 == nil ? $1 : nil }
    guard missing.isEmpty else {
      throw FramingError(
        .corrupt,
        "'\(cells.joined(separator: ",").prefix(80))' is no header that names the column "
          + "\(missing.joined(separator: ", ")); expected the header "
          + "class,startTime_usec,endTime_usec, in any order, other columns between them or not",
        place: place
      )
    }
    return found.compactMap(\.self)
  }

  private static func row(
    _ cells: [String],
    _ columns: [Int],
    _ classes: Classes,
    place: String
  ) throws(FramingError) -> Row {
    let values = columns.map { cells.indices.contains($0) ? cells[$0] : "" }
    guard let start = Int64(values[1]), let end = Int64(values[2]) else {
      throw FramingError(
        .corrupt,
        "'\(cells.joined(separator: ",").prefix(80))' does not give class, start and end, the last "
          + "two as numbers",
        place: place
      )
    }
    guard start <= end else {
      throw FramingError(.corrupt, "the end \(end) is before the start \(start)", place: place)
    }
    return Row(className: try name(values[0], classes, place: place), window: start..<end)
  }

  /// A class as it is compared and printed: numbers lose leading zeros.
  private static func name(
    _ cell: String,
    _ classes: Classes,
    place: String
  ) throws(FramingError) -> String {
    switch classes {
    case .numbered(let count):
      guard let number = Int(cell), (1...count).contains(number) else {
        throw FramingError(
          .corrupt,
          "class '\(cell.prefix(80))' is not one of 1 to \(count)",
          place: place
        )
      }
      return "\(number)"
    case .any:
      let name = Int(cell).map { "\($0)" } ?? cell
      guard !name.isEmpty, name.utf8.first != UInt8(ascii: "."),
        !name.utf8.contains(UInt8(ascii: "/")),
        name.utf8.count <= 200
      else {
        throw FramingError(
          .corrupt,
          "class '\(cell.prefix(80))' cannot name a folder; expected a number or a word",
          place: place
        )
      }
      return name
    }
  }
}
