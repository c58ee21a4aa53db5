import SpikeNet
import Testing

struct ConfigurationTests {
  private let base: ConfigurationValue

  init() throws {
    let options = ConfigurationValue.section([
      .init("embed_dim", .integer(256)), .init("tau", .number(1.5)),
    ])
    base = try ConfigurationValue(
      encoding: TrainingConfiguration(model: ModelSelection("spikingformer", options: options))
    )
  }

  private func reason(_ path: String, _ value: ConfigurationValue) -> String? {
    let change = ConfigurationValue.section([]).setting(
      path.split(separator: ".").map(String.init),
      to: value
    )
    return #expect(throws: SpikeNetError.self) {
      try TrainingConfiguration(base.merging(change))
    }?.reason
  }

  private func merged(
    _ path: String,
    _ value: ConfigurationValue
  ) throws -> TrainingConfiguration {
    let change = ConfigurationValue.section([]).setting(
      path.split(separator: ".").map(String.init),
      to: value
    )
    return try TrainingConfiguration(base.merging(change))
  }

  @Test func treeKeepsOrderAndTypes() throws {
    #expect(
      base.paths.prefix(14) == [
        "recipe", "data", "split", "input.T", "input.height", "input.width", "input.crop",
        "input.downscale", "model.name", "model.embed_dim", "model.tau", "epochs", "batch_size",
        "grad_accum_steps",
      ]
    )
    #expect(base["optimizer"]?["clip_grad"] == .number(0))
    #expect(base["optimizer"]?["betas"] == .list([.number(0.9), .number(0.999)]))
    #expect(base["optimizer"]?["nesterov"] == .bool(true))
    #expect(try TrainingConfiguration(base).model.options["embed_dim"] == .integer(256))
  }

  @Test func keysSetTheirValues() throws {
    #expect(try merged("epochs", .integer(7)).epochs == 7)
    #expect(try merged("optimizer.lr", .integer(1)).optimizer.learningRate == 1)
    #expect(try merged("epochs", .number(5)).epochs == 5)
    #expect(try merged("optimizer.name", .text("lamb")).optimizer.name == .lamb)
    #expect(try merged("schedule.milestones", .integer(9)).schedule.milestones == [9])
    #expect(try merged("split", .integer(9)).split == "9")
    #expect(try merged("model.tau", .integer(2)).model.options["tau"] == .number(2))
    #expect(try merged("epochs", .plain("12")).epochs == 12)
    #expect(try merged("optimizer.lr", .plain("1e-4")).optimizer.learningRate == 1e-4)
    #expect(try merged("optimizer.nesterov", .plain("False")).optimizer.isNesterov == false)
    #expect(try merged("split", .plain("0.90")).split == "0.90")
    #expect(try merged("schedule.milestones", .plain("4")).schedule.milestones == [4])
    #expect(
      try merged("schedule.milestones", .list([.plain("4"), .plain("0.9")])).schedule.milestones
        == [4, 0.9]
    )
    #expect(try merged("model.tau", .integer(2)).model.options["embed_dim"] == .integer(256))
  }

  @Test(arguments: [
    ("optimizer.lrr", "optimizer.lr"), ("lr", "optimizer.lr"), ("epoch", "epochs"),
    ("learning.lr", "optimizer.lr"), ("model.embed_dims", "model.embed_dim"),
    ("weight_decay", "optimizer.weight_decay"), ("batchsize", "batch_size"),
    ("optimiser.momentum", "optimizer.momentum"),
  ])
  func unknownKeysNameTheNearestKnownOne(_ key: String, _ known: String) {
    #expect(reason(key, .integer(1)) == "unknown key \(key); did you mean \(known)?")
  }

  @Test func nothingIsGuessedForKeysLikeNoOther() {
    #expect(reason("zzzzzzzz", .integer(1)) == "unknown key zzzzzzzz")
    #expect(reason(String(repeating: "a", count: 5000), .integer(1))?.contains("mean") == false)
  }

  @Test(arguments: [
    ("epochs", ConfigurationValue.text("ten"), "epochs is ten, expected a whole number"),
    ("epochs", .number(1.5), "epochs is 1.5, expected a whole number"),
    ("epochs", .number(1e300), "epochs is 1e+300, expected a whole number"),
    ("optimizer.lr", .bool(true), "optimizer.lr is true, expected a number"),
    ("optimizer.nesterov", .integer(1), "optimizer.nesterov is 1, expected true or false"),
    ("optimizer", .integer(1), "optimizer is 1, expected a section"),
    ("optimizer.name", .text("adan"), "no such choice as adan; there are adamw, adam, sgd, lamb"),
    ("schedule.milestones", .list([.text("x")]), "schedule.milestones is [x], expected a list"),
    ("epochs", .integer(0), "epochs is 0, expected 1 to"),
    ("epochs", .plain("ten"), "epochs is ten, expected a whole number such as 30"),
    ("optimizer.lr", .null, "optimizer.lr"),
    ("seed", .integer(-1), "seed is -1"),
    ("optimizer.lr", .number(.nan), "optimizer.lr"),
    ("optimizer.betas", .list([.number(0.9)]), "expected two numbers"),
    ("loss.label_smoothing", .number(1.5), "loss.label_smoothing is 1.5"),
  ])
  func impossibleValuesAreNamed(_ key: String, _ value: ConfigurationValue, _ message: String) {
    #expect(reason(key, value)?.contains(message) == true, "\(reason(key, value) ?? "")")
  }

  @Test func recipesAreThoseOfTheReferenceRuns() {
    let csnn = TrainingConfiguration.recipe(for: ModelSelection("csnn"))
    #expect(csnn.optimizer.name == .adam && csnn.optimizer.weightDecay == 0)
    var rates = csnn
    rates.epochs = 30
    #expect(rates.learningRates.rate(epoch: 21) == 2e-3)
    #expect(abs(rates.learningRates.rate(epoch: 22) - 2e-4) < 1e-12)
    let other = TrainingConfiguration.recipe(for: ModelSelection("spikingformer"))
    #expect(other.learningRates.rate(epoch: 0) == 1e-5)
    #expect(other.learningRates.rate(epoch: 1) == 5.05e-4)
    #expect(other.loss.labelSmoothing == 0.1 && other.batchSize == 32)
  }

  @Test(arguments: [
    ("", "abc", 3), ("kitten", "sitting", 3), ("lr", "lr", 0), ("abc", "", 3), ("ab", "ba", 2),
  ])
  func editDistanceCountsChanges(_ a: String, _ b: String, _ distance: Int) {
    #expect(EditDistance.between(a, b) == distance)
  }
}
