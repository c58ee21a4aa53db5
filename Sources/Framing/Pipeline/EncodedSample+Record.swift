extension EncodedSample {
  /// The sample's record in a journal, without name and label, which the catalog knows.
  ///
  /// Checksum u32, slices u64, chunks u64, the chunks' sizes u64 each, the slice table as three
  /// times int64 each, the chunks.
  var record: [UInt8] {
    var writer = RecordWriter()
    writer.append(chunks.checksum.value)
    writer.append(slices.events.count)
    writer.append(chunks.sizes.count)
    writer.append(contentsOf: chunks.sizes)
    for column in [slices.events, slices.start, slices.end] { writer.append(contentsOf: column) }
    writer.append(contentsOf: chunks.bytes)
    return writer.bytes
  }

  /// Reads a record; nil if it is not whole.
  init?(record: [UInt8], type: CountType, name: String, label: Int) {
    var reader = RecordReader(record)
    guard let checksum = reader.number(UInt32.self),
      let sliceCount = reader.number(Int.self), let chunkCount = reader.number(Int.self),
      let sizes = reader.numbers(Int.self, count: chunkCount),
      let events = reader.numbers(Int64.self, count: sliceCount),
      let start = reader.numbers(Int64.self, count: sliceCount),
      let end = reader.numbers(Int64.self, count: sliceCount)
    else { return nil }
    let bytes = reader.rest
    guard sizes.allSatisfy({ $0 >= 0 && $0 <= bytes.count }), sizes.reduce(0, +) == bytes.count
    else { return nil }
    var slices = SliceTable()
    (slices.events, slices.start, slices.end) = (events, start, end)
    let chunks = EncodedChunks(
      type,
      checksum: Checksum(value: checksum),
      bytes: bytes,
      sizes: sizes
    )
    self.init(name: name, label: label, slices: slices, chunks: chunks)
  }
}
