import Framing

/// Reads a table of labels, of DVS128 Gesture and of one's own.
enum LabelFuzz {
  static func run(_ input: [UInt8]) throws {
    if let table = try? LabelTable(bytes: input, classes: .numbered(count: 11)) {
      try require(!table.rows.isEmpty, "no rows")
      for row in table.rows {
        try require((1...11).contains(Int(row.className) ?? 0), "class \(row.className)")
      }
    }
    if let table = try? LabelTable(bytes: input, classes: .any) {
      for row in table.rows {
        let name = row.className
        try require(!name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")), "class '\(name)'")
      }
    }
  }
}
