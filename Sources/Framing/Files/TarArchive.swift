import EventIO
import Foundation
import Synchronization

/// A tar archive whose members can be opened from any thread, best in the order of the archive.
///
/// The archive is read twice: once to list it and to verify its checksums, once for the members. A
/// member is put aside in a temporary file when the second reading reaches it; a few are kept, so
/// that threads may ask for neighbours in any order. Asking for a member further back starts over.
final class TarArchive: Sendable {
  /// What the first reading found out about a file.
  struct Member: Sendable {
    /// The path in the archive, as it stands there.
    let name: String
    let byteCount: Int
    /// Size and checksum of the content.
    let fingerprint: String
    /// The content of a small text file: a label file, a list.
    let text: [UInt8]?
  }

  /// The archive's path.
  let path: String
  /// The files, in the order of the archive.
  let members: [Member]
  /// Members that are neither files nor folders.
  let others: [String]

  /// More members than this are no dataset; their names alone would fill the memory.
  private static let memberLimit = 4_000_000
  private static let textLimit = 1 << 24
  private static let allTextsLimit = 1 << 27

  private struct Reading {
    var reader: TarReader?
    /// The file that comes next.
    var next = 0
    var spooled: [Int: SpooledFile] = [:]
  }

  private let reading = Mutex(Reading())
  private let keptCount = ProcessInfo.processInfo.activeProcessorCount + 2

  /// Lists an archive.
  ///
  /// - Throws: `RecordingError` of kind `missing`, `inputOutput` or `corrupt`, with the path.
  init(path: String) throws(RecordingError) {
    self.path = path
    var members: [Member] = []
    var others: [String] = []
    var textBytes = 0
    let reader = try TarReader(path: path)
    var block: [UInt8] = []
    while let member = try reader.next() {
      guard members.count + others.count < Self.memberLimit else {
        throw RecordingError(
          .corrupt,
          "holds more than \(Self.memberLimit) members; this is no archive of recordings",
          path: path
        )
      }
      switch member.kind {
      case .folder: continue
      case .other: others.append(member.name)
      case .file:
        let keepsText =
          (member.name.hasSuffix(".csv") || member.name.hasSuffix(".txt"))
          && member.byteCount <= Self.textLimit && textBytes <= Self.allTextsLimit
        members.append(try Self.file(member, reader, &block, keepsText: keepsText))
        textBytes += members.last?.text?.count ?? 0
      }
    }
    self.members = members
    self.others = others
  }

  private static func file(
    _ member: TarReader.Member,
    _ reader: TarReader,
    _ block: inout [UInt8],
    keepsText: Bool
  ) throws(RecordingError) -> Member {
    var digest = ContentDigest()
    var count = 0
    var text: [UInt8] = []
    while try reader.read(into: &block) {
      block.withUnsafeBytes { digest.add($0) }
      count += block.count
      if keepsText { text += block }
    }
    guard count == member.byteCount else {
      throw RecordingError(
        .corrupt,
        "\(member.name): holds \(count) of the \(member.byteCount) bytes it announces",
        path: reader.path
      )
    }
    return Member(
      name: member.name,
      byteCount: member.byteCount,
      fingerprint: digest.description,
      text: keepsText ? text : nil
    )
  }

  /// Opens a member at its front.
  ///
  /// - Throws: `RecordingError` of kind `inputOutput`, or `corrupt` if the archive has changed.
  func open(_ index: Int) throws(RecordingError) -> ByteSource {
    let spooled: SpooledFile? = try reading.withLock { state throws(RecordingError) in
      if let spooled = state.spooled[index] { return spooled }
      if state.reader == nil || index < state.next {
        state = Reading(reader: try TarReader(path: path))
      }
      do throws(RecordingError) {
        while state.next < index { try advance(&state, keeping: state.next + keptCount > index) }
        try advance(&state, keeping: true)
      } catch {
        state = Reading()
        throw error
      }
      return state.spooled[index]
    }
    guard let spooled else { throw changed() }
    return spooled.source()
  }

  /// Goes over the next file, and puts it aside if it is to be kept.
  private func advance(_ state: inout Reading, keeping: Bool) throws(RecordingError) {
    guard let reader = state.reader else { throw changed() }
    var found = try reader.next()
    while let other = found, other.kind != .file { found = try reader.next() }
    let expected = members[state.next]
    guard let found, found.name == expected.name, found.byteCount == expected.byteCount else {
      throw changed()
    }
    if keeping {
      state.spooled[state.next - keptCount] = nil
      state.spooled[state.next] = try SpooledFile(reader, name: "\(path): \(expected.name)")
    }
    state.next += 1
  }

  private func changed() -> RecordingError {
    RecordingError(.inputOutput, "the archive was changed while it was read; try again", path: path)
  }
}
