extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = (0..<min(count, 8)).map { "\(self[$0])" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}
