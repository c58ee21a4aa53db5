/// What a dataset consists of, as its makers published it.
package struct DatasetTruth: Sendable {
  /// An archive as it is downloaded.
  package struct Archive: Sendable {
    /// The file's name.
    package let name: String
    /// Its MD5 digest, in hexadecimal.
    package let md5: String
    /// Where it is published.
    package let url: String
    /// Whether the URL is the file itself.
    package let isDirect: Bool
  }

  /// A part that the makers laid down, or all of it.
  package struct Part: Sendable {
    /// Which part; nil where there are none.
    package let part: OfficialPart?
    /// Recordings in it.
    package let recordings: Int
    /// Samples in it.
    package let samples: Int
    /// Samples of each class, where they are known.
    package let perClass: [Int]?

    package init(_ part: OfficialPart?, recordings: Int, samples: Int, perClass: [Int]? = nil) {
      self.part = part
      self.recordings = recordings
      self.samples = samples
      self.perClass = perClass
    }
  }

  /// Which dataset.
  package let kind: DatasetKind
  /// Its parts.
  package let parts: [Part]
  /// What is downloaded.
  package let archives: [Archive]

  package init(_ kind: DatasetKind, parts: [Part], archives: [Archive] = []) {
    self.kind = kind
    self.parts = parts
    self.archives = archives
  }

  /// All samples.
  package var sampleCount: Int { parts.reduce(0) { $0 + $1.samples } }

  /// All recordings.
  package var recordingCount: Int { parts.reduce(0) { $0 + $1.recordings } }

  /// What is known of a dataset; nil for one's own.
  package static func of(_ kind: DatasetKind) -> DatasetTruth? {
    switch kind {
    case .dvs128Gesture: dvs128Gesture
    case .cifar10DVS: cifar10DVS
    case .nMNIST: nMNIST
    case .folder, .recording: nil
    }
  }

  /// 98 and 24 recordings, cut into 1176 and 288 samples.
  package static let dvs128Gesture = DatasetTruth(
    .dvs128Gesture,
    parts: [
      Part(.train, recordings: 98, samples: 1176), Part(.test, recordings: 24, samples: 288),
    ],
    archives: [
      Archive(
        name: "DvsGesture.tar.gz",
        md5: "8a5c71fb11e24e5ca5b11866ca6c00a1",
        url: "https://ibm.ent.box.com/s/3hiq58ww1pbbjrinh367ykfdf60xsfm8/folder/50167556794",
        isDirect: false
      )
    ]
  )

  /// 1000 recordings in each of ten classes.
  package static let cifar10DVS = DatasetTruth(
    .cifar10DVS,
    parts: [
      Part(
        nil,
        recordings: 10_000,
        samples: 10_000,
        perClass: Array(repeating: 1000, count: 10)
      )
    ],
    archives: zip(
      DatasetKind.cifarNames,
      [
        (7_712_788, "0afd5c4bf9ae06af762a77b180354fdd"),
        (7_712_791, "8438dfeba3bc970c94962d995b1b9bdd"),
        (7_712_794, "a9c207c91c55b9dc2002dc21c684d785"),
        (7_712_812, "52c63c677c2b15fa5146a8daf4d56687"),
        (7_712_815, "b6bf21f6c04d21ba4e23fc3e36c8a4a3"),
        (7_712_818, "f379ebdf6703d16e0a690782e62639c3"),
        (7_712_842, "cad6ed91214b1c7388a5f6ee56d08803"),
        (7_712_851, "e7cbbf77bec584ffbf913f00e682782a"),
        (7_712_836, "41c7bd7d6b251be82557c6cce9a7d5c9"),
        (7_712_839, "89f3922fd147d9aeff89e76a2b0b70a7"),
      ]
    ).map { name, file in
      Archive(
        name: "\(name).zip",
        md5: file.1,
        url: "https://ndownloader.figshare.com/files/\(file.0)",
        isDirect: true
      )
    }
  )

  /// A recording for every digit of MNIST.
  package static let nMNIST = DatasetTruth(
    .nMNIST,
    parts: [
      Part(
        .train,
        recordings: 60_000,
        samples: 60_000,
        perClass: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
      ),
      Part(
        .test,
        recordings: 10_000,
        samples: 10_000,
        perClass: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
      ),
    ],
    archives: [
      Archive(
        name: "Train.zip",
        md5: "20959b8e626244a1b502305a9e6e2031",
        url: "https://www.garrickorchard.com/datasets/n-mnist",
        isDirect: false
      ),
      Archive(
        name: "Test.zip",
        md5: "69ca8762b2fe404d9b9bad1103e97832",
        url: "https://www.garrickorchard.com/datasets/n-mnist",
        isDirect: false
      ),
    ]
  )
}
