import CPNG

/// Portable Network Graphics, through libpng.
public enum PNG {
  /// Encodes a picture.
  ///
  /// - Returns: The bytes of a file.
  public static func encode(_ picture: RasterImage) throws(ImagingError) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(picture.width)
    image.height = png_uint_32(picture.height)
    image.format = cpng_format_rgb()
    defer { png_image_free(&image) }
    // A deflate stream of these pixels is never longer than this; libpng says if it were.
    var count = picture.bytes.count + picture.bytes.count / 8 + picture.height + 4096
    var file = [UInt8](repeating: 0, count: count)
    guard png_image_write_to_memory(&image, &file, &count, 0, picture.bytes, 0, nil) != 0 else {
      let message = withUnsafeBytes(of: image.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw ImagingError("PNG: \(message)")
    }
    return Array(file.prefix(count))
  }
}
