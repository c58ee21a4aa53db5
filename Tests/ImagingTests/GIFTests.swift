import Imaging
import Testing

@Suite struct GIFTests {
  private func frame(_ level: UInt8) -> RasterImage {
    var image = RasterImage(width: 6, height: 4, filledWith: Color(0, 0, 0))
    image.fill(Color(level, 0, 0), x: 0..<3, y: 0..<4)
    return image
  }

  @Test func holdsEveryFrameAndRepeats() throws {
    let bytes = try GIF.encode([frame(10), frame(20), frame(30)], delayMilliseconds: 250)
    #expect(Array(bytes.prefix(6)) == Array("GIF89a".utf8))
    #expect(bytes[6..<10] == [6, 0, 4, 0])
    #expect(bytes.last == 0x3B)
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    #expect(text.contains("NETSCAPE2.0"))
    // A graphics control extension a frame, each with 25 hundredths of a second.
    let controls = bytes.indices.dropLast(6).filter {
      bytes[$0] == 0x21 && bytes[$0 + 1] == 0xF9 && bytes[$0 + 2] == 4 && bytes[$0 + 4] == 25
    }
    #expect(controls.count == 3)
  }

  @Test func moreThan256ColoursAreRefused() {
    var image = RasterImage(width: 300, height: 1, filledWith: Color(0, 0, 0))
    for x in 0..<300 { image[x, 0] = Color(UInt8(x % 256), UInt8(x / 256), 0) }
    #expect(throws: ImagingError.self) { try GIF.encode([image], delayMilliseconds: 100) }
    #expect(throws: ImagingError.self) { try GIF.encode([], delayMilliseconds: 100) }
  }
}
