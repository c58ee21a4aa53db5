/// Batch normalisation of every channel over all other dimensions.
///
/// Training uses the statistics of the batch and follows them with momentum 0.1, the running
/// variance without bias; inference uses the running ones (Ioffe and Szegedy, 2015; torch's
/// defaults).
public final class BatchNorm: Layer {
  let weight: Parameter
  let bias: Parameter
  let runningMean: Buffer
  let runningVariance: Buffer
  private let epsilon: Float
  private let momentum: Float
  private let usesRunningStatistics: Bool

  /// Creates a normalisation that begins as the identity.
  ///
  /// - Parameters:
  ///   - usesRunningStatistics: Whether training, too, uses the running statistics and leaves them
  ///     as they are: a frozen normalisation.
  ///   - initialVariance: Where the running variance begins.
  public init(
    _ channels: Int,
    epsilon: Float = 1e-5,
    momentum: Float = 0.1,
    usesRunningStatistics: Bool = false,
    initialVariance: Float = 1
  ) {
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    runningMean = Buffer(.zeros([channels]))
    runningVariance = Buffer(.filled([channels], with: initialVariance))
    self.epsilon = epsilon
    self.momentum = momentum
    self.usesRunningStatistics = usesRunningStatistics
  }

  /// Normalises `[…, C]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    callAsFunction(x, adding: nil, in: pass)
  }

  /// Normalises `[…, C]` and adds a residual of the same shape, in one pass over memory.
  public func callAsFunction(
    _ x: Variable,
    adding residual: Variable?,
    in pass: ForwardPass
  ) -> Variable {
    let applied = applied(to: x, in: pass)
    return pass.normalization(
      x,
      applied.normalization,
      gamma: applied.gamma,
      beta: applied.beta,
      adding: residual
    )
  }

  /// The normalisation of this input, for a neuron that applies it while it integrates.
  func applied(to x: Variable, in pass: ForwardPass) -> AppliedNormalization {
    let measures = pass.mode == .training && !usesRunningStatistics
    pass.report(self, .normalization, of: x, to: x.shape)
    return AppliedNormalization(
      normalization: measures ? measuredNormalization(x, in: pass) : runningNormalization,
      gamma: pass.variable(weight),
      beta: pass.variable(bias)
    )
  }

  /// The normalisation by running statistics.
  var runningNormalization: BatchNormalization {
    BatchNormalization(
      running,
      gamma: weight.value,
      beta: bias.value,
      epsilon: epsilon,
      measured: false
    )
  }

  private var running: ChannelStatistics {
    ChannelStatistics(
      count: 0,
      mean: runningMean.value.scalars,
      variance: runningVariance.value.scalars
    )
  }

  private func measuredNormalization(_ x: Variable, in pass: ForwardPass) -> BatchNormalization {
    BatchNormalization(
      measured(x, in: pass),
      gamma: weight.value,
      beta: bias.value,
      epsilon: epsilon,
      measured: true
    )
  }

  private func measured(_ x: Variable, in pass: ForwardPass) -> ChannelStatistics {
    let statistics = x.statistics ?? ChannelStatistics.of(x.tensor, pass.parallel)
    let momentum = pass.statisticsMomentum ?? momentum
    let unbiased = Float(statistics.count) / Float(max(statistics.count - 1, 1))
    for channel in 0..<statistics.mean.count {
      follow(runningMean, channel, statistics.mean[channel], momentum)
      follow(runningVariance, channel, statistics.variance[channel] * unbiased, momentum)
    }
    return statistics
  }

  private func follow(_ buffer: Buffer, _ channel: Int, _ value: Float, _ momentum: Float) {
    buffer.value[channel] = (1 - momentum) * buffer.value[channel] + momentum * value
  }

  /// Torch's names of the buffers.
  static let names = [("runningMean", "running_mean"), ("runningVariance", "running_var")]
}
