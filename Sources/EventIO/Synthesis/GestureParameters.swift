/// What makes the synthetic gestures easy or hard, with its units.
package struct GestureParameters: Sendable, Equatable {
  /// The length of a trial's labelled window, in microseconds, before its variation.
  package var trialDuration: Int64 = 1_200_000
  /// How much longer or shorter a trial may be, as a share.
  package var durationVariation = 0.15
  /// How often a course is run in one trial; fewer cycles are harder.
  package var cycles: ClosedRange<Double> = 1.1...1.5
  /// Log-intensity steps of a shape against the ground.
  package var contrast: ClosedRange<Double> = 0.26...0.42
  /// Whether a shape is as often darker as brighter than the ground.
  ///
  /// With one sign only, the polarity of the leading edge shows the direction in a single frame.
  package var mixesContrastSigns = true
  /// Largest shift of a user from the middle, in pixels; a trial adds a third of it.
  package var offset = 5.0
  /// Largest change of size, as a share; a trial adds a third of it.
  package var scaleVariation = 0.15
  /// Background events a pixel and second; users differ by up to a factor of two.
  package var noiseRate = 0.1
  /// Pixels of a camera that fire steadily.
  package var hotPixels = 3
  /// Events a second of a pixel that fires steadily.
  package var hotPixelRate = 30.0

  /// Creates the default difficulty.
  package init() {}
}
