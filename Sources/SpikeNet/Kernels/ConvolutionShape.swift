import CSpikeKernels

/// The sizes of a convolution or pooling over feature maps `[…, H, W, C]`, with square windows.
struct ConvolutionShape: Hashable, Sendable {
  var images: Int
  var inHeight: Int
  var inWidth: Int
  var inChannels: Int
  var outChannels: Int
  var kernel: Int
  var stride: Int
  var padding: Int

  /// The sizes of a window that slides over `input`.
  init(
    input: Shape,
    kernel: Int,
    outChannels: Int,
    stride: Int = 1,
    padding: Int = 0
  ) {
    precondition(input.rank >= 3, "convolution: input \(input) is not […, H, W, C]")
    inHeight = input[-3]
    inWidth = input[-2]
    inChannels = input.channels
    images = input.dimensions.dropLast(3).reduce(1, *)
    self.outChannels = outChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    precondition(
      outHeight > 0 && outWidth > 0,
      "convolution: a kernel of \(kernel) with padding \(padding) does not fit into \(input)"
    )
  }

  var outHeight: Int { (inHeight + 2 * padding - kernel) / stride + 1 }
  var outWidth: Int { (inWidth + 2 * padding - kernel) / stride + 1 }
  /// Pixels of the input, over all images.
  var inRows: Int { images * inHeight * inWidth }
  /// Pixels of the output, over all images.
  var outRows: Int { images * outHeight * outWidth }
  /// Positions in a window.
  var taps: Int { kernel * kernel }
  /// Weights per output channel.
  var window: Int { taps * inChannels }
  /// Whether output row r reads exactly input row r.
  var isPointwise: Bool { taps == 1 && stride == 1 && padding == 0 }

  /// Whether an output has so few weights that real inputs go through the non-zero kernel.
  var isSparse: Bool { window <= 64 }

  /// Whether gradients of the input are scattered window by window; as a product of the transposed
  /// convolution they need stride 1, and fewer columns than 16 are slow.
  var scattersInputGradient: Bool { stride > 1 || inChannels < 16 && !isPointwise }

  /// Whether real numbers are convolved by Winograd's way.
  var isWinograd: Bool { kernel == 3 && stride == 1 }

  /// Multiply-adds over real numbers for one of the definition: 16 of 36 by F(2 × 2, 3 × 3).
  var realShare: Double { isWinograd ? 16.0 / 36 : 1 }

  /// The shape of the output for an input of this shape.
  func output(for input: Shape) -> Shape {
    Shape(input.dimensions.dropLast(3) + [outHeight, outWidth, outChannels])
  }

  /// The convolution that maps gradients of the output to gradients of the input, at stride 1.
  var transposed: ConvolutionShape {
    var result = self
    (result.inHeight, result.inWidth, result.inChannels) = (outHeight, outWidth, outChannels)
    result.outChannels = inChannels
    result.padding = kernel - 1 - padding
    return result
  }

  var c: conv_shape {
    conv_shape(
      images: images,
      in_height: inHeight,
      in_width: inWidth,
      in_channels: inChannels,
      out_height: outHeight,
      out_width: outWidth,
      out_channels: outChannels,
      kernel_height: kernel,
      kernel_width: kernel,
      stride: stride,
      padding: padding
    )
  }
}

extension ConvolutionShape: CustomStringConvertible {
  /// Such as `convolution 3x3 64→128 at 32x32`.
  var description: String {
    "convolution \(kernel)x\(kernel) \(inChannels)→\(outChannels) at \(outHeight)x\(outWidth)"
  }
}
