import EventIO
import Foundation
import Framing
import SpikeNet

/// A model that takes recordings: frames are made as those that it was trained on.
struct RecordingClassifier {
  private let loaded: LoadedModel
  private let recipe: FramingRecipe
  private let window: Range<Int64>
  private let reading: FrameWindow
  private let parallel: Parallel

  /// Prepares a model.
  ///
  /// - Parameter window: The times of the events that count, in microseconds.
  /// - Throws: ``CommandFailure`` if the checkpoint does not say how frames are made, or makes others
  ///   than the model takes.
  init(_ loaded: LoadedModel, window: Range<Int64>, _ parallel: Parallel) throws {
    guard let text = loaded.recipe else {
      throw CommandFailure(
        .badData,
        """
        \(loaded.path): does not say how its frames were made; pass --data CACHE, a frame cache like \
        the one that it was trained on
        """
      )
    }
    do { recipe = try FramingRecipe(json: text) } catch {
      throw CommandFailure(.badData, "\(loaded.path): \(error.reason)")
    }
    let data = loaded.data
    let reading = FrameWindow(
      height: recipe.geometry.height,
      width: recipe.geometry.width,
      reading: loaded.configuration.input
    )
    guard let reading, recipe.slicing.frameCount == data.steps, reading.rows == data.height,
      reading.columns == data.width, data.channels == 2
    else {
      throw CommandFailure(
        .badData,
        """
        \(loaded.path): its frames are made as \(recipe.slicing) of \(recipe.geometry), and the model \
        takes \(data)
        """
      )
    }
    self.loaded = loaded
    self.reading = reading
    self.window = window
    self.parallel = parallel
  }

  /// Frames a recording and runs the model.
  func classify(_ path: String) throws -> RecordingPrediction {
    let (frames, warnings) = try recipe.frames(of: .file(path), within: window)
    let data = loaded.data
    var scalars = [Float](repeating: 0, count: data.steps * data.height * data.width * 2)
    scalars.withUnsafeMutableBufferPointer { target in
      frames.counts.withUnsafeBufferPointer { counts in
        reading.read(counts, steps: data.steps, into: target)
      }
    }
    let tensor = Tensor([data.steps, 1, data.height, data.width, 2], scalars)
    let pass = ForwardPass(.inference, parallel: parallel)
    let logits = loaded.model.logits(Variable(tensor), in: pass).tensor
    let classes = logits.shape.channels
    let rows = logits.shape.rows
    let means = (0..<classes).map { index in
      (0..<rows).reduce(0.0) { $0 + Double(logits[$1 * classes + index]) } / Double(rows)
    }
    return RecordingPrediction(
      path: path,
      logits: means,
      classNames: data.classNames,
      warnings: warnings
    )
  }
}

/// What a model makes of one recording.
struct RecordingPrediction {
  let path: String
  /// One a class; where a model gives them per step, their means.
  let logits: [Double]
  let classNames: [String]
  let warnings: [String]

  /// Softmax of the logits.
  private var probabilities: [Double] {
    let greatest = logits.max() ?? 0
    let powers = logits.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Classes, the likeliest first; of equal ones the first.
  private func ranking(_ top: Int) -> [(label: Int, probability: Double)] {
    probabilities.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
      .prefix(top).map { ($0.offset, $0.element) }
  }

  /// The path, then a class and its probability for each that is asked for.
  func text(top: Int) -> String {
    let classes = ranking(top).map {
      "\(classNames[$0.label]) \(TrainingReport.decimals($0.probability, 4))"
    }
    return "\(path): \(classes.joined(separator: ", "))"
  }

  /// The keys of the interface.
  func tree(top: Int) -> ConfigurationValue {
    let ranking = ranking(top)
    let best = ranking.first?.label ?? 0
    return .section([
      .init("recording", .text(path)), .init("class", .text(classNames[best])),
      .init("label", .integer(best)),
      .init("probability", .number(ranking.first?.probability ?? 0)),
      .init(
        "top",
        .list(
          ranking.map { entry in
            .section([
              .init("class", .text(classNames[entry.label])), .init("label", .integer(entry.label)),
              .init("probability", .number(entry.probability)),
            ])
          }
        )
      ), .init("logits", .list(logits.map { .number($0) })),
    ])
  }
}
