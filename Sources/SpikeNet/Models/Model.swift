/// A classifier of frame stacks.
public protocol Model: Module {
  /// Classifies a batch.
  ///
  /// - Parameter frames: Counts or images `[T, B, H, W, C]`.
  /// - Returns: Logits: `[B, classes]`, or `[T, B, classes]` where the loss is taken per step.
  func logits(_ frames: Variable, in pass: ForwardPass) -> Variable

  /// The name that the authors' code gives to a parameter, buffer or module of this model.
  ///
  /// - Parameter name: A name from ``Module/namedParameters`` and its siblings.
  func originalName(of name: String) -> String

  /// The parameters that the authors' code builds besides those of this model, and never uses.
  var unusedParameters: [UnusedParameter] { get }

  /// What the authors' checkpoints hold besides parameters, buffers and torch's own counters.
  var savedConstants: [SurplusTensor] { get }
}

extension Model {
  /// None.
  public var unusedParameters: [UnusedParameter] { [] }

  /// None.
  public var savedConstants: [SurplusTensor] { [] }
}
