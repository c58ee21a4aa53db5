/// How training samples are changed at random; everything is off by default.
///
/// Each sample of each epoch draws anew. A number is the greatest magnitude, and the actual one is
/// uniform below it; probabilities are named as such.
public struct AugmentationConfiguration: Codable, Hashable, Sendable {
  /// The probability of mirroring left and right.
  public var flip = 0.0
  /// A named set of changes, of which each sample gets one.
  public var policy = AugmentationPolicy.none
  /// Pixels by which a sample is rolled, each way in x and y.
  public var roll = 0
  /// Pixels by which a sample is moved, zeros coming in; 4 is the usual padded crop of images.
  public var translate = 0
  /// Degrees by which a sample is turned, either way.
  public var rotate = 0.0
  /// Degrees by which a sample is sheared, either way.
  public var shear = 0.0
  /// The side in pixels of a square that is erased.
  public var cutout = 0
  /// The probability of random erasing: a rectangle of 2 to 33 % of the area becomes zero.
  public var erasing = 0.0
  /// The share of the frames that is erased, as one stretch of time.
  public var dropTime = 0.0
  /// The share of each side of a rectangle that is erased.
  public var dropArea = 0.0
  /// The share of events that is removed.
  public var dropEvents = 0.0

  /// Creates the default, which changes nothing.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case flip = "hflip"
    case policy, roll, translate, rotate, shear, cutout
    case erasing = "reprob"
    case dropTime = "drop_time"
    case dropArea = "drop_area"
    case dropEvents = "drop_events"
  }

  /// Whether samples stay as they are.
  public var isIdentity: Bool { self == AugmentationConfiguration() }

  /// Decides what happens to one sample `[T, H, W, C]`, in this order.
  public func transforms(
    for shape: Shape,
    using generator: inout SeededGenerator
  ) -> [SampleTransform] {
    let draw = AugmentationDraw(shape: shape)
    var transforms: [SampleTransform] = []
    if flip > 0, generator.chance(flip) { transforms.append(.flip) }
    transforms += policy.transforms(for: shape, using: &generator)
    if roll > 0 { transforms.append(draw.roll(upTo: roll, using: &generator)) }
    if translate > 0 { transforms.append(draw.translation(upTo: translate, using: &generator)) }
    if rotate > 0 {
      transforms.append(.rotate(degrees: generator.uniform(in: -rotate...rotate)))
    }
    if shear > 0 {
      transforms.append(.shear(angle: generator.uniform(in: -shear...shear) * .pi / 180))
    }
    if cutout > 0 { transforms.append(draw.cutout(side: cutout, using: &generator)) }
    if erasing > 0, generator.chance(erasing) {
      transforms += draw.erasing(area: 0.02...1 / 3.0, aspect: 0.3...1 / 0.3, using: &generator)
    }
    return transforms + drops(draw, using: &generator)
  }

  private func drops(
    _ draw: AugmentationDraw,
    using generator: inout SeededGenerator
  ) -> [SampleTransform] {
    var transforms: [SampleTransform] = []
    if dropTime > 0 {
      transforms.append(draw.dropTime(generator.uniform(in: 0...dropTime), using: &generator))
    }
    if dropArea > 0 {
      transforms.append(draw.dropArea(generator.uniform(in: 0...dropArea), using: &generator))
    }
    if dropEvents > 0 {
      let share = generator.uniform(in: 0...dropEvents)
      transforms.append(.dropEvents(share: share, seed: generator.next()))
    }
    return transforms
  }
}
