/// Columns of text, numbers to the right.
struct TextTable {
  let header: [String]
  let rows: [[String]]

  /// One line for the header and one a row.
  var lines: [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([header] + rows).map { row in
      zip(row, widths).map { $0.leftPadded(to: $1) }
        .joined(separator: "  ")
    }
  }
}

extension String {
  /// The text with spaces in front of it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
