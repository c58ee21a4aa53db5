import Foundation
import Framing
import Testing

/// Splits that depend on a seed: folds, and samples held back for validation.
@Suite struct SplitPlanTests {
  private let samples: [CatalogSample] = (0..<3).flatMap { label in
    (0..<(10 + 3 * label)).map { number in
      CatalogSample(
        name: "class\(label)/sample_\(number)",
        label: label,
        part: number % 5 == 0 ? .test : .train,
        recording: 0
      )
    }
  }

  private func labels(_ indices: [Int]) -> [Int: Int] {
    indices.reduce(into: [:]) { $0[samples[$1].label, default: 0] += 1 }
  }

  @Test func everySampleIsTestedInOneFoldAndClassesAreSpreadEvenly() throws {
    let lists = try SplitPlan([.folds(4)], seed: 3).lists(of: samples)
    #expect(lists.keys.sorted() == ["kfold-4-0", "kfold-4-1", "kfold-4-2", "kfold-4-3"])
    let tests = lists.values.flatMap { $0["test"] ?? [] }
    #expect(tests.sorted() == Array(samples.indices))
    for (name, parts) in lists {
      let (train, test) = (parts["train"] ?? [], parts["test"] ?? [])
      #expect((train + test).sorted() == Array(samples.indices), "\(name)")
      #expect(train == train.sorted() && test == test.sorted())
      for (label, total) in labels(Array(samples.indices)) {
        #expect(abs((labels(test)[label] ?? 0) - total / 4) <= 1, "\(name), class \(label)")
      }
    }
  }

  @Test func foldsFollowFromNamesAndSeedNotFromTheOrder() throws {
    func names(_ samples: [CatalogSample], seed: UInt64) throws -> Set<String> {
      let lists = try SplitPlan([.folds(3)], seed: seed).lists(of: samples)
      return Set((lists["kfold-3-1"]?["test"] ?? []).map { samples[$0].name })
    }
    let chosen = try names(samples, seed: 7)
    #expect(try names(samples.reversed(), seed: 7) == chosen)
    #expect(try names(samples, seed: 8) != chosen)
  }

  @Test func aShareOfEveryClassOfTheTrainingIsHeldBack() throws {
    let plan = SplitPlan([.official, .folds(2)], validationShare: 0.25, seed: 1)
    let lists = try plan.lists(of: samples)
    let whole = try Split.official.lists(of: samples)["official"] ?? [:]
    let parts = try #require(lists["official"])
    let (train, val) = (parts["train"] ?? [], parts["val"] ?? [])
    #expect(parts["test"] == whole["test"])
    #expect((train + val).sorted() == whole["train"])
    #expect(labels(val) == [0: 2, 1: 3, 2: 3])  // of 8, 10 and 12
    #expect(lists["kfold-2-0"]?["val"]?.isEmpty == false)
    #expect(try SplitPlan([.official], validationShare: 0.25, seed: 2).lists(of: samples) != lists)
  }

  @Test func aClassOfOneSampleKeepsItForTraining() throws {
    let one = [CatalogSample(name: "a/1", label: 0, part: .train, recording: 0)]
    let lists = try SplitPlan([.official], validationShare: 0.9).lists(of: one)
    #expect(lists["official"] == ["train": [0], "val": []])
    let two = one + [CatalogSample(name: "a/2", label: 0, part: .train, recording: 0)]
    let least = try SplitPlan([.official], validationShare: 0.01).lists(of: two)
    #expect(least["official"]?["val"]?.count == 1)
  }

  @Test func splitsThatMakeNoSenseAreUsageErrors() {
    let validated = [CatalogSample(name: "a/1", label: 0, part: .val, recording: 0)]
    for (plan, samples) in [
      (SplitPlan([.official], validationShare: 0.5), validated),
      (SplitPlan([.folds(40)]), Array(samples.prefix(39))),
      (SplitPlan([.none], validationShare: 0.5), samples),
    ] {
      let error = #expect(throws: FramingError.self) { try plan.lists(of: samples) }
      #expect(error?.kind == .usage)
    }
  }

  @Test(arguments: ["official", "sj-0.9", "tebn", "kfold:2", "kfold:1000", "none"])
  func namesAreParsedAndPrinted(_ name: String) {
    #expect(Split(name)?.description == name)
  }

  @Test(arguments: ["", "kfold", "kfold:", "kfold:1", "kfold:1001", "kfold:-3", "sj", "Official"])
  func otherNamesAreRefused(_ name: String) {
    #expect(Split(name) == nil)
  }

  /// The choice is frozen: a cache made by a later version must have the same lists.
  @Test func theSeededOrderIsFrozen() throws {
    let lists = try SplitPlan([.folds(5)], seed: 42).lists(of: samples)
    #expect(lists["kfold-5-0"]?["test"] == FrozenFolds.first)
  }
}

/// Written down once, from an independent computation in Python.
private enum FrozenFolds {
  static let first: [Int] = [0, 9, 12, 14, 21, 26, 27, 38]
}
