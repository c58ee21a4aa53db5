/// One event column of an archive, converted block by block to 64-bit integers.
final class NPYColumn {
  /// How many elements the column has.
  let count: Int
  /// The block that was read last.
  let values: UnsafeMutablePointer<Int64>
  /// The stored type of the elements.
  let type: NPYType
  private let name: String
  private let source: ByteSource
  private let raw: UnsafeMutableRawBufferPointer
  private var done = 0

  /// Opens a one-dimensional array for reading in blocks.
  init(_ name: String, of archive: NPZArchive, block: Int) throws(RecordingError) {
    self.name = name
    let source = try archive.source(of: name)
    let header: NPYHeader
    do throws(RecordingError) {
      header = try NPYHeader(source)
      guard header.shape.count == 1 else {
        throw RecordingError(.corrupt, "has the shape \(header.shape); expected one dimension")
      }
    } catch {
      throw error.inside("array '\(name)'")
    }
    self.source = source
    type = header.type
    count = header.count
    // No more memory than the column needs, and no more than a block.
    let room = max(1, min(block, header.count))
    values = .allocate(capacity: room)
    raw = .allocate(byteCount: room * header.type.byteCount, alignment: 16)
  }

  deinit {
    values.deallocate()
    raw.deallocate()
  }

  /// Reads the next `count` elements, which must exist and fit a block.
  func read(_ count: Int) throws(RecordingError) {
    let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * type.byteCount)])
    do throws(RecordingError) {
      guard try source.read(into: part) == part.count else {
        throw RecordingError(.corrupt, "ends too early")
      }
    } catch {
      throw error.inside("array '\(name)'")
    }
    let run = ByteRun(UnsafeRawBufferPointer(part))
    if let bad = type.integers(run, count: count, into: values) {
      throw RecordingError(
        .outOfRange,
        "\(name) is no 64-bit integer (type \(type))",
        eventIndex: done + bad
      )
    }
    done += count
  }

  /// Checks that the last block's first `count` elements are pixel addresses.
  func checkAddresses(_ count: Int) throws(RecordingError) {
    for index in 0..<count where values[index] >> 16 != 0 {
      throw RecordingError(
        .outOfRange,
        "\(name) = \(values[index]) is no pixel address; expected 0 to 65535",
        eventIndex: done - count + index
      )
    }
  }
}
