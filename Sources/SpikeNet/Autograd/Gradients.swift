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

  /// The sums of these gradients and those of another batch.
  func adding(_ other: Gradients, _ parallel: Parallel) -> Gradients {
    let sums = parameters.merging(other.parameters) { own, other in
      guard let a = own.gradient, let b = other.gradient else {
        return (own.parameter, own.gradient ?? other.gradient)
      }
      return (own.parameter, Elementwise.sum(a, b, parallel))
    }
    return Gradients(parameters: sums, inputs: [])
  }

  /// The gradient of a parameter; nil if the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    parameters[ObjectIdentifier(parameter)]?.gradient
  }
}
