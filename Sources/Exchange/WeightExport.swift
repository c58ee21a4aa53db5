import EventIO
import SpikeNet

/// Writes a model's weights with the authors' names.
public enum WeightExport {
  /// Writes a safetensors file; `format` in its metadata is `pt`, as other programs expect.
  ///
  /// - Parameter metadata: Further text by name.
  /// - Throws: ``SpikeNetError`` with the path.
  public static func writeSafetensors(
    _ model: any Model,
    metadata: [String: String],
    to path: String
  ) throws(SpikeNetError) {
    try Safetensors.write(
      model.originalTensors,
      metadata: metadata.merging(["format": "pt"]) { $1 },
      to: path
    )
  }

  /// Writes a state dictionary as `torch.save` does, which `torch.load` reads with
  /// `weights_only=True`.
  ///
  /// - Throws: ``SpikeNetError`` with the path.
  public static func writeTorch(_ model: any Model, to path: String) throws(SpikeNetError) {
    let tensors = model.originalTensors
    let pickle = PickleWriter.stateDictionary(
      tensors.map { ($0.name, $0.content.shape.dimensions, $0.content.torchStorageType) }
    )
    try SpikeNetError.bridging { () throws(RecordingError) in
      let archive = try ZipWriter(path: path)
      let folder = "archive/"
      try archive.add(folder + "data.pkl", pickle, alignment: alignment)
      try archive.add(folder + "byteorder", Array("little".utf8), alignment: alignment)
      for (index, tensor) in tensors.enumerated() {
        try archive.add("\(folder)data/\(index)", tensor.content.bytes, alignment: alignment)
      }
      try archive.add(folder + "version", Array("3\n".utf8), alignment: alignment)
      try archive.finish()
    }
  }

  /// Torch maps storages into memory at multiples of this.
  private static let alignment = 64
}

extension Safetensors.Content {
  fileprivate var torchStorageType: String {
    switch self {
    case .tensor: "FloatStorage"
    case .integers: "LongStorage"
    }
  }
}
