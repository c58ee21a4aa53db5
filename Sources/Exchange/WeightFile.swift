import Foundation
import SpikeNet

/// The weights of a model in a file of any program: of torch, or safetensors.
public struct WeightFile: TensorSource {
  /// The file.
  public let path: String
  /// Text by name that a safetensors file may hold.
  public let metadata: [String: String]
  private let file: any TensorSource
  /// The file's names by those under which they are asked for.
  private let fileNames: [String: String]

  /// The names without what wrappers put in front of all of them.
  public var names: [String] { fileNames.keys.sorted() }

  /// Whether a file is one that `torch.save` wrote, by its first bytes.
  public static func isTorchFile(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let prefix = (try? handle.read(upToCount: TorchFile.prefixLength)) ?? nil
    return TorchFile.recognises([UInt8](prefix ?? Data()))
  }

  /// Opens a file.
  ///
  /// - Throws: ``SpikeNetError`` with the path, and the place of what is wrong.
  public init(_ path: String) throws(SpikeNetError) {
    if Self.isTorchFile(path) {
      try self.init(TorchFile(path: path), path: path, metadata: [:])
    } else {
      let file = try Safetensors.read(path)
      self.init(file, path: path, metadata: file.metadata)
    }
  }

  private init(_ file: any TensorSource, path: String, metadata: [String: String]) {
    self.file = file
    self.path = path
    self.metadata = metadata
    let stripped = Self.withoutWrappers(file.names)
    fileNames = Dictionary(zip(stripped, file.names), uniquingKeysWith: { first, _ in first })
  }

  private init(_ original: WeightFile, fileNames: [String: String]) {
    path = original.path
    metadata = original.metadata
    file = original.file
    self.fileNames = fileNames
  }

  /// What data-parallel training and compilation put in front of every name.
  private static let wrappers = ["module.", "_orig_mod."]

  private static func withoutWrappers(_ names: [String]) -> [String] {
    var names = names
    while let wrapper = wrappers.first(where: { wrapper in
      !names.isEmpty && names.allSatisfy { $0.hasPrefix(wrapper) }
    }) {
      names = names.map { String($0.dropFirst(wrapper.count)) }
    }
    return names
  }

  /// The same tensors under names that fit the expected ones better: what all names begin with is
  /// dropped or added where the expected ones do otherwise.
  public func aligned(to expected: [String]) -> WeightFile {
    let wanted = Set(expected)
    guard wanted.isDisjoint(with: names) else { return self }
    if let common = Self.commonPart(of: names) {
      let shorter = renamed { String($0.dropFirst(common.count)) }
      if !wanted.isDisjoint(with: shorter.names) { return shorter }
    }
    if let common = Self.commonPart(of: expected) {
      let longer = renamed { common + $0 }
      if !wanted.isDisjoint(with: longer.names) { return longer }
    }
    return self
  }

  private func renamed(_ change: (String) -> String) -> WeightFile {
    WeightFile(
      self,
      fileNames: Dictionary(
        fileNames.map { (change($0.key), $0.value) },
        uniquingKeysWith: { first, _ in first }
      )
    )
  }

  /// The first part with its dot, if all names share it.
  private static func commonPart(of names: [String]) -> String? {
    guard let first = names.first, let dot = first.firstIndex(of: ".") else { return nil }
    let part = String(first[...dot])
    return names.allSatisfy { $0.hasPrefix(part) } ? part : nil
  }

  /// The dimensions of a tensor; nil if there is none of this name.
  public func shape(of name: String) -> Shape? { fileNames[name].flatMap(file.shape(of:)) }

  /// A tensor, converted to 32-bit floats.
  public func tensor(_ name: String) throws(SpikeNetError) -> Tensor {
    do { return try file.tensor(fileNames[name] ?? name) } catch { throw error.at(path) }
  }

  /// A tensor of integers or truth values, whatever their width.
  public func integers(_ name: String) throws(SpikeNetError) -> [Int64] {
    do { return try file.integers(fileNames[name] ?? name) } catch { throw error.at(path) }
  }

  /// Puts the weights, which have the authors' names, into a model.
  ///
  /// - Throws: ``SpikeNetError`` naming all missing, unexpected and mis-shaped tensors; the model is
  ///   unchanged then.
  public func load(into model: any Model) throws(SpikeNetError) {
    do { try model.load(originalWeights: aligned(to: model.originalNames)) } catch {
      throw error.at(path)
    }
  }
}
