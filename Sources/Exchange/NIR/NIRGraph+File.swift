import Foundation
import HDF5
import SpikeNet

extension NIRGraph {
  /// The version of the specification's library that this follows.
  private static let version = "1.0.8"

  /// Writes the graph as HDF5, whole or not at all.
  ///
  /// | path | content |
  /// |---|---|
  /// | `/version` | string |
  /// | `/node/type` | `NIRGraph` |
  /// | `/node/edges` | strings `[n, 2]`, names of nodes |
  /// | `/node/nodes/NAME/type` | the kind of node; its parameters stand beside it |
  func write(to path: String) throws(SpikeNetError) {
    let partial = path + ".partial"
    do {
      let file = try HDF5File.create(partial)
      try file.createString("/version", Self.version)
      try file.createString("/node/type", "NIRGraph")
      try file.createStrings(
        "/node/edges",
        edges.flatMap { [$0.source, $0.target] },
        shape: [edges.count, 2]
      )
      for node in nodes { try Self.write(node, to: file) }
      try file.flush()
    } catch {
      unlink(partial)
      throw SpikeNetError(.inputOutput, "cannot be written: \(error.reason)", path: path)
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw SpikeNetError(.inputOutput, "cannot be written: \(reason)", path: path)
    }
  }

  private static func write(_ node: Node, to file: HDF5File) throws(HDF5Error) {
    let folder = "/node/nodes/\(node.name)"
    try file.createString(folder + "/type", node.type)
    for (name, value) in node.values {
      let path = "\(folder)/\(name)"
      switch value {
      case .floats(let shape, let scalars):
        try file.createDataset(path, layout: HDF5Layout(type: .scalar(.float32), shape: shape))
          .writeAll(scalars)
      case .integers(let values):
        try file.createDataset(
          path,
          layout: HDF5Layout(type: .scalar(.int64), shape: [values.count])
        ).writeAll(values)
      case .integer(let value):
        try file.createDataset(path, layout: HDF5Layout(type: .scalar(.int64), shape: []))
          .writeAll([value])
      }
    }
  }
}
