import ArgumentParser
import EventIO
import Foundation

/// The files that an inspection writes: all of them, or none.
struct InspectionOutputs: ParsableArguments {
  @Option(
    help: ArgumentHelp("Also write the slices, or the samples, as a table.", valueName: "path")
  )
  var csv: String?

  @Option(help: ArgumentHelp("Also write the frames as one picture.", valueName: "path"))
  var png: String?

  @Option(help: ArgumentHelp("Also write the frames as an animation.", valueName: "path"))
  var gif: String?

  /// Options that were given for pictures of frames.
  var pictures: [String] {
    [png == nil ? nil : "--png", gif == nil ? nil : "--gif"].compactMap(\.self)
  }

  /// A kind of file, and how such files begin.
  private enum Kind: String {
    case csv
    case png
    case gif

    var beginnings: [[UInt8]] {
      switch self {
      case .csv: [Array("index,".utf8)]
      case .png: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]
      case .gif: [Array("GIF87a".utf8), Array("GIF89a".utf8)]
      }
    }
  }

  private var destinations: [(kind: Kind, path: String)] {
    [(Kind.csv, csv), (.png, png), (.gif, gif)].compactMap { kind, path in
      path.map { (kind, $0) }
    }
  }

  /// Refuses places that cannot be written to, or hold something that is not of the kind.
  ///
  /// - Throws: ``CommandFailure`` naming the place and what to do.
  func check(input: String) throws {
    var seen: Set<String> = []
    for (kind, path) in destinations {
      if SameFile.holds(input, path) {
        throw CommandFailure(.usage, "\(path): is the input; choose another place to write to")
      }
      guard let folder = RealPath.of(PathName.folder(path)), access(folder, W_OK) == 0 else {
        let reason = String(cString: strerror(errno))
        throw CommandFailure(.inputOutput, "\(path): cannot be written: \(reason)")
      }
      guard seen.insert("\(folder)/\(PathName.last(path))").inserted else {
        throw CommandFailure(.usage, "\(path): is named twice; each output needs its own place")
      }
      try checkPresent(kind, path)
    }
  }

  /// A file that is there is replaced only by one of its kind.
  private func checkPresent(_ kind: Kind, _ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(.usage, "\(path): is not a file; choose another place to write to")
    }
    let front = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 16) } ?? Data()
    guard status.st_size == 0 || kind.beginnings.contains(where: { front.starts(with: $0) }) else {
      throw CommandFailure(
        .usage,
        "\(path): exists, and is no \(kind.rawValue.uppercased()) file of dvsprep; it is not "
          + "replaced. Choose another place to write to"
      )
    }
  }

  /// Writes the files that were asked for; if one cannot be written, none appears.
  ///
  /// - Throws: ``CommandFailure`` naming the file.
  func write(
    csv table: @autoclosure () throws -> String,
    png picture: @autoclosure () throws -> [UInt8],
    gif animation: @autoclosure () throws -> [UInt8]
  ) throws {
    var written: [(partial: String, path: String)] = []
    do {
      for (kind, path) in destinations {
        let content =
          switch kind {
          case .csv: Data(try table().utf8)
          case .png: Data(try picture())
          case .gif: Data(try animation())
          }
        let partial = path + ".partial"
        written.append((partial, path))
        try Self.write(content, to: partial)
      }
      for (partial, path) in written where rename(partial, path) != 0 {
        let reason = String(cString: strerror(errno))
        throw CommandFailure(.inputOutput, "\(path): cannot be written: \(reason)")
      }
    } catch {
      for (partial, _) in written { unlink(partial) }
      throw error
    }
  }

  private static func write(_ content: Data, to path: String) throws {
    let failure = "\(path): cannot be written; is the disk full?"
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw CommandFailure(.inputOutput, failure) }
    defer { try? file.close() }
    do {
      try file.write(contentsOf: content)
      try file.synchronize()
    } catch {
      throw CommandFailure(.inputOutput, failure)
    }
  }
}
