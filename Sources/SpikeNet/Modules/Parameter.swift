/// A trained tensor, shared by reference between a model and its optimizer.
public final class Parameter {
  /// The dimensions of the value, in the order that the kernels read.
  public let shape: Shape
  /// How the value's order relates to the one in checkpoints.
  public let layout: ParameterLayout

  /// Creates a parameter.
  public init(_ value: Tensor, layout: ParameterLayout = .plain) {
    shape = value.shape
    stored = value
    self.layout = layout
  }

  /// Creates a parameter whose first value is made when it is asked for, unless another is set.
  ///
  /// Lists of models and models of a checkpoint never need the random weights that they begin with.
  init(_ shape: Shape, layout: ParameterLayout = .plain, initial: @escaping () -> Tensor) {
    self.shape = shape
    self.layout = layout
    self.initial = initial
    stored = .zeros([0])
  }

  private var stored: Tensor
  private var initial: (() -> Tensor)?

  /// The current value, in the order that the kernels read.
  public var value: Tensor {
    get {
      makeInitial()
      return stored
    }
    set {
      precondition(newValue.shape == shape, "parameter: \(newValue.shape) for \(shape)")
      initial = nil
      stored = newValue
    }
    // Optimizers change the value in its place; a copy of every weight would cost a step.
    _modify {
      makeInitial()
      yield &stored
    }
  }

  private func makeInitial() {
    guard let make = initial else { return }
    initial = nil
    stored = make()
  }

  /// The value as checkpoints hold it: torch's order of dimensions.
  public var exported: Tensor {
    get { layout.exported(value) }
    set { value = layout.imported(newValue) }
  }
}
