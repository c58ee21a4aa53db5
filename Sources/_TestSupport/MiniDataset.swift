import EventIO
import Foundation

/// Small datasets of random events, in the layouts and formats of the real ones.
public enum MiniDataset {
  /// Random events in rising order; equal seeds give equal events.
  public static func events(
    _ count: Int,
    width: UInt64 = 128,
    height: UInt64 = 128,
    start: Int64 = 0,
    step: UInt64 = 100,
    seed: UInt64
  ) -> EventBuffer {
    var generator = SplitMix64(seed: seed)
    var events = EventBuffer()
    var t = start
    for _ in 0..<count {
      t += Int64(generator.next() % step)
      events.append(
        t: t,
        x: UInt16(generator.next() % width),
        y: UInt16(generator.next() % height),
        p: generator.next() % 2 == 0 ? .off : .on
      )
    }
    return events
  }

  /// DVS128 Gesture: two recordings to train on, one to test, all eleven classes in each.
  public static func writeGesture(to folder: TemporaryFolder, at root: String) throws {
    let users = ["user01_fluorescent", "user02_led", "user24_lab"]
    for (index, user) in users.enumerated() {
      let events = events(12_000, step: 40, seed: UInt64(index))
      var table = "class,startTime_usec,endTime_usec\n"
      for sample in 0..<12 {
        let start = sample * 18_000 + 500
        table += "\(min(sample + 1, 11)),\(start),\(start + 16_000)\n"
      }
      let path = "\(root)/DvsGesture/\(user)"
      try folder.write(try AEDAT3Writer().recording(of: events), to: path + ".aedat")
      try folder.write(Array(table.utf8), to: path + "_labels.csv")
    }
    let train = users[..<2].map { $0 + ".aedat\n" }.joined()
    try folder.write(Array(train.utf8), to: "\(root)/DvsGesture/trials_to_train.txt")
    try folder.write(Array("user24_lab.aedat\n".utf8), to: "\(root)/DvsGesture/trials_to_test.txt")
  }

  /// CIFAR10-DVS: some recordings in each of its ten class folders.
  public static func writeCIFAR10DVS(
    to folder: TemporaryFolder,
    at root: String,
    perClass count: Int = 3
  ) throws {
    let classes = [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]
    for (label, name) in classes.enumerated() {
      for number in 0..<count {
        let events = events(800, seed: UInt64(label * 1000 + number))
        try folder.write(
          try AEDAT2Writer(layout: .cifar10DVS).recording(of: events),
          to: "\(root)/\(name)/cifar10_\(name)_\(number).aedat"
        )
      }
    }
  }

  /// Recordings of one's own, in folders of three classes.
  public static func writeClasses(
    _ recordings: [EventBuffer],
    to folder: TemporaryFolder,
    at root: String
  ) throws {
    for (index, events) in recordings.enumerated() {
      let path = "\(root)/\(index % 3)/\(index).aedat"
      try folder.write(try AEDAT3Writer().recording(of: events), to: path)
    }
  }

  /// N-MNIST: two recordings a digit to train on, and one to test.
  public static func writeNMNIST(to folder: TemporaryFolder, at root: String) throws {
    for digit in 0..<10 {
      for (part, count) in [("Train", 2), ("Test", 1)] {
        for number in 0..<count {
          let seed = UInt64(digit * 100 + number * 10 + count)
          let events = events(300, width: 34, height: 34, seed: seed)
          let name = "\(root)/\(part)/\(digit)/0000\(digit + 10 * number).bin"
          try folder.write(try ATISWriter().recording(of: events), to: name)
        }
      }
    }
  }
}
