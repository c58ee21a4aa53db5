/// A trained tensor, shared by reference between a model and its optimizer.
public final class Parameter {
  /// The current value, in the order that the kernels read.
  public var value: Tensor
  /// How the value's order relates to the one in checkpoints.
  public let layout: ParameterLayout

  /// Creates a parameter.
  public init(_ value: Tensor, layout: ParameterLayout = .plain) {
    self.value = value
    self.layout = layout
  }

  /// The value as checkpoints hold it: torch's order of dimensions.
  public var exported: Tensor {
    get { layout.exported(value) }
    set { value = layout.imported(newValue) }
  }
}
