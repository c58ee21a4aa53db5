import SpikeNet
import Testing
import _TestSupport

/// What networks without spikes compute, against torch's results.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenDenseTests {
  private static let toChannelsLast = [0, 2, 3, 1]
  private static let toChannelsFirst = [0, 3, 1, 2]

  @Test(arguments: GoldenCase.all("layernorm"), [1, 2, 7])
  func layerNormalization(_ test: GoldenCase, threads: Int) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training, parallel: Parallel(threads: threads))
    let inputs = try ["x", "w", "b"].map { pass.differentiable(try tensors($0)) }
    let y = pass.layerNormalization(
      inputs[0],
      gamma: inputs[1],
      beta: inputs[2],
      epsilon: test.float("eps")
    )
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors("gy"), and: inputs)
    for (gradient, name) in zip(gradients.inputs, ["gx", "gw", "gb"]) {
      try test.expect(gradient, equals: name, in: tensors)
    }
  }

  /// As tokens of a frame, and as steps of a token: the same numbers in another order.
  @Test(arguments: GoldenCase.all("softmax_attention"), [AttendedAxis.tokens, .steps])
  func softmaxAttention(_ test: GoldenCase, over axis: AttendedAxis) throws {
    let tensors = try test.tensors()
    let shape = try tensors("q").shape
    let (batch, heads, tokens, width) = (shape[0], shape[1], shape[2], shape[3])
    let order = axis == .tokens ? [0, 2, 1, 3] : [2, 0, 1, 3]
    let back = axis == .tokens ? [0, 2, 1, 3] : [1, 2, 0, 3]
    let rows: Shape = [batch * tokens, heads * width]
    let thirds = try ["q", "k", "v"].map { try tensors($0).permuted(order).reshaped(rows).scalars }
    let (channels, count) = (heads * width, batch * tokens)
    var projections: [Float] = []
    for row in 0..<count {
      for third in thirds { projections += third[row * channels..<(row + 1) * channels] }
    }
    let pass = ForwardPass(.training)
    let frames: Shape =
      axis == .tokens
      ? [1, batch, tokens, 3 * channels] : [tokens, batch, 1, 3 * channels]
    let x = pass.differentiable(Tensor(frames, projections))
    let y = pass.softmaxAttention(x, heads: heads, over: axis)
    func perHead(_ tensor: Tensor) -> Tensor {
      let first = axis == .tokens ? batch : tokens
      return tensor.reshaped([first, count / first, heads, width]).permuted(back)
    }
    try test.expect(perHead(y.tensor), equals: "y", in: tensors)
    let seed = try tensors("gy").permuted(order).reshaped(y.shape)
    let gradient = try #require(pass.gradients(of: y, seed: seed, and: [x]).inputs[0]).scalars
    for (third, name) in ["gq", "gk", "gv"].enumerated() {
      var part: [Float] = []
      for row in 0..<count {
        let first = (3 * row + third) * channels
        part += gradient[first..<first + channels]
      }
      try test.expect(perHead(Tensor(rows, part)), equals: name, in: tensors)
    }
  }

  @Test(arguments: GoldenCase.all("gelu", "relu"))
  func activation(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    let y = test.operation == "gelu" ? pass.gelu(x) : pass.rectified(x)
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors("gy"), and: [x])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
  }

  @Test(arguments: GoldenCase.all("avgpool2d"))
  func averagePooling(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x").permuted(Self.toChannelsLast))
    let y = pass.averagePooling(x, kernel: test.int("kernel"))
    try test.expect(y.tensor, equals: "y", in: tensors, permuting: Self.toChannelsFirst)
    let seed = try tensors("gy").permuted(Self.toChannelsLast)
    let gradients = pass.gradients(of: y, seed: seed, and: [x])
    try test.expect(
      gradients.inputs[0],
      equals: "gx",
      in: tensors,
      permuting: Self.toChannelsFirst
    )
  }
}
