/// The samples that `--sample` may name.
struct SampleChoice {
  private let path: String
  private let count: Int

  init(_ path: String, count: Int) {
    self.path = path
    self.count = count
  }

  /// What to add to an option that needs one sample.
  var hint: String { "add --sample and a number from 0 to \(count - 1)" }

  /// Refuses a sample that there is not.
  ///
  /// - Throws: ``CommandFailure`` naming those that there are.
  func check(_ index: Int) throws {
    guard (0..<count).contains(index) else {
      throw CommandFailure(
        .usage,
        "\(path): there is no sample \(index); samples are 0 to \(count - 1)"
      )
    }
  }
}
