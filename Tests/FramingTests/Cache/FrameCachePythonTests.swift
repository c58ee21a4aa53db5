import Foundation
import Framing
import Testing
import _TestSupport

/// Plain h5py reads what this package writes, and this package what h5py writes.
@Suite("Caches and h5py", .enabled(if: Python.hasH5py, "python3 with h5py is absent; skipped"))
struct FrameCachePythonTests {
  @Test func h5pyReadsAFixedCache() throws {
    let folder = try TemporaryFolder()
    let fixture = CacheFixture(
      slicing: .equalCount(frames: 3),
      frameCounts: [3, 3],
      limits: [9, 300]
    )
    let path = folder.file("a.h5")
    try fixture.write(to: path)
    let output = try Python.run(
      """
      import h5py, json, sys
      f = h5py.File(sys.argv[1], "r")
      d = f["frames"]
      print(json.dumps(dict(
        frames=d[...].ravel().tolist(), shape=d.shape, dtype=str(d.dtype), chunks=d.chunks,
        compression=d.compression, shuffle=d.shuffle, labels=f["labels"][...].tolist(),
        label_type=str(f["labels"].dtype), names=f["names"].asstr()[...].tolist(),
        classes=f["class_names"].asstr()[...].tolist(), events=f["slice_events"][...].tolist(),
        start=f["slice_start_us"][...].tolist(), end=f["slice_end_us"][...].tolist(),
        splits={k: {p: v[p][...].tolist() for p in v} for k, v in f["splits"].items()},
        attributes={k: v if isinstance(v, str) else int(v) for k, v in f.attrs.items()})))
      """,
      path
    )
    let read = try JSONDecoder().decode(Read.self, from: Data(output.utf8))
    #expect(read.frames == fixture.stacks.flatMap(\.counts))
    #expect(read.shape == [2, 3, 2, 4, 6] && read.chunks == [1, 3, 2, 4, 6])
    #expect(read.dtype == "int16" && read.compression == "gzip" && read.shuffle)
    #expect(read.labels == fixture.labels && read.label_type == "int64")
    #expect(read.names == ["train/0/sample_0", "train/1/sample_1"])
    #expect(read.classes == ["null", "eins", "zwölf"])
    #expect(read.events == fixture.slices.map(\.events))
    #expect(read.start == fixture.slices.map(\.start) && read.end == fixture.slices.map(\.end))
    #expect(read.splits == ["official": ["train": [1], "test": [0]]])
    let expected: [String: Attribute] = [
      "format": .text("dvsprep-frames"), "format_version": .number(1), "dataset": .text("folder"),
      "frames_number": .number(3), "split_by": .text("number"), "duration_us": .number(0),
      "height": .number(4), "width": .number(6), "layout": .text("NTCHW"),
      "polarity_order": .text("off,on"), "time_unit": .text("us"), "row_origin": .text("top"),
      "recipe": .text(fixture.recipe.json), "source_fingerprint": .text("f00d"),
      "created_by": .text("dvsprep test"), "command": .text("convert a -o b"),
    ]
    var attributes = read.attributes
    attributes["tables_checksum"] = nil
    attributes["file_checksum"] = nil
    #expect(attributes == expected)
  }

  @Test(arguments: [Slicing.equalCount(frames: 3), .eventsPerFrame(4)])
  func h5pyAndZlibGetTheSameChecksums(_ slicing: Slicing) throws {
    let folder = try TemporaryFolder()
    let fixture = CacheFixture(
      slicing: slicing,
      frameCounts: slicing.frameCount == nil ? [2, 0, 3] : [3, 3, 3],
      limits: [9, 0, 300]
    )
    let path = folder.file("a.h5")
    try fixture.write(to: path)
    let output = try Python.run(
      """
      import h5py, numpy, sys, zlib
      f = h5py.File(sys.argv[1], "r")
      o = f["offsets"][...] if "offsets" in f else range(len(f["labels"]) + 1)
      samples = [zlib.crc32(f["frames"][o[i]:o[i + 1]].tobytes()) for i in range(len(o) - 1)]
      def content(d):
          if d.dtype.kind == "S":
              return b"".join(s.rstrip(b"\\0") + b"\\n" for s in d[...].tolist())
          return d[...].tobytes()
      paths = []
      f.visititems(lambda n, d: paths.append(n) if isinstance(d, h5py.Dataset) else None)
      crc = 0
      for name in sorted(f.attrs):
          if name != "tables_checksum":
              value = 0 if name == "file_checksum" else f.attrs[name]
              crc = zlib.crc32(f"{name}\\n{value}\\n".encode(), crc)
      for path in sorted(paths):
          if path != "frames":
              crc = zlib.crc32(path.encode() + b"\\n" + content(f[path]), crc)
      stored = int(f.attrs["file_checksum"])
      attributes = (samples == f["checksums"][...].tolist(), crc == f.attrs["tables_checksum"])
      f.close()
      with h5py.File(sys.argv[1], "r+") as g: g.attrs.modify("file_checksum", 0)
      print(*attributes, zlib.crc32(open(sys.argv[1], "rb").read()) == stored)
      """,
      path
    )
    #expect(output == "True True True\n")
  }

  @Test func h5pyReadsAVariableCache() throws {
    let folder = try TemporaryFolder()
    let fixture = CacheFixture(
      slicing: .eventsPerFrame(4),
      frameCounts: [2, 0, 3],
      limits: [9, 0, 200]
    )
    let path = folder.file("a.h5")
    try fixture.write(to: path)
    let output = try Python.run(
      """
      import h5py, json, sys
      f = h5py.File(sys.argv[1], "r")
      o = f["offsets"][...]
      samples = [f["frames"][o[i]:o[i + 1]].ravel().tolist() for i in range(len(o) - 1)]
      print(json.dumps([samples, f["frames"].shape, str(f["frames"].dtype), o.tolist()]))
      """,
      path
    )
    let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [Any]
    #expect(json?[0] as? [[Int32]] == fixture.stacks.map(\.counts))
    #expect(json?[1] as? [Int] == [5, 2, 4, 6])
    #expect(json?[2] as? String == "uint8")
    #expect(json?[3] as? [Int] == [0, 2, 2, 5])
  }

  @Test(arguments: [
    "chunks=True, compression='gzip'", "",
    "chunks=(1, 1, 2, 4, 6), compression='gzip', shuffle=True",
    "chunks=(1, 3, 2, 4, 6), shuffle=True, fletcher32=True", "dtype='>i2'", "dtype='i2'",
  ])
  func cachesRewrittenByH5pyAreRead(_ options: String) throws {
    let folder = try TemporaryFolder()
    let fixture = CacheFixture(
      slicing: .equalCount(frames: 3),
      frameCounts: [3, 3],
      limits: [9, 200]
    )
    let path = folder.file("a.h5")
    try fixture.write(to: path)
    let copy = folder.file("b.h5")
    _ = try Python.run(
      """
      import h5py, sys
      a, b = h5py.File(sys.argv[1], "r"), h5py.File(sys.argv[2], "w")
      for k, v in a.attrs.items(): b.attrs[k] = v
      for k in a:
        if k not in ("frames", "names"): a.copy(k, b)
      b.create_dataset("names", data=a["names"].asstr()[...], dtype=h5py.string_dtype())
      b.create_dataset("frames", data=a["frames"][...], \(options))
      b.close()
      """,
      path,
      copy
    )
    let cache = try FrameCache.open(copy)
    #expect(cache.names == ["train/0/sample_0", "train/1/sample_1"])
    for index in 0..<2 { #expect(try cache.frames(at: index) == fixture.stacks[index]) }
  }

  /// What the script printed.
  private struct Read: Decodable {
    let frames: [Int32]
    let shape: [Int]
    let dtype: String
    let chunks: [Int]
    let compression: String
    let shuffle: Bool
    let labels: [Int]
    let label_type: String
    let names: [String]
    let classes: [String]
    let events: [[Int64]]
    let start: [[Int64]]
    let end: [[Int64]]
    let splits: [String: [String: [Int]]]
    let attributes: [String: Attribute]
  }

  private enum Attribute: Decodable, Equatable {
    case text(String)
    case number(Int)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        self = .number(number)
      } else {
        self = .text(try value.decode(String.self))
      }
    }
  }
}
