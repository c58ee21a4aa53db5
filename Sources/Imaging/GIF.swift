import CGIF

/// Animated GIF, through giflib.
public enum GIF {
  /// What the encoder writes to.
  private final class Output {
    var bytes: [UInt8] = []
  }

  /// Encodes an animation that repeats for ever.
  ///
  /// - Parameters:
  ///   - frames: Pictures of equal size, with at most 256 colours in all.
  ///   - delayMilliseconds: How long each is shown; rounded to hundredths of a second.
  /// - Returns: The bytes of a file.
  public static func encode(
    _ frames: [RasterImage],
    delayMilliseconds: Int
  ) throws(ImagingError) -> [UInt8] {
    guard let first = frames.first else { throw ImagingError("GIF: no frames") }
    let palette = try Palette(frames)
    let output = Output()
    var code: Int32 = 0
    let write: OutputFunc = { file, bytes, count in
      guard let file, let bytes else { return 0 }
      let output = Unmanaged<Output>.fromOpaque(file.pointee.UserData).takeUnretainedValue()
      output.bytes += UnsafeBufferPointer(start: bytes, count: Int(count))
      return count
    }
    let user = Unmanaged.passUnretained(output).toOpaque()
    guard let file = EGifOpen(user, write, &code) else { throw ImagingError("GIF: error \(code)") }
    EGifSetGifVersion(file, true)
    var status = put(first, palette, to: file)
    for frame in frames where status == GIF_OK {
      status = put(frame, palette, delay: max(2, delayMilliseconds / 10), to: file)
    }
    let closed = EGifCloseFile(file, &code)
    guard status == GIF_OK, closed == GIF_OK else { throw ImagingError("GIF: error \(code)") }
    return withExtendedLifetime(output) { output.bytes }
  }

  /// Puts the screen and the wish to repeat.
  private static func put(
    _ first: RasterImage,
    _ palette: Palette,
    to file: UnsafeMutablePointer<GifFileType>
  ) -> Int32 {
    guard let map = palette.makeMap() else { return GIF_ERROR }
    defer { GifFreeMapObject(map) }
    guard
      EGifPutScreenDesc(file, Int32(first.width), Int32(first.height), 8, 0, map) == GIF_OK,
      EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE) == GIF_OK,
      EGifPutExtensionBlock(file, 11, "NETSCAPE2.0") == GIF_OK,
      EGifPutExtensionBlock(file, 3, [1, 0, 0] as [UInt8]) == GIF_OK
    else { return GIF_ERROR }
    return EGifPutExtensionTrailer(file)
  }

  private static func put(
    _ frame: RasterImage,
    _ palette: Palette,
    delay: Int,
    to file: UnsafeMutablePointer<GifFileType>
  ) -> Int32 {
    let control: [UInt8] = [4, UInt8(delay & 0xFF), UInt8(delay >> 8 & 0xFF), 0]
    guard
      EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, control) == GIF_OK,
      EGifPutImageDesc(file, 0, 0, Int32(frame.width), Int32(frame.height), false, nil) == GIF_OK
    else { return GIF_ERROR }
    for row in 0..<frame.height {
      var line = palette.indices(of: frame, row: row)
      guard EGifPutLine(file, &line, Int32(frame.width)) == GIF_OK else { return GIF_ERROR }
    }
    return GIF_OK
  }

  /// The colours of all frames.
  private struct Palette {
    private var positions: [Color: UInt8] = [:]
    private var colors: [Color] = []

    init(_ frames: [RasterImage]) throws(ImagingError) {
      for frame in frames {
        for y in 0..<frame.height {
          for x in 0..<frame.width {
            let color = frame[x, y]
            guard positions[color] == nil else { continue }
            guard colors.count < 256 else { throw ImagingError("GIF: more than 256 colours") }
            positions[color] = UInt8(colors.count)
            colors.append(color)
          }
        }
      }
    }

    func makeMap() -> UnsafeMutablePointer<ColorMapObject>? {
      var entries = colors.map { GifColorType(Red: $0.red, Green: $0.green, Blue: $0.blue) }
      while entries.count < 256 { entries.append(GifColorType(Red: 0, Green: 0, Blue: 0)) }
      return GifMakeMapObject(256, entries)
    }

    func indices(of frame: RasterImage, row: Int) -> [UInt8] {
      (0..<frame.width).map { positions[frame[$0, row]] ?? 0 }
    }
  }
}
