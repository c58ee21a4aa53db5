/// Wall-clock time by operation, for one or more passes.
public final class OperationProfile {
  /// The time that one kind of operation took.
  public struct Entry: Sendable {
    /// Such as `convolution 3x3 64→128 at 32x32, forward`.
    public let name: String
    /// Seconds, summed over all calls.
    public var seconds: Double
    /// The number of calls.
    public var calls: Int
    /// What was to do, summed over all calls.
    public var work: OperationWork
  }

  private var positions: [String: Int] = [:]
  private var all: [Entry] = []

  /// Creates an empty profile.
  public init() {}

  /// All operations, the longest first.
  public var entries: [Entry] { all.sorted { $0.seconds > $1.seconds } }

  /// Forgets what was measured.
  public func removeAll() {
    positions = [:]
    all = []
  }

  func measure<Result>(
    _ name: @autoclosure () -> String,
    _ work: @autoclosure () -> OperationWork = OperationWork(),
    _ body: () -> Result
  ) -> Result {
    let start = ContinuousClock.now
    let result = body()
    let elapsed = start.duration(to: .now) / .seconds(1)
    let name = name()
    let position = positions[name] ?? all.count
    if position == all.count {
      positions[name] = position
      all.append(Entry(name: name, seconds: 0, calls: 0, work: OperationWork()))
    }
    all[position].seconds += elapsed
    all[position].calls += 1
    all[position].work += work()
    return result
  }
}

extension Optional where Wrapped == OperationProfile {
  /// Measures if there is a profile.
  func measure<Result>(
    _ name: @autoclosure () -> String,
    _ work: @autoclosure () -> OperationWork = OperationWork(),
    _ body: () -> Result
  ) -> Result {
    guard let profile = self else { return body() }
    return profile.measure(name(), work(), body)
  }
}
