import EventIO
import Framing

/// A file of frames as SpikingJelly keeps them: `.npz` with an array `frames` `[T, 2, H, W]`.
enum FramesFile {
  /// Whether a file has frames, and no events.
  static func isPresent(at path: String) -> Bool {
    guard path.hasSuffix(".npz"), let names = try? NPZArchive(path: path).names else {
      return false
    }
    return names.contains("frames") && !names.contains("t")
  }

  /// Reads the frames.
  ///
  /// - Throws: `RecordingError` for a file that cannot be read; ``CommandFailure`` for one that
  ///   holds no frames.
  static func stack(at path: String) throws -> FrameStack {
    let array = try NPZArchive(path: path).array("frames")
    guard array.shape.count == 4, array.shape[1] == 2,
      let geometry = SensorGeometry("\(array.shape[3])x\(array.shape[2])")
    else {
      throw CommandFailure(
        .badData,
        "\(path): an array 'frames' of shape \(array.shape); expected [T, 2, H, W]"
      )
    }
    do {
      let counts = try array.values(as: Int32.self)
      return FrameStack(counts: counts, frameCount: array.shape[0], geometry: geometry)
    } catch {
      throw error.at(path)
    }
  }

  /// What is in one file.
  static func inspection(of path: String) throws -> StackInspection {
    try StackInspection(stack(at: path), origin: [("frames", path)])
  }
}
