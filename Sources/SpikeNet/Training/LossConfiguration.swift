/// What is minimised.
public struct LossConfiguration: Codable, Hashable, Sendable {
  /// The losses.
  public enum Kind: String, ConfigurationChoice {
    /// Cross-entropy with a distribution over classes; the mean over steps, if there are several.
    case crossEntropy = "ce"
    /// Temporal efficient training: cross-entropy at every step, and logits drawn to a mean.
    case temporalEfficient = "tet"
  }

  /// The loss.
  public var name = Kind.crossEntropy
  /// The share of the target that all classes divide among them.
  public var labelSmoothing = 0.1
  /// What `tet` draws logits to.
  public var tetMean = 1.0
  /// The weight λ of that.
  public var tetWeight = 1e-3

  /// Creates the default.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case name
    case labelSmoothing = "label_smoothing"
    case tetMean = "tet_mean"
    case tetWeight = "tet_lambda"
  }

  /// The loss of a batch.
  ///
  /// - Throws: ``SpikeNetError`` if `tet` is asked for and the model has one result for all steps.
  func value(
    _ logits: Variable,
    _ targets: Targets,
    in pass: ForwardPass
  ) throws(SpikeNetError) -> Variable {
    switch name {
    case .crossEntropy: return pass.crossEntropy(logits, targets)
    case .temporalEfficient:
      guard logits.shape.rank == 3 else {
        throw SpikeNetError(
          .configuration,
          "loss.name=tet needs a result for every step, which this model gives only with "
            + "model.loss_per_step=true, if it has that key"
        )
      }
      return pass.temporalEfficientTraining(
        logits,
        targets,
        mean: Float(tetMean),
        weight: Float(tetWeight)
      )
    }
  }
}
