/// A span of a recording that shows one class.
package struct LabelledWindow: Sendable, Equatable {
  /// The class, counted from 1 as in DVS128 Gesture.
  package var label: Int
  /// Timestamp of the first event that may belong to it, in microseconds.
  package var start: Int64
  /// Timestamp behind the last event that may belong to it, in microseconds.
  package var end: Int64
}

/// One recording as a camera would have made it, with its labels.
package struct SyntheticRecording: Sendable, Equatable {
  /// Sorted by time.
  package var events: EventBuffer
  /// In the order of the recording, not overlapping.
  package var windows: [LabelledWindow]
}

/// Makes recordings of the eleven motions in the manner of DVS128 Gesture.
package struct GestureSynthesizer: Sendable {
  /// The sensor of the real dataset.
  package static let geometry = SensorGeometry(width: 128, height: 128)

  /// What makes the recordings easy or hard.
  package var parameters: GestureParameters
  private let seed: UInt64

  /// Creates a synthesizer; equal seeds and parameters give equal recordings.
  package init(seed: UInt64, parameters: GestureParameters = GestureParameters()) {
    self.seed = seed
    self.parameters = parameters
  }

  /// Makes the recording of one user, every motion `trials` times in the dataset's order.
  ///
  /// - Parameters:
  ///   - user: Any number; each has a body, a pace and a camera of its own.
  ///   - trials: How often each motion is shown.
  package func recording(user: Int, trials: Int) -> SyntheticRecording {
    let motions = GestureMotion.allCases.flatMap { motion in
      Array(repeating: motion, count: trials)
    }
    var session = GestureSession(parameters: parameters, seed: seed, user: user)
    return session.record(motions)
  }
}

/// One user in front of one camera.
struct GestureSession {
  /// Time between two pictures, in microseconds; no shape moves more than about half a pixel.
  private static let step: Int64 = 2000
  /// Pause between two trials, in microseconds.
  private static let pause: Int64 = 200_000
  /// Time for which a shape is in view before and after its window, in microseconds.
  private static let margin: Int64 = 20_000

  private let parameters: GestureParameters
  private var generator: SynthesisGenerator
  private var sensor: ContrastSensor
  private var noise: BackgroundNoise
  private let body: GestureBody
  private var now: Int64
  private var firings: [ContrastSensor.Firing] = []
  private var events = EventBuffer()

  init(parameters: GestureParameters, seed: UInt64, user: Int) {
    self.parameters = parameters
    generator = SynthesisGenerator(seed: seed, stream: UInt64(bitPattern: Int64(user)))
    sensor = ContrastSensor(geometry: GestureSynthesizer.geometry, using: &generator)
    body = GestureBody().varied(by: 1, parameters: parameters, using: &generator)
    now = Int64(generator.uniform(2e6...80e6))
    noise = BackgroundNoise(
      parameters: parameters,
      geometry: GestureSynthesizer.geometry,
      from: now,
      using: &generator
    )
  }

  /// Records the motions one after the other, with pauses around them.
  mutating func record(_ motions: [GestureMotion]) -> SyntheticRecording {
    var windows: [LabelledWindow] = []
    watch(for: Self.pause) { _ in ([], 0) }
    for motion in motions {
      windows.append(perform(motion))
      watch(for: Self.pause) { _ in ([], 0) }
    }
    return SyntheticRecording(events: events, windows: windows)
  }

  /// Shows one trial and returns its window.
  private mutating func perform(_ motion: GestureMotion) -> LabelledWindow {
    let variation = parameters.durationVariation
    let length = Int64(
      Double(parameters.trialDuration) * generator.uniform(1 - variation...1 + variation)
    )
    let cycles = generator.uniform(parameters.cycles)
    let phase = 2 * generator.unit()
    let isDark = parameters.mixesContrastSigns && generator.unit() < 0.5
    let contrast = generator.uniform(parameters.contrast) * (isDark ? -1 : 1)
    let trialBody = body.varied(by: 1.0 / 3, parameters: parameters, using: &generator)

    let start = now + Self.margin
    watch(for: length + 2 * Self.margin) { time in
      let share = Double(time - start) / Double(length)
      return (motion.shapes(after: phase + cycles * share, body: trialBody), contrast)
    }
    return LabelledWindow(label: motion.rawValue, start: start, end: start + length)
  }

  /// Exposes the sensor to a scene for a while.
  private mutating func watch(
    for duration: Int64,
    scene: (_ time: Int64) -> (shapes: [SyntheticShape], contrast: Double)
  ) {
    let end = now + duration
    while now < end {
      let next = min(now + Self.step, end)
      let (shapes, contrast) = scene(next)
      sensor.expose(
        to: shapes,
        contrast: contrast,
        times: now..<next,
        into: &firings
      )
      noise.fire(until: next, into: &firings, using: &generator)
      flush()
      now = next
    }
  }

  /// Appends what fired since the last picture, in order of time.
  private mutating func flush() {
    firings.sort { ($0.t, $0.pixel) < ($1.t, $1.pixel) }
    let width = Int32(sensor.geometry.width)
    for firing in firings {
      events.append(
        t: firing.t,
        x: UInt16(firing.pixel % width),
        y: UInt16(firing.pixel / width),
        p: firing.polarity
      )
    }
    firings.removeAll(keepingCapacity: true)
  }
}

extension GestureBody {
  /// Returns this body shifted and scaled by a share of the largest variation.
  func varied(
    by share: Double,
    parameters: GestureParameters,
    using generator: inout SynthesisGenerator
  ) -> GestureBody {
    let offset = parameters.offset * share
    let scaling = parameters.scaleVariation * share
    var varied = self
    varied.offsetX += generator.uniform(-offset...offset)
    varied.offsetY += generator.uniform(-offset...offset)
    varied.scale *= generator.uniform(1 - scaling...1 + scaling)
    return varied
  }
}
