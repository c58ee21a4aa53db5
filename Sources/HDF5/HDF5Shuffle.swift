/// The shuffle filter, joined with the change of width that counts need on their way to a chunk.
///
/// A shuffled chunk holds the lowest bytes of all values, then the second bytes, and so on. For
/// values of one byte this is the plain order.
public enum HDF5Shuffle {
  /// Narrows values to `width` bytes each and puts them in shuffled order.
  ///
  /// - Parameters:
  ///   - values: Values that fit `width` bytes; higher bytes are lost.
  ///   - range: The values that make up the chunk.
  ///   - width: 1, 2 or 4.
  ///   - bytes: Receives `range.count · width` bytes; its memory is reused.
  public static func split(
    _ values: [Int32],
    _ range: Range<Int>,
    width: Int,
    into bytes: inout [UInt8]
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= values.count && [1, 2, 4].contains(width)
    )
    let count = range.count
    resize(&bytes, to: count * width)
    values.withUnsafeBufferPointer { values in
      bytes.withUnsafeMutableBufferPointer { bytes in
        guard let source = values.baseAddress.map({ $0 + range.lowerBound }),
          let target = bytes.baseAddress
        else { return }
        for plane in 0..<width {
          let shift = Int32(8 * plane)
          let row = target + plane * count
          for index in 0..<count {
            row[index] = UInt8(truncatingIfNeeded: source[index] &>> shift)
          }
        }
      }
    }
  }

  /// Widens shuffled bytes to values: the inverse of `split`, with the sign extended.
  ///
  /// - Parameters:
  ///   - bytes: A whole chunk in shuffled order; one byte a value is unsigned.
  ///   - width: 1, 2 or 4.
  ///   - values: Receives the values from index `start` on.
  public static func join(
    _ bytes: [UInt8],
    width: Int,
    into values: inout [Int32],
    at start: Int
  ) {
    let count = bytes.count / width
    precondition([1, 2, 4].contains(width) && start >= 0 && start + count <= values.count)
    bytes.withUnsafeBufferPointer { bytes in
      values.withUnsafeMutableBufferPointer { values in
        guard let source = bytes.baseAddress, let target = values.baseAddress.map({ $0 + start })
        else { return }
        switch width {
        case 1: for index in 0..<count { target[index] = Int32(source[index]) }
        case 2:
          for index in 0..<count {
            let high = Int8(bitPattern: source[count + index])
            target[index] = Int32(source[index]) | Int32(high) &<< 8
          }
        default:
          for index in 0..<count {
            let low = Int32(source[index]) | Int32(source[count + index]) &<< 8
            let high = Int32(source[2 * count + index]) | Int32(source[3 * count + index]) &<< 8
            target[index] = low | high &<< 16
          }
        }
      }
    }
  }

  private static func resize(_ bytes: inout [UInt8], to count: Int) {
    if bytes.count > count { bytes.removeLast(bytes.count - count) }
    if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
  }
}
