import ArgumentParser
import Framing

/// What a conversion writes: one cache, or a tree of files.
struct LayoutOptions: ParsableArguments, Sendable {
  /// The kinds of output.
  enum Layout: String, CaseIterable, ExpressibleByArgument {
    case hdf5
    case spikingJelly = "spikingjelly"
  }

  @Option(
    help: """
      hdf5: OUTPUT is one file. spikingjelly: OUTPUT is a dataset's root, which SpikingJelly's \
      classes open without converting anything; it may be the root of the input.
      """
  )
  var layout = Layout.hdf5

  @Flag(
    help: """
      spikingjelly: also write events_np/, from which SpikingJelly can make other frames; always \
      written where recordings are cut by labels.
      """
  )
  var events = false

  func validate() throws {
    guard layout == .spikingJelly || !events else {
      throw ValidationError("--events goes with --layout spikingjelly")
    }
  }

  /// Whether the output is a folder.
  var isTree: Bool { layout == .spikingJelly }

  /// Refuses an output that is not of the kind.
  func check(_ output: String, hasSplits: Bool) throws {
    let endings = [".h5", ".hdf5", ".npz"]
    let isFile = endings.contains { output.hasSuffix($0) }
    guard isFile != isTree else {
      throw ValidationError(
        isTree
          ? "--layout spikingjelly writes a folder; --output '\(output)' looks like a file"
          : "--output '\(output)' must end in .h5, .hdf5 or .npz; --layout spikingjelly writes a folder"
      )
    }
    guard !isTree || !hasSplits else {
      throw ValidationError(
        "--split, --val and --seed are stored in caches; the folders of --layout spikingjelly are "
          + "train/ and test/ where the dataset has them"
      )
    }
  }
}
