/// The links of a group: names and the addresses of what they name.
///
/// A group's symbol table message holds the address of a B-tree, whose leaves point to nodes of
/// links, and that of a heap with the names.
///
/// | structure | content |
/// |---|---|
/// | heap | `HEAP`, version u8, 3 unused, size u64, free list u64, address of the names u64 |
/// | node of links | `SNOD`, version u8, 1 unused, count u16, then 40 bytes a link |
/// | link | place of the name u64, address u64, cache type u32 (2 is a symbolic link), 20 unused |
enum SymbolTable {
  private static let headerBytes = 8
  private static let linkBytes = 40

  /// Reads the links of a group; symbolic links are left out.
  static func links(
    of group: ObjectHeader,
    in file: StoredFile
  ) throws(HDF5Error) -> [String: Int] {
    guard var message = group.first(.symbolTable) else {
      throw HDF5Error(.mismatch, "it is not a group")
    }
    let tree = try message.address()
    let names = try heap(file, at: message.address())
    var links: [String: Int] = [:]
    try BTree.walk(file, at: tree, kind: .group) { (_, address) throws(HDF5Error) in
      var header = FieldCursor(try file.structure(headerBytes, at: address))
      try header.expect("SNOD")
      try header.skip(2)
      let count = try header.u16()
      var entries = FieldCursor(
        try file.structure(count * linkBytes, at: address + headerBytes)
      )
      for _ in 0..<count {
        let place = try entries.size()
        let target = try entries.optionalAddress()
        let type = try entries.u32()
        try entries.skip(20)
        guard type != 2, let target else { continue }
        links[try name(in: names, at: place, file)] = target
      }
    }
    return links
  }

  private static func heap(_ file: StoredFile, at address: Int) throws(HDF5Error) -> [UInt8] {
    var fields = FieldCursor(try file.structure(32, at: address))
    try fields.expect("HEAP")
    try fields.skip(4)
    let size = try fields.size()
    try fields.skip(8)
    return try file.structure(size, at: fields.address())
  }

  private static func name(
    in names: [UInt8],
    at place: Int,
    _ file: StoredFile
  ) throws(HDF5Error) -> String {
    guard place < names.count, let end = names[place...].firstIndex(of: 0) else {
      throw HDF5Error(.corrupt, "the name of a member lies outside the group's names")
    }
    try file.chargeContent(end - place + 64)
    return String(decoding: names[place..<end], as: UTF8.self)
  }
}

/// B-trees of version 1, which index the links of a group and the chunks of a dataset.
///
/// `TREE`, kind u8, level u8, entries u16, neighbours 2 × u64, then a key and the address of a
/// child in turns. Children of level 0 are what the tree indexes.
enum BTree {
  enum Kind {
    case group
    case chunks(rank: Int)

    var number: Int {
      switch self {
      case .group: 0
      case .chunks: 1
      }
    }

    /// A group's key is the place of a name; a chunk's is its size, mask and first element.
    var keyBytes: Int {
      switch self {
      case .group: 8
      case .chunks(let rank): 16 + 8 * rank
      }
    }
  }

  private static let headerBytes = 24

  /// Visits the key and the address of everything that a tree indexes, in no particular order.
  static func walk(
    _ file: StoredFile,
    at address: Int,
    kind: Kind,
    _ visit: (FieldCursor, Int) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    var nodes: [(address: Int, level: Int?)] = [(address, nil)]
    while let node = nodes.popLast() {
      var header = FieldCursor(try file.structure(headerBytes, at: node.address))
      try header.expect("TREE")
      let (number, level, count) = (try header.byte(), try header.byte(), try header.u16())
      guard number == kind.number, level == node.level ?? level else {
        throw HDF5Error(.corrupt, "a node of its index at \(node.address) is of another kind")
      }
      let bytes = count * (kind.keyBytes + 8)
      var entries = FieldCursor(try file.structure(bytes, at: node.address + headerBytes))
      for _ in 0..<count {
        let key = FieldCursor(try entries.take(kind.keyBytes))
        let child = try entries.address()
        if level == 0 { try visit(key, child) } else { nodes.append((child, level - 1)) }
      }
    }
  }
}
