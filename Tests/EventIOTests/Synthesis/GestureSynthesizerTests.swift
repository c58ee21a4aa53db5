import EventIO
import Testing

struct GestureSynthesizerTests {
  private let synthesizer = GestureSynthesizer(seed: 5)

  @Test func equalSeedsGiveEqualRecordings() {
    let first = synthesizer.recording(user: 1, trials: 1)
    #expect(first == GestureSynthesizer(seed: 5).recording(user: 1, trials: 1))
    #expect(first.events != GestureSynthesizer(seed: 6).recording(user: 1, trials: 1).events)
    #expect(first.events != synthesizer.recording(user: 2, trials: 1).events)
  }

  @Test func eventsAreSortedAndOnTheSensor() {
    let events = synthesizer.recording(user: 3, trials: 1).events
    #expect(events.count > 30_000)
    #expect(events.backwardSteps == 0)
    for index in 0..<events.count {
      #expect(events.x[index] < 128 && events.y[index] < 128)
    }
  }

  @Test func windowsHoldEachClassInTheDatasetsOrder() {
    let recording = synthesizer.recording(user: 4, trials: 2)
    #expect(recording.windows.map(\.label) == (1...11).flatMap { [$0, $0] })
    for (before, after) in zip(recording.windows, recording.windows.dropFirst()) {
      #expect(before.end < after.start)
    }
    for window in recording.windows {
      #expect((1_020_000...1_380_000).contains(window.end - window.start))
    }
    let events = recording.events
    #expect(events.t.first ?? 0 < recording.windows[0].start)
    #expect(events.t.last ?? 0 > recording.windows[21].end)
  }

  @Test func trialDurationIsTheCallersChoice() {
    var parameters = GestureParameters()
    parameters.trialDuration = 400_000
    parameters.durationVariation = 0
    let short = GestureSynthesizer(seed: 5, parameters: parameters).recording(user: 1, trials: 1)
    #expect(short.windows.allSatisfy { $0.end - $0.start == 400_000 })
  }

  @Test func noTrialsGiveNoiseWithoutWindows() {
    let recording = synthesizer.recording(user: 1, trials: 0)
    #expect(recording.windows.isEmpty)
    #expect(recording.events.count > 10)
  }

  @Test func noiseRateSetsTheEventsOfAnEmptyScene() {
    // A pause of 0.2 s before the first trial, 16384 pixels, up to a factor of two between users.
    #expect(eventsBeforeTheFirstTrial(noiseRate: 0, hotPixels: 0) == 0)
    let counts = [1.0, 10].map { eventsBeforeTheFirstTrial(noiseRate: $0, hotPixels: 0) }
    #expect((1300...7200).contains(counts[0]))
    #expect((9...11).contains(Double(counts[1]) / Double(counts[0])))
  }

  @Test func hotPixelsFireAgainAndAgain() {
    var parameters = GestureParameters()
    parameters.noiseRate = 0
    parameters.hotPixels = 2
    parameters.hotPixelRate = 500
    let events = GestureSynthesizer(seed: 5, parameters: parameters)
      .recording(user: 1, trials: 0).events
    #expect((100...300).contains(events.count))
    #expect(Set(zip(events.x, events.y).map { Int($1) * 128 + Int($0) }).count == 2)
  }

  private func eventsBeforeTheFirstTrial(noiseRate: Double, hotPixels: Int) -> Int {
    var parameters = GestureParameters()
    parameters.noiseRate = noiseRate
    parameters.hotPixels = hotPixels
    let recording = GestureSynthesizer(seed: 5, parameters: parameters)
      .recording(user: 1, trials: 1)
    let first = recording.windows[0].start - 20_000
    return recording.events.t.count { $0 < first }
  }
}
