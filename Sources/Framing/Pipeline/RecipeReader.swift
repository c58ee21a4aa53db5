import EventIO

/// Opens recordings as a recipe wants them.
enum RecipeReader {
  /// Opens a recording whose events will lie on the recipe's sensor.
  ///
  /// - Parameter isGeometryForced: Whether the recipe's sensor overrides what files say.
  /// - Throws: `RecordingError`, or ``FramingError`` where the file has another sensor.
  static func open(
    _ content: RecordingContent,
    _ recipe: FramingRecipe,
    isGeometryForced: Bool
  ) throws -> any EventReader {
    var options = options(recipe)
    if isGeometryForced { options.geometry = recipe.geometry }
    let reader = try Recording.open(content.open(), options: options)
    guard reader.header.geometry != recipe.geometry else { return reader }
    guard reader.header.geometrySource == .formatDefault else {
      throw FramingError(
        .corrupt,
        "its sensor is \(reader.header.geometry), the frames are \(recipe.geometry); "
          + "convert it apart, or pass --geometry",
        path: content.name
      )
    }
    options.geometry = recipe.geometry
    return try Recording.open(content.open(), options: options)
  }

  /// What the recipe says about reading.
  static func options(_ recipe: FramingRecipe) -> ReadOptions {
    ReadOptions(
      camera: recipe.camera.flatMap { AddressLayout.named($0) },
      aedat31: recipe.aedat31,
      strayEvents: recipe.strayEvents == .drop ? .drop : .reject
    )
  }
}

extension RecordingCatalog {
  /// The sensor of a dataset: its own, or else that of the first recording.
  ///
  /// - Throws: `RecordingError` if the first recording cannot be opened.
  public func geometry(reading options: ReadOptions) throws -> SensorGeometry {
    if let geometry = options.geometry ?? kind.geometry { return geometry }
    guard let first = samples.first else {
      throw FramingError(.corrupt, "there is no recording", path: root)
    }
    let source = self.source(ofRecording: first.recording)
    return try Recording.open(source.open(), options: options).header.geometry
  }
}
