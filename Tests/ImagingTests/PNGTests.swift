import Foundation
import Imaging
import Testing
import _TestSupport

@Suite struct PNGTests {
  private var picture: RasterImage {
    var image = RasterImage(width: 5, height: 3, filledWith: Color(10, 20, 30))
    image.fill(Color(200, 100, 50), x: 1..<3, y: 0..<9)
    image[4, 2] = Color(255, 255, 255)
    return image
  }

  @Test func beginsWithTheSignatureAndItsSize() throws {
    let bytes = try PNG.encode(picture)
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes[16..<24] == [0, 0, 0, 5, 0, 0, 0, 3])
  }

  @Test func fillingIsCutAtTheEdges() {
    #expect(picture[1, 2] == Color(200, 100, 50))
    #expect(picture[3, 1] == Color(10, 20, 30))
    #expect(picture[4, 2] == Color(255, 255, 255))
    #expect(picture.bytes.count == 45)
  }

  @Test func textHasTheShapeOfItsFont() {
    var image = RasterImage(width: 8, height: 5, filledWith: Color(0, 0, 0))
    image.draw("1", x: 0, y: 0, scale: 1, in: Color(9, 9, 9))
    let rows = (0..<5).map { y in String((0..<3).map { image[$0, y].red == 9 ? "#" : "." }) }
    #expect(rows == [".#.", "##.", ".#.", ".#.", "###"])
  }
}
