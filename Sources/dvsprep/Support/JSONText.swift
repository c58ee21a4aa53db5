import Foundation
import SpikeNet

extension ConfigurationValue {
  /// The value as JSON on one line, with the keys in their order.
  var json: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    // JSON has no word for what is not finite.
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .text(let text), .plain(let text): Self.quoted(text)
    case .list(let values): "[\(values.map(\.json).joined(separator: ", "))]"
    case .section(let members):
      "{\(members.map { "\(Self.quoted($0.key)): \($0.value.json)" }.joined(separator: ", "))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A string always has a JSON form.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
