import CEventKernels

extension AEDAT3 {
  /// The 28 bytes in front of every packet.
  struct PacketHeader {
    let type: UInt16
    let eventBytes: UInt32
    let overflow: UInt32
    let capacity: UInt32
    let number: UInt32

    init(_ run: ByteRun) {
      type = run.little(UInt16.self, at: 0)
      eventBytes = run.little(UInt32.self, at: 4)
      overflow = run.little(UInt32.self, at: 12)
      capacity = run.little(UInt32.self, at: 16)
      number = run.little(UInt32.self, at: 20)
    }

    var isPolarity: Bool { type == 1 }

    /// How many bytes follow; the product of two 32-bit numbers fits.
    var payloadBytes: UInt64 { UInt64(capacity) * UInt64(eventBytes) }
  }

  /// Decodes packets; a packet may be cut anywhere between two calls.
  struct Decoder: EventDecoder {
    enum State {
      case betweenPackets
      case events(left: Int, overflow: Int64, slackBytes: Int)
      case skipping(bytes: Int)
    }

    let policy: AEDAT31Policy
    private let byteCount: Int?
    var state = State.betweenPackets
    private var packetOffset = 0

    /// Judges packets against the size of the content, if it is known.
    init(_ policy: AEDAT31Policy, byteCount: Int?) {
      self.policy = policy
      self.byteCount = byteCount
    }

    mutating func decode(
      _ bytes: inout ByteCursor,
      into events: inout EventSink,
      report: inout ReadReport
    ) throws(RecordingError) {
      while true {
        switch state {
        case .betweenPackets:
          guard bytes.remaining >= packetHeaderBytes else { return }
          try startPacket(&bytes, report: &report)
        case .events(let left, let overflow, let slackBytes):
          let count = min(left, bytes.wholeRecords(of: eventBytes))
          decodeEvents(bytes.take(count * eventBytes), overflow, into: &events, report: &report)
          state =
            count < left
            ? .events(left: left - count, overflow: overflow, slackBytes: slackBytes)
            : .skipping(bytes: slackBytes)
          if count < left { return }
        case .skipping(let left):
          let count = min(left, bytes.remaining)
          bytes.skip(count)
          state = count < left ? .skipping(bytes: left - count) : .betweenPackets
          if count < left { return }
        }
      }
    }

    func finish(_ rest: ByteCursor) throws(RecordingError) {
      switch state {
      case .betweenPackets where rest.remaining == 0: return
      case .betweenPackets:
        throw rest.error(
          .corrupt,
          "the file ends \(rest.remaining) bytes into a packet header of \(packetHeaderBytes); "
            + "it is truncated"
        )
      case .events, .skipping:
        throw RecordingError(
          .corrupt,
          "the file ends inside this packet; it is truncated",
          byteOffset: packetOffset
        )
      }
    }

    func remarks(_ report: ReadReport) -> [String] {
      guard policy == .strict else { return [] }
      var remarks: [String] = []
      if report.slackEntries > 0 {
        remarks.append(
          "\(report.slackEntries) unused packet entries were skipped; SpikingJelly reads them as "
            + "events (--aedat31 spikingjelly)"
        )
      }
      if report.invalidEvents > 0 {
        remarks.append(
          "\(report.invalidEvents) events marked invalid were skipped; SpikingJelly keeps them "
            + "(--aedat31 spikingjelly)"
        )
      }
      return remarks
    }
  }
}

extension AEDAT3.Decoder {
  private mutating func startPacket(
    _ bytes: inout ByteCursor,
    report: inout ReadReport
  ) throws(RecordingError) {
    packetOffset = bytes.offset
    let packet = AEDAT3.PacketHeader(bytes.take(AEDAT3.packetHeaderBytes))
    let payload = try checkedPayload(packet, at: bytes.offset)
    guard packet.isPolarity else {
      report.skippedRecords += 1
      state = .skipping(bytes: payload)
      return
    }
    let used = policy == .strict ? packet.number : packet.capacity
    let left = Int(used)
    report.slackEntries += Int(packet.capacity - packet.number)
    state = .events(
      left: left,
      overflow: Int64(packet.overflow) << 31,
      slackBytes: payload - left * AEDAT3.eventBytes
    )
  }

  /// The bytes that follow a packet header, once it has been found plausible.
  private func checkedPayload(
    _ packet: AEDAT3.PacketHeader,
    at offset: Int
  ) throws(RecordingError) -> Int {
    let isWrongSize =
      packet.isPolarity
      ? packet.eventBytes != AEDAT3.eventBytes : packet.eventBytes < AEDAT3.eventBytes
    if isWrongSize {
      throw damaged(
        "has events of \(packet.eventBytes) bytes; expected "
          + (packet.isPolarity ? "\(AEDAT3.eventBytes)" : "at least \(AEDAT3.eventBytes)")
      )
    }
    if packet.number > packet.capacity {
      throw damaged("uses \(packet.number) of \(packet.capacity) entries")
    }
    let payload = Int(clamping: packet.payloadBytes)
    if let byteCount, payload > byteCount - offset {
      throw damaged(
        "promises \(payload) bytes, but \(byteCount - offset) remain; the file is truncated"
      )
    }
    return payload
  }

  private func damaged(_ reason: String) -> RecordingError {
    RecordingError(.corrupt, "the packet that starts here " + reason, byteOffset: packetOffset)
  }

  /// Decodes whole polarity events that share an overflow; `run` may be empty.
  private func decodeEvents(
    _ run: ByteRun,
    _ overflow: Int64,
    into events: inout EventSink,
    report: inout ReadReport
  ) {
    let count = run.count / AEDAT3.eventBytes
    var valid = 0
    events.appendUnchecked(count) { columns in
      valid = cevent_aedat3(run.start, count, overflow, columns.forKernel)
      if valid == count || policy == .spikingJelly { return count }
      return cevent_aedat3_valid(run.start, count, overflow, columns.forKernel)
    }
    report.invalidEvents += count - valid
  }
}

extension AEDAT3.Decoder: CellDecoder {
  /// Adds up the packet headers.
  func countEvents(in content: SeekableBytes, from offset: Int) throws(RecordingError) -> Int? {
    var total = 0
    var offset = offset
    let header = UnsafeMutableRawBufferPointer.allocate(
      byteCount: AEDAT3.packetHeaderBytes,
      alignment: 8
    )
    defer { header.deallocate() }
    while offset < content.byteCount {
      guard try content.read(into: header, at: offset) == header.count else { return nil }
      let packet = AEDAT3.PacketHeader(ByteRun(UnsafeRawBufferPointer(header)))
      offset += header.count
      guard packet.payloadBytes <= content.byteCount - offset else { return nil }
      offset += Int(packet.payloadBytes)
      if packet.isPolarity { total += Int(policy == .strict ? packet.number : packet.capacity) }
    }
    return total
  }

  mutating func decode(
    _ bytes: inout ByteCursor,
    _ limit: Int,
    into block: CellBuffer,
    report: inout ReadReport
  ) throws(RecordingError) -> Int? {
    while true {
      switch state {
      case .betweenPackets:
        guard bytes.remaining >= AEDAT3.packetHeaderBytes else { return 0 }
        try startPacket(&bytes, report: &report)
      case .events(let left, let overflow, let slackBytes):
        let count = min(limit, left, bytes.wholeRecords(of: AEDAT3.eventBytes))
        state =
          count < left
          ? .events(left: left - count, overflow: overflow, slackBytes: slackBytes)
          : .skipping(bytes: slackBytes)
        if count == 0 && left > 0 { return 0 }
        if count == 0 { continue }
        let run = bytes.take(count * AEDAT3.eventBytes)
        let found = block.fill(count) { cevent_aedat3_cells(run.start, count, overflow, $0, $1) }
        guard let found else { return nil }
        report.invalidEvents += count - found.valid
        return found.valid == count || policy == .spikingJelly ? count : nil
      case .skipping(let left):
        let count = min(left, bytes.remaining)
        bytes.skip(count)
        state = count < left ? .skipping(bytes: left - count) : .betweenPackets
        if count < left { return 0 }
      }
    }
  }
}
