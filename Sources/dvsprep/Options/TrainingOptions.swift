import ArgumentParser
import SpikeNet

/// What defines a run, as flags, a file and settings; all of them set the same keys.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The frame cache to learn from (key: data).")
  var data: String?

  @Option(help: "The model, by a name that dvsprep models lists (key: model.name).")
  var model: String?

  @Option(help: "The published recipe to start from, by a name of dvsprep recipes (key: recipe).")
  var recipe: String?

  @Option(help: "A YAML file with any of the keys.")
  var config: String?

  @Option(help: "The split of the cache to use; by default the cache's own (key: split).")
  var split: String?

  @Option(help: "Determines all randomness (key: seed).")
  var seed: Int?

  @Option(help: "Threads, 0 for one a core; results do not depend on it (key: threads).")
  var threads: Int?

  @Argument(help: "Settings such as epochs=50 or model.embed_dim=64; they outrank everything else.")
  var settings: [String] = []

  /// The file, then the flags, then the settings: what comes later wins.
  func changes() throws(SpikeNetError) -> [ConfigurationValue] {
    var changes: [ConfigurationValue] = []
    if let config { changes.append(try ConfigurationText.read(config)) }
    changes.append(flags)
    for setting in settings { changes.append(try ConfigurationText.setting(setting)) }
    return changes.map(Self.expandingModel)
  }

  private var flags: ConfigurationValue {
    var tree = ConfigurationValue.section([])
    if let data { tree = tree.setting(["data"], to: .text(data)) }
    if let model { tree = tree.setting(["model", "name"], to: .text(model)) }
    if let recipe { tree = tree.setting(["recipe"], to: .text(recipe)) }
    if let split { tree = tree.setting(["split"], to: .text(split)) }
    if let seed { tree = tree.setting(["seed"], to: .integer(seed)) }
    if let threads { tree = tree.setting(["threads"], to: .integer(threads)) }
    return tree
  }

  /// `model: csnn` is short for `model: {name: csnn}`.
  private static func expandingModel(_ tree: ConfigurationValue) -> ConfigurationValue {
    guard case .plain(let name) = tree["model"] else { return tree }
    return tree.setting(["model"], to: .section([.init("name", .text(name))]))
  }
}
