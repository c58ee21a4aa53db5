/// Mean and biased variance of every channel over all rows.
struct ChannelStatistics: Sendable {
  let count: Int
  var mean: [Float]
  var variance: [Float]
}
