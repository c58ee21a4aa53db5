import CEventKernels

extension AEDAT2 {
  /// Decodes 8-byte address events by an address layout.
  struct Decoder: EventDecoder {
    let layout: AddressLayout
    let rule: cevent_layout
    let isAssumed: Bool
    private var records = 0

    /// Checks that addresses fit the layout if it is only assumed.
    init(_ layout: AddressLayout, isAssumed: Bool) {
      self.layout = layout
      self.isAssumed = isAssumed
      rule = cevent_layout(layout)
    }

    mutating func decode(
      _ bytes: inout ByteCursor,
      into events: inout EventSink,
      report: inout ReadReport
    ) throws(RecordingError) {
      let count = bytes.wholeRecords(of: recordBytes)
      guard count > 0 else { return }
      let run = bytes.take(count * recordBytes)
      if isAssumed { try checkFit(run, count) }
      let before = events.count
      events.appendUnchecked(count) { columns in
        if layout.typeMask != 0 {
          return cevent_aedat2_selected(run.start, count, rule, columns.forKernel)
        }
        cevent_aedat2(run.start, count, rule, columns.forKernel)
        return count
      }
      report.skippedRecords += count - (events.count - before)
      records += count
    }

    func finish(_ rest: ByteCursor) throws(RecordingError) {
      guard rest.remaining > 0 else { return }
      throw rest.error(
        .corrupt,
        "the file ends \(rest.remaining) bytes into a record of \(recordBytes); it is truncated"
      )
    }

    /// The assumed camera has 16-bit addresses; a set bit above them disproves the assumption.
    private func checkFit(_ run: ByteRun, _ count: Int) throws(RecordingError) {
      guard cevent_aedat2_used_bits(run.start, count) > 0xFFFF else { return }
      for index in 0..<count {
        let address = run.big(UInt32.self, at: index * recordBytes)
        guard address > 0xFFFF else { continue }
        throw RecordingError(
          .outOfRange,
          "the file names no camera, and address 0x\(String(address, radix: 16)) "
            + "does not fit \(layout.name); pass --camera, such as davis240",
          eventIndex: records + index
        )
      }
    }
  }
}

extension AEDAT2.Decoder: CellDecoder {
  func countEvents(in content: SeekableBytes, from offset: Int) -> Int? {
    let bytes = content.byteCount - offset
    let isOrdinary = layout.typeMask == 0 && bytes % AEDAT2.recordBytes == 0
    return isOrdinary ? bytes / AEDAT2.recordBytes : nil
  }

  func decode(
    _ bytes: inout ByteCursor,
    _ limit: Int,
    into block: CellBuffer,
    report: inout ReadReport
  ) -> Int? {
    let block = block.fill(limit, from: &bytes, recordBytes: AEDAT2.recordBytes) {
      cevent_aedat2_cells($0, $1, rule, $2, $3)
    }
    guard let block, !isAssumed || block.found.used_bits <= 0xFFFF else { return nil }
    return block.count
  }
}
