import Foundation

/// The labels of one DVS128 Gesture recording: `class,startTime_usec,endTime_usec` a line.
struct LabelTable {
  /// A labelled stretch of a recording.
  struct Row: Hashable {
    /// The class as the file counts it, from 1.
    let gesture: Int
    /// Microseconds; the end does not belong to it.
    let window: Range<Int64>
  }

  /// The rows in the order of the file.
  let rows: [Row]

  private static let largestFile = 1 << 24
  private static let columnNames = ["class", "starttime_usec", "endtime_usec"]

  /// Reads a label file.
  ///
  /// A header line may give the columns in another order or name more of them; byte order marks,
  /// blank lines, spaces and all line endings are accepted.
  ///
  /// - Throws: ``FramingError`` naming the line: not three numbers, an unknown class, an end
  ///   before its start; or no rows at all.
  init(path: String, classCount: Int) throws(FramingError) {
    try requireReadableFile(path)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FramingError(.inputOutput, "the file cannot be read", path: path)
    }
    let data = (try? file.read(upToCount: Self.largestFile + 1)) ?? Data()
    guard data.count <= Self.largestFile else {
      throw FramingError(.corrupt, "a label file of more than 16 MiB", path: path)
    }
    do {
      try self.init(text: String(decoding: data, as: UTF8.self), classCount: classCount)
    } catch {
      throw error.at(path)
    }
  }

  /// Reads the text of a label file.
  init(text: String, classCount: Int) throws(FramingError) {
    var rows: [Row] = []
    var order = [0, 1, 2]
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var isFirst = true
    for (index, line) in lines.enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if cells.allSatisfy(\.isEmpty) { continue }
      if isFirst, let columns = Self.columns(cells) {
        order = columns
      } else {
        rows.append(
          try Self.row(cells, order, classCount: classCount, place: "line \(index + 1)")
        )
      }
      isFirst = false
    }
    guard !rows.isEmpty else {
      throw FramingError(.corrupt, "there are no labels; expected class,start,end in every line")
    }
    self.rows = rows
  }

  /// Where a header line puts the three columns; nil for a line of numbers.
  private static func columns(_ cells: [String]) -> [Int]? {
    guard cells.allSatisfy({ Int64($0) == nil }) else { return nil }
    let names = cells.map { $0.lowercased() }
    let found = columnNames.compactMap { names.firstIndex(of: $0) }
    return found.count == 3 ? found : [0, 1, 2]
  }

  private static func row(
    _ cells: [String],
    _ order: [Int],
    classCount: Int,
    place: String
  ) throws(FramingError) -> Row {
    let numbers = order.compactMap { cells.indices.contains($0) ? Int64(cells[$0]) : nil }
    guard numbers.count == 3 else {
      throw FramingError(
        .corrupt,
        "'\(cells.joined(separator: ",").prefix(80))' is not class,start,end in numbers",
        place: place
      )
    }
    guard (1...Int64(classCount)).contains(numbers[0]) else {
      throw FramingError(
        .corrupt,
        "class \(numbers[0]) is not one of 1 to \(classCount)",
        place: place
      )
    }
    guard numbers[1] <= numbers[2] else {
      throw FramingError(
        .corrupt,
        "the end \(numbers[2]) is before the start \(numbers[1])",
        place: place
      )
    }
    return Row(gesture: Int(numbers[0]), window: numbers[1]..<numbers[2])
  }
}
