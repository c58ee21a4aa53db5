import EventIO
import Testing

struct ContrastSensorTests {
  private static let geometry = SensorGeometry(width: 40, height: 30)

  /// A camera whose pixels all have the threshold 0.25.
  private func sensor() -> ContrastSensor {
    var generator = SynthesisGenerator(seed: 0)
    return ContrastSensor(
      geometry: Self.geometry,
      threshold: 0.25,
      mismatch: 0,
      using: &generator
    )
  }

  private func disc(x: Double, visibility: Double = 1) -> SyntheticShape {
    SyntheticShape(outline: .disc(radius: 5), x: x, y: 15, visibility: visibility)
  }

  @Test func anUnchangedPictureGivesNoEvents() {
    var sensor = sensor()
    var firings: [ContrastSensor.Firing] = []
    sensor.expose(to: [disc(x: 20)], contrast: 0.6, times: 0..<1000, into: &firings)
    #expect(!firings.isEmpty)
    firings.removeAll()
    sensor.expose(to: [disc(x: 20)], contrast: 0.6, times: 1000..<2000, into: &firings)
    #expect(firings.isEmpty)
  }

  @Test(arguments: [(0.24, 0), (0.26, 1), (0.6, 2), (1.01, 4)])
  func aStepGivesOneEventPerThreshold(_ contrast: Double, _ expected: Int) {
    for sign in [1.0, -1] {
      var sensor = sensor()
      var firings: [ContrastSensor.Firing] = []
      sensor.expose(to: [disc(x: 20)], contrast: sign * contrast, times: 0..<1001, into: &firings)
      let centre = firings.filter { $0.pixel == 15 * 40 + 20 }
      #expect(centre.count == expected)
      #expect(centre.allSatisfy { $0.polarity == (sign > 0 ? .on : .off) })
      // The level is linear in between, so the k-th threshold is passed at its share of the time.
      for (index, firing) in centre.enumerated() {
        #expect(abs(Double(firing.t) - 1000 * 0.25 * Double(index + 1) / contrast) <= 1)
      }
    }
  }

  @Test func whatAppearsAndVanishesLeavesNothingBehind() {
    var sensor = sensor()
    var firings: [ContrastSensor.Firing] = []
    sensor.expose(to: [disc(x: 20)], contrast: 0.6, times: 0..<1000, into: &firings)
    let on = firings.count
    firings.removeAll()
    sensor.expose(to: [], contrast: 0, times: 1000..<2000, into: &firings)
    #expect(firings.allSatisfy { $0.polarity == .off })
    #expect(firings.count == on)
  }

  @Test func aBrightShapeTurnsOnAheadAndOffBehind() {
    let ahead = edges(contrast: 0.4)
    #expect(ahead.on > 24)
    #expect(ahead.off < 21)
  }

  @Test func aDarkShapeTurnsOffAheadAndOnBehind() {
    let ahead = edges(contrast: -0.4)
    #expect(ahead.off > 24)
    #expect(ahead.on < 21)
  }

  /// Mean columns of the events while a disc at column 22 moves a little to the right.
  private func edges(contrast: Double) -> (on: Double, off: Double) {
    var sensor = sensor()
    var firings: [ContrastSensor.Firing] = []
    sensor.expose(to: [disc(x: 20)], contrast: contrast, times: 0..<1000, into: &firings)
    firings.removeAll()
    for step in 1...8 {
      let times = Int64(step) * 1000..<Int64(step + 1) * 1000
      sensor.expose(
        to: [disc(x: 20 + 0.5 * Double(step))],
        contrast: contrast,
        times: times,
        into: &firings
      )
    }
    func mean(_ polarity: Polarity) -> Double {
      let columns = firings.filter { $0.polarity == polarity }.map { Double($0.pixel % 40) }
      return columns.reduce(0, +) / Double(columns.count)
    }
    return (mean(.on), mean(.off))
  }

  @Test func shapesBeyondTheSensorAreCutOff() {
    var sensor = sensor()
    var firings: [ContrastSensor.Firing] = []
    for x in [-100.0, -3, 38, 1e6] {
      sensor.expose(to: [disc(x: x)], contrast: 0.6, times: 0..<1000, into: &firings)
    }
    #expect(firings.contains { $0.pixel % 40 == 0 } && firings.contains { $0.pixel % 40 == 39 })
    #expect(firings.allSatisfy { (0..<1200).contains($0.pixel) })
  }

  @Test func pixelsDifferInThreshold() {
    var generator = SynthesisGenerator(seed: 4)
    var sensor = ContrastSensor(
      geometry: Self.geometry,
      threshold: 0.25,
      mismatch: 0.1,
      using: &generator
    )
    var firings: [ContrastSensor.Firing] = []
    sensor.expose(to: [disc(x: 20)], contrast: 0.25, times: 0..<1000, into: &firings)
    let inside = firings.count { abs($0.pixel % 40 - 20) <= 2 && abs($0.pixel / 40 - 15) <= 2 }
    #expect((5...20).contains(inside), "about half of 25 pixels reach their threshold")
  }
}
