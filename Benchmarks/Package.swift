// swift-tools-version: 6.1
import PackageDescription

// Not part of the main package, so that nobody builds measurements by accident.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "dvsprep", path: "..")],
  targets: [
    // Reading recordings, counting events, and reading caches, on one core.
    .executableTarget(
      name: "decode",
      dependencies: [
        .product(name: "EventIO", package: "dvsprep"),
        .product(name: "Framing", package: "dvsprep"),
      ]
    )
  ],
  swiftLanguageModes: [.v6]
)
