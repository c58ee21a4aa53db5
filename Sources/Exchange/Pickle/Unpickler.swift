import SpikeNet

/// Reads one pickle as inert values: a stack machine that calls nothing and makes nothing.
///
/// Torch's way of storing tensors is understood. Objects of unknown classes become
/// ``PickleValue/opaque``; calls of functions that no checkpoint needs, and names of modules that
/// run code, are refused. Work and memory are bounded by the pickle's length and by ``valueLimit``.
struct Unpickler {
  private(set) var heap = PickleHeap()
  private var bytes: PickleBytes
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [UInt64: PickleValue] = [:]
  private var values = 0
  /// Where the instruction began that is carried out.
  private var place = 0

  /// More values than any checkpoint has; each takes some hundred bytes at most.
  private static let valueLimit = 1 << 22

  /// Begins at a position of a file.
  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = PickleBytes(bytes, at: position)
  }

  /// Where the pickle ended.
  var end: Int { bytes.position }

  /// Carries out all instructions; the result is what is on the stack at the end.
  ///
  /// - Throws: ``SpikeNetError`` with the offset of the instruction that was refused.
  mutating func run() throws(SpikeNetError) -> PickleValue {
    while true {
      place = bytes.position
      let code = try bytes.byte()
      guard let opcode = PickleOpcode(rawValue: code) else { throw refused(code) }
      if opcode == .stop { return try pop() }
      try carryOut(opcode)
    }
  }

  private mutating func carryOut(_ opcode: PickleOpcode) throws(SpikeNetError) {
    switch opcode {
    case .mark: marks.append(stack.count)
    case .pop:
      if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .duplicate: try push(try top())
    case .get: try push(try remembered(bytes.unsigned(1)))
    case .longGet: try push(try remembered(bytes.unsigned(4)))
    case .put: try remember(bytes.unsigned(1))
    case .longPut: try remember(bytes.unsigned(4))
    case .memoize: try remember(UInt64(memo.count))
    case .protocolVersion:
      let version = try bytes.byte()
      guard version <= 5 else { throw corrupt("protocol \(version), expected at most 5") }
    case .frame: _ = try bytes.unsigned(8)
    case .global: try pushGlobal(module: bytes.line(), name: bytes.line())
    case .stackGlobal:
      guard let name = try pop().text, let module = try pop().text else {
        throw corrupt("a class without a name")
      }
      try pushGlobal(module: module, name: name)
    case .reduce: try reduce()
    case .newObject, .newObjectWithNames: try makeObject(named: opcode == .newObjectWithNames)
    case .build:
      _ = try pop()
      _ = try top()
    case .persistentID: try pushStorage()
    default:
      if try !carryOutScalar(opcode) { try carryOutContainer(opcode) }
    }
  }

  private mutating func carryOutScalar(_ opcode: PickleOpcode) throws(SpikeNetError) -> Bool {
    switch opcode {
    case .none: try push(.none)
    case .newTrue: try push(.truth(true))
    case .newFalse: try push(.truth(false))
    case .binaryInteger: try push(integer: bytes.signed(4))
    case .binaryInteger1: try push(integer: Int(bytes.unsigned(1)))
    case .binaryInteger2: try push(integer: Int(bytes.unsigned(2)))
    case .long1: try push(integer: bytes.signed(bytes.unsigned(1)))
    case .long4: try push(integer: bytes.signed(bytes.unsigned(4)))
    case .binaryFloat: try push(.real(bytes.real()))
    case .shortBinaryString, .shortBinaryText: try push(.text(bytes.text(bytes.unsigned(1))))
    case .binaryString, .binaryText: try push(.text(bytes.text(bytes.unsigned(4))))
    case .binaryText8: try push(.text(bytes.text(bytes.unsigned(8))))
    case .shortBinaryBytes: try pushBytes(lengthWidth: 1)
    case .binaryBytes: try pushBytes(lengthWidth: 4)
    case .binaryBytes8: try pushBytes(lengthWidth: 8)
    default: return false
    }
    return true
  }

  private mutating func carryOutContainer(_ opcode: PickleOpcode) throws(SpikeNetError) {
    switch opcode {
    case .emptyTuple, .emptyList, .emptySet: try push(sequence: [])
    case .tuple, .list, .frozenSet: try push(sequence: popToMark())
    case .tuple1: try push(sequence: pop(1))
    case .tuple2: try push(sequence: pop(2))
    case .tuple3: try push(sequence: pop(3))
    case .append: try extend(by: pop(1))
    case .appends, .addItems: try extend(by: popToMark())
    case .emptyDictionary: try push(mapping: [])
    case .dictionary:
      try push(mapping: [])
      let dictionary = try pop()
      let items = try popToMark()
      try push(dictionary)
      try setItems(items)
    case .setItem: try setItems(pop(2))
    case .setItems: try setItems(popToMark())
    default: throw corrupt("the instruction \(opcode) is not for here")
    }
  }
}

// MARK: - The stack

extension Unpickler {
  private mutating func push(_ value: PickleValue) throws(SpikeNetError) {
    try charge(1)
    stack.append(value)
  }

  private mutating func push(integer: Int?) throws(SpikeNetError) {
    try push(integer.map(PickleValue.integer) ?? .opaque)
  }

  private mutating func pushBytes(lengthWidth: Int) throws(SpikeNetError) {
    _ = try bytes.take(bytes.unsigned(lengthWidth))
    try push(.opaque)
  }

  private mutating func push(sequence: [PickleValue]) throws(SpikeNetError) {
    heap.sequences.append(sequence)
    try push(.sequence(heap.sequences.count - 1))
  }

  private mutating func push(mapping: [PickleHeap.Pair]) throws(SpikeNetError) {
    heap.mappings.append(mapping)
    try push(.mapping(heap.mappings.count - 1))
  }

  private mutating func charge(_ count: Int) throws(SpikeNetError) {
    values += count
    guard values <= Self.valueLimit else {
      throw SpikeNetError(
        .unsupported,
        "the pickle has more than \(Self.valueLimit) values; expected a checkpoint of tensors",
        byteOffset: place
      )
    }
  }

  /// The lowest place of the stack that may be taken: a mark protects what is below.
  private var floor: Int { marks.last ?? 0 }

  private mutating func pop() throws(SpikeNetError) -> PickleValue {
    guard stack.count > floor, let value = stack.popLast() else { throw underflow }
    return value
  }

  private mutating func pop(_ count: Int) throws(SpikeNetError) -> [PickleValue] {
    guard stack.count - floor >= count else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(SpikeNetError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw underflow }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func top() throws(SpikeNetError) -> PickleValue {
    guard stack.count > floor, let value = stack.last else { throw underflow }
    return value
  }

  private mutating func remember(_ key: UInt64) throws(SpikeNetError) {
    try charge(1)
    memo[key] = try top()
  }

  private func remembered(_ key: UInt64) throws(SpikeNetError) -> PickleValue {
    guard let value = memo[key] else { throw corrupt("refers to value \(key), which is not there") }
    return value
  }

  private mutating func extend(by items: [PickleValue]) throws(SpikeNetError) {
    switch try top() {
    case .sequence(let index): heap.sequences[index] += items
    case .opaque: break
    default: throw corrupt("appends to something that is no list")
    }
  }

  private mutating func setItems(_ items: [PickleValue]) throws(SpikeNetError) {
    guard items.count % 2 == 0 else { throw corrupt("sets keys without values") }
    switch try top() {
    case .mapping(let index):
      for first in stride(from: 0, to: items.count, by: 2) {
        heap.mappings[index].append((items[first], items[first + 1]))
      }
    case .opaque: break
    default: throw corrupt("sets members of something that is no dictionary")
    }
  }
}

// MARK: - Objects

extension Unpickler {
  private mutating func pushGlobal(module: String, name: String) throws(SpikeNetError) {
    let global = PickleGlobal(module: module, name: name)
    guard !global.isRefused else {
      throw SpikeNetError(
        .unsupported,
        "names \(global.text), which can run code and has no place in a checkpoint; nothing was run",
        byteOffset: place
      )
    }
    heap.globals.append(global)
    try push(.global(heap.globals.count - 1))
  }

  private mutating func reduce() throws(SpikeNetError) {
    let arguments = try pop()
    let callee = try pop()
    guard let items = heap.items(arguments) else { throw corrupt("calls without arguments") }
    guard case .global(let index) = callee else {
      if case .opaque = callee { return try push(.opaque) }
      throw corrupt("calls something that is no function")
    }
    switch heap.globals[index].meaning {
    case .orderedDictionary: try pushOrderedDictionary(items.first)
    case .tensor: try pushTensor(items)
    case .firstArgument: try push(items.first ?? .opaque)
    case .opaque: try push(.opaque)
    case .refused: throw refused(heap.globals[index])
    }
  }

  private mutating func makeObject(named: Bool) throws(SpikeNetError) {
    _ = try pop(named ? 2 : 1)
    guard case .global(let index) = try pop() else {
      throw corrupt("makes an object of something that is no class")
    }
    let global = heap.globals[index]
    switch global.meaning {
    case .orderedDictionary: try push(mapping: [])
    case .refused where !global.isNameOfClass: throw refused(global)
    default: try push(.opaque)
    }
  }

  /// `OrderedDict()`, or as Python 2 wrote it, `OrderedDict([[key, value], …])`.
  private mutating func pushOrderedDictionary(_ content: PickleValue?) throws(SpikeNetError) {
    let pairs = heap.items(content) ?? []
    try charge(pairs.count)
    try push(
      mapping: pairs.compactMap { pair in
        guard let pair = heap.items(pair), pair.count == 2 else { return nil }
        return (pair[0], pair[1])
      }
    )
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, …)`.
  private mutating func pushTensor(_ items: [PickleValue]) throws(SpikeNetError) {
    guard items.count >= 4, case .storage(let storage) = items[0],
      let offset = items[1].integer, let sizes = heap.integers(items[2]),
      let strides = heap.integers(items[3]), sizes.count == strides.count,
      sizes.count <= Self.highestRank, offset >= 0, strides.allSatisfy({ $0 >= 0 }),
      TorchTensor.count(sizes) != nil
    else { throw corrupt("a tensor without storage, offset, sizes and strides that fit together") }
    try charge(2 * sizes.count)
    heap.tensors.append(
      TorchTensor(storage: heap.storages[storage], offset: offset, sizes: sizes, strides: strides)
    )
    try push(.tensor(heap.tensors.count - 1))
  }

  private static let highestRank = 64

  /// `('storage', class, key, location, number of elements[, (key, offset, number)])`.
  private mutating func pushStorage() throws(SpikeNetError) {
    guard let items = heap.items(try pop()), items.count >= 5, items[0].text == "storage",
      case .global(let type) = items[1], let key = items[2].text, let count = items[4].integer,
      count >= 0
    else { throw corrupt("data from outside of the pickle that is no storage of torch") }
    guard heap.globals[type].isStorageType else { throw refused(heap.globals[type]) }
    var storage = TorchStorage(typeName: heap.globals[type].name, key: key, count: count)
    if items.count > 5, let view = heap.items(items[5]), view.count >= 2 {
      guard let offset = view[1].integer, offset >= 0 else { throw corrupt("a view at no offset") }
      storage.viewOffset = offset
    }
    heap.storages.append(storage)
    try push(.storage(heap.storages.count - 1))
  }
}

// MARK: - Errors

extension Unpickler {
  private var underflow: SpikeNetError { corrupt("takes a value where there is none") }

  private func corrupt(_ reason: String) -> SpikeNetError {
    SpikeNetError(.corrupt, "the pickle is damaged: \(reason)", byteOffset: place)
  }

  private func refused(_ code: UInt8) -> SpikeNetError {
    guard let name = PickleOpcode.refusedNames[code] else {
      let hexadecimal = String(code, radix: 16)
      return corrupt("there is no instruction 0x\(hexadecimal)")
    }
    return SpikeNetError(
      .unsupported,
      "the pickle has the instruction \(name); expected what torch.save writes",
      byteOffset: place
    )
  }

  private func refused(_ global: PickleGlobal) -> SpikeNetError {
    SpikeNetError(
      .unsupported,
      "asks to call \(global.text), which no checkpoint of weights needs; nothing was run",
      byteOffset: place
    )
  }
}
