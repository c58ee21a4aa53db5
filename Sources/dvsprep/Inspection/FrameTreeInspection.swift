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
      let array = try NPZArchive(path: "\(path)/\(file)").array("frames")
      guard array.shape.count == 4, array.shape[1] == 2,
        let size = SensorGeometry("\(array.shape[3])x\(array.shape[2])"),
        geometry == nil || geometry == size
      else {
        throw CommandFailure(
          .badData,
          "\(path)/\(file): an array 'frames' of shape \(array.shape); expected [T, 2, H, W], with "
            + "the same height and width in all files"
        )
      }
      geometry = size
      let counts = try array.values(as: Int32.self)
      let frameSize = 2 * size.width * size.height
      slices.append(
        (0..<array.shape[0]).map { frame in
          counts[frame * frameSize..<(frame + 1) * frameSize].reduce(0) { $0 + Int64($1) }
        }
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
