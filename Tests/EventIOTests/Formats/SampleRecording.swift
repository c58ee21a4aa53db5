import EventIO
import Foundation
import _TestSupport

/// A small recording in `fixtures/recordings` and what reading it must give.
struct SampleRecording: Decodable, Sendable, CustomStringConvertible {
  struct Digests: Decodable, Sendable {
    let t: String
    let x: String
    let y: String
    let p: String
  }

  struct Options: Decodable, Sendable {
    let camera: String?
  }

  let file: String
  let title: String
  let options: Options
  let width: Int
  let height: Int
  let events: Int
  let first: [Int64]
  let last: [Int64]
  let sha256: Digests
  let skippedRecords: Int
  let invalidEvents: Int
  let slackEntries: Int
  let backwardSteps: Int

  /// The folder's name; it starts with the format's.
  var name = ""

  var description: String { name }

  private enum CodingKeys: String, CodingKey {
    case file, title, options, width, height, events, first, last, sha256, skippedRecords
    case invalidEvents, slackEntries, backwardSteps
  }

  static let folder = SharedData.packageRoot.appendingPathComponent("fixtures/recordings")

  /// Every sample, by folder name.
  static let all: [SampleRecording] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      let json = folder.appendingPathComponent("\(name)/expected.json")
      guard let data = try? Data(contentsOf: json),
        var sample = try? JSONDecoder().decode(SampleRecording.self, from: data)
      else { return nil }
      sample.name = name
      return sample
    }
  }()

  var path: String { Self.folder.appendingPathComponent("\(name)/\(file)").path }

  func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// What the recording cannot say about itself.
  var readOptions: ReadOptions {
    ReadOptions(camera: options.camera.flatMap { AddressLayout.named($0) })
  }

  var digests: ColumnDigests {
    ColumnDigests(t: sha256.t, x: sha256.x, y: sha256.y, p: sha256.p)
  }

  /// The writers that can hold the sample's events, with what reading them back needs.
  var writers: [any EventWriter] {
    switch title {
    case AEDAT3.title: [AEDAT3Writer(), AEDAT3Writer(eventsPerPacket: 7)]
    case AEDAT2.title:
      [
        AEDAT2Writer(
          layout: AddressLayout.named(options.camera ?? "") ?? (width == 240 ? .davis240 : .dvs128)
        )
      ]
    case ATISBin.title: [ATISWriter()]
    default: []
    }
  }
}
