/// A font of 3×5 pixels for numbers and captions.
public enum PixelFont {
  /// Pixels from one character to the next.
  public static let advance = 4
  /// Pixels of a character's height.
  public static let height = 5
  static let width = 3

  /// Five rows of three bits each, the leftmost pixel in the highest bit.
  private static let glyphs: [Character: [UInt8]] = [
    "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7],
    "4": [5, 5, 7, 1, 1], "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2],
    "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7], ".": [0, 0, 0, 0, 2], "m": [0, 0, 7, 7, 5],
    "s": [0, 3, 2, 1, 3], "k": [4, 5, 6, 6, 5],
    "A": [2, 5, 7, 5, 5], "B": [6, 5, 6, 5, 6], "C": [3, 4, 4, 4, 3], "D": [6, 5, 5, 5, 6],
    "E": [7, 4, 6, 4, 7], "F": [7, 4, 6, 4, 4], "G": [3, 4, 5, 5, 3], "H": [5, 5, 7, 5, 5],
    "I": [7, 2, 2, 2, 7], "J": [1, 1, 1, 5, 2], "K": [5, 5, 6, 5, 5], "L": [4, 4, 4, 4, 7],
    "M": [5, 7, 7, 5, 5], "N": [6, 5, 5, 5, 5], "O": [2, 5, 5, 5, 2], "P": [6, 5, 6, 4, 4],
    "Q": [2, 5, 5, 6, 3], "R": [6, 5, 6, 5, 5], "S": [3, 4, 2, 1, 6], "T": [7, 2, 2, 2, 2],
    "U": [5, 5, 5, 5, 7], "V": [5, 5, 5, 5, 2], "W": [5, 5, 7, 7, 5], "X": [5, 5, 2, 5, 5],
    "Y": [5, 5, 2, 2, 2], "Z": [7, 1, 2, 4, 7], "-": [0, 0, 7, 0, 0], "+": [0, 2, 7, 2, 0],
    ":": [0, 2, 0, 2, 0], "/": [1, 1, 2, 4, 4], "%": [5, 1, 2, 4, 5], "=": [0, 7, 0, 7, 0],
    ",": [0, 0, 0, 2, 4], "(": [1, 2, 2, 2, 1], ")": [4, 2, 2, 2, 4], "_": [0, 0, 0, 0, 7],
    "<": [1, 2, 4, 2, 1],
  ]

  /// The rows of a character; none for one that the font does not have.
  static func rows(of character: Character) -> [UInt8] {
    glyphs[character] ?? character.uppercased().first.flatMap { glyphs[$0] } ?? []
  }
}
