/// The layers that an architecture string such as `12C5-MP2-64C5-MP2-FC10` names.
struct LayerString {
  struct Stage {
    let channels: Int
    let kernel: Int
    var pools: [Int]
  }

  /// The string.
  let text: String
  private(set) var stages: [Stage] = []
  private var hidden: [Int] = []

  init(_ text: String) throws(SpikeNetError) {
    self.text = text
    for layer in text.split(separator: "-", omittingEmptySubsequences: false) {
      try read(String(layer))
    }
    guard !stages.isEmpty, !hidden.isEmpty else {
      throw SpikeNetError(
        .configuration,
        "model.architecture = \(text): expected convolutions such as 12C5, then FC10 at the end"
      )
    }
  }

  private mutating func read(_ layer: String) throws(SpikeNetError) {
    if let match = layer.wholeMatch(of: /([1-9]\d{0,4})C([1-9]\d?)/), hidden.isEmpty,
      let channels = Int(match.1), let kernel = Int(match.2)
    {
      stages.append(Stage(channels: channels, kernel: kernel, pools: []))
    } else if let match = layer.wholeMatch(of: /MP([1-9]\d?)/), hidden.isEmpty, !stages.isEmpty,
      let pool = Int(match.1)
    {
      stages[stages.count - 1].pools.append(pool)
    } else if let match = layer.wholeMatch(of: /FC([1-9]\d{0,4})/), let width = Int(match.1) {
      hidden.append(width)
    } else {
      throw SpikeNetError(
        .configuration,
        "model.architecture = \(text): '\(layer)' is not a layer here; expected NCk, MPk after a "
          + "convolution, and FCn last"
      )
    }
  }

  /// Whether a name is a string of layers.
  static func isArchitecture(_ name: String) -> Bool { (try? LayerString(name)) != nil }

  /// The widths of the linear layers; the last one is that of the classes at hand.
  func widths(classes: Int) -> [Int] {
    hidden.dropLast() + [classes]
  }
}
