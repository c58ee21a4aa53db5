// swift-tools-version: 6.1
import PackageDescription

// Not part of the main package, so that nobody builds measurements by accident.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "dvsprep", path: "..")],
  targets: [
    // Decoding throughput of every format, one core.
    .executableTarget(name: "decode", dependencies: [.product(name: "EventIO", package: "dvsprep")])
  ],
  swiftLanguageModes: [.v6]
)
