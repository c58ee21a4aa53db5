import Imaging

/// The colours of charts.
enum Palette {
  static let background = Color(255, 255, 255)
  static let text = Color(40, 44, 52)
  static let axis = Color(120, 126, 138)
  static let grid = Color(226, 229, 235)
  /// Lines that belong together have one colour each, and can be told apart without colours, too.
  static let series = [Color(31, 119, 180), Color(255, 127, 14), Color(44, 160, 44)]
  static let right = Color(44, 160, 44)
  static let wrong = Color(214, 69, 65)
  static let bar = Color(31, 119, 180)

  /// A colour between white and dark blue.
  static func heat(_ share: Double) -> Color {
    let share = min(max(share, 0), 1)
    func mixed(_ light: Double, _ dark: Double) -> UInt8 {
      UInt8((light + (dark - light) * share).rounded())
    }
    return Color(mixed(255, 8), mixed(255, 48), mixed(255, 107))
  }
}
