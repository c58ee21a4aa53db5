import Foundation

/// The logistic function.
enum SigmoidFunction {
  static func value(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
