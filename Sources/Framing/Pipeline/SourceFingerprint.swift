/// A digest that tells whether source files changed; not meant against forgery.
public struct SourceFingerprint: Hashable, Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts a digest of nothing.
  public init() {}

  /// The digest of all recordings' contents and of what is taken from them.
  ///
  /// - Parameter notes: By recording; samples of recordings without a note are left out.
  public init(of catalog: RecordingCatalog, _ notes: [Int: RecordingNote]) {
    self.init()
    for sample in catalog.samples {
      guard let note = notes[sample.recording] else { continue }
      add(sample, content: note.digest)
    }
  }

  /// Takes a sample in: what it is called, and where it comes from.
  mutating func add(_ sample: CatalogSample, content: String) {
    add(sample.name, label: sample.label, content: sample.content(content))
  }

  /// Takes a sample in whose content was told by ``CatalogSample/content(_:)``.
  mutating func add(_ name: String, label: Int, content: String) {
    add(name)
    add("\(label)")
    add(content)
  }

  /// The digest as a number.
  var bits: UInt64 { state }

  /// The digest as 16 hexadecimal digits.
  public var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Takes text in: FNV-1a of its UTF-8 bytes, ended by a zero.
  public mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0)
  }

  private mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
  }
}

extension CatalogSample {
  /// What stands for the sample's events: the digest of its recording, and the window in it.
  func content(_ digest: String) -> String {
    window.map { "\(digest) \($0.lowerBound)-\($0.upperBound)" } ?? digest
  }
}
