extension ForwardPass {
  /// The mean of all tokens of a sample, weighted by the softmax of their scores.
  ///
  /// - Parameters:
  ///   - values: `[T, B, N, C]`.
  ///   - scores: `[T, B, N, 1]`.
  /// - Returns: `[B, C]`.
  public func pooledTokens(_ values: Variable, by scores: Variable) -> Variable {
    let shape = values.shape
    precondition(
      shape.rank == 4 && scores.shape.count == shape.rows,
      "token pooling: \(shape) by \(scores.shape)"
    )
    let pool = TokenPool(
      steps: shape[0],
      samples: shape[1],
      tokens: shape[2],
      channels: shape.channels,
      parallel: parallel
    )
    let input = values.tensor
    var weights: Tensor?
    let pooled = computed([shape[1], shape.channels]) {
      let result = pool.forward(input, scores: scores.tensor)
      weights = result.weights
      return result.pooled
    }
    return record(pooled, from: [values, scores]) { [weights] gradient in
      guard let weights else { return [nil, nil] }
      let gradients = pool.backward(gradient, input, weights: weights)
      return [gradients.values, gradients.scores.reshaped(scores.shape)]
    }
  }

  /// Puts a token `[C]` before the tokens of every image: `[…, N, C]` to `[…, N + 1, C]`.
  public func prepending(_ token: Variable, to x: Variable) -> Variable {
    let (tokens, channels) = (x.shape[-2], x.shape.channels)
    let images = x.shape.rows / tokens
    let shape = Shape(x.shape.dimensions.dropLast(2) + [tokens + 1, channels])
    let value = computed(shape) {
      var result = Tensor(uninitialized: shape)
      let target = result.mutablePointer
      let (first, rest) = (token.tensor, x.tensor)
      for image in 0..<images {
        let row = target + image * (tokens + 1) * channels
        row.update(from: first.pointer, count: channels)
        (row + channels).update(
          from: rest.pointer + image * tokens * channels,
          count: tokens * channels
        )
      }
      return result
    }
    return record(value, from: [token, x]) { [parallel] gradient in
      let images = gradient.reshaped([images, tokens + 1, channels])
      let first = images.slice(ofTokens: 0..<1).reshaped([images.shape[0], channels])
      return [
        Reduction.sumOfRows(first, parallel).reshaped(token.shape),
        images.slice(ofTokens: 1..<tokens + 1).reshaped(x.shape),
      ]
    }
  }

  /// The first token of every image: `[…, N, C]` to `[…, C]`.
  public func firstToken(of x: Variable) -> Variable {
    let (tokens, channels) = (x.shape[-2], x.shape.channels)
    let images = x.shape.rows / tokens
    let shape = Shape(x.shape.dimensions.dropLast(2) + [channels])
    let value = computed(shape) {
      x.tensor.reshaped([images, tokens, channels]).slice(ofTokens: 0..<1).reshaped(shape)
    }
    return record(value, from: [x]) { gradient in
      var result = Tensor.zeros(x.shape)
      let target = result.mutablePointer
      for image in 0..<images {
        (target + image * tokens * channels).update(
          from: gradient.pointer + image * channels,
          count: channels
        )
      }
      return [result]
    }
  }
}

extension ForwardPass {
  /// Rows of a table, in any order and number: `[…, n, C]` to `[indices, C]`.
  public func rows(of table: Variable, at indices: [Int]) -> Variable {
    let channels = table.shape.channels
    let shape: Shape = [indices.count, channels]
    let source = table.tensor
    let value = computed(shape) {
      var result = Tensor(uninitialized: shape)
      let target = result.mutablePointer
      for (row, index) in indices.enumerated() {
        (target + row * channels).update(from: source.pointer + index * channels, count: channels)
      }
      return result
    }
    return record(value, from: [table]) { gradient in
      var result = Tensor.zeros(table.shape)
      let target = result.mutablePointer
      for (row, index) in indices.enumerated() {
        for channel in 0..<channels {
          target[index * channels + channel] += gradient.pointer[row * channels + channel]
        }
      }
      return [result]
    }
  }
}

extension Tensor {
  /// Some of the tokens of `[images, N, C]`.
  fileprivate func slice(ofTokens range: Range<Int>) -> Tensor {
    let (images, tokens, channels) = (shape[0], shape[1], shape[2])
    var result = Tensor(uninitialized: [images, range.count, channels])
    let target = result.mutablePointer
    for image in 0..<images {
      (target + image * range.count * channels).update(
        from: pointer + (image * tokens + range.lowerBound) * channels,
        count: range.count * channels
      )
    }
    return result
  }
}
