import SpikeNet
import Testing
import _TestSupport

/// Five steps of every rule against torch and timm: `optim.safetensors`.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct OptimizerGoldenTests {
  private struct Manifest: Decodable {
    struct Files: Decodable {
      enum CodingKeys: String, CodingKey { case optim = "optim.safetensors" }
      var optim: File
    }
    struct File: Decodable { var cases: [Case] }
    var files: Files
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    struct Attributes: Decodable {
      var opt: String
      var lr: Double
      var betas: [Double]?
      var eps: Double?
      var weight_decay: Double
      var momentum: Double?
      var nesterov: Bool?
      var max_grad_norm: Double?
      var groups: String?
    }
    var name: String
    var attrs: Attributes
    var tol: [String: [Double]]
    var testDescription: String { name }

    var rule: any Optimizer {
      get throws {
        let moments = AdamMoments(
          beta1: attrs.betas?[0] ?? 0,
          beta2: attrs.betas?[1] ?? 0,
          epsilon: attrs.eps ?? 0
        )
        switch attrs.opt {
        case "adamw": return AdamW(moments, weightDecay: attrs.weight_decay)
        case "adam": return Adam(moments, weightDecay: attrs.weight_decay)
        case "lamb":
          return LAMB(
            moments,
            weightDecay: attrs.weight_decay,
            gradientNormLimit: attrs.max_grad_norm
          )
        case "sgd":
          return SGD(
            momentum: try #require(attrs.momentum),
            weightDecay: attrs.weight_decay,
            isNesterov: attrs.nesterov == true
          )
        default: throw SpikeNetError(.unsupported, attrs.opt)
        }
      }
    }
  }

  private final class Parameters: Module {
    let w: Parameter
    let b: Parameter
    let c: Parameter

    init(_ file: Safetensors, _ name: String) throws {
      w = Parameter(try file.tensor("\(name)/w0"))
      b = Parameter(try file.tensor("\(name)/b0"))
      c = Parameter(try file.tensor("\(name)/c0"))
    }
  }

  static let cases: [Case] =
    (try? GoldenNetworks.json("ops_manifest.json", as: Manifest.self))?
    .files.optim.cases ?? []

  @Test func everyRuleOfTheManifestIsTested() {
    #expect(!Self.cases.isEmpty)
    #expect(Set(Self.cases.map(\.attrs.opt)).isSubset(of: ["adamw", "adam", "lamb", "sgd"]))
  }

  @Test(arguments: cases)
  func fiveStepsEqualTheReference(_ test: Case) throws {
    let file = try Safetensors.read(GoldenNetworks.path("optim.safetensors"))
    let model = try Parameters(file, test.name)
    // timm's LAMB was given timm's groups; torch's optimizers only where the case says so.
    let isGrouped = test.attrs.opt == "lamb" || test.attrs.groups?.hasPrefix("timm") == true
    var state = OptimizerState(try test.rule, of: model, decay: isGrouped ? .matrices : .all)
    for step in 0..<5 {
      let gradients = try Dictionary(
        uniqueKeysWithValues: model.namedParameters.map { name, parameter in
          (ObjectIdentifier(parameter), try file.tensor("\(test.name)/g\(step)_\(name)"))
        }
      )
      state.apply(
        { gradients[ObjectIdentifier($0)] },
        learningRate: test.attrs.lr,
        Parallel(threads: 2)
      )
      for (name, parameter) in model.namedParameters {
        let output = "s\(step + 1)_\(name)"
        let expected = try file.tensor("\(test.name)/\(output)")
        let tolerance = try #require(test.tol[output])
        expectClose(
          parameter.value,
          expected,
          tolerance: max(20 * tolerance[0], 2e-5 * tolerance[1]),
          output
        )
      }
    }
  }
}
