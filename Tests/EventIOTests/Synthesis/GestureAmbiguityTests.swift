import EventIO
import Foundation
import Testing

/// Proves that the synthetic classes are told apart by the order of frames, and by nothing less.
struct GestureAmbiguityTests {
  /// Trials of one set of users, as coarse frames.
  private struct Trials {
    var frames: [[[Float]]] = []
    var labels: [Int] = []

    init(users: Range<Int>) {
      let synthesizer = GestureSynthesizer(seed: 11)
      for user in users {
        let recording = synthesizer.recording(user: user, trials: 1)
        for window in recording.windows {
          frames.append(CoarseFrames.cut(recording.events, window, frames: 16))
          labels.append(window.label - 1)
        }
      }
    }
  }

  private static let train = Trials(users: 1..<25)
  private static let test = Trials(users: 25..<33)

  /// Five pairs and a class that looks like one of them: at best 5.5 of 11 without the order.
  private static let ceiling = 0.65

  @Test func sumsOverTimeAreNotEnough() {
    let accuracy = Self.accuracy { [CoarseFrames.normalized(CoarseFrames.sum($0))] }
    #expect(accuracy < Self.ceiling && accuracy > 0.3)
  }

  @Test func framesWithoutTheirOrderAreNotEnough() {
    // Every frame by itself; the votes of a trial's frames are added.
    let accuracy = Self.accuracy { $0.map(CoarseFrames.normalized) }
    #expect(accuracy < Self.ceiling && accuracy > 0.2)
  }

  @Test func theNearestSumOverTimeIsNotEnough() {
    let known = Self.train.frames.map { CoarseFrames.normalized(CoarseFrames.sum($0)) }
    let hits = zip(Self.test.frames, Self.test.labels).count { frames, label in
      let sum = CoarseFrames.normalized(CoarseFrames.sum(frames))
      let similarities = known.map { zip($0, sum).reduce(0) { $0 + $1.0 * $1.1 } }
      let nearest = similarities.indices.max { similarities[$0] < similarities[$1] }
      return nearest.map { Self.train.labels[$0] } == label
    }
    #expect(Double(hits) / Double(Self.test.labels.count) < Self.ceiling)
  }

  @Test func displacementsBetweenFramesAreEnough() {
    let accuracy = Self.accuracy { [CoarseFrames.normalized(CoarseFrames.displacements($0))] }
    #expect(accuracy > 0.9)
  }

  @Test func displacementsOfShuffledFramesAreNotEnough() {
    var generator = SynthesisGenerator(seed: 12)
    let accuracy = Self.accuracy { frames in
      let shuffled = frames.shuffled(using: &generator)
      return [CoarseFrames.normalized(CoarseFrames.displacements(shuffled))]
    }
    #expect(accuracy < Self.ceiling)
  }

  @Test func aPartnerOfOppositeContrastShowsTheSameFramesBackwards() {
    for motion in GestureMotion.allCases {
      let here = Self.simulate(motion, contrast: 0.5, isBackwards: false)
      let there = Self.simulate(motion.mirror, contrast: -0.5, isBackwards: true)
      let sameSign = Self.simulate(motion.mirror, contrast: 0.5, isBackwards: true)
      #expect(Self.likeness(here, there.reversed()) > 0.9, "\(motion)")
      // With one sign of contrast the leading edge would show the direction in a single frame.
      #expect(Self.likeness(here, sameSign.reversed()) < 0.7, "\(motion)")
    }
  }

  /// Trains on 24 users and returns the accuracy on 8 others; votes of several views are added.
  private static func accuracy(_ views: ([[Float]]) -> [[Float]]) -> Double {
    var features: [[Float]] = []
    var labels: [Int] = []
    for (frames, label) in zip(train.frames, train.labels) {
      // Four views of a trial are plenty for training.
      let all = views(frames)
      for view in stride(from: 0, to: all.count, by: max(all.count / 4, 1)) {
        features.append(all[view])
        labels.append(label)
      }
    }
    let model = SoftmaxRegression(features: features, labels: labels, classes: 11, epochs: 80)
    let hits = zip(test.frames, test.labels).count { frames, label in
      var votes = [Float](repeating: 0, count: 11)
      for view in views(frames) {
        for (index, share) in model.probabilities(view).enumerated() { votes[index] += share }
      }
      return votes.indices.max { votes[$0] < votes[$1] } == label
    }
    return Double(hits) / Double(test.labels.count)
  }

  /// The mean cosine of corresponding frames.
  private static func likeness(_ a: [[Float]], _ b: [[Float]]) -> Float {
    func product(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let cosines = zip(a, b).map {
      product($0, $1) / (product($0, $0) * product($1, $1)).squareRoot()
    }
    return cosines.reduce(0, +) / Float(cosines.count)
  }

  /// Shows 0.8 cycles of a motion to an ideal sensor and returns eight frames of equal duration.
  private static func simulate(
    _ motion: GestureMotion,
    contrast: Double,
    isBackwards: Bool
  ) -> [[Float]] {
    var generator = SynthesisGenerator(seed: 0)
    var sensor = ContrastSensor(
      geometry: GestureSynthesizer.geometry,
      threshold: 0.2,
      mismatch: 0,
      using: &generator
    )
    var frames: [[Float]] = []
    var firings: [ContrastSensor.Firing] = []
    for step in 0...400 {
      let share = Double(step) / 400
      let cycles = isBackwards ? -(0.93 - 0.8 * share) : 0.13 + 0.8 * share
      let times = Int64(step) * 1000..<Int64(step + 1) * 1000
      sensor.expose(
        to: motion.shapes(after: cycles, body: GestureBody()),
        contrast: contrast,
        times: times,
        into: &firings
      )
      // The first exposure shows the shape where it begins, which is no part of the motion.
      if step == 0 { firings.removeAll() }
      if step > 0 && step % 50 == 0 {
        frames.append(CoarseFrames.count(firings))
        firings.removeAll()
      }
    }
    return frames
  }
}

/// Event counts on a grid of 16×16 cells per polarity, OFF first.
private enum CoarseFrames {
  static let side = 16

  /// Cuts a window into frames of equally many events.
  static func cut(_ events: EventBuffer, _ window: LabelledWindow, frames: Int) -> [[Float]] {
    let first = events.t.firstIndex { $0 >= window.start } ?? 0
    let end = events.t.lastIndex { $0 < window.end }.map { $0 + 1 } ?? 0
    let length = (end - first) / frames
    return (0..<frames).map { frame in
      var counts = [Float](repeating: 0, count: 2 * side * side)
      for index in first + frame * length..<first + (frame + 1) * length {
        let cell = Int(events.y[index]) / 8 * side + Int(events.x[index]) / 8
        counts[Int(events.p[index].rawValue) * side * side + cell] += 1
      }
      return counts
    }
  }

  static func count(_ firings: [ContrastSensor.Firing]) -> [Float] {
    var counts = [Float](repeating: 0, count: 2 * side * side)
    for firing in firings {
      let cell = Int(firing.pixel) / 128 / 8 * side + Int(firing.pixel) % 128 / 8
      counts[Int(firing.polarity.rawValue) * side * side + cell] += 1
    }
    return counts
  }

  static func sum(_ frames: [[Float]]) -> [Float] {
    frames.dropFirst().reduce(frames[0]) { zip($0, $1).map(+) }
  }

  static func normalized(_ values: [Float]) -> [Float] {
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? values.map { 4 * $0 / length } : values
  }

  /// How much more often activity moves right than left and down than up, in 4×4 regions.
  ///
  /// Activity of both polarities in one frame is multiplied by that of the next frame one to
  /// three cells further, minus the same with the shift reversed.
  static func displacements(_ frames: [[Float]]) -> [Float] {
    let activity = frames.map { frame in
      normalized((0..<side * side).map { frame[$0] + frame[side * side + $0] })
    }
    var features = [Float](repeating: 0, count: 6 * 16)
    for (now, next) in zip(activity, activity.dropFirst()) {
      for row in 0..<side {
        for column in 0..<side where now[row * side + column] > 0 {
          let region = row / 4 * 4 + column / 4
          for shift in 1...3 {
            let strength = now[row * side + column]
            let right = value(next, row, column + shift) - value(next, row, column - shift)
            let down = value(next, row + shift, column) - value(next, row - shift, column)
            features[(2 * shift - 2) * 16 + region] += strength * right
            features[(2 * shift - 1) * 16 + region] += strength * down
          }
        }
      }
    }
    return features
  }

  private static func value(_ frame: [Float], _ row: Int, _ column: Int) -> Float {
    guard (0..<side).contains(row), (0..<side).contains(column) else { return 0 }
    return frame[row * side + column]
  }
}
