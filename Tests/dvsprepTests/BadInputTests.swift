import EventIO
import Foundation
import Testing
import _TestSupport

/// Every command that reads files, given files that it cannot use.
struct BadInputTests {
  /// A way to hand one path to the program.
  enum Command: String, CaseIterable {
    case inspect, inspectJSON, convert, convertToEvents, convertToTree, train, eval, evalOtherData

    /// The arguments that read `path`; the working folder is a fresh one.
    func arguments(_ path: String) -> [String] {
      switch self {
      case .inspect: ["inspect", path]
      case .inspectJSON: ["inspect", path, "--json"]
      case .convert: ["convert", path, "-o", "frames.h5"]
      case .convertToEvents: ["convert", path, "-o", "events.npz"]
      case .convertToTree: ["convert", path, "-o", "tree", "--layout", "spikingjelly"]
      case .train: ["train", "--data", path, "epochs=1"]
      case .eval: ["eval", path]
      case .evalOtherData: ["eval", path, "--data", path]
      }
    }

    /// Whether the program expects a recording, and not a cache or a checkpoint.
    var readsRecordings: Bool {
      switch self {
      case .inspect, .inspectJSON, .convert, .convertToEvents, .convertToTree: true
      case .train, .eval, .evalOtherData: false
      }
    }
  }

  private let inputs: TemporaryFolder

  init() throws {
    inputs = try TemporaryFolder()
  }

  /// Runs a command on a path and expects one line of error, and nothing else anywhere.
  private func expectRejection(
    _ command: Command,
    _ path: String,
    status: Int32,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let work = try TemporaryFolder()
    let run = try ProgramRun(command.arguments(path), in: work.path)
    let label = Comment(rawValue: "\(command) \(path): \(run.status) \(run.errors)\(run.output)")
    #expect(run.status == status, label, sourceLocation: location)
    #expect(run.output.isEmpty, label, sourceLocation: location)
    #expect(Self.endsWithOneError(run, naming: path), label, sourceLocation: location)
    let left = try FileManager.default.subpathsOfDirectory(atPath: work.path)
    #expect(left.isEmpty, label, sourceLocation: location)
  }

  /// Whether exactly one error was said, last, with the path and more than that.
  ///
  /// Notes and warnings may stand before it: what the input was taken for, what was assumed.
  private static func endsWithOneError(_ run: ProgramRun, naming path: String) -> Bool {
    let errors = run.errorLines.filter { $0.hasPrefix("error: ") }
    guard errors.count == 1, let error = errors.first, error == run.errorLines.last else {
      return false
    }
    // What is wrong and what was expected take more than a few letters.
    return error.contains(path) && error.count > path.count + 25
  }

  @Test(arguments: Command.allCases) func aMissingFileIsNamed(_ command: Command) throws {
    try expectRejection(command, inputs.file("nowhere.aedat"), status: 66)
    try expectRejection(command, inputs.file("no/such/folder/x.h5"), status: 66)
  }

  @Test(arguments: Command.allCases) func anEmptyFileIsBadData(_ command: Command) throws {
    for name in ["empty.aedat", "empty.bin", "empty.npz", "empty.h5", "empty.safetensors", "empty"]
    {
      try expectRejection(command, inputs.write([], to: name), status: 65)
    }
  }

  @Test(arguments: Command.allCases) func anEmptyFolderIsRejected(_ command: Command) throws {
    let path = inputs.file("folder")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try expectRejection(command, path, status: 66)
  }

  @Test(arguments: Command.allCases) func randomBytesAreBadData(_ command: Command) throws {
    var generator = SplitMix64(seed: 2024)
    for count in [1, 5, 27, 40, 1000, 5003, 100_000] {
      for name in ["random.aedat", "random.bin", "random.npz", "random.h5", "random"] {
        let path = try inputs.write(generator.bytes(count), to: "\(count)-\(name)")
        // Five bytes are one legal ATIS record, wherever it lies; inspect counts it as stray.
        if count == 5 && name == "random.bin" { continue }
        try expectRejection(command, path, status: 65)
      }
    }
  }

  @Test(arguments: Command.allCases) func whatCannotBeOpenedIsNamed(_ command: Command) throws {
    let file = try inputs.write([1, 2, 3], to: "file.aedat")
    // Through a file, as if it were a folder.
    try expectRejection(command, file + "/inside.aedat", status: 66)
    let loop = inputs.file("loop.aedat")
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    try expectRejection(command, loop, status: 66)
    // Opens, but the first page cannot be read. It claims to be empty, and a cache is not.
    try expectRejection(command, "/proc/self/mem", status: command == .train ? 65 : 74)
  }

  /// Whether a process can be started that may not read everything, as root may.
  private static let setpriv: String? = {
    let path = "/usr/bin/setpriv"
    let probe = try? ProgramRun(
      program: path,
      unprivileged + [ProgramRun.program, "--version"]
    )
    return probe?.status == 0 ? path : nil
  }()

  private static let unprivileged = ["--reuid=65534", "--regid=65534", "--clear-groups"]

  @Test(
    .enabled(if: geteuid() != 0 || setpriv != nil, "cannot give up root's rights; skipped"),
    arguments: Command.allCases
  )
  func aFileWithoutReadPermissionIsNamed(_ command: Command) throws {
    let path = try inputs.write(Self.recordings[0].bytes, to: "locked.aedat")
    #expect(chmod(path, 0) == 0)
    let work = try TemporaryFolder()
    #expect(chmod(work.path, 0o777) == 0)
    let run =
      if geteuid() == 0, let setpriv = Self.setpriv {
        try ProgramRun(
          program: setpriv,
          Self.unprivileged + [ProgramRun.program] + command.arguments(path),
          in: work.path
        )
      } else {
        try ProgramRun(command.arguments(path), in: work.path)
      }
    let label = Comment(rawValue: "\(command): \(run.status) \(run.errors)\(run.output)")
    #expect(run.status == 74, label)
    #expect(run.output.isEmpty && Self.endsWithOneError(run, naming: path), label)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: work.path).isEmpty, label)
  }

  /// A small recording in every format that can be written.
  private static let recordings = recordings(of: 400)

  private static func recordings(of count: Int) -> [(name: String, bytes: [UInt8])] {
    var generator = SplitMix64(seed: 7)
    var events = EventBuffer()
    for index in 0..<count {
      events.append(
        t: Int64(1000 + 37 * index),
        x: UInt16.random(in: 0..<34, using: &generator),
        y: UInt16.random(in: 0..<34, using: &generator),
        p: Bool.random(using: &generator) ? .on : .off
      )
    }
    let writers: [(String, any EventWriter)] = [
      ("a.aedat", AEDAT3Writer()), ("b.aedat", AEDAT2Writer()), ("c.bin", ATISWriter()),
    ]
    return writers.compactMap { name, writer in
      (try? writer.recording(of: events)).map { (name, $0) }
    }
  }

  /// Recordings of three events, so that every length can be tried through the program.
  private static let small = recordings(of: 3)

  @Test(arguments: small.indices, Command.allCases.filter(\.readsRecordings))
  func aFileCutAnywhereIsReadOrRejected(_ index: Int, _ command: Command) throws {
    let (name, bytes) = Self.small[index]
    for length in 1..<bytes.count {
      let path = try inputs.write(Array(bytes.prefix(length)), to: "\(length)-\(name)")
      let work = try TemporaryFolder()
      let run = try ProgramRun(command.arguments(path), in: work.path)
      let label = Comment(rawValue: "\(length) bytes: \(run.status) \(run.errors)")
      if run.status == 0 {
        #expect(run.errorLines.allSatisfy { !$0.hasPrefix("error") }, label)
        continue
      }
      #expect(run.status == 65, label)
      #expect(run.output.isEmpty && Self.endsWithOneError(run, naming: path), label)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: work.path).isEmpty, label)
    }
  }

  @Test func aWholeFileIsNotRejected() throws {
    // The yardstick of the tests above: the same bytes, uncut, are fine.
    #expect(Self.recordings.count == 3)
    for (name, bytes) in Self.recordings {
      let path = try inputs.write(bytes, to: "whole-\(name)")
      let work = try TemporaryFolder()
      let run = try ProgramRun(Command.inspectJSON.arguments(path), in: work.path)
      #expect(run.status == 0, "\(name): \(run.errors)")
      #expect(run.output.contains("\"events\": 400") || run.output.contains("\"events\":400"))
      let conversion = try ProgramRun(Command.convert.arguments(path), in: work.path)
      #expect(conversion.status == 0, "\(name): \(conversion.errors)")
      let made = try FileManager.default.subpathsOfDirectory(atPath: work.path)
      #expect(made == ["frames.h5"])
    }
  }

  @Test func anOutputThatCannotBeWrittenIsNamed() throws {
    let recording = try inputs.write(Self.recordings[0].bytes, to: "fine.aedat")
    let file = try inputs.write([1], to: "file")
    for output in [file + "/frames.h5", inputs.file("absent/frames.h5"), "/proc/frames.h5"] {
      let folder = String(output.dropLast("/frames.h5".count))
      let run = try ProgramRun("convert", recording, "-o", output)
      let label = Comment(rawValue: "\(output): \(run.status) \(run.errors)")
      #expect(run.status == 74, label)
      #expect(run.output.isEmpty && Self.endsWithOneError(run, naming: folder), label)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: inputs.path)
    #expect(left.sorted() == ["file", "fine.aedat"])
  }
}
