import Exchange
import SpikeNet

/// Reads checkpoints of other programs: torch's files, pickles in torch's old kind of file, and
/// safetensors.
enum CheckpointFuzz {
  /// What stands before the main pickle in torch's old files: three pickles.
  private static let preamble: [UInt8] =
    [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    + [0x80, 0x02, 0x4D, 0xE9, 0x03, 0x2E, 0x80, 0x02, 0x7D, 0x2E]

  static func run(_ input: [UInt8]) throws {
    if let file = try? TorchFile(bytes: input, name: "input") { try read(file) }
    if let file = try? TorchFile(bytes: preamble + input, name: "input") { try read(file) }
    if let file = try? Safetensors(input) { try read(file) }
  }

  private static func read(_ file: some TensorSource) throws {
    for name in file.names.prefix(8) {
      guard let shape = file.shape(of: name) else {
        throw BrokenPromise(description: "no shape of \(name)")
      }
      if let tensor = try? file.tensor(name) {
        try require(tensor.shape == shape, "\(name) is \(tensor.shape), promised \(shape)")
      }
      if let integers = try? file.integers(name) {
        try require(integers.count == shape.count, "\(integers.count) integers of \(shape)")
      }
    }
  }
}
