import EventIO
import Foundation

/// Writes synthetic recordings in the layout of DVS128 Gesture.
///
/// `DvsGesture/userNN_light.aedat` (AEDAT 3.1), `…_labels.csv`, `trials_to_train.txt`,
/// `trials_to_test.txt`, and a `README.txt` that says where all this comes from.
struct SyntheticGestureDataset {
  /// The folder inside the dataset's root that holds everything.
  static let folder = "DvsGesture"
  /// The first line of the README, which tells this dataset from the real one.
  static let mark = "Synthetic recordings made by dvsprep synth"
  /// The illuminations of the real recordings; here they only make up the names.
  private static let lights = ["fluorescent", "fluorescent_led", "lab", "led", "natural"]

  var synthesizer: GestureSynthesizer
  var users: Int
  var trials: Int
  var command: String

  /// The users that are held back for the test: 6 of 29, as in the real dataset, at least one.
  var testUsers: Range<Int> {
    let count = users > 1 ? max(1, (users * 6 + 14) / 29) : 0
    return users - count + 1..<users + 1
  }

  /// The name of a user's recording, without its ending.
  func recordingName(_ user: Int) -> String {
    let number = user < 10 ? "0\(user)" : "\(user)"
    return "user\(number)_\(Self.lights[(user - 1) % Self.lights.count])"
  }

  /// Writes one user's recording and labels; returns the number of events.
  func writeRecording(of user: Int, to root: String) throws -> Int {
    let recording = synthesizer.recording(user: user, trials: trials)
    let stem = "\(root)/\(Self.folder)/\(recordingName(user))"
    try AEDAT3Writer().write(recording.events, to: stem + ".aedat")
    let rows = recording.windows.map { "\($0.label),\($0.start),\($0.end)\n" }
    try write("class,startTime_usec,endTime_usec\n" + rows.joined(), to: stem + "_labels.csv")
    return recording.events.count
  }

  /// Writes the lists of recordings and the README.
  func writeLists(to root: String) throws {
    let folder = "\(root)/\(Self.folder)"
    let test = testUsers
    let train = 1..<test.lowerBound
    try write(list(train), to: folder + "/trials_to_train.txt")
    try write(list(test), to: folder + "/trials_to_test.txt")
    try write(
      """
      \(Self.mark)
      in the format and layout of DVS128 Gesture. They are no recordings of people:
      bright and dark shapes move before a simulated 128x128 sensor.
      Made with: \(command)

      """,
      to: folder + "/README.txt"
    )
  }

  /// Whether a dataset's root holds a synthetic dataset and nothing else.
  static func isAlone(in root: String) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: root),
      names == [folder],
      let readme = FileManager.default.contents(atPath: "\(root)/\(folder)/README.txt")
    else { return false }
    return readme.starts(with: Data(mark.utf8))
  }

  private func list(_ users: Range<Int>) -> String {
    users.map { recordingName($0) + ".aedat\n" }.joined()
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure(.inputOutput, "\(path): cannot write; is the disk full?")
    }
  }
}
