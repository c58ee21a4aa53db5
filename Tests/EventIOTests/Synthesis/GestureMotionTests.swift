import EventIO
import Testing

struct GestureMotionTests {
  static let classes = GestureMotion.allCases

  @Test func classesAreNumberedAsInTheDataset() {
    #expect(Self.classes.map(\.rawValue) == Array(1...11))
    #expect(GestureMotion.airGuitar.rawValue == 10)
  }

  @Test func everyClassButOneHasAPartnerThatRunsBackwards() {
    for motion in Self.classes {
      #expect(motion.mirror.mirror == motion)
    }
    #expect(Self.classes.filter { $0.mirror == $0 } == [.other])
  }

  @Test(arguments: classes) func thePartnerPassesTheSamePlacesInOppositeOrder(
    _ motion: GestureMotion
  ) {
    var body = GestureBody()
    body.offsetX = 3
    body.scale = 1.2
    for step in 0..<40 {
      let cycles = 0.013 + Double(step) * 0.07
      let here = motion.shapes(after: cycles, body: body)
      let there = motion.mirror.shapes(after: -cycles, body: body)
      #expect(here.count == there.count)
      for (a, b) in zip(here, there) {
        #expect(abs(a.x - b.x) < 1e-9 && abs(a.y - b.y) < 1e-9)
        #expect(abs(a.visibility - b.visibility) < 1e-9)
      }
    }
  }

  @Test(arguments: classes) func motionIsContinuousWhereItCanBeSeen(_ motion: GestureMotion) {
    let body = GestureBody()
    for step in 0..<4000 {
      let before = motion.shapes(after: Double(step) * 1e-3, body: body)
      let after = motion.shapes(after: Double(step + 1) * 1e-3, body: body)
      for (a, b) in zip(before, after) where isInView(a) && isInView(b) {
        #expect(abs(a.x - b.x) < 0.5 && abs(a.y - b.y) < 0.5, "step \(step)")
      }
    }
  }

  private func isInView(_ shape: SyntheticShape) -> Bool {
    shape.visibility > 0.02 && (-8...135).contains(shape.x) && (-8...135).contains(shape.y)
  }

  @Test func namesSayWhichWayThingsMove() {
    let body = GestureBody()
    func travel(_ motion: GestureMotion) -> (x: Double, y: Double) {
      let before = motion.shapes(after: 0.25, body: body)[0]
      let after = motion.shapes(after: 0.27, body: body)[0]
      return (after.x - before.x, after.y - before.y)
    }
    #expect(travel(.rightHandWave).x > 0)
    #expect(travel(.leftHandWave).x < 0)
    #expect(travel(.airDrums).y > 0)
    #expect(travel(.airGuitar).y < 0)
    #expect(distance(.handClapping, 0.3) < distance(.handClapping, 0.1))
    #expect(distance(.armRoll, 0.3) > distance(.armRoll, 0.1))
  }

  @Test func circlesTurnAsTheCameraSeesThem() {
    let body = GestureBody()
    // A turn starts at the rightmost point, from where clockwise leads down.
    #expect(GestureMotion.rightArmClockwise.shapes(after: 0.1, body: body)[0].y > 70)
    #expect(GestureMotion.rightArmCounterClockwise.shapes(after: 0.1, body: body)[0].y < 57)
    #expect(GestureMotion.leftArmClockwise.shapes(after: 0.1, body: body)[0].y > 70)
    #expect(GestureMotion.leftArmCounterClockwise.shapes(after: 0.1, body: body)[0].y < 57)
    #expect(GestureMotion.rightArmClockwise.shapes(after: 0, body: body)[0].x < 63)
    #expect(GestureMotion.leftArmClockwise.shapes(after: 0.5, body: body)[0].x > 63)
  }

  private func distance(_ motion: GestureMotion, _ cycles: Double) -> Double {
    let shapes = motion.shapes(after: cycles, body: GestureBody())
    return shapes[1].x - shapes[0].x
  }

  @Test func theClassThatTurnsBackMovesBothWaysAtTheSpeedOfTheWaves() {
    let body = GestureBody()
    let positions = (0...400).map {
      GestureMotion.other.shapes(after: Double($0) * 0.01, body: body)[0].x
    }
    let steps = zip(positions, positions.dropFirst()).map { $1 - $0 }
    let wave =
      GestureMotion.rightHandWave.shapes(after: 0.41, body: body)[0].x
      - GestureMotion.rightHandWave.shapes(after: 0.4, body: body)[0].x
    let (right, left) = (steps.filter { $0 > 0 }, steps.filter { $0 < 0 })
    #expect(abs(right.count - left.count) < 70)
    #expect(steps.count { abs(abs($0) - wave) < 1e-9 } > 390)
    #expect(positions.allSatisfy { (13...114).contains($0) })
  }
}
