import SpikeNet

/// What can be said about many samples: a cache, a tree of frames, a dataset.
protocol SetInspection {
  /// For people.
  var text: String { get }
  /// For programs.
  var json: ConfigurationValue { get }
  /// One line a sample, comma-separated.
  var csv: String { get }
}
