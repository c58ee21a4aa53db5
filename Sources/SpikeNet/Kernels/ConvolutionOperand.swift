/// What a convolution reads.
enum ConvolutionOperand {
  /// Zeros and ones.
  case spikes(Spikes)
  /// Sums of a few spikes.
  case counts(CountPlanes)
  /// Real numbers.
  case tensor(Tensor)
}
