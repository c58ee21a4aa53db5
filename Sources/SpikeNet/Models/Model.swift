/// A classifier of frame stacks.
public protocol Model: Module {
  /// Classifies a batch.
  ///
  /// - Parameter frames: Counts or images `[T, B, H, W, C]`.
  /// - Returns: Logits: `[B, classes]`, or `[T, B, classes]` where the loss is taken per step.
  func logits(_ frames: Variable, in pass: ForwardPass) -> Variable
}
