/// The derivatives of a loss: by parameter, and by the inputs that were asked for.
public struct Gradients {
  private let parameters: [ObjectIdentifier: (parameter: Parameter, gradient: Tensor?)]
  /// The gradients of the inputs that were asked for; nil where the loss does not depend on one.
  public let inputs: [Tensor?]

  init(
    parameters: [ObjectIdentifier: (parameter: Parameter, gradient: Tensor?)],
    inputs: [Tensor?]
  ) {
    self.parameters = parameters
    self.inputs = inputs
  }

  /// The gradient of a parameter; nil if the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    parameters[ObjectIdentifier(parameter)]?.gradient
  }
}
