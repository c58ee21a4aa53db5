/// Tells timestamps from random numbers: time mostly runs forwards.
struct ClockPlausibility {
  private var last = Int64.min
  private var count = 0
  private var backwardSteps = 0
  private var forwardSteps = -1

  /// Takes the next timestamp.
  mutating func note(_ time: Int64) {
    if time < last { backwardSteps += 1 }
    if time > last { forwardSteps += 1 }
    last = time
    count += 1
  }

  /// Whether at most a quarter of the steps runs backwards; random numbers do every second time.
  var isPlausible: Bool { backwardSteps * 4 <= count }

  /// Whether at least half of the steps runs forwards as well; constant bytes never do.
  var isRunning: Bool { isPlausible && forwardSteps * 2 >= count }
}
