/// What a model makes of samples that it does not learn from.
public struct Evaluation: Sendable {
  /// Accuracy, loss and confusion.
  public private(set) var metrics: Metrics
  /// How often neurons fired.
  public private(set) var firingRates: FiringRates
  /// What layers computed.
  public private(set) var operations: OperationCounts
  /// How long it took, reading included.
  public private(set) var seconds = 0.0

  /// Classifies samples; the loss is the plain cross-entropy.
  ///
  /// - Parameters:
  ///   - model: The model; its running statistics are used, not changed.
  ///   - samples: Indices into `dataset`.
  ///   - shouldStop: Asked after every batch; true leaves the remaining samples out.
  public init(
    _ model: any Model,
    on samples: [Int],
    of dataset: any Dataset,
    batchSize: Int,
    _ parallel: Parallel,
    until shouldStop: () -> Bool = { false }
  ) throws {
    metrics = Metrics(classes: dataset.classNames.count)
    firingRates = FiringRates(of: model)
    operations = OperationCounts(of: model)
    let start = ContinuousClock.now
    let loader = BatchLoader(dataset, batches: BatchSampler.batches(samples, size: batchSize))
    while let batch = try loader.next() {
      add(batch, model, parallel)
      if shouldStop() { break }
    }
    seconds = (ContinuousClock.now - start) / .seconds(1)
  }

  private mutating func add(_ batch: Batch, _ model: any Model, _ parallel: Parallel) {
    let pass = ForwardPass(.inference, parallel: parallel)
    var rates = firingRates
    var counts = operations
    counts.add(samples: batch.labels.count)
    pass.observer = { rates.add($1, of: $0) }
    pass.layerObserver = { counts.add($0) }
    let logits = model.logits(Variable(batch.frames), in: pass)
    (firingRates, operations) = (rates, counts)
    let targets = Targets(labels: batch.labels, classes: logits.shape.channels)
    let loss = pass.crossEntropy(logits, targets).tensor.scalar
    metrics.add(logits: logits.tensor, labels: batch.labels, loss: Double(loss))
  }
}
