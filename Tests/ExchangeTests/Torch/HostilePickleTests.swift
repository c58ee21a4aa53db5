import Exchange
import Foundation
import SpikeNet
import Testing
import _TestSupport

/// Pickles that want something done: nothing is, and the error says what and where.
@Suite struct HostilePickleTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent(
    "fixtures/bad/checkpoint"
  )

  private static func file(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Torch's old kind of file around a pickle.
  private static func legacy(_ pickle: [UInt8]) -> [UInt8] {
    [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
      + [0x80, 0x02, 0x4D, 0xE9, 0x03, 0x2E, 0x80, 0x02, 0x7D, 0x2E]
      + pickle + [0x80, 0x02, 0x5D, 0x2E]
  }

  private static func refusal(of bytes: [UInt8]) -> SpikeNetError? {
    do {
      let file = try TorchFile(bytes: bytes, name: "hostile.pth")
      for name in file.names { _ = try file.tensor(name) }
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      ("os-system", "posix.system"), ("eval", "eval"), ("code", "types.FunctionType"),
      ("inst-only", "INST"), ("obj", "os.system"), ("newobj", "subprocess.Popen"),
      ("stack-global", "posix.system"), ("unknown-function", "my.module.run"),
      ("hub", "torch.hub.load"),
    ]
  )
  func callsOfCodeAreRefusedWithTheirPlace(_ name: String, _ what: String) throws {
    let error = try #require(Self.refusal(of: Self.file(name)), "\(name)")
    #expect(error.kind == .unsupported)
    #expect(error.reason.contains(what), "\(error)")
    #expect(error.path == "hostile.pth")
    #expect(try #require(error.byteOffset) >= 25)
    #expect(error.description.hasPrefix("hostile.pth: byte "))
  }

  @Test func nothingIsExecuted() throws {
    let folder = try TemporaryFolder()
    for name in ["os-system", "eval", "inst"] {
      let path = try folder.write(Self.file(name), to: "\(name).pth")
      let result = try ProgramRun(["eval", path, "--model", "csnn"], in: folder.path)
      #expect(result.status == 65, "\(name): \(result.errors)")
      #expect(result.errors.hasPrefix("error: \(path): byte "), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("EXECUTED")))
    }
  }

  @Test(
    arguments: [
      "tensor-large", "tensor-overflow", "tensor-expanded", "tensor-stride", "tensor-offset",
      "tensor-negative", "tensor-negative-stride", "tensor-past-end", "storage-lies", "long-text",
      "long-text-8", "huge-integer", "no-mark", "empty-stack", "magic-only", "zip-without-pickle",
      "zip-without-data", "zip-cut", "deep", "memo-loop", "self-dictionary",
    ]
  )
  func numbersThatLieAndLoopsAreRefused(_ name: String) throws {
    let error = try #require(Self.refusal(of: Self.file(name)), "\(name)")
    #expect(error.path?.hasPrefix("hostile.pth") == true, "\(error)")
    #expect(error.reason.count > 20)
  }

  @Test func aTensorThatFitsIsReadAmongThem() throws {
    let file = try TorchFile(bytes: Self.file("tensor-fits"), name: "fits")
    #expect(try file.tensor("w") == Tensor([2, 2], [0, 1, 2, 3]))
  }

  @Test func nestingOfAnyDepthNeedsNoStack() {
    let count = 1_000_000
    let tuples = [UInt8(ascii: "N")] + [UInt8](repeating: 0x85, count: count)
    let marks =
      [UInt8](repeating: UInt8(ascii: "("), count: count)
      + [UInt8](repeating: UInt8(ascii: "t"), count: count)
    for pickle in [tuples, marks] {
      let error = Self.refusal(of: Self.legacy([0x80, 0x02] + pickle + [0x2E]))
      #expect(error?.reason.contains("holds no dictionary") == true, "\(String(describing: error))")
    }
  }

  @Test func numbersOfValuesAreBounded() {
    let pickle = [UInt8](repeating: UInt8(ascii: "]"), count: 1 << 23)
    let error = Self.refusal(of: Self.legacy(pickle + [0x2E]))
    #expect(error?.reason.contains("more than") == true)
  }

  @Test func whatCheckpointsHoldBesidesWeightsIsNoReasonToRefuse() throws {
    // A path, as Python 3.13 writes it, and a scalar of NumPy's.
    for (module, name) in [
      ("pathlib._local", "PosixPath"), ("numpy._core.multiarray", "scalar"),
      ("types", "SimpleNamespace"), ("__builtin__", "set"), ("my.enums", "Split"),
    ] {
      let call = Array("c\(module)\n\(name)\n".utf8) + [0x4E, 0x85, 0x52]
      let pickle = [0x80, 0x02, 0x7D, 0x58, 1, 0, 0, 0, UInt8(ascii: "w")] + call + [0x73, 0x2E]
      let error = try #require(Self.refusal(of: Self.legacy(pickle)))
      #expect(error.reason.contains("its keys are w"), "\(module).\(name): \(error)")
    }
  }

  @Test func objectsOfUnknownClassesAreInert() throws {
    // {"w": <my.Thing object, with state>, "model": {}} has no tensors, and nothing is looked up.
    let thing = Array("cmy\nThing\n)\u{81}".unicodeScalars.map { UInt8($0.value) }) + [0x4E, 0x62]
    let pickle =
      [0x80, 0x02, 0x7D, 0x58, 1, 0, 0, 0, UInt8(ascii: "w")] + thing + [0x73, 0x2E]
    let error = try #require(Self.refusal(of: Self.legacy(pickle)))
    #expect(error.kind == .mismatch)
    #expect(error.reason.contains("its keys are w"))
  }
}
