/// What a network without time makes of the T frames of a sample.
public enum FrameUse: String, ConfigurationChoice {
  /// It classifies their mean.
  case average
  /// It classifies every frame, and the logits are averaged.
  case each

  /// The frames to classify, `[T′, B, H, W, C]` with T′ either 1 or T.
  func frames(_ frames: Variable, in pass: ForwardPass) -> Variable {
    guard self == .average, frames.shape[0] > 1 else { return frames }
    let mean = pass.mean(frames, over: 0..<1)
    return pass.reshaped(mean, to: Shape([1] + mean.shape.dimensions))
  }

  /// The logits `[B, classes]` of a sample from those of its frames, `[T′, B, classes]`.
  func logits(_ logits: Variable, in pass: ForwardPass) -> Variable {
    pass.mean(logits, over: 0..<1)
  }
}
