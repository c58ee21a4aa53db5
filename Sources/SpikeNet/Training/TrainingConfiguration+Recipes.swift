extension TrainingConfiguration {
  /// The recipe that a model is trained with unless something else is asked for.
  ///
  /// Transformers: AdamW and a cosine after a short warm-up, with smoothed labels. The
  /// convolutional network: Adam without weight decay, a tenth of the rate for the last quarter.
  public static func recipe(for model: ModelSelection) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(model: model)
    guard (try? model.kind) == SpikingCNN.Configuration.modelName else { return configuration }
    configuration.optimizer.name = .adam
    configuration.optimizer.learningRate = 2e-3
    configuration.optimizer.weightDecay = 0
    configuration.schedule.name = .step
    configuration.schedule.warmUpEpochs = 0
    configuration.loss.labelSmoothing = 0
    return configuration
  }
}
