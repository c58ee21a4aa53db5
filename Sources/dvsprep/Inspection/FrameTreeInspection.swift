import EventIO
import Foundation
import Framing
import SpikeNet

/// What is in a folder of frames as SpikingJelly keeps them.
struct FrameTreeInspection: SetInspection {
  private let path: String
  private let geometry: SensorGeometry
  private let table: SampleTable

  /// The folders of frames in a root; the root itself if it is one.
  static func folders(in root: String) -> [String] {
    let name = PathName.last(RealPath.of(root) ?? root)
    if SpikingJellyTree.isFramesFolder(name) { return [root] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().filter(SpikingJellyTree.isFramesFolder).map { "\(root)/\($0)" }
  }

  /// Reads all frames.
  ///
  /// - Throws: `RecordingError` for a file that cannot be read; ``CommandFailure`` for one that
  ///   holds no frames.
  init(_ path: String) throws {
    self.path = path
    let files = SpikingJellyTree(path).files
    var slices: [[Int64]] = []
    var geometry: SensorGeometry?
    for file in files {
      let stack = try FramesFile.stack(at: "\(path)/\(file)")
      guard geometry == nil || geometry == stack.geometry else {
        throw CommandFailure(
          .badData,
          "\(path)/\(file): frames of \(stack.geometry); expected the same height and width in all "
            + "files"
        )
      }
      geometry = stack.geometry
      slices.append(
        (0..<stack.frameCount).map { stack[frame: $0].reduce(0) { $0 + Int64($1) } }
      )
    }
    guard let geometry else {
      throw CommandFailure(.badData, "\(path): holds no .npz files; expected a folder per class")
    }
    self.geometry = geometry
    var table = SampleTable(facts: [], names: files, balance: Self.balance(files), slices: slices)
    table.facts = [
      ("frames", path), ("samples", "\(files.count), \(table.frameCount) frames of \(geometry)"),
    ]
    self.table = table
  }

  /// What is in one of its files, by its place in their order.
  static func sample(_ index: Int, of path: String) throws -> StackInspection {
    let files = SpikingJellyTree(path).files
    try SampleChoice(path, count: files.count).check(index)
    var inspection = try FramesFile.inspection(of: "\(path)/\(files[index])")
    let balance = balance(files)
    let label = balance.labels[index]
    inspection.name(
      sample: index,
      PathName.stem(files[index]),
      label: label,
      balance.classNames[label]
    )
    return inspection
  }

  /// Classes and parts by the folders that files are in.
  private static func balance(_ files: [String]) -> ClassBalance {
    let folders = files.map { Array($0.split(separator: "/").map(String.init).dropLast()) }
    let names = folders.map { $0.last ?? "" }
    let classNames = Set(names).sorted()
    let isParted = folders.allSatisfy { $0.count == 2 }
    let parts = Dictionary(grouping: files.indices) { folders[$0].first ?? "" }
    return ClassBalance(
      classNames: classNames,
      labels: names.map { classNames.firstIndex(of: $0) ?? 0 },
      splits: isParted ? ["official": parts] : [:]
    )
  }

  var text: String { table.text }
  var csv: String { table.csv }

  var json: ConfigurationValue {
    .section(
      [
        .init("path", .text(path)), .init("width", .integer(geometry.width)),
        .init("height", .integer(geometry.height)),
      ] + table.members
    )
  }
}
