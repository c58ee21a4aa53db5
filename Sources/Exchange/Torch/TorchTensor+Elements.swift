extension TorchTensor {
  /// The product of all sizes; nil where it cannot be represented.
  static func count(_ sizes: [Int]) -> Int? {
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The number of elements.
  var count: Int { sizes.reduce(1, *) }

  /// The elements of the storage from the first to the last that is used.
  ///
  /// Empty if there are none; where they lie beyond all storages, one that no storage has.
  var span: Range<Int> {
    guard !sizes.contains(0) else { return 0..<0 }
    let (first, isBeyond) = storage.viewOffset.addingReportingOverflow(offset)
    var last = first
    for (size, stride) in zip(sizes, strides) {
      let (reach, isTooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = last.addingReportingOverflow(reach)
      guard !isTooFar, !overflow else { return Self.nowhere }
      last = sum
    }
    return isBeyond || last == .max ? Self.nowhere : first..<last + 1
  }

  private static let nowhere = Int.max - 1..<Int.max

  /// The elements in row-major order.
  ///
  /// - Parameter span: The storage's elements from ``span``'s first on.
  func gathered<Element>(_ span: [Element]) -> [Element] {
    guard count > 0 else { return [] }
    guard !isContiguous else { return span }
    var indices = [0]
    for (size, stride) in zip(sizes, strides) {
      indices = indices.flatMap { base in (0..<size).map { base + $0 * stride } }
    }
    return indices.map { span[$0] }
  }

  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(sizes, strides).reversed() where size > 1 {
      guard stride == expected else { return false }
      expected *= size
    }
    return true
  }
}
