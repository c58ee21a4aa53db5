import EventIO
import HDF5

/// A cache's file with everything but its frames read and checked.
struct OpenedCache {
  let file: HDF5Reader
  let frames: HDF5DatasetReader
  let sliceColumns: SliceColumns
  let storage: FrameStorage
  let description: CacheDescription
  let labels: [Int]
  let names: [String]
  let offsets: [Int]?
  let splits: [String: [String: [Int]]]

  init(_ open: () throws(HDF5Error) -> HDF5Reader) throws(FramingError) {
    do {
      file = try open()
      try Self.checkFormat(file)
      frames = try file.dataset(CacheSchema.frames)
      let isVariable = try file.contains(CacheSchema.offsets)
      storage = try FrameStorage(frames.layout, isVariable: isVariable)
      sliceColumns = try SliceColumns(file, frames.layout)
      description = try Self.readDescription(file)
      labels = try file.dataset(CacheSchema.labels).integers().map { Int($0) }
      names = try file.dataset(CacheSchema.names).strings()
      offsets =
        isVariable ? try file.dataset(CacheSchema.offsets).integers().map { Int($0) } : nil
      splits = try Self.readSplits(file)
      try check(rows: frames.rowCount)
    } catch let error as HDF5Error {
      throw FramingError(reading: error)
    } catch let error as FramingError {
      throw error
    } catch {
      throw FramingError(.corrupt, "\(error)")
    }
  }

  private static func checkFormat(_ file: HDF5Reader) throws {
    guard file.hasAttribute("format"),
      try file.stringAttribute("format") == CacheSchema.format
    else {
      throw FramingError(
        .corrupt,
        "this HDF5 file is not a frame cache: its attribute 'format' is not "
          + "'\(CacheSchema.format)'"
      )
    }
    let version = try file.integerAttribute("format_version")
    guard version == CacheSchema.version else {
      throw FramingError(
        .unsupported,
        "the cache has format version \(version); this program reads \(CacheSchema.version)"
      )
    }
  }

  private static func readDescription(_ file: HDF5Reader) throws -> CacheDescription {
    func optional(_ name: String) -> String { (try? file.stringAttribute(name)) ?? "" }
    var description = CacheDescription(
      recipe: try FramingRecipe(json: file.stringAttribute("recipe")),
      dataset: optional("dataset"),
      classNames: try file.dataset(CacheSchema.classNames).strings(),
      sourceFingerprint: optional("source_fingerprint"),
      createdBy: optional("created_by"),
      command: optional("command")
    )
    description.rowsCountFromBottom = optional(CacheSchema.rowOrigin) == "bottom"
    return description
  }

  private static func readSplits(_ file: HDF5Reader) throws -> [String: [String: [Int]]] {
    guard try file.contains(CacheSchema.splits) else { return [:] }
    var splits: [String: [String: [Int]]] = [:]
    for name in try file.members(of: CacheSchema.splits) {
      let group = "\(CacheSchema.splits)/\(name)"
      for part in try file.members(of: group) {
        let indices = try file.dataset("\(group)/\(part)").integers()
        splits[name, default: [:]][part] = indices.map { Int($0) }
      }
    }
    return splits
  }

  /// Checks that the parts agree with each other, so that readers need not.
  private func check(rows: Int) throws {
    func require(_ condition: Bool, _ reason: String) throws {
      if !condition { throw FramingError(.corrupt, reason) }
    }
    let count = labels.count
    try require(names.count == count, "\(names.count) names, \(count) labels")
    let classes = description.classNames.count
    try require(
      labels.allSatisfy { (0..<classes).contains($0) },
      "a label is not one of \(classes) classes"
    )
    if let offsets {
      let isRising = zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
      try require(
        offsets.count == count + 1 && offsets.first == 0 && offsets.last == rows && isRising,
        "/offsets do not rise from 0 to \(rows)"
      )
    } else {
      try require(rows == count, "/frames holds \(rows) samples, \(count) labels")
    }
    let largest = offsets.map { zip($0, $0.dropFirst()).map { $1 - $0 }.max() ?? 0 } ?? 1
    try require(
      largest <= storage.rowLimit(fileSize: file.byteCount),
      "a sample claims more frames than the file's bytes can hold"
    )
    let recipe = description.recipe
    try require(
      recipe.geometry == storage.shape.geometry
        && recipe.slicing.frameCount == storage.shape.frameCount,
      "the recipe says \(recipe.slicing) of \(recipe.geometry); /frames has another shape"
    )
    for (name, parts) in splits {
      for (part, indices) in parts {
        try require(
          indices.allSatisfy { (0..<count).contains($0) },
          "split \(name)/\(part) names a sample that does not exist"
        )
      }
    }
  }
}

extension FramingError {
  /// What an error of the file's structure means for a cache.
  init(reading error: HDF5Error) {
    let kind: Kind =
      switch error.kind {
      case .open, .read: .inputOutput
      case .unsupported: .unsupported
      default: .corrupt
      }
    self.init(kind, error.object.isEmpty ? error.reason : "\(error.object): \(error.reason)")
  }
}
