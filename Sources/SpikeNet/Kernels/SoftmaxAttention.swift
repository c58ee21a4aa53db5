import CSpikeKernels

/// Attention of real numbers: softmax(q·kᵀ / √d)·v within sets of tokens, head by head.
///
/// Queries, keys and values are the thirds of rows `[…, 3·C]`. Scores are computed anew on the way
/// back, which costs less than to keep them (Vaswani et al., 2017).
struct SoftmaxAttention {
  let heads: Int
  let tokens: TokenSets
  let parallel: Parallel

  /// Which rows attend among themselves.
  struct TokenSets {
    /// The number of sets.
    let sequences: Int
    /// Rows in a set.
    let tokens: Int
    /// From one row of a set to the next: 1, or the number of sets where the sets are interleaved.
    let stride: Int

    func firstRow(of sequence: Int) -> Int { stride == 1 ? sequence * tokens : sequence }
  }

  /// One head of one set: where its rows begin in `[rows, 3·C]` and in `[rows, C]`.
  private struct Head {
    let row: Int
    let column: Int
  }

  /// Sets that one task works on, so that short ones are not a task each.
  private var blockSize: Int { max(1, (1 << 14) / (tokens.tokens * tokens.tokens)) }

  /// Calls `body` for every head of every set, with room for `matrices` of scores.
  private func forEachHead(
    width: Int,
    matrices: Int,
    _ body: (Head, UnsafeMutablePointer<Float>) -> Void
  ) {
    let workspace = Workspace<Float>(matrices * tokens.tokens * tokens.tokens, parallel)
    parallel.forEachBlock(of: tokens.sequences, size: blockSize) { block in
      workspace.withPiece { scratch in
        for sequence in block {
          for head in 0..<heads {
            body(Head(row: tokens.firstRow(of: sequence), column: head * width), scratch)
          }
        }
      }
    }
  }

  /// The part of projections that a head reads: its queries (0), keys (1) or values (2).
  private func matrix(
    _ x: UnsafePointer<Float>,
    _ head: Head,
    part: Int,
    channels: Int,
    isTransposed: Bool = false
  ) -> Gemm.Matrix {
    Gemm.Matrix(
      pointer: x + head.row * 3 * channels + part * channels + head.column,
      stride: tokens.stride * 3 * channels,
      isTransposed: isTransposed
    )
  }

  private func scores(
    _ x: UnsafePointer<Float>,
    _ head: Head,
    channels: Int,
    into scores: UnsafeMutablePointer<Float>
  ) {
    let (count, width) = (tokens.tokens, channels / heads)
    Gemm.multiply(
      matrix(x, head, part: 0, channels: channels),
      matrix(x, head, part: 1, channels: channels, isTransposed: true),
      into: Gemm.Target(pointer: scores, stride: count, factor: scale(width)),
      sizes: (count, count, width)
    )
    SpikeKernels.selected.softmax_rows(scores, count, count)
  }

  private func scale(_ width: Int) -> Float { 1 / Float(width).squareRoot() }

  /// Computes `[…, C]` of projections `[…, 3·C]`.
  func forward(_ x: Tensor) -> Tensor {
    let channels = x.shape.channels / 3
    let (count, width) = (tokens.tokens, channels / heads)
    var y = Tensor(uninitialized: x.shape.replacingChannels(channels))
    let target = y.mutablePointer
    forEachHead(width: width, matrices: 1) { head, probabilities in
      scores(x.pointer, head, channels: channels, into: probabilities)
      Gemm.multiply(
        Gemm.Matrix(pointer: probabilities, stride: count),
        matrix(x.pointer, head, part: 2, channels: channels),
        into: Gemm.Target(
          pointer: target + head.row * channels + head.column,
          stride: tokens.stride * channels
        ),
        sizes: (count, width, count)
      )
    }
    return y
  }

  /// Computes the gradient of the projections from that of the result.
  func backward(_ dy: Tensor, _ x: Tensor) -> Tensor {
    let channels = x.shape.channels / 3
    let (count, width) = (tokens.tokens, channels / heads)
    var dx = Tensor(uninitialized: x.shape)
    let target = dx.mutablePointer
    forEachHead(width: width, matrices: 2) { head, p in
      let ds = p + count * count
      scores(x.pointer, head, channels: channels, into: p)
      let output = Gemm.Matrix(
        pointer: dy.pointer + head.row * channels + head.column,
        stride: tokens.stride * channels
      )
      Gemm.multiply(
        output,
        matrix(x.pointer, head, part: 2, channels: channels, isTransposed: true),
        into: Gemm.Target(pointer: ds, stride: count),
        sizes: (count, count, width)
      )
      SpikeKernels.selected.softmax_gradient(p, ds, count, count)
      let query = matrix(x.pointer, head, part: 0, channels: channels)
      let key = matrix(x.pointer, head, part: 1, channels: channels)
      func store(_ a: UnsafePointer<Float>, isTransposed: Bool, _ b: Gemm.Matrix, part: Int) {
        Gemm.multiply(
          Gemm.Matrix(pointer: a, stride: count, isTransposed: isTransposed),
          b,
          into: Gemm.Target(
            pointer: target + head.row * 3 * channels + part * channels + head.column,
            stride: tokens.stride * 3 * channels,
            factor: part == 2 ? 1 : scale(width)
          ),
          sizes: (count, width, count)
        )
      }
      store(ds, isTransposed: false, key, part: 0)
      store(ds, isTransposed: true, query, part: 1)
      store(p, isTransposed: true, output, part: 2)
    }
    return dx
  }
}
