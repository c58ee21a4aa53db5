extension ModelSelection {
  /// Selects a model by name, with its default configuration.
  ///
  /// - Parameter name: Of a kind of model, of a published one, or a string of layers such as
  ///   `12C5-MP2-64C5-MP2-FC10`, which is a spiking convolutional network.
  /// - Throws: ``SpikeNetError`` that names the known models.
  public init(defaultsOf name: String) throws(SpikeNetError) {
    let type = try Self.type(name)
    var configuration = PublishedModel.named(name)?.configuration ?? type.init()
    if LayerString.isArchitecture(name), var network = configuration as? SpikingCNN.Configuration {
      network.architecture = name
      configuration = network
    }
    self.init(name, options: try ConfigurationValue(encoding: configuration))
  }

  /// All names: the kinds of models, and what was published of each.
  public static var names: [String] {
    ModelRegistry.names
      + PublishedModel.all.map(\.name).filter { !ModelRegistry.names.contains($0) }
  }

  /// The kind of the model, such as `spikingformer` for `spikingformer-2-256`.
  ///
  /// - Throws: ``SpikeNetError`` that names the known models.
  public var kind: String {
    get throws(SpikeNetError) { try Self.type(name).modelName }
  }

  /// Builds the model with the initial weights of a seed.
  ///
  /// - Throws: ``SpikeNetError`` if a value is impossible, or the input does not fit the model.
  public func makeModel(for input: ModelInput, seed: Int) throws -> any Model {
    try Self.checkSizes(options, path: "model")
    var generator = RandomStream.weights.generator(seed: seed)
    return try Self.type(name).decode(options).makeModel(for: input, using: &generator)
  }

  /// No size of a model is above; what is would exhaust the memory before anything else is said.
  private static let largestSize = 16_384

  private static func checkSizes(
    _ value: ConfigurationValue,
    path: String
  ) throws(SpikeNetError) {
    switch value {
    case .section(let members):
      for member in members { try checkSizes(member.value, path: "\(path).\(member.key)") }
    case .integer(let size) where size.magnitude > largestSize:
      throw SpikeNetError(.configuration, "\(path) is \(size), expected at most \(largestSize)")
    default: break
    }
  }

  private static func type(_ name: String) throws(SpikeNetError) -> any ModelConfiguration.Type {
    if let published = PublishedModel.named(name) { return Swift.type(of: published.configuration) }
    if let type = ModelRegistry.configuration(named: name) { return type }
    if LayerString.isArchitecture(name) { return SpikingCNN.Configuration.self }
    let nearest = EditDistance.nearest(to: name, among: names)
    let hint = nearest.map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"
    throw SpikeNetError(.configuration, "unknown model \(name); \(hint)")
  }
}

extension ModelConfiguration {
  fileprivate static func decode(_ options: ConfigurationValue) throws(SpikeNetError) -> Self {
    do {
      return try options.decoded(as: Self.self)
    } catch {
      throw SpikeNetError(error.kind, "model.\(error.reason)")
    }
  }
}
