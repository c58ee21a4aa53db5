/// Sums, products and scalings, element by element.
enum Elementwise {
  private static let blockSize = 1 << 15

  static func sum(_ a: Tensor, _ b: Tensor, _ parallel: Parallel) -> Tensor {
    precondition(a.shape == b.shape, "sum: \(a.shape) + \(b.shape)")
    var result = Tensor(uninitialized: a.shape)
    let target = result.mutablePointer
    parallel.forEachBlock(of: a.count, size: blockSize) { block in
      let first = block.lowerBound
      SpikeKernels.selected.add(
        a.pointer + first,
        b.pointer + first,
        target + first,
        block.count
      )
    }
    return result
  }

  /// Adds spikes to a tensor.
  static func sum(_ a: Tensor, _ b: Spikes, _ parallel: Parallel) -> Tensor {
    precondition(a.shape == b.shape, "sum: \(a.shape) + \(b.shape)")
    let channels = a.shape.channels
    var result = Tensor(uninitialized: a.shape)
    let target = result.mutablePointer
    parallel.forEachBlock(of: a.shape.rows, size: max(1, blockSize / channels)) { rows in
      let first = rows.lowerBound * channels
      SpikeKernels.selected.add_spikes(
        a.pointer + first,
        b.pointer + rows.lowerBound * b.wordsPerRow,
        target + first,
        rows.count,
        channels
      )
    }
    return result
  }

  static func product(_ a: Tensor, _ b: Tensor, _ parallel: Parallel) -> Tensor {
    precondition(a.shape == b.shape, "product: \(a.shape) · \(b.shape)")
    return zip(a, b, parallel) { $0 * $1 }
  }

  static func scaled(_ a: Tensor, by factor: Float, _ parallel: Parallel) -> Tensor {
    map(a, parallel) { $0 * factor }
  }

  @inline(__always)
  static func map(
    _ a: Tensor,
    _ parallel: Parallel,
    _ body: @escaping (Float) -> Float
  ) -> Tensor {
    var result = Tensor(uninitialized: a.shape)
    let target = result.mutablePointer
    let source = a.pointer
    parallel.forEachBlock(of: a.count, size: blockSize) { block in
      for index in block { target[index] = body(source[index]) }
    }
    withExtendedLifetime(a) {}
    return result
  }

  @inline(__always)
  static func zip(
    _ a: Tensor,
    _ b: Tensor,
    _ parallel: Parallel,
    _ body: @escaping (Float, Float) -> Float
  ) -> Tensor {
    var result = Tensor(uninitialized: a.shape)
    let target = result.mutablePointer
    let (left, right) = (a.pointer, b.pointer)
    parallel.forEachBlock(of: a.count, size: blockSize) { block in
      for index in block { target[index] = body(left[index], right[index]) }
    }
    withExtendedLifetime((a, b)) {}
    return result
  }
}
