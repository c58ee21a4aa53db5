import EventIO

/// The datasets whose folders are known, and the two general cases.
public enum DatasetKind: String, Codable, Sendable, CaseIterable {
  /// Recordings cut by label files: `DvsGesture/`, `trials_to_train.txt`, `trials_to_test.txt`.
  case dvs128Gesture = "dvs128-gesture"
  /// Class folders of AEDAT 2.0 recordings, without an official split.
  case cifar10DVS = "cifar10-dvs"
  /// `Train/` and `Test/` with a folder of `.bin` recordings per digit.
  case nMNIST = "n-mnist"
  /// A folder per class, if wanted below `train/` and `test/`.
  case folder
  /// Single recordings.
  case recording

  /// The sensor, where the dataset determines it.
  public var geometry: SensorGeometry? {
    switch self {
    case .dvs128Gesture, .cifar10DVS: SensorGeometry(width: 128, height: 128)
    case .nMNIST: SensorGeometry(width: 34, height: 34)
    case .folder, .recording: nil
    }
  }

  /// The camera's address layout, where the dataset's files do not name it.
  public var camera: AddressLayout? {
    self == .cifar10DVS ? .cifar10DVS : nil
  }

  /// The classes of DVS128 Gesture in the order of its label files, which count from 1.
  static let gestureNames = [
    "hand_clapping", "right_hand_wave", "left_hand_wave", "right_arm_clockwise",
    "right_arm_counter_clockwise", "left_arm_clockwise", "left_arm_counter_clockwise", "arm_roll",
    "air_drums", "air_guitar", "other_gestures",
  ]

  /// The classes of CIFAR10-DVS.
  static let cifarNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
}
