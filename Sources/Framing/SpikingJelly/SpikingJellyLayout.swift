/// Where SpikingJelly's dataset classes look for events and frames below a dataset's root.
struct SpikingJellyLayout: Sendable {
  /// The folder of events.
  static let events = "events_np"

  /// The folder of frames, such as `frames_number_16_split_by_number`.
  let frames: String
  private let countsFrames: Bool

  /// Names the folders of a recipe.
  ///
  /// - Throws: ``FramingError`` of kind `usage` for a way of cutting that SpikingJelly does not have.
  init(_ slicing: Slicing) throws(FramingError) {
    switch slicing {
    case .equalCount(let count): frames = "frames_number_\(count)_split_by_number"
    case .equalDuration(let count): frames = "frames_number_\(count)_split_by_time"
    case .microsecondsPerFrame(let duration, _): frames = "duration_\(duration)"
    case .eventsPerFrame:
      throw FramingError(
        .usage,
        "SpikingJelly has no frames of a fixed number of events; pass -T or --duration, or write a "
          + "cache with --layout hdf5"
      )
    }
    if case .microsecondsPerFrame = slicing { countsFrames = true } else { countsFrames = false }
  }

  /// The file of a sample's frames, relative to the folder of frames.
  func framesFile(_ sample: String, frameCount: Int) -> String {
    countsFrames ? "\(sample)_\(frameCount).npz" : "\(sample).npz"
  }

  /// The file of a sample's events, relative to the folder of events.
  static func eventsFile(_ sample: String) -> String { "\(sample).npz" }

  /// What a sample is called in the tree: always in the folder of a class.
  static func name(_ sample: FramedSample, _ catalog: RecordingCatalog) -> String {
    sample.name.contains("/") ? sample.name : "\(catalog.classNames[sample.label])/\(sample.name)"
  }
}
