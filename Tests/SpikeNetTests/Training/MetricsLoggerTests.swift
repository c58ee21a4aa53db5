import Foundation
import SpikeNet
import Testing
import _TestSupport

struct MetricsLoggerTests {
  private func start(_ history: [EpochRecord]) -> TrainingEvent {
    .started(
      TrainingStart(
        epochs: 3,
        stepsPerEpoch: 1,
        parameterCount: 1,
        trainingSamples: 1,
        testSamples: 1,
        history: history,
        totalSteps: history.count
      )
    )
  }

  private func record(_ epoch: Int) -> EpochRecord {
    var record = EpochRecord(
      epoch: epoch,
      learningRate: 1e-3,
      train: (loss: 0.5, top1: 0.25),
      gradientNorm: .infinity
    )
    record.testTop1 = 0.75
    record.trainSeconds = 2
    record.evaluationSeconds = 1
    record.samplesPerSecond = 10
    return record
  }

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(
      separator: "\n",
      omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test func tableHasARowForEveryEpoch() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("metrics.csv")
    let logger = EpochLines.table(path)
    try logger.log(start([]))
    try logger.log(.epoch(record(1)))
    try logger.log(.epoch(record(2)))
    #expect(
      try lines(path) == [
        """
        epoch,lr,train_loss,train_top1,val_loss,val_top1,test_loss,test_top1,test_top5,\
        firing_rate,grad_norm,train_seconds,eval_seconds,samples_per_second,wait_seconds
        """,
        "1,0.001,0.5,0.25,,,,0.75,,,inf,2.0,1.0,10.0,",
        "2,0.001,0.5,0.25,,,,0.75,,,inf,2.0,1.0,10.0,", "",
      ]
    )
  }

  @Test func continuedRunKeepsOnlyItsHistory() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("metrics.jsonl")
    let logger = EpochLines.json(path)
    try logger.log(start([]))
    for epoch in 1...3 { try logger.log(.epoch(record(epoch))) }
    try logger.log(start([record(1)]))
    try logger.log(.epoch(record(2)))
    let rows = try lines(path).dropLast().map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(rows.map { $0["epoch"] as? Int } == [1, 2])
    #expect(rows[0]["test_top1"] as? Double == 0.75)
    #expect(rows[0]["grad_norm"] as? String == "inf")
    #expect(rows[0]["val_top1"] == nil)
  }
}
