/// Sums over fixed blocks in double precision: equal for every number of threads.
struct BlockSums {
  let count: Int
  let parallel: Parallel

  private static let blockSize = OptimizerStep.blockSize

  /// The sum of the squares of `element` over all indices below `count`.
  @inline(__always)
  func squares(of element: (Int) -> Float) -> Double {
    var sums = [Double](repeating: 0, count: (count + Self.blockSize - 1) / Self.blockSize)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      parallel.forEachBlock(of: count, size: Self.blockSize) { block in
        sums[block.lowerBound / Self.blockSize] = Self.squares(of: element, block)
      }
    }
    return sums.reduce(0, +)
  }

  /// Eight sums side by side, because one alone waits for each addition.
  @inline(__always)
  private static func squares(of element: (Int) -> Float, _ block: Range<Int>) -> Double {
    var sums = SIMD8<Double>.zero
    var next = block.lowerBound
    while next + 8 <= block.upperBound {
      var x = SIMD8<Float>.zero
      for lane in 0..<8 { x[lane] = element(next + lane) }
      let wide = SIMD8<Double>(x)
      sums += wide * wide
      next += 8
    }
    for index in next..<block.upperBound {
      let x = Double(element(index))
      sums[0] += x * x
    }
    return sums.sum()
  }
}
