import Foundation

/// The eleven classes of the synthetic gestures, each named after one of DVS128 Gesture.
///
/// Ten of them are five pairs: two members run through the same places in opposite order, so
/// only the order tells them apart. The eleventh turns back, and so passes where the waves pass.
package enum GestureMotion: Int, CaseIterable, Sendable {
  /// Two discs approach each other.
  case handClapping = 1
  /// An upright bar crosses from left to right.
  case rightHandWave
  /// An upright bar crosses from right to left.
  case leftHandWave
  /// A disc circles in the left half of the picture, clockwise as the camera sees it.
  case rightArmClockwise
  /// A disc circles in the left half of the picture, counter-clockwise.
  case rightArmCounterClockwise
  /// A disc circles in the right half of the picture, clockwise.
  case leftArmClockwise
  /// A disc circles in the right half of the picture, counter-clockwise.
  case leftArmCounterClockwise
  /// Two discs move away from each other.
  case armRoll
  /// Two level bars fall in turn.
  case airDrums
  /// Two level bars rise in turn.
  case airGuitar
  /// An upright bar moves from left to right, and back.
  case other

  /// A closed course of shapes, the same for both members of a pair.
  enum Course: Sendable {
    case approach
    case crossing
    /// A circle beside the middle of the picture: −1 to the left, 1 to the right.
    case circle(side: Double)
    case fall
    case swing
  }

  /// The course, and whether it is run backwards.
  var course: (course: Course, isReversed: Bool) {
    switch self {
    case .handClapping: (.approach, false)
    case .armRoll: (.approach, true)
    case .rightHandWave: (.crossing, false)
    case .leftHandWave: (.crossing, true)
    case .rightArmClockwise: (.circle(side: -1), false)
    case .rightArmCounterClockwise: (.circle(side: -1), true)
    case .leftArmClockwise: (.circle(side: 1), false)
    case .leftArmCounterClockwise: (.circle(side: 1), true)
    case .airDrums: (.fall, false)
    case .airGuitar: (.fall, true)
    case .other: (.swing, false)
    }
  }

  /// The class that runs the same course the other way; its own for the one that turns back.
  package var mirror: GestureMotion {
    switch self {
    case .handClapping: .armRoll
    case .armRoll: .handClapping
    case .rightHandWave: .leftHandWave
    case .leftHandWave: .rightHandWave
    case .rightArmClockwise: .rightArmCounterClockwise
    case .rightArmCounterClockwise: .rightArmClockwise
    case .leftArmClockwise: .leftArmCounterClockwise
    case .leftArmCounterClockwise: .leftArmClockwise
    case .airDrums: .airGuitar
    case .airGuitar: .airDrums
    case .other: .other
    }
  }

  /// Returns what is in view after `cycles` of this motion.
  ///
  /// - Parameters:
  ///   - cycles: How often the course has been run; any real number.
  ///   - body: Where, how large; drawn once a user and varied each trial.
  package func shapes(after cycles: Double, body: GestureBody) -> [SyntheticShape] {
    let (course, isReversed) = course
    return course.shapes(after: isReversed ? -cycles : cycles, body: body)
  }
}

/// Position and size of what a performer moves, relative to a 128×128 picture.
package struct GestureBody: Sendable, Equatable {
  /// Pixels that everything is shifted to the right.
  package var offsetX = 0.0
  /// Pixels that everything is shifted down.
  package var offsetY = 0.0
  /// Factor of all sizes and of the width of circles and approaches.
  package var scale = 1.0

  /// Creates a body of the middle size in the middle of the picture.
  package init() {}
}

extension GestureMotion.Course {
  /// The middle of a 128×128 picture.
  private static let middle = 63.5
  /// Half the way of a bar that enters and leaves out of sight.
  private static let halfCrossing = 76.0
  /// Half the way of a bar that turns back in sight.
  private static let halfSwing = 50.0

  func shapes(after cycles: Double, body: GestureBody) -> [SyntheticShape] {
    let centreX = Self.middle + body.offsetX
    let centreY = Self.middle + body.offsetY
    let phase = cycles - cycles.rounded(.down)
    switch self {
    case .approach:
      // The way is short, so a cycle goes it twice.
      let doubled = 2 * phase - (2 * phase).rounded(.down)
      let distance = (11 + 44 * (1 - doubled)) * body.scale
      // Both ends of the way are faded alike, so that neither shows where it began.
      let visibility = min(1, 8 * min(doubled, 1 - doubled))
      return [-1.0, 1].map { side in
        SyntheticShape(
          outline: .disc(radius: 9 * body.scale),
          x: centreX + side * distance,
          y: centreY,
          visibility: visibility
        )
      }
    case .crossing:
      return [uprightBar(at: Self.position(phase), y: centreY, scale: body.scale)]
    case .swing:
      // Just as fast as a crossing: a cycle is half of the way there and back.
      let strokes = cycles * Self.halfCrossing / Self.halfSwing
      let position = strokes - 2 * (strokes / 2).rounded(.down)
      let share = position < 1 ? position : 2 - position
      let x = centreX + Self.halfSwing * (2 * share - 1)
      return [uprightBar(at: x, y: centreY, scale: body.scale)]
    case .circle(let side):
      let angle = 2 * .pi * phase
      // Rows count downwards, so a growing angle turns clockwise.
      return [
        SyntheticShape(
          outline: .disc(radius: 9 * body.scale),
          x: centreX + 32 * side + 22 * body.scale * cos(angle),
          y: centreY + 22 * body.scale * sin(angle)
        )
      ]
    case .fall:
      return [(-1.0, 0.0), (1, 0.5)].map { side, lag in
        let lagging = phase + lag < 1 ? phase + lag : phase + lag - 1
        return SyntheticShape(
          outline: .bar(halfWidth: 13 * body.scale, halfHeight: 5 * body.scale),
          x: centreX + 27 * side,
          y: Self.position(lagging)
        )
      }
    }
  }

  /// Returns the coordinate of a bar after a share of its way across the picture.
  private static func position(_ share: Double) -> Double {
    middle + halfCrossing * (2 * share - 1)
  }

  private func uprightBar(at x: Double, y: Double, scale: Double) -> SyntheticShape {
    SyntheticShape(
      outline: .bar(halfWidth: 5 * scale, halfHeight: 17 * scale),
      x: x,
      y: y
    )
  }
}
