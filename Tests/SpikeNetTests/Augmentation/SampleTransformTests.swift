import Foundation
import SpikeNet
import Testing
import _TestSupport

struct SampleTransformTests {
  private struct Golden: Decodable {
    struct Case: Decodable, Sendable {
      var name: String
      var op: String
      var magnitude: Double

      var transform: SampleTransform? {
        switch op {
        case "ShearX": .shear(angle: magnitude)
        case "TranslateX": .translate(x: Int(magnitude), y: 0)
        case "TranslateY": .translate(x: 0, y: Int(magnitude))
        case "Rotate": .rotate(degrees: magnitude)
        default: nil
        }
      }
    }
    var cases: [Case]
  }

  /// Golden files have channels before rows and columns.
  private func golden(_ name: String) throws -> Tensor {
    try Safetensors.read(GoldenNetworks.path("augment.safetensors")).tensor(name)
      .permuted([0, 2, 3, 1])
  }

  @Test(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
  func everyPixelIsWhereTorchvisionPutsIt() throws {
    let golden = try GoldenNetworks.json("augment.json", as: Golden.self)
    #expect(golden.cases.count == 13)
    for test in golden.cases {
      var sample = try self.golden("x")
      test.transform?.apply(to: &sample)
      #expect(try sample == self.golden(test.name), "\(test.name)")
    }
  }

  @Test(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
  func flipAndCutoutAreTorchvisions() throws {
    var flipped = try golden("x")
    SampleTransform.flip.apply(to: &flipped)
    #expect(try flipped == golden("hflip"))
    var cut = try golden("x")
    SampleTransform.erase(x: 10..<19, y: 4..<13).apply(to: &cut)
    #expect(try cut == golden("cutout_y4_x10_h9_w9"))
  }

  private let sample = Tensor([2, 2, 3, 1], (1...12).map { Float($0) })

  private func changed(_ transform: SampleTransform) -> [Float] {
    var sample = sample
    transform.apply(to: &sample)
    return sample.scalars
  }

  @Test func rolledPixelsComeInAtTheOtherSide() {
    #expect(changed(.roll(x: 1, y: 0)) == [3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11])
    #expect(changed(.roll(x: 0, y: -1)) == [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9])
    #expect(changed(.roll(x: -7, y: 4)) == changed(.roll(x: -1, y: 0)))
  }

  @Test func translationBringsInZeros() {
    #expect(changed(.translate(x: -1, y: 1)) == [0, 0, 0, 2, 3, 0, 0, 0, 0, 8, 9, 0])
    #expect(changed(.translate(x: 3, y: 0)) == Array(repeating: 0, count: 12))
  }

  @Test func erasedRectanglesAreCutAtTheBorders() {
    #expect(changed(.erase(x: 1..<9, y: -3..<1)) == [1, 0, 0, 4, 5, 6, 7, 0, 0, 10, 11, 12])
    #expect(changed(.erase(x: 3..<9, y: 0..<2)) == sample.scalars)
  }

  @Test func droppedFramesAreEmpty() {
    #expect(changed(.dropFrames(1..<5)) == [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [Float(3), 500])
  func aShareOfTheEventsIsDropped(_ count: Float) {
    var sample = Tensor.filled([4, 32, 32, 2], with: count)
    SampleTransform.dropEvents(share: 0.25, seed: 7).apply(to: &sample)
    let kept = sample.scalars.map { $0 / count }
    let mean = kept.reduce(0, +) / Float(kept.count)
    #expect(abs(mean - 0.75) < 0.01)
    #expect(kept.allSatisfy { (0...1).contains($0) && ($0 * count).rounded() == $0 * count })
    #expect(Set(kept).count > 2)
    var none = Tensor.filled([1, 2, 2, 2], with: count)
    SampleTransform.dropEvents(share: 1, seed: 7).apply(to: &none)
    #expect(none.scalars.allSatisfy { $0 == 0 })
  }

  @Test func steepShearsLeaveNothingButStayWithinTheFrame() {
    #expect(changed(.shear(angle: .pi / 2)).count == 12)
    #expect(changed(.rotate(degrees: 180)) == [6, 5, 4, 3, 2, 1, 12, 11, 10, 9, 8, 7])
  }
}
