import CGIF
import CPNG
import Imaging
import Testing
import _TestSupport

/// Pictures are read back by the libraries' own decoders.
@Suite struct EncoderTests {
  private func noise(width: Int, height: Int, colors: Int, seed: UInt64) -> RasterImage {
    var generator = SplitMix64(seed: seed)
    var image = RasterImage(width: width, height: height, filledWith: Color(9, 8, 7))
    for y in 0..<height {
      for x in 0..<width {
        let number = Int.random(in: 0..<colors, using: &generator)
        image[x, y] = Color(
          UInt8(truncatingIfNeeded: number),
          UInt8(truncatingIfNeeded: number >> 4),
          200
        )
      }
    }
    return image
  }

  private func decodePNG(_ bytes: [UInt8]) throws -> RasterImage {
    var control = png_image()
    control.version = UInt32(PNG_IMAGE_VERSION)
    try #require(png_image_begin_read_from_memory(&control, bytes, bytes.count) != 0)
    control.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    let (width, height) = (Int(control.width), Int(control.height))
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    try #require(png_image_finish_read(&control, nil, &pixels, 0, nil) != 0)
    var image = RasterImage(width: width, height: height, filledWith: Color(0, 0, 0))
    for index in 0..<width * height {
      image[index % width, index / width] = Color(
        pixels[3 * index],
        pixels[3 * index + 1],
        pixels[3 * index + 2]
      )
    }
    return image
  }

  @Test(arguments: [(1, 1), (7, 3), (128, 128), (1000, 2)])
  func pngKeepsEveryPixel(_ width: Int, _ height: Int) throws {
    let image = noise(width: width, height: height, colors: 4000, seed: 5)
    #expect(try decodePNG(PNG.encode(image)) == image)
  }

  private struct Animation {
    var images: [RasterImage] = []
    var delays: [Int] = []
    var repeatsForEver = false
  }

  private func decodeGIF(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> Animation {
    let path = try folder.write(bytes, to: "a.gif")
    var code: Int32 = 0
    let file = try #require(DGifOpenFileName(path, &code))
    defer { DGifCloseFile(file, &code) }
    try #require(DGifSlurp(file) == GIF_OK)
    let (width, height) = (Int(file.pointee.SWidth), Int(file.pointee.SHeight))
    let map = try #require(file.pointee.SColorMap).pointee
    var animation = Animation()
    for index in 0..<Int(file.pointee.ImageCount) {
      let saved = file.pointee.SavedImages[index]
      var image = RasterImage(width: width, height: height, filledWith: Color(0, 0, 0))
      for pixel in 0..<width * height {
        let color = map.Colors[Int(saved.RasterBits[pixel])]
        image[pixel % width, pixel / width] = Color(color.Red, color.Green, color.Blue)
      }
      animation.images.append(image)
      var control = GraphicsControlBlock()
      if DGifSavedExtensionToGCB(file, Int32(index), &control) == GIF_OK {
        animation.delays.append(Int(control.DelayTime))
      }
      for block in 0..<Int(saved.ExtensionBlockCount) {
        let bytes = saved.ExtensionBlocks[block]
        let content = UnsafeBufferPointer(start: bytes.Bytes, count: Int(bytes.ByteCount))
        if content.elementsEqual([1, 0, 0]) { animation.repeatsForEver = true }
      }
    }
    return animation
  }

  @Test(arguments: [1, 2, 3, 17, 250])
  func gifKeepsUpTo256ColoursExactly(_ colors: Int) throws {
    let folder = try TemporaryFolder()
    let images = (0..<4).map { noise(width: 31, height: 17, colors: colors, seed: $0) }
    let animation = try decodeGIF(GIF.encode(images, delayMilliseconds: 120), folder)
    #expect(animation.images == images)
    #expect(animation.delays == [12, 12, 12, 12])
    #expect(animation.repeatsForEver)
  }
}
