/// Named sets of changes, of which each sample gets one at random.
public enum AugmentationPolicy: String, ConfigurationChoice {
  /// None.
  case none
  /// SNNAugmentWide of the Spikformer family: identity, shear, translation, rotation or cutout.
  case snnAugmentWide = "snn-augment-wide"
  /// The same without cutout.
  case snnAugmentWideWithoutCutout = "snn-augment-wide-no-cutout"
  /// Neuromorphic data augmentation (Li et al., 2022): roll, rotation, shear or cutout.
  case nda
  /// EventDrop (Gu et al., 2021): identity, or losing a stretch of time, an area, or single events.
  case eventDrop = "event-drop"

  private enum Operation: CaseIterable {
    case identity, shear, translateX, translateY, rotate, erase
    case roll, shearByDegrees, cutout, dropTime, dropArea, dropEvents
  }

  private var operations: [Operation] {
    switch self {
    case .none: [.identity]
    case .snnAugmentWide: [.identity, .shear, .translateX, .translateY, .rotate, .erase]
    case .snnAugmentWideWithoutCutout: [.identity, .shear, .translateX, .translateY, .rotate]
    case .nda: [.roll, .rotate, .shearByDegrees, .cutout]
    case .eventDrop: [.identity, .dropTime, .dropArea, .dropEvents]
    }
  }

  /// Decides what happens to one sample `[T, H, W, C]`.
  public func transforms(
    for shape: Shape,
    using generator: inout SeededGenerator
  ) -> [SampleTransform] {
    let choices = operations
    guard choices.count > 1 else { return [] }
    let draw = AugmentationDraw(shape: shape)
    switch choices[generator.integer(below: choices.count)] {
    case .identity: return []
    case .shear: return [.shear(angle: Self.magnitude(0.3, &generator))]
    case .translateX: return [.translate(x: Int(Self.magnitude(5, &generator)), y: 0)]
    case .translateY: return [.translate(x: 0, y: Int(Self.magnitude(5, &generator)))]
    case .rotate: return [.rotate(degrees: Self.magnitude(30, &generator))]
    case .erase: return draw.erasing(area: 0.001...0.11, aspect: 1...1, using: &generator)
    case .roll: return [draw.roll(upTo: 5, using: &generator)]
    case .shearByDegrees:
      return [.shear(angle: generator.uniform(in: -30...30) * .pi / 180)]
    case .cutout: return [draw.cutout(side: 16, using: &generator)]
    case .dropTime: return [draw.dropTime(generator.uniform(in: 0.1...0.9), using: &generator)]
    case .dropArea: return [draw.dropArea(generator.uniform(in: 0.05...0.3), using: &generator)]
    case .dropEvents:
      let share = generator.uniform(in: 0.1...0.9)
      return [.dropEvents(share: share, seed: generator.next())]
    }
  }

  /// One of 31 evenly spaced values from −limit to limit, as TrivialAugment draws them.
  private static func magnitude(_ limit: Double, _ generator: inout SeededGenerator) -> Double {
    -limit + 2 * limit * Double(generator.integer(below: 31)) / 30
  }
}
