/// The hyper-parameters with which a result was published, by a name such as
/// `spikingformer-dvs128-gesture-t16`.
public struct TrainingRecipe: Sendable {
  /// The name.
  public let name: String
  /// The model, by its name in the registry or in the paper.
  public let model: String
  /// The data set.
  public let dataset: String
  /// The published test accuracy, if one is known.
  public let publishedTop1: Double?
  /// What differs from the publication, or was not published; empty if nothing is.
  public let remark: String
  private let change: @Sendable (inout TrainingConfiguration) -> Void

  init(
    _ name: String,
    model: String,
    dataset: String,
    publishedTop1: Double? = nil,
    remark: String = "",
    change: @escaping @Sendable (inout TrainingConfiguration) -> Void
  ) {
    self.name = name
    self.model = model
    self.dataset = dataset
    self.publishedTop1 = publishedTop1
    self.remark = remark
    self.change = change
  }

  /// Every recipe.
  public static let all: [TrainingRecipe] =
    spikformerFamily + spikeDriven + spikeformers + convolutional + images

  /// The recipe of a name.
  ///
  /// - Throws: ``SpikeNetError`` that names the nearest one, or all.
  public static func named(_ name: String) throws(SpikeNetError) -> TrainingRecipe {
    if let recipe = all.first(where: { $0.name == name }) { return recipe }
    let names = all.map(\.name)
    let nearest = EditDistance.nearest(to: name, among: names)
    let hint = nearest.map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"
    throw SpikeNetError(.configuration, "unknown recipe \(name); \(hint)")
  }

  /// The configuration of a run.
  ///
  /// - Parameter model: Another model for the same hyper-parameters.
  public func configuration(
    model other: String? = nil
  ) throws(SpikeNetError) -> TrainingConfiguration {
    let selection = try ModelSelection(defaultsOf: other ?? model)
    var configuration = TrainingConfiguration(model: selection)
    change(&configuration)
    configuration.recipe = name
    return configuration
  }
}
