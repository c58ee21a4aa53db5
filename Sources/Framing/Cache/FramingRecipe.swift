import EventIO
import Foundation

/// Everything that determines the pixels of a set of frames.
///
/// Two recipes are equal exactly when they make the same frames of the same recordings.
public struct FramingRecipe: Hashable, Sendable {
  /// How recordings are cut.
  public var slicing: Slicing
  /// The sensor.
  public var geometry: SensorGeometry
  /// What happens to events outside the sensor.
  public var strayEvents: StrayEventRule
  /// How AEDAT 3.1 packets are read where SpikingJelly and the specification differ.
  public var aedat31: AEDAT31Policy
  /// The camera's address layout that overrides what the files say; nil where they decide.
  public var camera: String?

  /// Creates a recipe.
  public init(
    slicing: Slicing,
    geometry: SensorGeometry,
    strayEvents: StrayEventRule = .reject,
    aedat31: AEDAT31Policy = .strict,
    camera: String? = nil
  ) {
    self.slicing = slicing
    self.geometry = geometry
    self.strayEvents = strayEvents
    self.aedat31 = aedat31
    self.camera = camera
  }

  /// What differs between this recipe and another, one sentence a field.
  ///
  /// - Returns: Sentences such as `frames_number is 16, expected 8`; empty for equal recipes.
  public func differences(from expected: FramingRecipe) -> [String] {
    zip(Fields(self).named, Fields(expected).named).compactMap { own, other in
      own.value == other.value ? nil : "\(own.name) is \(own.value), expected \(other.value)"
    }
  }
}

/// A recipe as flat JSON, in the words of the cache's attributes.
private struct Fields: Codable {
  var split_by: String
  var frames_number: Int?
  var duration_us: Int64?
  var duration_rule: String?
  var events_per_frame: Int?
  var height: Int
  var width: Int
  var stray_events: String
  var aedat31: String
  var camera: String?

  init(_ recipe: FramingRecipe) {
    split_by = recipe.slicing.splitBy
    frames_number = recipe.slicing.frameCount
    if case .eventsPerFrame(let events) = recipe.slicing { events_per_frame = events }
    if case .microsecondsPerFrame(let duration, let rule) = recipe.slicing {
      duration_us = duration
      duration_rule = rule.rawValue
    }
    height = recipe.geometry.height
    width = recipe.geometry.width
    stray_events = recipe.strayEvents.rawValue
    aedat31 = recipe.aedat31.rawValue
    camera = recipe.camera
  }

  /// Every field with its value in words.
  var named: [(name: String, value: String)] {
    func words(_ value: (some CustomStringConvertible)?) -> String {
      value?.description ?? "not set"
    }
    return [
      ("split_by", split_by), ("frames_number", words(frames_number)),
      ("duration_us", words(duration_us)), ("duration_rule", words(duration_rule)),
      ("events_per_frame", words(events_per_frame)), ("height", words(height)),
      ("width", words(width)), ("stray_events", stray_events), ("aedat31", aedat31),
      ("camera", words(camera)),
    ]
  }

  /// The way of cutting; nil where the fields contradict each other.
  var slicing: Slicing? {
    switch split_by {
    case "number": frames_number.map { .equalCount(frames: $0) }
    case "time": frames_number.map { .equalDuration(frames: $0) }
    case "events": events_per_frame.map { .eventsPerFrame($0) }
    case "duration":
      if let duration_us, let rule = duration_rule.flatMap({ DurationRule(rawValue: $0) }) {
        .microsecondsPerFrame(duration_us, rule: rule)
      } else {
        nil
      }
    default: nil
    }
  }
}

extension FramingRecipe: Codable {
  /// Reads the flat form.
  public init(from decoder: any Decoder) throws {
    let fields = try Fields(from: decoder)
    guard let slicing = fields.slicing,
      let strayEvents = StrayEventRule(rawValue: fields.stray_events),
      let aedat31 = AEDAT31Policy(rawValue: fields.aedat31),
      let geometry = SensorGeometry("\(fields.width)x\(fields.height)")
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "the recipe's fields make no sense")
      )
    }
    self.init(
      slicing: slicing,
      geometry: geometry,
      strayEvents: strayEvents,
      aedat31: aedat31,
      camera: fields.camera
    )
  }

  /// Writes the flat form.
  public func encode(to encoder: any Encoder) throws {
    try Fields(self).encode(to: encoder)
  }

  /// The recipe as one line of JSON, keys in alphabetical order.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads the JSON of a cache.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt`.
  public init(json: String) throws(FramingError) {
    do {
      self = try JSONDecoder().decode(FramingRecipe.self, from: Data(json.utf8))
    } catch {
      throw FramingError(.corrupt, "the recipe cannot be read: \(json.prefix(200))")
    }
  }
}

extension Slicing {
  /// The word of the cache's `split_by` attribute.
  public var splitBy: String {
    switch self {
    case .equalCount: "number"
    case .equalDuration: "time"
    case .eventsPerFrame: "events"
    case .microsecondsPerFrame: "duration"
    }
  }
}
