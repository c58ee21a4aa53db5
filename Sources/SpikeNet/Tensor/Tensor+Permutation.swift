extension Tensor {
  /// Reorders dimensions: dimension `i` of the result is dimension `axes[i]` of this tensor.
  public func permuted(_ axes: [Int]) -> Tensor {
    let rank = shape.rank
    precondition(axes.sorted() == Array(0..<rank), "permute: axes \(axes) of \(shape)")
    var sourceStrides = [Int](repeating: 1, count: rank)
    for axis in (0..<rank).dropLast().reversed() {
      sourceStrides[axis] = sourceStrides[axis + 1] * shape[axis + 1]
    }
    let strides = axes.map { sourceStrides[$0] }
    var result = Tensor(uninitialized: Shape(axes.map { shape[$0] }))
    let target = result.mutablePointer
    var position = [Int](repeating: 0, count: rank)
    var offset = 0
    for index in 0..<count {
      target[index] = pointer[offset]
      var axis = rank - 1
      while axis >= 0 {
        position[axis] += 1
        offset += strides[axis]
        if position[axis] < result.shape[axis] { break }
        offset -= strides[axis] * position[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
