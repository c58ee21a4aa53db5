// swift-tools-version: 6.1
import PackageDescription

// Not part of the main package, because everything here is built with sanitizers; see `run`.
let package = Package(
  name: "Fuzz",
  products: [.library(name: "EntryPoints", type: .static, targets: ["EntryPoints"])],
  dependencies: [.package(name: "dvsprep", path: "..")],
  targets: [
    // Heap in use, from the allocator's hooks.
    .target(name: "AllocationMeter"),
    // What libFuzzer calls.
    .target(
      name: "EntryPoints",
      dependencies: ["AllocationMeter", .product(name: "_FuzzTargets", package: "dvsprep")]
    ),
  ],
  swiftLanguageModes: [.v6]
)
