import SpikeNet

/// What stands in a pickle: inert values, whatever the pickle asks to be made.
///
/// Values that hold others are numbers of places in a ``PickleHeap``, so that cycles and nesting of
/// any depth need no recursion, not even to be freed.
enum PickleValue {
  case none
  case truth(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// A list, tuple or set.
  case sequence(Int)
  /// A dictionary.
  case mapping(Int)
  /// A class or function, by name only.
  case global(Int)
  case storage(Int)
  case tensor(Int)
  /// Something that is of no use here: bytes, long integers, objects of any class.
  case opaque
}

/// Everything that the values of one pickle refer to.
struct PickleHeap {
  typealias Pair = (key: PickleValue, value: PickleValue)

  var sequences: [[PickleValue]] = []
  var mappings: [[Pair]] = []
  var globals: [PickleGlobal] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []

  /// The items of a list or tuple; nil for anything else.
  func items(_ value: PickleValue?) -> [PickleValue]? {
    guard case .sequence(let index) = value else { return nil }
    return sequences[index]
  }

  /// The members of a dictionary that have text as their key; nil for anything else.
  func members(_ value: PickleValue?) -> [(name: String, value: PickleValue)]? {
    guard case .mapping(let index) = value else { return nil }
    return mappings[index].compactMap { pair in
      guard case .text(let name) = pair.key else { return nil }
      return (name, pair.value)
    }
  }

  /// The whole numbers of a list or tuple; nil where there is anything else.
  func integers(_ value: PickleValue?) -> [Int]? {
    guard let items = items(value) else { return nil }
    let integers = items.compactMap(\.integer)
    return integers.count == items.count ? integers : nil
  }
}

extension PickleValue {
  var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  var text: String? {
    if case .text(let value) = self { value } else { nil }
  }
}

/// Numbered bytes in a file, as a tensor's elements.
struct TorchStorage: Hashable {
  /// The name of torch's class, such as `FloatStorage`.
  var typeName: String
  /// The name under which the file keeps the bytes.
  var key: String
  /// How many elements the pickle says there are.
  var count: Int
  /// Where a view into another storage begins, in elements.
  var viewOffset = 0

  private static let types: [String: Safetensors.ScalarType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
  ]

  /// The type of the elements; nil for types that no parameter has, such as complex numbers.
  var scalarType: Safetensors.ScalarType? { Self.types[typeName] }
}

/// A view of a storage.
struct TorchTensor {
  var storage: TorchStorage
  /// The first element, in elements of the storage.
  var offset: Int
  var sizes: [Int]
  /// How far apart neighbours in each dimension are, in elements.
  var strides: [Int]
}
