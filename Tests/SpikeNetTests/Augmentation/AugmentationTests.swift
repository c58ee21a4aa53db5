import SpikeNet
import Testing

struct AugmentationTests {
  private let shape: Shape = [8, 32, 24, 2]

  /// The transforms of many draws.
  private func draws(_ augmentation: AugmentationConfiguration) -> [[SampleTransform]] {
    var generator = SeededGenerator(seed: 3)
    return (0..<2000).map { _ in augmentation.transforms(for: shape, using: &generator) }
  }

  private func policy(_ policy: AugmentationPolicy) -> [[SampleTransform]] {
    var augmentation = AugmentationConfiguration()
    augmentation.policy = policy
    return draws(augmentation)
  }

  @Test func nothingIsDrawnByDefault() {
    #expect(AugmentationConfiguration().isIdentity)
    #expect(draws(AugmentationConfiguration()).allSatisfy { $0.isEmpty })
  }

  @Test func flipsComeWithTheirProbability() {
    var augmentation = AugmentationConfiguration()
    augmentation.flip = 0.3
    let flips = draws(augmentation).count { $0 == [.flip] }
    #expect((500...700).contains(flips))
  }

  /// The sixth of the draws that each operation has, and its range.
  @Test func snnAugmentWideHasSixOperationsInTheirRanges() {
    var counts: [String: Int] = [:]
    for transforms in policy(.snnAugmentWide) {
      switch transforms.first {
      case nil: counts["identity", default: 0] += 1
      case .shear(let angle):
        counts["shear", default: 0] += 1
        #expect(abs(angle) <= 0.3)
      case .translate(let x, let y):
        counts[x == 0 && y == 0 ? "still" : x == 0 ? "y" : "x", default: 0] += 1
        #expect(abs(x) <= 5 && abs(y) <= 5)
      case .rotate(let degrees):
        counts["rotate", default: 0] += 1
        #expect(abs(degrees) <= 30)
      case .erase(let x, let y):
        counts["erase", default: 0] += 1
        #expect(x.lowerBound >= 0 && x.upperBound <= 24 && y.upperBound <= 32)
        #expect(x.count == y.count && x.count * y.count <= 100)
      default: Issue.record("\(transforms)")
      }
    }
    #expect(Set(counts.keys) == ["identity", "shear", "still", "x", "y", "rotate", "erase"])
    for name in ["identity", "shear", "rotate", "erase"] {
      #expect((260...410).contains(counts[name] ?? 0), "\(name)")
    }
  }

  @Test func policiesHaveTheirOperationsOnly() {
    let wide = policy(.snnAugmentWideWithoutCutout).flatMap(\.self)
    #expect(!wide.contains { if case .erase = $0 { true } else { false } })
    let neuromorphic = policy(.nda)
    #expect(neuromorphic.allSatisfy { $0.count == 1 })
    let rolls = neuromorphic.count { if case .roll = $0[0] { true } else { false } }
    #expect((430...570).contains(rolls))
    let drops = policy(.eventDrop).flatMap(\.self)
    #expect(drops.contains { if case .dropFrames = $0 { true } else { false } })
    #expect(drops.contains { if case .dropEvents = $0 { true } else { false } })
    #expect(drops.contains { if case .erase = $0 { true } else { false } })
  }

  @Test func everyKeyDrawsWithinItsLimit() {
    var augmentation = AugmentationConfiguration()
    augmentation.roll = 3
    augmentation.translate = 2
    augmentation.rotate = 10
    augmentation.shear = 5
    augmentation.cutout = 6
    augmentation.erasing = 1
    augmentation.dropTime = 0.5
    augmentation.dropArea = 0.5
    augmentation.dropEvents = 0.2
    for transforms in draws(augmentation).prefix(300) {
      #expect((8...9).contains(transforms.count))
      for transform in transforms {
        switch transform {
        case .roll(let x, let y): #expect(abs(x) <= 3 && abs(y) <= 3)
        case .translate(let x, let y): #expect(abs(x) <= 2 && abs(y) <= 2)
        case .rotate(let degrees): #expect(abs(degrees) <= 10)
        case .shear(let angle): #expect(abs(angle) <= 5 * .pi / 180)
        case .dropFrames(let frames): #expect(frames.count <= 4 && frames.upperBound <= 8)
        case .dropEvents(let share, _): #expect((0...0.2).contains(share))
        case .erase, .flip: break
        }
      }
    }
  }

  /// What a sample becomes depends on seed, epoch and sample, not on its batch or the threads.
  @Test func samplesAreChangedAlikeOnAnyThreadAndInAnyBatch() throws {
    var configuration = TrainingConfiguration.tiny()
    configuration.augment.flip = 0.5
    configuration.augment.policy = .eventDrop
    configuration.augment.translate = 2
    func frames(_ batches: [[Int]], threads: Int, epoch: Int = 4) throws -> [Float] {
      let loader = BatchLoader(
        NoiseDataset(),
        batches: batches,
        BatchPreparation(configuration, epoch: epoch),
        threads: threads
      )
      var all: [Float] = []
      while let batch = try loader.next() {
        all += batch.frames.permuted([1, 0, 2, 3, 4]).scalars
      }
      return all
    }
    let one = try frames([[0, 1, 2, 3], [4, 5, 6, 7]], threads: 1)
    #expect(try frames([[0], [1, 2], [3, 4, 5], [6, 7]], threads: 4) == one)
    #expect(try frames([[0, 1, 2, 3], [4, 5, 6, 7]], threads: 2, epoch: 5) != one)
    configuration.seed = 1
    #expect(try frames([[0, 1, 2, 3], [4, 5, 6, 7]], threads: 1) != one)
  }

  @Test func someFramesAreLeftInTheirOrder() throws {
    var configuration = TrainingConfiguration.tiny()
    configuration.trainedSteps = 2
    let data = NoiseDataset()
    var kept: Set<[Int]> = []
    for epoch in 0..<30 {
      let loader = BatchLoader(
        data,
        batches: [[0, 5]],
        BatchPreparation(configuration, epoch: epoch)
      )
      let plain = try #require(try BatchLoader(data, batches: [[0, 5]]).next()).frames
      let batch = try #require(try loader.next()).frames
      #expect(batch.shape == [2, 2, 6, 5, 2])
      let size = batch.count / 2
      let steps = (0..<2).compactMap { step in
        (0..<3).first {
          plain.scalars[$0 * size..<($0 + 1) * size].elementsEqual(
            batch.scalars[step * size..<(step + 1) * size]
          )
        }
      }
      #expect(steps.count == 2 && steps[0] < steps[1])
      kept.insert(steps)
    }
    #expect(kept == [[0, 1], [0, 2], [1, 2]])
  }
}
