import CSpikeKernels
import SpikeNet

/// Convolutions by the definition, in double precision, for the kernels to be compared with.
struct ProductOracle {
  let shape: conv_shape

  init(
    _ size: (height: Int, width: Int),
    channels: (Int, Int),
    kernel: Int,
    stride: Int = 1,
    padding: Int
  ) {
    shape = conv_shape(
      images: 2,
      in_height: size.height,
      in_width: size.width,
      in_channels: channels.0,
      out_height: (size.height + 2 * padding - kernel) / stride + 1,
      out_width: (size.width + 2 * padding - kernel) / stride + 1,
      out_channels: channels.1,
      kernel_height: kernel,
      kernel_width: kernel,
      stride: stride,
      padding: padding
    )
  }

  var inRows: Int { shape.images * shape.in_height * shape.in_width }
  var outRows: Int { shape.images * shape.out_height * shape.out_width }
  var window: Int { shape.kernel_height * shape.kernel_width * shape.in_channels }

  /// Calls `body` for every pixel of the output and tap that meet inside an image.
  private func forEachMeeting(_ body: (_ outRow: Int, _ inRow: Int, _ tap: Int) -> Void) {
    for row in 0..<outRows {
      let (image, pixel) = row.quotientAndRemainder(dividingBy: shape.out_height * shape.out_width)
      for tap in 0..<shape.kernel_height * shape.kernel_width {
        let y = pixel / shape.out_width * shape.stride - shape.padding + tap / shape.kernel_width
        let x = pixel % shape.out_width * shape.stride - shape.padding + tap % shape.kernel_width
        guard (0..<shape.in_height).contains(y), (0..<shape.in_width).contains(x) else { continue }
        body(row, (image * shape.in_height + y) * shape.in_width + x, tap)
      }
    }
  }

  /// Outputs `[rows, out]` of inputs `[rows, in]` and weights `[window, out]`.
  func forward(_ x: [Float], _ w: [Float], bias: [Float]) -> [Float] {
    let (inputs, outputs) = (shape.in_channels, shape.out_channels)
    var y = (0..<outRows * outputs).map { Double(bias[$0 % outputs]) }
    forEachMeeting { outRow, inRow, tap in
      for c in 0..<inputs where x[inRow * inputs + c] != 0 {
        for n in 0..<outputs {
          y[outRow * outputs + n] +=
            Double(x[inRow * inputs + c]) * Double(w[(tap * inputs + c) * outputs + n])
        }
      }
    }
    return y.map { Float($0) }
  }

  /// The gradient of the weights `[window, out]`.
  func weightGradient(_ x: [Float], _ dy: [Float]) -> [Float] {
    let (inputs, outputs) = (shape.in_channels, shape.out_channels)
    var dw = [Double](repeating: 0, count: window * outputs)
    forEachMeeting { outRow, inRow, tap in
      for c in 0..<inputs where x[inRow * inputs + c] != 0 {
        for n in 0..<outputs {
          dw[(tap * inputs + c) * outputs + n] +=
            Double(x[inRow * inputs + c]) * Double(dy[outRow * outputs + n])
        }
      }
    }
    return dw.map { Float($0) }
  }
}
