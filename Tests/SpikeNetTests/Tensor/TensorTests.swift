import SpikeNet
import Testing

@Suite struct TensorTests {
  @Test func copiesAreValues() {
    let a = Tensor([2, 2], [1, 2, 3, 4])
    var b = a
    b[0] = 9
    #expect(a.scalars == [1, 2, 3, 4])
    #expect(b.scalars == [9, 2, 3, 4])
  }

  @Test func permutationReordersDimensions() {
    let a = Tensor([2, 3], [1, 2, 3, 4, 5, 6])
    #expect(a.permuted([1, 0]) == Tensor([3, 2], [1, 4, 2, 5, 3, 6]))
    #expect(a.permuted([0, 1]) == a)
  }

  @Test(arguments: [
    (ParameterLayout.linear, [3, 4]), (.convolution, [3, 3, 2, 5]), (.pointwise, [1, 1, 4, 6]),
    (.tokenwise, [1, 1, 4, 6]),
    (.flattenedImage(channels: 2, height: 3, width: 4), [24, 5]), (.plain, [3]),
  ])
  func layoutsComeBackFromTheirExport(_ layout: ParameterLayout, _ dimensions: [Int]) {
    let shape = Shape(dimensions)
    var generator = SeededGenerator(seed: 1)
    let value = Tensor.normal(shape, using: &generator)
    let exported = layout.exported(value)
    #expect(exported.shape == layout.exportedShape(of: shape))
    #expect(layout.imported(exported) == value)
  }

  @Test(arguments: [1, 63, 64, 65, 200])
  func spikesUnpackToWhatWasPacked(_ channels: Int) {
    var generator = SeededGenerator(seed: 2)
    let dense = Tensor.random([3, 5, channels], rate: 0.4, using: &generator)
    let spikes = Spikes(packing: dense)
    #expect(spikes.tensor == dense)
    #expect(spikes.onesCount == Int(dense.scalars.reduce(0, +)))
    #expect(spikes.reshaped([15 * channels]).tensor.scalars == dense.scalars)
  }

  @Test func poolReusesMemory() {
    for _ in 0..<3 { _ = Tensor.zeros([1_234_567]) }
    let before = MemoryPool.shared.usage.allocations
    for _ in 0..<10 { _ = Tensor.zeros([1_234_567]) }
    // Other tests allocate at the same time; ten tensors of this size would be ten more.
    #expect(MemoryPool.shared.usage.allocations - before < 10)
  }

  @Test func generatorsRepeatAndDiffer() {
    var a = SeededGenerator(seed: 1)
    var b = SeededGenerator(seed: 1)
    var c = SeededGenerator(seed: 1, stream: 1)
    let first = (0..<4).map { _ in a.next() }
    #expect(first == (0..<4).map { _ in b.next() })
    #expect(first != (0..<4).map { _ in c.next() })
  }
}
