import Exchange
import Foundation
import SpikeNet
import Testing
import _TestSupport

/// Files that torch wrote, of both kinds; `fixtures/checkpoints/make.py` says what is in them.
@Suite struct TorchFileTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent("fixtures/checkpoints")

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
  }

  @Test(
    arguments: [
      ("timm.pth.tar", ""), ("net.pth", "module."), ("bare.pth", "module."), ("legacy.pth", ""),
    ]
  )
  func tensorsOfEveryKindAreRead(_ name: String, _ prefix: String) throws {
    let file = try TorchFile(bytes: Self.bytes(name), name: name)
    #expect(file.names.count == 5)
    let values = (0..<24).map { Float($0) / 8 }
    #expect(try file.tensor(prefix + "conv.weight") == Tensor([2, 3, 2, 2], values))
    let transposed = (0..<24).map { index in
      let (i, j, rest) = (index / 8, index / 4 % 2, index % 4)
      return Float(j * 12 + i * 4 + rest) / 8
    }
    #expect(try file.tensor(prefix + "conv.transposed") == Tensor([3, 2, 2, 2], transposed))
    #expect(try file.tensor(prefix + "norm.weight") == Tensor([2], [1.5, -2.5]))
    #expect(try file.tensor(prefix + "norm.half") == Tensor([2], [1.5, -2.5]))
    #expect(try file.integers(prefix + "norm.num_batches_tracked") == [7])
    #expect(file.shape(of: prefix + "norm.num_batches_tracked") == [])
    #expect(file.shape(of: "epoch") == nil)
  }

  @Test func wrappersAreTakenOffTheNames() throws {
    for name in ["net.pth", "bare.pth"] {
      let file = try WeightFile(Self.folder.appendingPathComponent(name).path)
      #expect(file.names.contains("conv.weight"))
      #expect(file.shape(of: "norm.weight") == [2])
    }
  }

  @Test func namesAreAlignedByWhatTheyAllBeginWith() throws {
    let file = try WeightFile(Self.folder.appendingPathComponent("legacy.pth").path)
    let longer = file.aligned(to: ["model.conv.weight", "model.norm.weight"])
    #expect(longer.shape(of: "model.conv.weight") == [2, 3, 2, 2])
    #expect(try longer.tensor("model.norm.weight") == Tensor([2], [1.5, -2.5]))
    #expect(file.aligned(to: ["conv.weight", "other"]).names == file.names)
  }

  @Test(arguments: ["timm.pth.tar", "legacy.pth", "bare.pth"])
  func truncationAtEveryLengthIsRefused(_ name: String) throws {
    let bytes = try Self.bytes(name)
    for count in 0..<bytes.count {
      do {
        _ = try TorchFile(bytes: Array(bytes.prefix(count)), name: "cut.pth")
        Issue.record("\(name) was read from its first \(count) bytes")
      } catch {
        #expect(error.path?.hasPrefix("cut.pth") == true, "\(error)")
        #expect([.corrupt, .mismatch, .unsupported].contains(error.kind), "\(error)")
      }
    }
  }

  @Test(arguments: ["timm.pth.tar", "legacy.pth"])
  func everyFlippedByteIsReadOrRefused(_ name: String) throws {
    let bytes = try Self.bytes(name)
    for position in bytes.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[position] ^= mask
        guard let file = try? TorchFile(bytes: damaged, name: "flipped") else { continue }
        for name in file.names {
          guard let tensor = try? file.tensor(name) else { continue }
          #expect(tensor.shape == file.shape(of: name))
        }
      }
    }
  }

  /// Safetensors begin with a length, whose first byte may be that of a pickle.
  @Test func safetensorsOfAnyLengthAreNotTakenForTorchs() {
    for low in 0...UInt8.max {
      let prefix = [low, 2, 0, 0, 0, 0, 0, 0, UInt8(ascii: "{")]
      #expect(!TorchFile.recognises(prefix), "\(low)")
    }
    #expect(TorchFile.recognises([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]))
    #expect(TorchFile.recognises(Array("PK\u{3}\u{4}".utf8)))
  }

  @Test func otherFilesAreSaidNotToBeTorchs() {
    for (bytes, text) in [
      ([], "truncated"), (Array("hello, this is text".utf8), "no file of torch.save"),
      ([0x80, 0x04, 0x4E, 0x2E], "no file of torch.save"),
    ] as [([UInt8], String)] {
      do {
        _ = try TorchFile(bytes: bytes, name: "other")
        Issue.record("\(bytes) was read")
      } catch {
        #expect(error.description.contains(text), "\(error)")
      }
    }
  }
}

/// The checkpoints of the reference set.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenCheckpointTests {
  @Test(
    arguments: [
      "spikingformer_dvs_timm.pth.tar", "spikingformer_dvs_checkpoint_max_test_acc1.pth",
      "spikingformer_dvs_ddp_bare.pth", "spikingformer_dvs_legacy.pth.tar",
    ]
  )
  func weightsEqualThoseOfTheReference(_ name: String) throws {
    let reference = try Safetensors.read(GoldenNetworks.path("spikingformer_dvs.safetensors"))
    let model = try GoldenSpikingformer.make()
    try WeightFile(GoldenNetworks.path(name)).load(into: model)
    for (name, parameter) in model.namedParameters {
      #expect(try parameter.exported == reference.tensor("sd." + model.originalName(of: name)))
    }
    for (name, buffer) in model.namedBuffers {
      #expect(try buffer.value == reference.tensor("sd." + model.originalName(of: name)))
    }
  }

  @Test func everyNameOfTheFileIsKnownAndWrittenAgain() throws {
    let model = try GoldenSpikingformer.make()
    let file = try WeightFile(GoldenNetworks.path("spikingformer_dvs_timm.pth.tar"))
    let ours = model.originalTensors
    #expect(Set(ours.map(\.name)) == Set(file.names))
    for (name, content) in ours {
      #expect(file.shape(of: name) == content.shape, "\(name)")
    }
  }

  @Test func stridesAndTypesAreConverted() throws {
    let file = try TorchFile(path: GoldenNetworks.path("strides_dtypes.pth"))
    let base = (0..<24).map(Float.init)
    let transposed = (0..<24).map { Float($0 % 4 * 6 + $0 / 4) }
    #expect(try file.tensor("a") == Tensor([6, 4], transposed))
    #expect(try file.tensor("b") == Tensor([2, 3], [8, 9, 10, 14, 15, 16]))
    for name in ["c", "d", "e"] { #expect(try file.tensor(name) == Tensor([4, 6], base)) }
    #expect(try file.tensor("f").scalar == 3)
    #expect(try file.integers("g") == [1, 0])
    #expect(try file.tensor("h").shape == [0, 3])
  }

  @Test func allThatDoesNotFitIsListedTogether() throws {
    let file = try WeightFile(GoldenNetworks.path("spikingformer_dvs_legacy.pth.tar"))
    let model = try GoldenSpikingformer.make(depth: 2, classes: 7)
    let before = model.namedParameters.map(\.parameter.exported)
    do {
      try file.load(into: model)
      Issue.record("a model of another depth was filled")
    } catch {
      #expect(error.kind == .mismatch)
      #expect(error.path?.hasSuffix("spikingformer_dvs_legacy.pth.tar") == true)
      #expect(
        error.reason.contains("missing") && error.reason.contains("block.1.attn.q_conv.weight")
      )
      #expect(error.reason.contains("head.weight is [11, 32], expected [7, 32]"), "\(error.reason)")
    }
    #expect(model.namedParameters.map(\.parameter.exported) == before)
    let smaller = try GoldenSpikingformer.make(depth: 0)
    #expect(throws: SpikeNetError.self) { try file.load(into: smaller) }
    do { try file.load(into: smaller) } catch {
      #expect("\(error)".contains("unexpected") && "\(error)".contains("block.0.attn"))
    }
  }
}

/// The small Spikingformer of the reference set.
enum GoldenSpikingformer {
  static func make(depth: Int = 1, classes: Int = 11) throws -> any Model {
    var configuration = Spikingformer.Configuration()
    configuration.embedDim = 32
    configuration.depth = depth
    configuration.heads = 2
    var generator = SeededGenerator(seed: 5)
    return try configuration.makeModel(
      for: ModelInput(steps: 4, height: 32, width: 32, channels: 2, classes: classes),
      using: &generator
    )
  }
}
