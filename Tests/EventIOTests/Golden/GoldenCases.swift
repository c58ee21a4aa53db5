import EventIO
import Foundation
import _TestSupport

/// Digests of the event columns that a reference library returned.
struct GoldenColumns: Decodable, Sendable {
  struct Columns<T: Decodable & Sendable>: Decodable, Sendable {
    let t: T
    let x: T
    let y: T
    let p: T
  }

  let n: Columns<Int>
  let sha256_i64le: Columns<String>
  let first: Columns<Int64>?
  let last: Columns<Int64>?

  /// Whether all columns have the same length; some truncated files give SpikingJelly others.
  var isRegular: Bool { n.t == n.x && n.t == n.y && n.t == n.p }
}

/// What SpikingJelly did with one input file.
struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  struct Failure: Decodable, Sendable {
    let error: String
  }

  let format: String
  let name: String
  let file: String
  let events: GoldenColumns?
  let load: Failure?

  var description: String { "\(format)/\(name)" }

  /// The path of the input.
  var path: String { SharedData.path("golden/io/\(file)") }

  private struct File: Decodable {
    let cases: [GoldenCase]
  }

  /// All cases of a format; none if the shared data is absent.
  static func all(_ format: String) -> [GoldenCase] {
    guard SharedData.isPresent,
      let data = try? SharedData.data("golden/io/golden.json"),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases.filter { $0.format == format }
  }

  /// The case of a name.
  static func named(_ name: String, in format: String) -> GoldenCase? {
    all(format).first { $0.name == name }
  }
}

/// What reference libraries did with one real recording.
struct RealRecording: Decodable, Sendable, CustomStringConvertible {
  let file: String
  let events: GoldenColumns?
  let tonic_dvs128_fields: GoldenColumns?

  var description: String { file }

  /// The path of the recording.
  var path: String { SharedData.path("data/\(file)") }

  private enum CodingKeys: String, CodingKey {
    case file, events, tonic_dvs128_fields
  }

  init(from decoder: Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    file = try values.decode(String.self, forKey: .file)
    // A library that failed has an error in this place.
    events = try? values.decode(GoldenColumns.self, forKey: .events)
    tonic_dvs128_fields = try? values.decode(GoldenColumns.self, forKey: .tonic_dvs128_fields)
  }

  /// All recordings below a folder of the shared data; none if it is absent.
  static func all(in folder: String) -> [RealRecording] {
    guard SharedData.isPresent,
      let data = try? SharedData.data("golden/io/real/real.json"),
      let all = try? JSONDecoder().decode([RealRecording].self, from: data)
    else { return [] }
    return all.filter { $0.file.hasPrefix(folder + "/") }
  }
}

/// The digests of a buffer's columns, for comparison with golden ones.
struct ColumnDigests: Equatable {
  let t: String
  let x: String
  let y: String
  let p: String

  init(_ events: EventBuffer) {
    t = SHA256.hex(int64: events.t)
    x = SHA256.hex(int64: events.x.map { Int64($0) })
    y = SHA256.hex(int64: events.y.map { Int64($0) })
    p = SHA256.hex(int64: events.p.map { Int64($0.rawValue) })
  }

  init(t: String, x: String, y: String, p: String) {
    self.t = t
    self.x = x
    self.y = y
    self.p = p
  }

  init(_ golden: GoldenColumns) {
    t = golden.sha256_i64le.t
    x = golden.sha256_i64le.x
    y = golden.sha256_i64le.y
    p = golden.sha256_i64le.p
  }
}

/// Reads a whole recording and says what was odd.
func read(
  _ path: String,
  _ options: ReadOptions = ReadOptions()
) throws(RecordingError) -> (events: EventBuffer, report: ReadReport) {
  var reader = try Recording.open(path, options: options)
  let events = try reader.readAll()
  return (events, reader.report)
}

/// The error that reading a recording ends with; nil if it ends well.
func failure(_ path: String, _ options: ReadOptions = ReadOptions()) -> RecordingError? {
  do {
    _ = try read(path, options)
    return nil
  } catch {
    return error
  }
}
