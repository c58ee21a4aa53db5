import EventIO
import Foundation

/// Looks for conversions in a dataset's root that were left half-made, SpikingJelly's and our own.
struct TreeCheck {
  private let root: String
  private let truth: DatasetTruth
  private let readsContent: Bool

  init(_ root: String, _ truth: DatasetTruth, readsContent: Bool) {
    self.root = root
    self.truth = truth
    self.readsContent = readsContent
  }

  var findings: [Finding] {
    guard let listing = try? FolderListing(root) else { return [] }
    let trees = listing.folders.filter(Self.isTree)
    return listing.files.filter { $0.hasSuffix(".building") }.map(marker) + trees.flatMap(tree)
  }

  /// Says whether a folder is one that SpikingJelly fills.
  static func isTree(_ name: String) -> Bool {
    name == "events_np" || SpikingJellyTree.isFramesFolder(name)
  }

  /// SpikingJelly 2.0.0 keeps this file while it converts, and refuses to start while it is there.
  private func marker(_ name: String) -> Finding {
    let folder = "\(root)/\(name.dropLast(".building".count))"
    return Finding(
      .unfinished,
      "\(root)/\(name)",
      "SpikingJelly was interrupted while it made \(folder)",
      remedy: "rm -r \(ShellPath(folder)) \(ShellPath("\(root)/\(name)"))"
    )
  }

  private func tree(_ name: String) -> [Finding] {
    let path = "\(root)/\(name)"
    let tree = SpikingJellyTree(path)
    let files = tree.files
    let remedy = "rm -r \(ShellPath(path))"
    // Without events the folder only tells SpikingJelly that there is nothing to convert.
    if files.isEmpty && name == "events_np" { return [] }
    var findings: [Finding] = []
    if files.count != truth.sampleCount {
      findings.append(
        Finding(
          .unfinished,
          path,
          "holds \(files.count) of \(truth.sampleCount) samples; SpikingJelly uses it all the same",
          remedy: remedy
        )
      )
    }
    if readsContent {
      let key = name == "events_np" ? "t" : "frames"
      let damaged = files.filter { !SpikingJellyTree.isReadable("\(path)/\($0)", key) }
      findings += damaged.prefix(10).map {
        Finding(
          .damaged,
          "\(path)/\($0)",
          "is no whole .npz file with an array '\(key)'",
          remedy: remedy
        )
      }
    }
    return findings
  }
}
