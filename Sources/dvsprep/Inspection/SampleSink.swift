import EventIO
import Framing
import Synchronization

/// Keeps the frames of one sample in memory.
final class SampleSink: FrameSink {
  /// A sample's frames, and what the tables say of them.
  struct Sample {
    var stack: FrameStack
    var slices: SliceTable
    var isUpsideDown = false
  }

  private let state = Mutex<Sample?>(nil)

  /// The sample; nil until it is there.
  var sample: Sample? { state.withLock { $0 } }

  func prepare(_ job: FramingJob) throws -> FinishedWork { FinishedWork() }

  func append(_ sample: FramedSample, at index: Int) throws -> Int {
    var counts: [Int32] = []
    var geometry = SensorGeometry(width: 1, height: 1)
    var frameCount = 0
    try sample.forEachPart { part in
      counts += part.counts
      frameCount += part.frameCount
      geometry = part.geometry
    }
    let stack = FrameStack(counts: counts, frameCount: frameCount, geometry: geometry)
    state.withLock { $0 = Sample(stack: stack, slices: sample.slices) }
    return 0
  }

  func note(_ recording: RecordingNote, ofRecording index: Int) throws {
    state.withLock { $0?.isUpsideDown = recording.rowsCountFromBottom }
  }

  func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport { FrameSinkReport() }

  func abandon() -> KeptWork { KeptWork() }
}
