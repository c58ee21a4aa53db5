import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Caches of whole dataset trees equal what SpikingJelly's dataset classes wrote.
@Suite("Golden trees", .enabled(if: SharedData.isPresent, "\(SharedData.absent)"))
struct GoldenTreesTests {
  /// A tree and one way of cutting.
  struct Case: Sendable, CustomStringConvertible {
    let tree: String
    let folder: String
    let slicing: Slicing
    var description: String { "\(tree)/\(folder)" }
  }

  static let cases: [Case] = ["tree_gesture", "tree_cifar", "tree_nmnist"].flatMap { tree in
    [4, 10, 16].map {
      Case(
        tree: tree,
        folder: "frames_number_\($0)_split_by_number",
        slicing: .equalCount(frames: $0)
      )
    } + [
      Case(
        tree: tree,
        folder: "frames_number_10_split_by_time",
        slicing: .equalDuration(frames: 10)
      ),
      Case(
        tree: tree,
        folder: "duration_100000",
        slicing: .microsecondsPerFrame(100_000, rule: .firstEvent)
      ),
    ]
  }

  private func convert(
    _ tree: String,
    _ slicing: Slicing,
    in folder: TemporaryFolder,
    jobs: Int = 2
  ) async throws -> FrameCache {
    let root = SharedData.path("golden/io/\(tree)")
    let catalog = try RecordingCatalog.open([root])
    let geometry = try catalog.geometry(reading: ReadOptions())
    let recipe = FramingRecipe(
      slicing: slicing,
      geometry: geometry,
      camera: catalog.kind.camera?.name
    )
    let options = PipelineOptions(jobs: jobs, splits: [.standard(for: catalog)])
    let path = folder.file("\(tree)-\(jobs).h5")
    _ = try await FramingPipeline(catalog, recipe, options: options).run(to: path)
    return try FrameCache.open(path, expecting: recipe)
  }

  @Test(arguments: cases)
  func framesEqualSpikingJellys(_ golden: Case) async throws {
    let folder = try TemporaryFolder()
    let cache = try await convert(golden.tree, golden.slicing, in: folder)
    let base = "golden/io/expected/\(golden.tree)/\(golden.folder)"
    let files = SharedData.files(under: base, suffix: ".npz")
    #expect(files.count >= cache.count - 1)
    for file in files {
      var name = String(file.dropFirst(base.count + 1).dropLast(4))
      if golden.folder.hasPrefix("duration") {
        name = name.split(separator: "_").dropLast().joined(separator: "_")
      }
      let index = try #require(cache.names.firstIndex(of: name), "\(name)")
      let frames = try NPZArchive(path: SharedData.path(file)).array("frames")
      let stack = try cache.frames(at: index)
      #expect(frames.shape == [stack.frameCount, 2, stack.geometry.height, stack.geometry.width])
      #expect(try frames.values(as: Int32.self) == stack.counts, "\(name)")
    }
  }

  /// What `expected/tree_*.json` says about the order of samples.
  private struct Order: Decodable {
    struct Part: Decodable {
      let classes: [String]
      let order: [[Entry]]
    }
    enum Entry: Decodable {
      case path(String)
      case target(Int)
      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let target = try? value.decode(Int.self) {
          self = .target(target)
        } else {
          self = .path(try value.decode(String.self))
        }
      }
    }
    let samples: [String: [String: Part]]
    let split: [String: [[Int]]]?
  }

  @Test(arguments: ["tree_gesture", "tree_cifar", "tree_nmnist"])
  func namesLabelsAndOrderEqualSpikingJellys(_ tree: String) throws {
    let catalog = try RecordingCatalog.open([SharedData.path("golden/io/\(tree)")])
    let data = try SharedData.data("golden/io/expected/\(tree).json")
    let parts = try #require(try JSONDecoder().decode(Order.self, from: data).samples["event"])
    var names: [String] = []
    var labels: [Int] = []
    for (key, part) in [
      ("True", parts["True"]), ("False", parts["False"]), ("None", parts["None"]),
    ] {
      guard let part else { continue }
      let official: OfficialPart? = key == "None" ? nil : key == "True" ? .train : .test
      for entry in part.order {
        guard case .path(let path) = entry[0], case .target(let target) = entry[1] else { continue }
        names.append(String(path.dropFirst("events_np/".count).dropLast(4)))
        // Gesture folders are class numbers in lexicographic order; the label is the number.
        labels.append(tree == "tree_gesture" ? try #require(Int(part.classes[target])) : target)
        #expect(catalog.samples[names.count - 1].part == official)
      }
    }
    #expect(catalog.samples.map(\.name) == names)
    #expect(catalog.samples.map(\.label) == labels)
    #expect(catalog.problems.isEmpty && catalog.ignored.isEmpty)
    let kinds: [String: DatasetKind] = [
      "tree_gesture": .dvs128Gesture, "tree_cifar": .cifar10DVS, "tree_nmnist": .nMNIST,
    ]
    #expect(catalog.kind == kinds[tree])
  }

  @Test func sj90EqualsSpikingJellysSplit() throws {
    let catalog = try RecordingCatalog.open([SharedData.path("golden/io/tree_cifar")])
    let data = try SharedData.data("golden/io/expected/tree_cifar.json")
    let expected = try #require(try JSONDecoder().decode(Order.self, from: data).split?["0.9"])
    let parts = try Split.sj90.lists(of: catalog.samples)["sj-0.9"] ?? [:]
    #expect(parts["train"] ?? [] == expected[0] && parts["test"] ?? [] == expected[1])
  }

  @Test func eventTreesGiveTheSameFramesAsTheirSources() async throws {
    let folder = try TemporaryFolder()
    let source = try await convert("tree_cifar", .equalCount(frames: 4), in: folder)
    let root = SharedData.path("golden/io/expected/tree_cifar")
    let catalog = try RecordingCatalog.open([root], kind: .folder)
    let recipe = FramingRecipe(slicing: .equalCount(frames: 4), geometry: source.geometry)
    let path = folder.file("events.h5")
    _ = try await FramingPipeline(catalog, recipe).run(to: path)
    let cache = try FrameCache.open(path)
    #expect(cache.names == source.names && cache.labels == source.labels)
    for index in 0..<cache.count {
      #expect(try cache.frames(at: index) == source.frames(at: index))
    }
  }

  @Test(arguments: [Slicing.equalCount(frames: 4), .microsecondsPerFrame(100_000, rule: .grid)])
  func theNumberOfJobsDoesNotChangeTheFile(_ slicing: Slicing) async throws {
    let folder = try TemporaryFolder()
    let caches = [
      try await convert("tree_gesture", slicing, in: folder, jobs: 1),
      try await convert("tree_gesture", slicing, in: folder, jobs: 3),
    ]
    let bytes = try caches.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
    #expect(bytes[0] == bytes[1])
    #expect(caches[0].splits["official"]?["train"]?.count == 24)
    #expect(caches[0].splits["official"]?["test"]?.count == 12)
  }
}
