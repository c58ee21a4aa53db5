import EventIO

/// Reads a recording, in large and in small pieces, and checks what comes out.
struct RecordingFuzz {
  let format: String

  /// What became of one reading.
  private enum Outcome: Equatable {
    case events(EventBuffer, ReadReport)
    case refused(RecordingError)
  }

  func run(_ input: [UInt8]) throws {
    let choice = digest(input)
    var options = ReadOptions(format: format)
    options.aedat31 = choice & 1 == 0 ? .strict : .spikingJelly
    options.strayEvents = [.reject, .drop, .keep, .drop][Int(choice >> 1 & 3)]
    let cameras: [AddressLayout?] = [nil] + AddressLayout.all
    options.camera = cameras[Int(choice >> 3 & 0xFF) % cameras.count]
    options.chunkBytes = 1024
    let whole = try read(input, options)
    // Half of the inputs are read again in small pieces, some without being told the format.
    if choice >> 11 & 1 == 0 {
      options.chunkBytes = 1 + Int(choice >> 16 & 0x3F)
      let pieces = try read(input, options)
      try require(isSame(whole, pieces), "pieces of \(options.chunkBytes) bytes read otherwise")
    }
    if choice >> 12 & 7 == 0 { detect(input) }
  }

  private func read(_ input: [UInt8], _ options: ReadOptions) throws -> Outcome {
    var all = EventBuffer()
    do {
      var reader = try Recording.open(bytes: input, name: "input", options: options)
      let header = reader.header
      var chunk = EventBuffer()
      while try reader.read(into: &chunk) {
        try check(chunk, header, options)
        all.append(contentsOf: chunk)
      }
      let report = reader.report
      try require(report.events == all.count, "\(report.events) of \(all.count) events reported")
      try require(report.backwardSteps == all.backwardSteps, "wrong number of backward steps")
      try require(all.count <= header.maximumEvents ?? .max, "more events than the size allows")
      return .events(all, report)
    } catch let error as RecordingError {
      try require(
        error.path == "input" && !error.reason.isEmpty,
        "an error without place: \(error)"
      )
      return .refused(error)
    }
  }

  private func check(
    _ events: EventBuffer,
    _ header: RecordingHeader,
    _ options: ReadOptions
  ) throws {
    try require(!events.isEmpty, "an empty chunk")
    try require(
      events.x.count == events.count && events.y.count == events.count
        && events.p.count == events.count,
      "columns differ in length"
    )
    guard options.strayEvents != .keep else { return }
    for index in 0..<events.count {
      let (x, y) = (events.x[index], events.y[index])
      try require(header.geometry.contains(x: x, y: y), "\(x), \(y) is outside the sensor")
    }
  }

  /// Two refusals may differ in what was met first; a reading and a refusal may not.
  private func isSame(_ one: Outcome, _ other: Outcome) -> Bool {
    if case (.refused, .refused) = (one, other) { return true }
    return one == other
  }

  /// Lets the content choose the format; whatever that gives must not trap.
  private func detect(_ input: [UInt8]) {
    let options = ReadOptions(chunkBytes: 1024)
    guard var reader = try? Recording.open(bytes: input, name: "input.bin", options: options)
    else { return }
    var chunk = EventBuffer()
    while (try? reader.read(into: &chunk)) ?? false {}
  }
}
