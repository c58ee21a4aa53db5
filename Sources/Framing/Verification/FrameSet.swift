import EventIO
import Foundation

/// Frames of named samples, wherever they are: a cache, or SpikingJelly's tree of files.
public protocol FrameSet: Sendable {
  /// The file or folder.
  var path: String { get }
  /// The samples, as SpikingJelly names their files, without ending.
  var names: [String] { get }
  /// The class of each sample where the set says it.
  var labels: [Int]? { get }

  /// Reads a sample's counts `[T, 2, H, W]` and their shape.
  ///
  /// - Throws: ``FramingError`` or `RecordingError`, naming the sample or its file.
  func counts(at index: Int) throws -> (counts: [Int32], shape: [Int])
}

/// Opens sets of frames.
public enum FrameSets {
  /// Opens a cache, or a folder of `.npz` files with frames.
  ///
  /// - Throws: ``FramingError`` as ``FrameCache`` and ``FrameTree`` do.
  public static func open(_ path: String) throws -> any FrameSet {
    FolderListing.isFolder(path) ? try FrameTree(path) : try CachedFrames(FrameCache(path))
  }
}

/// The frames of a cache.
public struct CachedFrames: FrameSet {
  /// The cache.
  public let cache: FrameCache

  /// Takes the frames of a cache.
  public init(_ cache: FrameCache) { self.cache = cache }

  /// The file.
  public var path: String { cache.path }
  /// The samples.
  public var names: [String] { cache.names }
  /// The class of each sample.
  public var labels: [Int]? { cache.labels }

  /// Reads a sample.
  public func counts(at index: Int) throws -> (counts: [Int32], shape: [Int]) {
    let stack = try cache.frames(at: index)
    return (stack.counts, [stack.frameCount, 2, stack.geometry.height, stack.geometry.width])
  }
}

/// SpikingJelly's tree of frames: a folder `frames_number_…` or `duration_…` of `.npz` files.
public struct FrameTree: FrameSet {
  /// The folder with the frames.
  public let path: String
  /// The samples, in the order of their names.
  public let names: [String]
  /// The files below the folder.
  let files: [String]

  /// The folder names do not tell the label: their order does, and that is SpikingJelly's business.
  public var labels: [Int]? { nil }

  /// Finds the files.
  ///
  /// - Parameter root: The folder with the frames, or a dataset's root with one such folder.
  /// - Throws: ``FramingError``: `missing`, also where there are no frames, or `inputOutput`.
  public init(_ root: String) throws(FramingError) {
    let listing = try FolderListing(root)
    let folders = listing.folders.filter(Self.holdsFrames)
    guard folders.count <= 1 else {
      throw FramingError(
        .usage,
        "there are several sets of frames: \(folders.joined(separator: ", ")); name one of them",
        path: root
      )
    }
    let path = folders.first.map { "\(root)/\($0)" } ?? root
    let last = PathName.last(path)
    files = try Self.files(in: path, "").sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    names = files.map { Self.name($0, hasFrameCount: last.hasPrefix("duration_")) }
    self.path = path
    guard !files.isEmpty else {
      throw FramingError(
        .missing,
        "there are no frames; expected .npz files, or a folder frames_number_… or duration_… of them",
        path: root
      )
    }
  }

  private static func holdsFrames(_ folder: String) -> Bool {
    folder.hasPrefix("frames_number_") || folder.hasPrefix("duration_")
  }

  private static func files(
    in root: String,
    _ folder: String
  ) throws(FramingError) -> [String] {
    let listing = try FolderListing(folder.isEmpty ? root : "\(root)/\(folder)")
    let prefix = folder.isEmpty ? "" : folder + "/"
    var files = listing.files.filter { $0.hasSuffix(".npz") && !$0.hasPrefix(".") }
      .map { prefix + $0 }
    for below in listing.folders { files += try self.files(in: root, prefix + below) }
    return files
  }

  /// Files of fixed duration are named `NAME_T.npz`.
  private static func name(_ file: String, hasFrameCount: Bool) -> String {
    let stem = PathName.stem(file)
    guard hasFrameCount, let mark = stem.lastIndex(of: "_"),
      Int(stem[stem.index(after: mark)...]) != nil
    else { return stem }
    return String(stem[..<mark])
  }

  /// Reads a sample's file; the archive's checksum is verified.
  public func counts(at index: Int) throws -> (counts: [Int32], shape: [Int]) {
    let file = "\(path)/\(files[index])"
    let array = try NPZArchive(path: file).array("frames")
    guard array.shape.count == 4, array.shape[1] == 2 else {
      throw FramingError(
        .corrupt,
        "its frames have the shape \(array.shape); expected [T, 2, H, W]",
        path: file
      )
    }
    do {
      return (try array.values(as: Int32.self), array.shape)
    } catch {
      throw FramingError(.corrupt, error.reason, path: file)
    }
  }
}
