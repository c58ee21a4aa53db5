import Foundation
import Synchronization

/// Samples that are ready, on disk, until all of them are.
///
/// Workers finish samples in any order, and the narrowest type that holds all counts is known only
/// at the end; so compressed samples wait here, and the cache is then written in one go, in order.
///
/// A record is: type u8, slices u32, chunks u32, the chunks' sizes u32 each, the slice table as
/// three times int64 each, the chunks. All numbers are in this machine's byte order.
final class SampleSpool: Sendable {
  private struct State {
    var end: UInt64 = 0
    var places: [Int: Place] = [:]
    var widest = CountType.uint8
  }

  /// Where a record lies.
  private struct Place {
    let offset: UInt64
    let length: Int
  }

  private let path: String
  private let file: FileHandle
  private let state = Mutex(State())

  /// Creates an empty spool beside the output.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  init(for output: String) throws(FramingError) {
    path = output + ".spool.partial"
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw FramingError(.output, "cannot be created: \(reason)", path: path)
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    unlink(path)  // it disappears with this process, however that ends
  }

  /// The widest type among the samples so far.
  var widest: CountType {
    state.withLock { $0.widest }
  }

  /// Adds a sample; from any thread.
  ///
  /// - Throws: ``FramingError`` of kind `output`, such as when the disk is full.
  func add(_ sample: EncodedSample, at index: Int) throws(FramingError) {
    let record = sample.spooled
    let isWritten = state.withLock { state in
      do {
        try file.seek(toOffset: state.end)
        try file.write(contentsOf: record)
      } catch {
        return false
      }
      state.places[index] = Place(offset: state.end, length: record.count)
      state.widest = max(state.widest, sample.type)
      state.end += UInt64(record.count)
      return true
    }
    guard isWritten else {
      throw FramingError(.output, "cannot be written; is the disk full?", path: path)
    }
  }

  /// Takes a sample back; nil if it was never added.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  func sample(at index: Int, name: String, label: Int) throws(FramingError) -> EncodedSample? {
    let record: Data? = try state.withLock { state throws(FramingError) in
      guard let place = state.places[index] else { return nil }
      do {
        try file.seek(toOffset: place.offset)
        return try file.read(upToCount: place.length) ?? Data()
      } catch {
        throw FramingError(.output, "cannot be read back: \(error)", path: path)
      }
    }
    guard let record else { return nil }
    guard let sample = EncodedSample(spooled: [UInt8](record), name: name, label: label) else {
      throw FramingError(.output, "sample \(name) cannot be read back", path: path)
    }
    return sample
  }
}

extension EncodedSample {
  /// The record of the spool.
  fileprivate var spooled: Data {
    var data = Data()
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number) { data.append(contentsOf: $0) }
    }
    append(UInt8(type.byteCount))
    append(UInt32(slices.events.count))
    append(UInt32(chunks.count))
    for chunk in chunks { append(UInt32(chunk.count)) }
    for column in [slices.events, slices.start, slices.end] {
      for value in column { append(value) }
    }
    for chunk in chunks { data.append(contentsOf: chunk) }
    return data
  }

  /// Reads a record; nil if it is not whole.
  fileprivate init?(spooled bytes: [UInt8], name: String, label: Int) {
    var position = 0
    func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
      let size = MemoryLayout<Number>.size
      guard bytes.count - position >= size else { return nil }
      let value = bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: position, as: Number.self)
      }
      position += size
      return value
    }
    guard let type = number(UInt8.self).flatMap({ CountType(rawValue: Int($0)) }),
      let sliceCount = number(UInt32.self), let chunkCount = number(UInt32.self)
    else { return nil }
    let sizes = (0..<chunkCount).compactMap { _ in number(UInt32.self) }
    var columns: [[Int64]] = []
    for _ in 0..<3 { columns.append((0..<sliceCount).compactMap { _ in number(Int64.self) }) }
    guard bytes.count - position == sizes.reduce(0, { $0 + Int($1) }) else { return nil }
    var chunks: [[UInt8]] = []
    for size in sizes {
      chunks.append(Array(bytes[position..<position + Int(size)]))
      position += Int(size)
    }
    var table = SliceTable()
    (table.events, table.start, table.end) = (columns[0], columns[1], columns[2])
    self.init(name: name, label: label, slices: table, type: type, chunks: chunks)
  }
}
