/// How a parameter's order in memory relates to the order in checkpoints, which is torch's.
///
/// Kernels read one row of output channels per input channel; torch stores the output first.
public enum ParameterLayout: Hashable, Sendable {
  /// The same order.
  case plain
  /// `[in, out]` here, `[out, in]` in checkpoints.
  case linear
  /// `[kernelHeight, kernelWidth, in, out]` here, `[out, in, kernelHeight, kernelWidth]` there.
  case convolution
  /// Like `convolution` with a 1×1 kernel, which checkpoints store as `[out, in, 1]`.
  case pointwise
  /// Like `convolution` with a 1×1 kernel, which checkpoints store as `[out, in]`.
  case tokenwise
  /// `[height · width · channels, out]` here, `[out, channels · height · width]` there.
  case flattenedImage(channels: Int, height: Int, width: Int)

  /// Converts from memory order to checkpoint order.
  public func exported(_ value: Tensor) -> Tensor {
    let shape = value.shape
    switch self {
    case .plain: return value
    case .linear: return value.permuted([1, 0])
    case .convolution: return value.permuted([3, 2, 0, 1])
    case .pointwise:
      return value.reshaped([shape[-2], shape[-1]]).permuted([1, 0])
        .reshaped([shape[-1], shape[-2], 1])
    case .tokenwise: return value.reshaped([shape[-2], shape[-1]]).permuted([1, 0])
    case .flattenedImage(let channels, let height, let width):
      return value.reshaped([height, width, channels, shape[-1]]).permuted([3, 2, 0, 1])
        .reshaped([shape[-1], shape[0]])
    }
  }

  /// Converts from checkpoint order to memory order.
  public func imported(_ value: Tensor) -> Tensor {
    let shape = value.shape
    switch self {
    case .plain: return value
    case .linear: return value.permuted([1, 0])
    case .convolution: return value.permuted([2, 3, 1, 0])
    case .pointwise:
      return value.reshaped([shape[0], shape[1]]).permuted([1, 0])
        .reshaped([1, 1, shape[1], shape[0]])
    case .tokenwise: return value.permuted([1, 0]).reshaped([1, 1, shape[1], shape[0]])
    case .flattenedImage(let channels, let height, let width):
      return value.reshaped([shape[0], channels, height, width]).permuted([2, 3, 1, 0])
        .reshaped([shape[1], shape[0]])
    }
  }

  /// The dimensions that a value has in checkpoints.
  public func exportedShape(of shape: Shape) -> Shape {
    switch self {
    case .plain: shape
    case .linear, .flattenedImage: [shape[1], shape[0]]
    case .convolution: [shape[3], shape[2], shape[0], shape[1]]
    case .pointwise: [shape[-1], shape[-2], 1]
    case .tokenwise: [shape[-1], shape[-2]]
    }
  }
}
