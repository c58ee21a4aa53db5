import Foundation
import SpikeNet
import Testing
import _TestSupport

struct MixingTests {
  private static let isPresent = GoldenNetworks.isPresent

  @Test(
    .enabled(if: isPresent, Comment(rawValue: GoldenNetworks.absent)),
    arguments: [("soft_ce_lam0.37", 0.37), ("soft_ce_lam1.0", 1)]
  )
  func mixupIsTimms(_ name: String, _ weight: Double) throws {
    let file = try Safetensors.read(GoldenNetworks.path("linear_loss.safetensors"))
    // [B, T, C, H, W] there.
    let order = [1, 0, 3, 4, 2]
    var frames = try file.tensor("\(name)/mix_in").permuted(order)
    let labels = try file.tensor("\(name)/y").scalars.map { Int($0) }
    var targets = Targets(labels: labels, classes: 11, smoothing: 0.1).probabilities
    BatchMix.blend(weight: weight).apply(to: &frames, &targets)
    expectClose(
      frames,
      try file.tensor("\(name)/mix_out").permuted(order),
      tolerance: 1e-6,
      "frames"
    )
    expectClose(targets, try file.tensor("\(name)/target"), tolerance: 1e-6, "targets")
  }

  @Test(.enabled(if: isPresent, Comment(rawValue: GoldenNetworks.absent)))
  func cutmixIsTimms() throws {
    let file = try Safetensors.read(GoldenNetworks.path("augment.safetensors"))
    let order = [1, 0, 3, 4, 2]
    var frames = try file.tensor("cutmix_in").permuted(order)
    var targets = Targets(labels: [0, 1, 2, 3], classes: 4).probabilities
    BatchMix.cut(x: 5..<11, y: 2..<8).apply(to: &frames, &targets)
    #expect(try frames == file.tensor("cutmix_out_y2_8_x5_11").permuted(order))
    // 36 of 144 pixels come from the sample at the other end.
    #expect(targets.scalars.prefix(8) == [0.75, 0, 0, 0.25, 0, 0.75, 0.25, 0])
  }

  private let shape: Shape = [4, 3, 16, 12, 2]

  private func mixing(_ change: (inout MixingConfiguration) -> Void) -> MixingConfiguration {
    var mixing = MixingConfiguration()
    change(&mixing)
    return mixing
  }

  private func draws(_ mixing: MixingConfiguration, epoch: Int = 0) -> [BatchMix] {
    var generator = SeededGenerator(seed: 11)
    return (0..<500).compactMap { _ in mixing.mix(epoch: epoch, shape: shape, using: &generator) }
  }

  @Test func batchesAreMixedWithTheirProbabilityUntilTheEpochGiven() {
    #expect(draws(MixingConfiguration()).isEmpty)
    let half = mixing {
      $0.mixup = 0.5
      $0.probability = 0.5
      $0.offEpoch = 75
    }
    #expect((210...290).contains(draws(half, epoch: 74).count))
    #expect(draws(half, epoch: 75).isEmpty)
    let both = mixing {
      $0.mixup = 0.8
      $0.cutmix = 1
      $0.switchProbability = 0.2
    }
    let cuts = draws(both).count { if case .cut = $0 { true } else { false } }
    #expect(draws(both).count == 500 && (70...135).contains(cuts))
  }

  @Test func weightsFollowTheBetaDistribution() {
    var generator = SeededGenerator(seed: 5)
    for alpha in [0.3, 1, 4] {
      let values = (0..<20_000).map { _ in generator.beta(alpha) }
      let mean = values.reduce(0, +) / 20_000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      #expect(abs(mean - 0.5) < 0.01)
      #expect(abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.003, "\(alpha)")
    }
  }

  /// No event is lost or made; the weight is the share of a sample's events that stayed.
  @Test func eventMixSwapsEventsOfMirroredSamples() throws {
    let eventMix = mixing { $0.eventMix = 1 }
    var generator = SeededGenerator(seed: 2)
    let before = Tensor.uniform([4, 3, 16, 12, 2], in: 0..<5, using: &generator)
    var moved = 0
    for mix in draws(eventMix).prefix(50) {
      var (frames, targets) = (before, Targets(labels: [0, 1, 2], classes: 3).probabilities)
      mix.apply(to: &frames, &targets)
      #expect(frames.scalars.sorted() == before.scalars.sorted())
      let sums = targets.scalars.reduce(0, +)
      #expect(abs(sums - 3) < 1e-5 && targets.scalars.allSatisfy { (0...1).contains($0) })
      #expect(abs(targets[4] - 1) < 1e-6)
      let kept = zip(frames.scalars, before.scalars).count { $0 == $1 }
      if kept < before.count { moved += 1 }
      // With equally dense samples, the weight is about the share of cells that stayed.
      let own = Float(kept - before.count / 3) / Float(before.count * 2 / 3)
      #expect(abs(targets[0] - own) < 0.1)
    }
    #expect(moved > 40)
  }

  @Test func oddAndSingleBatchesKeepTheirMiddle() {
    let mixup = mixing { $0.mixup = 1 }
    var generator = SeededGenerator(seed: 1)
    #expect(mixup.mix(epoch: 0, shape: [4, 1, 8, 8, 2], using: &generator) == nil)
    var frames = Tensor([1, 3, 1, 1, 1], [2, 5, 10])
    var targets = Targets(labels: [0, 1, 2], classes: 3).probabilities
    BatchMix.blend(weight: 0.75).apply(to: &frames, &targets)
    #expect(frames.scalars == [4, 5, 8])
    #expect(targets.scalars == [0.75, 0, 0.25, 0, 1, 0, 0.25, 0, 0.75])
  }
}
