import ArgumentParser
import SpikeNet

/// Lists the recipes of published results, or the keys of one.
struct Recipes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes",
    abstract: "Lists the recipes of published results, or the configuration of one.",
    discussion: """
      EXAMPLES:
        dvsprep recipes
        dvsprep recipes spikingformer-dvs128-gesture-t16
        dvsprep train --data gesture.h5 --recipe spikingformer-dvs128-gesture-t16
      """
  )

  @Argument(help: "A recipe whose configuration is printed as YAML.")
  var name: String?

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    if let name {
      let recipe = try TrainingRecipe.named(name)
      let tree = try ConfigurationValue(encoding: recipe.configuration())
      if output.json { return print(tree.json) }
      print(Self.comment(recipe) + (try ConfigurationText.yaml(tree)), terminator: "")
    } else if output.json {
      let list = ConfigurationValue.list(TrainingRecipe.all.map(Self.description))
      print(ConfigurationValue.section([.init("recipes", list)]).json)
    } else {
      try printTable()
    }
  }

  private func printTable() throws {
    let rows = try TrainingRecipe.all.map { recipe in
      let run = try recipe.configuration()
      return [
        recipe.name, recipe.model, run.input.steps == 0 ? "any" : "\(run.input.steps)",
        "\(run.totalEpochs)", "\(run.batchSize)", "\(run.optimizer.name)",
        recipe.publishedTop1.map { Quantity.decimals(100 * $0, 2) + " %" } ?? "-",
      ]
    }
    let header = ["recipe", "model", "T", "epochs", "batch", "optimizer", "published"]
    let table = TextTable(header: header, rows: rows)
    for line in table.lines { print(line) }
  }

  private static func comment(_ recipe: TrainingRecipe) -> String {
    var lines = ["# \(recipe.name): \(recipe.dataset)"]
    if let top1 = recipe.publishedTop1 {
      lines.append("# published accuracy: \(Quantity.decimals(100 * top1, 2)) %")
    }
    if !recipe.remark.isEmpty { lines.append("# \(recipe.remark)") }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func description(_ recipe: TrainingRecipe) -> ConfigurationValue {
    .section([
      .init("name", .text(recipe.name)), .init("model", .text(recipe.model)),
      .init("dataset", .text(recipe.dataset)),
      .init("published_top1", recipe.publishedTop1.map { .number($0) } ?? .null),
      .init("remark", .text(recipe.remark)),
    ])
  }
}
