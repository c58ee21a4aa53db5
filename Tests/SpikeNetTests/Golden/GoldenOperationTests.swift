import SpikeNet
import Testing
import _TestSupport

/// Every operation against torch's results.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenOperationTests {
  private static let toChannelsLast = [0, 2, 3, 1]
  private static let toChannelsFirst = [0, 3, 1, 2]

  @Test func everyOperationIsTested() {
    let tested: Set<String> = [
      "conv2d", "conv1d", "batchnorm", "maxpool2d", "maxpool3d_1x3x3", "global_avgpool", "ssa",
      "sdsa", "tet_loss",
      "linear", "cross_entropy", "soft_target_ce", "ce_rate_loss", "lif", "lif_with_state",
      "lif_ties", "plif", "snntorch_leaky", "adamw", "adam", "sgd", "lamb",
      "avgpool2d", "layernorm", "softmax_attention", "gelu", "relu",
    ]
    let all = Set(GoldenCase.all.map(\.operation))
    #expect(!all.isEmpty && all.subtracting(tested).isEmpty)
  }

  @Test(arguments: GoldenCase.all("conv2d"), ["dense", "spikes"])
  func convolution(_ test: GoldenCase, _ kind: String) throws {
    guard kind == "dense" || test.text("input_kind") == "spk" else { return }
    let tensors = try test.tensors()
    let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
    let input = try tensors("x").permuted(Self.toChannelsLast)
    let x =
      kind == "spikes" ? pass.differentiable(Spikes(packing: input)) : pass.differentiable(input)
    let w = pass.differentiable(ParameterLayout.convolution.imported(try tensors("w")))
    let b = test.flag("bias") ? pass.differentiable(try tensors("b")) : nil
    let y = pass.convolution(
      x,
      weight: w,
      bias: b,
      stride: test.int("stride"),
      padding: test.int("padding")
    )
    try test.expect(y.tensor, equals: "y", in: tensors, permuting: Self.toChannelsFirst)
    let gradients = pass.gradients(
      of: y,
      seed: try tensors("gy").permuted(Self.toChannelsLast),
      and: [x, w] + (b.map { [$0] } ?? [])
    )
    try test.expect(
      gradients.inputs[0],
      equals: "gx",
      in: tensors,
      permuting: Self.toChannelsFirst
    )
    try test.expect(
      gradients.inputs[1].map(ParameterLayout.convolution.exported),
      equals: "gw",
      in: tensors
    )
    if b != nil { try test.expect(gradients.inputs[2], equals: "gb", in: tensors) }
  }

  @Test(arguments: GoldenCase.all("conv1d"))
  func pointwiseConvolution(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let sizes = try tensors("x").shape
    let (batch, channels, length) = (sizes[0], sizes[1], sizes[2])
    let x = pass.differentiable(
      try tensors("x").permuted([0, 2, 1]).reshaped([batch, 1, length, channels])
    )
    let w = pass.differentiable(ParameterLayout.pointwise.imported(try tensors("w")))
    let b = pass.differentiable(try tensors("b"))
    let y = pass.convolution(x, weight: w, bias: b)
    func rows(_ tensor: Tensor) -> Tensor {
      tensor.reshaped([batch, length, tensor.shape.channels]).permuted([0, 2, 1])
    }
    try test.expect(rows(y.tensor), equals: "y", in: tensors)
    let seed = try tensors("gy").permuted([0, 2, 1]).reshaped(y.shape)
    let gradients = pass.gradients(of: y, seed: seed, and: [x, w, b])
    try test.expect(gradients.inputs[0].map(rows), equals: "gx", in: tensors)
    try test.expect(
      gradients.inputs[1].map(ParameterLayout.pointwise.exported),
      equals: "gw",
      in: tensors
    )
    try test.expect(gradients.inputs[2], equals: "gb", in: tensors)
  }

  @Test(arguments: GoldenCase.all("batchnorm"))
  func batchNormalization(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let rank = try tensors("x").shape.rank
    let (last, first) = rank == 3 ? ([0, 2, 1], [0, 2, 1]) : ([0, 2, 3, 1], [0, 3, 1, 2])
    let norm = BatchNorm(try tensors("w").count, usesRunningStatistics: !test.flag("train"))
    let parameters = Dictionary(
      uniqueKeysWithValues: norm.namedParameters.map { ($0.name, $0.parameter) }
    )
    let buffers = Dictionary(uniqueKeysWithValues: norm.namedBuffers.map { ($0.name, $0.buffer) })
    parameters["weight"]?.value = try tensors("w")
    parameters["bias"]?.value = try tensors("b")
    buffers["runningMean"]?.value = try tensors("rm")
    buffers["runningVariance"]?.value = try tensors("rv")
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x").permuted(last))
    let y = norm(x, in: pass)
    try test.expect(y.tensor, equals: "y", in: tensors, permuting: first)
    let gradients = pass.gradients(of: y, seed: try tensors("gy").permuted(last), and: [x])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors, permuting: first)
    try test.expect(parameters["weight"].flatMap { gradients[$0] }, equals: "gw", in: tensors)
    try test.expect(parameters["bias"].flatMap { gradients[$0] }, equals: "gb", in: tensors)
    try test.expect(buffers["runningMean"]?.value, equals: "rm_new", in: tensors)
    try test.expect(buffers["runningVariance"]?.value, equals: "rv_new", in: tensors)
  }

  @Test(arguments: GoldenCase.all("maxpool2d"), ["dense", "spikes"])
  func maxPooling(_ test: GoldenCase, _ kind: String) throws {
    guard kind == "dense" || test.name.hasSuffix("spk") else { return }
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let input = try tensors("x").permuted(Self.toChannelsLast)
    let x =
      kind == "spikes" ? pass.differentiable(Spikes(packing: input)) : pass.differentiable(input)
    let y = pass.maxPooling(
      x,
      kernel: test.int("kernel"),
      stride: test.int("stride"),
      padding: test.int("padding")
    )
    try test.expect(y.tensor, equals: "y", in: tensors, permuting: Self.toChannelsFirst)
    let gradients = pass.gradients(
      of: y,
      seed: try tensors("gy").permuted(Self.toChannelsLast),
      and: [x]
    )
    try test.expect(
      gradients.inputs[0],
      equals: "gx",
      in: tensors,
      permuting: Self.toChannelsFirst
    )
  }

  @Test(arguments: GoldenCase.all("maxpool3d_1x3x3"))
  func erosion(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(
      Spikes(packing: try tensors("x").permuted([0, 1, 3, 4, 2]))
    )
    let y = pass.maxPooling(x, kernel: 3, stride: 1, padding: 1)
    try test.expect(y.tensor, equals: "y", in: tensors, permuting: [0, 1, 4, 2, 3])
    let gradients = pass.gradients(
      of: y,
      seed: try tensors("gy").permuted([0, 1, 3, 4, 2]),
      and: [x]
    )
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors, permuting: [0, 1, 4, 2, 3])
  }

  @Test(arguments: GoldenCase.all("global_avgpool"))
  func averaging(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x").permuted(Self.toChannelsLast))
    let y = pass.mean(x, over: 1..<3)
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors("gy"), and: [x])
    try test.expect(
      gradients.inputs[0],
      equals: "gx",
      in: tensors,
      permuting: Self.toChannelsFirst
    )
  }

  @Test(arguments: GoldenCase.all("ssa"))
  func spikingSelfAttention(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let shape = try tensors("q").shape
    let heads = shape[2]
    let last: Shape = [shape[0], shape[1], shape[3], heads * shape[4]]
    func tokens(_ tensor: Tensor) -> Tensor { tensor.permuted([0, 1, 3, 2, 4]).reshaped(last) }
    func perHead(_ tensor: Tensor) -> Tensor {
      tensor.reshaped([shape[0], shape[1], shape[3], heads, shape[4]]).permuted([0, 1, 3, 2, 4])
    }
    let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
    let inputs = try ["q", "k", "v"].map {
      pass.differentiable(Spikes(packing: tokens(try tensors($0))))
    }
    let y = pass.spikingSelfAttention(
      inputs[0],
      inputs[1],
      inputs[2],
      heads: heads,
      scale: test.float("scale")
    )
    try test.expect(perHead(y.tensor), equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: tokens(try tensors("gy")), and: inputs)
    for (gradient, name) in zip(gradients.inputs, ["gq", "gk", "gv"]) {
      try test.expect(gradient.map(perHead), equals: name, in: tensors)
    }
  }

  @Test(arguments: GoldenCase.all("linear"))
  func linear(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    let w = pass.differentiable(ParameterLayout.linear.imported(try tensors("w")))
    let b = tensors.has("b") ? pass.differentiable(try tensors("b")) : nil
    let y = pass.linear(x, weight: w, bias: b)
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(
      of: y,
      seed: try tensors("gy"),
      and: [x, w] + (b.map { [$0] } ?? [])
    )
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
    try test.expect(
      gradients.inputs[1].map(ParameterLayout.linear.exported),
      equals: "gw",
      in: tensors
    )
    if b != nil { try test.expect(gradients.inputs[2], equals: "gb", in: tensors) }
  }

  @Test(arguments: GoldenCase.all("cross_entropy", "ce_rate_loss", "soft_target_ce"))
  func crossEntropy(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    let targets =
      test.operation == "soft_target_ce"
      ? Targets(probabilities: try tensors("target"))
      : Targets(
        labels: try tensors("y").scalars.map { Int($0) },
        classes: x.shape.channels,
        smoothing: test.operation == "cross_entropy" ? test.float("label_smoothing") : 0
      )
    let loss = pass.crossEntropy(x, targets)
    try test.expect(loss.tensor, equals: "loss", in: tensors)
    try test.expect(
      pass.gradients(of: loss, and: [x]).inputs[0],
      equals: "gx",
      in: tensors
    )
  }

  @Test(arguments: GoldenCase.all("tet_loss"))
  func temporalEfficientTraining(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    let targets = Targets(
      labels: try tensors("y").scalars.map { Int($0) },
      classes: x.shape.channels,
      smoothing: test.float("label_smoothing")
    )
    let loss = pass.temporalEfficientTraining(
      x,
      targets,
      mean: test.float("means"),
      weight: test.float("lamb")
    )
    try test.expect(loss.tensor, equals: "loss", in: tensors)
    try test.expect(pass.gradients(of: loss, and: [x]).inputs[0], equals: "gx", in: tensors)
  }

  @Test(arguments: GoldenCase.all("sdsa"))
  func spikeDrivenSelfAttention(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let shape = try tensors("q").shape
    let (steps, batch, heads, tokens, width) = (shape[0], shape[1], shape[2], shape[3], shape[4])
    func merged(_ tensor: Tensor) -> Tensor {
      tensor.permuted([0, 1, 3, 2, 4]).reshaped([steps, batch, tokens, heads * width])
    }
    func perHead(_ tensor: Tensor) -> Tensor {
      tensor.reshaped([steps, batch, tokens, heads, width]).permuted([0, 1, 3, 2, 4])
    }
    let pass = ForwardPass(.training)
    let inputs = try ["q", "k", "v"].map {
      pass.differentiable(Spikes(packing: merged(try tensors($0))))
    }
    var gate: Tensor?
    pass.observer = { gate = $1.tensor }
    let neuron = LIF(timeConstant: 2, rule: FiringRule(threshold: 0.5))
    let y =
      test.flag("erode")
      ? SpikeDrivenBlock.Dilation(heads: heads)
        .gate(inputs[0], inputs[1], inputs[2], neuron, in: pass)
      : pass.gated(inputs[0], by: neuron(pass.coincidences(inputs[1], inputs[2]), in: pass))
    try test.expect(gate, equals: "kv_spk", in: tensors)
    try test.expect(perHead(y.tensor), equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: merged(try tensors("gy")), and: inputs)
    for (gradient, name) in zip(gradients.inputs, ["gq", "gk", "gv"]) {
      try test.expect(gradient.map(perHead), equals: name, in: tensors)
    }
  }
}
