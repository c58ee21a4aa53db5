/// What a cache says about itself, besides its samples.
public struct CacheDescription: Hashable, Sendable {
  /// Everything that determines the pixels.
  public var recipe: FramingRecipe
  /// The dataset's kind, such as `dvs128-gesture`.
  public var dataset: String
  /// The classes; a label is an index into them.
  public var classNames: [String]
  /// A digest of the source files, which tells whether they changed.
  public var sourceFingerprint: String
  /// Whether row 0 is the bottom of the picture, as some cameras count.
  public var rowsCountFromBottom = false
  /// The program and its version.
  public var createdBy: String
  /// The command line.
  public var command: String

  /// Creates a description.
  public init(
    recipe: FramingRecipe,
    dataset: String,
    classNames: [String],
    sourceFingerprint: String = "",
    createdBy: String = "dvsprep",
    command: String = ""
  ) {
    self.recipe = recipe
    self.dataset = dataset
    self.classNames = classNames
    self.sourceFingerprint = sourceFingerprint
    self.createdBy = createdBy
    self.command = command
  }
}
