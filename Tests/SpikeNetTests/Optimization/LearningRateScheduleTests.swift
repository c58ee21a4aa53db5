import SpikeNet
import Testing
import _TestSupport

struct LearningRateScheduleTests {
  private struct Golden: Decodable {
    var kind: String
    var lr: Double
    var warmup_epochs: Int?
    var warmup_lr: Double?
    var min_lr: Double?
    var epochs: Int?
    var milestones: [Int]?
    var gamma: Double?
    var lr_per_epoch: [Double]

    var schedule: LearningRateSchedule {
      get throws {
        let decay: LearningRateSchedule.Decay =
          if kind == "multistep" {
            .milestones(try #require(milestones), factor: try #require(gamma))
          } else {
            .cosine(epochs: try #require(epochs), minimum: try #require(min_lr))
          }
        return LearningRateSchedule(
          base: lr,
          warmUpEpochs: warmup_epochs ?? 0,
          warmUpRate: warmup_lr ?? 0,
          decay: decay
        )
      }
    }
  }

  @Test(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
  func everyEpochUsesTimmsRate() throws {
    let golden = try GoldenNetworks.json("lr_schedules.json", as: [String: Golden].self)
    #expect(golden.count >= 7)
    for (name, golden) in golden {
      let schedule = try golden.schedule
      for (epoch, expected) in golden.lr_per_epoch.enumerated() {
        let rate = schedule.rate(epoch: epoch)
        #expect(abs(rate - expected) <= 1e-12 * golden.lr, "\(name), epoch \(epoch)")
      }
    }
  }

  @Test func constantStaysAfterTheWarmUp() {
    let schedule = LearningRateSchedule(base: 1, warmUpEpochs: 4, warmUpRate: 0.2)
    #expect((0..<6).map(schedule.rate) == [0.2, 0.4, 0.6000000000000001, 0.8, 1, 1])
  }

  @Test func unsortedAndRepeatedMilestonesCountEach() {
    let schedule = LearningRateSchedule(base: 8, decay: .milestones([3, 1, 3], factor: 0.5))
    #expect((0..<5).map(schedule.rate) == [8, 4, 4, 1, 1])
  }
}
