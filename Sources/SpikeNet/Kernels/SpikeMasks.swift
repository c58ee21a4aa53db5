import CSpikeKernels

/// Spikes that gate spikes and sums: the masked additions of spike-driven attention.
struct SpikeMasks {
  let parallel: Parallel

  /// Images of a tensor `[T, B, …, C]`, and rows in each.
  private func sizes(of shape: Shape) -> (images: Int, rows: Int) {
    let images = shape[0] * shape[1]
    return (images, shape.rows / images)
  }

  /// Counts, for every image and channel, the tokens in which both spike: `[T, B, C]`.
  func coincidences(_ a: Spikes, _ b: Spikes) -> Tensor {
    let (images, rows) = sizes(of: a.shape)
    let channels = a.shape.channels
    var counts = Tensor(uninitialized: [a.shape[0], a.shape[1], channels])
    let target = counts.mutablePointer
    parallel.forEach(images) { image in
      let first = image * rows * a.wordsPerRow
      SpikeKernels.selected.count_coincidences(
        a.pointer + first,
        b.pointer + first,
        target + image * channels,
        rows,
        channels
      )
    }
    return counts
  }

  /// Repeats `[T, B, C]` over the tokens of `mask`, where that spikes.
  func spread(_ values: Tensor, over mask: Spikes) -> Tensor {
    let (images, rows) = sizes(of: mask.shape)
    let channels = mask.shape.channels
    var result = Tensor(uninitialized: mask.shape)
    let target = result.mutablePointer
    parallel.forEach(images) { image in
      SpikeKernels.selected.mask_rows(
        values.pointer + image * channels,
        0,
        mask.pointer + image * rows * mask.wordsPerRow,
        mask.wordsPerRow,
        target + image * rows * channels,
        rows,
        channels
      )
    }
    return result
  }

  /// The spikes `[T, B, …, C]` that the channels of `gates` `[T, B, C]` let through.
  func gated(_ spikes: Spikes, by gates: Spikes) -> Spikes {
    let (_, rows) = sizes(of: spikes.shape)
    let words = spikes.wordsPerRow
    return Spikes(spikes.shape) { target in
      for row in 0..<spikes.shape.rows {
        for word in 0..<words {
          target[row * words + word] =
            spikes.pointer[row * words + word] & gates.pointer[row / rows * words + word]
        }
      }
    }
  }

  /// Values `[T, B, …, C]` where the gate `[T, B, C]` of their image and channel is open, else 0.
  func masked(_ values: Tensor, by gates: Spikes) -> Tensor {
    let (images, rows) = sizes(of: values.shape)
    let channels = values.shape.channels
    var result = Tensor(uninitialized: values.shape)
    let target = result.mutablePointer
    parallel.forEach(images) { image in
      SpikeKernels.selected.mask_rows(
        values.pointer + image * rows * channels,
        channels,
        gates.pointer + image * gates.wordsPerRow,
        0,
        target + image * rows * channels,
        rows,
        channels
      )
    }
    return result
  }

  /// Sums values over the tokens in which `mask` spikes: `[T, B, C]`.
  func sums(_ values: Tensor, where mask: Spikes) -> Tensor {
    let (images, rows) = sizes(of: mask.shape)
    let channels = mask.shape.channels
    var result = Tensor(uninitialized: [mask.shape[0], mask.shape[1], channels])
    let target = result.mutablePointer
    parallel.forEach(images) { image in
      SpikeKernels.selected.sum_masked_rows(
        values.pointer + image * rows * channels,
        mask.pointer + image * rows * mask.wordsPerRow,
        target + image * channels,
        rows,
        channels
      )
    }
    return result
  }
}
