// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "dvsprep",
  products: [
    .executable(name: "dvsprep", targets: ["dvsprep"]),
    .library(name: "EventIO", targets: ["EventIO"]),
    .library(name: "Framing", targets: ["Framing"]),
    .library(name: "SpikeNet", targets: ["SpikeNet"]),
    .library(name: "Exchange", targets: ["Exchange"]),
    .library(name: "_FuzzTargets", targets: ["_FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C libraries: a module map and a shim, nothing else.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CArchive",
      pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"])]
    ),
    .systemLibrary(
      name: "CDeflate",
      pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"])]
    ),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    // Inner loops that choose their instruction set at run time.
    .target(name: "CSpikeKernels"),
    .target(name: "CEventKernels"),
    // The compressor of frames.
    .target(name: "CFrameKernels"),

    // Recordings in many formats to events in columns.
    .target(name: "EventIO", dependencies: ["CZlib", "CArchive", "CEventKernels"]),
    // HDF5 files: written through the C library, read without it.
    .target(name: "HDF5", dependencies: ["CHDF5", "CDeflate"]),
    // Pictures: RGB rasters to PNG and GIF.
    .target(name: "Imaging", dependencies: ["CPNG", "CGIF"]),
    // Events to slices, frames and the frame cache.
    .target(
      name: "Framing",
      dependencies: ["EventIO", "HDF5", "Imaging", "CDeflate", "CFrameKernels", "CZlib"]
    ),
    // Tensors, spikes, automatic differentiation, models, training.
    .target(name: "SpikeNet", dependencies: ["COpenBLAS", "CSpikeKernels"]),
    // Checkpoints and networks of other programs: torch's files, safetensors, NIR.
    .target(name: "Exchange", dependencies: ["SpikeNet", "EventIO", "HDF5"]),
    // The command line.
    .executableTarget(
      name: "dvsprep",
      dependencies: [
        "EventIO", "Framing", "SpikeNet", "Exchange", "Imaging", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),

    // What several test targets share.
    .target(name: "_TestSupport", dependencies: ["EventIO"]),
    // What hostile input must not break; for the package `Fuzz` and for replaying what it found.
    .target(name: "_FuzzTargets", dependencies: ["EventIO", "Framing", "SpikeNet", "Exchange"]),
    .testTarget(name: "FuzzTests", dependencies: ["_FuzzTargets", "_TestSupport"]),
    .testTarget(name: "EventIOTests", dependencies: ["EventIO", "_TestSupport"]),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "_TestSupport"]),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "CPNG", "CGIF", "_TestSupport"]),
    .testTarget(
      name: "FramingTests",
      dependencies: ["Framing", "HDF5", "EventIO", "Imaging", "_TestSupport"]
    ),
    .testTarget(
      name: "SpikeNetTests",
      dependencies: ["SpikeNet", "CSpikeKernels", "_TestSupport"]
    ),
    .testTarget(
      name: "ExchangeTests",
      dependencies: ["Exchange", "SpikeNet", "HDF5", "EventIO", "_TestSupport"]
    ),
    .testTarget(
      name: "dvsprepTests",
      dependencies: ["dvsprep", "EventIO", "Framing", "SpikeNet", "Exchange", "_TestSupport"]
    ),
  ],
  swiftLanguageModes: [.v6]
)
