import EventIO
import Foundation
import Framing
import _TestSupport

/// What SpikingJelly made of one way of cutting.
struct GoldenFrames: Decodable, Sendable {
  let shape: [Int]?
  let sum: Int?
  let per_frame_sum: [Int]?
  let sha256_f32le: String?
  let sha256_u32le: String?
  let segments: [[Int]]?
  let error: String?
}

/// What SpikingJelly did with one input file.
struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  struct Events: Decodable, Sendable {
    struct Numbers: Decodable, Sendable {
      let t: Int
      let x: Int
    }
    let n: Numbers
  }

  let format: String
  let name: String
  let file: String
  let events: Events?
  let frames: [String: GoldenFrames]?
  let HW: [Int]?

  var description: String { "\(format)/\(name)" }

  /// The sensor that the frames were made for.
  var geometry: SensorGeometry? {
    HW.map { SensorGeometry(width: $0[1], height: $0[0]) }
  }

  /// How the recording is read so that the events are the reference's.
  var options: ReadOptions {
    var options = ReadOptions(geometry: geometry, aedat31: .spikingJelly)
    if format == "aedat2" { options.camera = .cifar10DVS }
    return options
  }

  private struct File: Decodable {
    let cases: [GoldenCase]
  }

  /// All cases of a file such as `golden.json` that have frames; none without the shared data.
  static func all(_ file: String) -> [GoldenCase] {
    guard SharedData.isPresent, let data = try? SharedData.data("golden/io/\(file)"),
      let cases = try? JSONDecoder().decode(File.self, from: data).cases
    else { return [] }
    return cases.filter { !($0.frames ?? [:]).isEmpty && !excluded.keys.contains($0.description) }
  }

  /// Cases whose events are not the reference's here, and why.
  static let excluded = [
    "aedat31/oob_x": "stray events are an error",
    "aedat31/oob_y": "stray events are an error",
    "atis/oob_x": "stray events are an error",
    "atis/y240": "overflow markers are not events",
    "atis/trunc3": "SpikingJelly's columns differ in length",
    "atis/trunc4": "SpikingJelly's columns differ in length",
    "aedat2/hdr_latin1": "SpikingJelly reads a part of the header as events",
    "aedat31/empty_file": "an empty file is an error",
    "atis/empty": "an empty file is an error",
    "aedat31/trunc_boundary": "a cut packet is an error",
  ]
}

/// A way of cutting by the name that the golden files give it.
func slicingOf(_ name: String, rule: DurationRule) -> Slicing? {
  let parts = name.split(separator: "_")
  if parts.first == "duration", let duration = parts.last.flatMap({ Int64($0) }) {
    return .microsecondsPerFrame(duration, rule: rule)
  }
  guard name.hasPrefix("frames_number_"), parts.count == 6, let frames = Int(parts[2]) else {
    return nil
  }
  return parts[5] == "time" ? .equalDuration(frames: frames) : .equalCount(frames: frames)
}

/// The counts' digests as the golden files give them.
func digests(_ stack: FrameStack) -> (u32: String, f32: String) {
  func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
  return (
    SHA256.hex(bytes(stack.counts.map { UInt32($0) })),
    SHA256.hex(bytes(stack.counts.map { Float($0).bitPattern }))
  )
}
