import SpikeNet
import Testing

struct MetricsTests {
  @Test func greatestLogitIsThePrediction() {
    var metrics = Metrics(classes: 3)
    metrics.add(
      logits: Tensor([4, 3], [1, 2, 0, 5, 4, 3, 0, 1, 2, 1, 0, 0]),
      labels: [1, 2, 2, 0],
      loss: 0.5
    )
    metrics.add(logits: Tensor([1, 3], [0, 0, 9]), labels: [0], loss: 3)
    #expect(metrics.samples == 5)
    #expect(metrics.top1 == 0.6)
    #expect(metrics.loss == 1)
    #expect(metrics.confusion == [[1, 0, 1], [0, 1, 0], [1, 0, 1]])
  }

  @Test func firstOfEqualLogitsIsThePrediction() {
    var metrics = Metrics(classes: 7)
    metrics.add(logits: .zeros([3, 7]), labels: [0, 4, 5], loss: 0)
    #expect(metrics.top1 == 1.0 / 3)
    #expect(metrics.top5 == 2.0 / 3)
    #expect(metrics.confusion[5][0] == 1)
  }

  @Test func logitsOfSeveralStepsAreAveraged() {
    var metrics = Metrics(classes: 2)
    metrics.add(logits: Tensor([2, 2, 2], [1, 0, 0, 1, 0, 3, 0, 1]), labels: [1, 1], loss: 0)
    #expect(metrics.top1 == 1)
  }

  @Test func notANumberIsNoHit() {
    var metrics = Metrics(classes: 2)
    metrics.add(logits: Tensor([2, 2], [.nan, .nan, 0, .nan]), labels: [0, 1], loss: .nan)
    #expect(metrics.top1 == 0)
    #expect(metrics.top5 == 0)
  }

  @Test func noSamplesGiveZeros() {
    let metrics = Metrics(classes: 2)
    #expect(metrics.top1 == 0 && metrics.top5 == 0 && metrics.loss == 0)
  }
}
