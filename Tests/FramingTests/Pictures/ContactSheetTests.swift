import EventIO
import Framing
import Imaging
import Testing

@Suite struct ContactSheetTests {
  private let geometry = SensorGeometry(width: 256, height: 256)

  private func stack(frames: Int) -> FrameStack {
    var counts = [Int32](repeating: 0, count: frames * 2 * 256 * 256)
    for frame in 0..<frames {
      // ON at (3, 1), OFF at (7, 2).
      counts[frame * 2 * 65_536 + 65_536 + 256 + 3] = 4
      counts[frame * 2 * 65_536 + 2 * 256 + 7] = 4
    }
    return FrameStack(counts: counts, frameCount: frames, geometry: geometry)
  }

  @Test func onIsWarmOffIsCoolAndNothingIsDark() throws {
    let picture = try #require(ContactSheet(stack(frames: 1)).pictures().first)
    #expect(picture[3, 1].red > picture[3, 1].blue)
    #expect(picture[7, 2].blue > picture[7, 2].red)
    #expect(picture[0, 0] == FramePainter.background)
  }

  @Test func rowsAreTurnedWhereTheSensorCountsFromBelow() throws {
    let sheet = try ContactSheet(stack(frames: 1), isUpsideDown: true)
    let picture = try #require(sheet.pictures().first)
    #expect(picture[3, 254].red > picture[3, 254].blue)
    #expect(picture[3, 1] == FramePainter.background)
  }

  @Test func framesAreLaidOutInASquare() throws {
    let picture = try ContactSheet(stack(frames: 5)).picture()
    #expect(picture.width == 3 * 262 + 6)
    #expect(picture.height == 2 * 262 + 6)
  }

  @Test func captionsStandBelowTheirFrames() throws {
    let sheet = try ContactSheet(stack(frames: 2), captions: ["0", "1"])
    let picture = try #require(sheet.pictures().last)
    #expect(picture.height > 256)
    let letters = (256..<picture.height).contains { y in
      (0..<picture.width).contains { picture[$0, y] == FramePainter.foreground }
    }
    #expect(letters)
  }

  @Test func aPictureTooLargeForViewersIsRefused() throws {
    let tiny = SensorGeometry(width: 1, height: 1)
    let many = FrameStack(
      counts: [Int32](repeating: 1, count: 2 * 5000),
      frameCount: 5000,
      geometry: tiny
    )
    #expect(throws: FramingError.self) { try ContactSheet(many).picture() }
    let none = FrameStack(counts: [], frameCount: 0, geometry: tiny)
    #expect(throws: FramingError.self) { try ContactSheet(none) }
  }
}
