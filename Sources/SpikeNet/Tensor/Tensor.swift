/// A contiguous, row-major array of Float; channels last.
///
/// A value: copies share memory until one of them is written.
public struct Tensor: Sendable {
  /// The dimensions, outermost first.
  public private(set) var shape: Shape
  private var storage: TensorStorage<Float>

  /// Creates a tensor whose elements are undefined until the caller has written them all.
  init(uninitialized shape: Shape) {
    self.shape = shape
    storage = TensorStorage(uninitialized: shape.count)
  }

  /// Creates a tensor from its elements in row-major order.
  public init(_ shape: Shape, _ scalars: [Float]) {
    precondition(
      scalars.count == shape.count,
      "tensor: \(scalars.count) scalars do not fill \(shape)"
    )
    self.init(uninitialized: shape)
    _ = storage.buffer.initialize(from: scalars)
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// All elements in row-major order, copied.
  public var scalars: [Float] { Array(storage.buffer) }

  /// The number of elements that are not zero.
  public var nonzeroCount: Int { storage.buffer.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }

  /// The element at a position of the row-major order.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "tensor: index \(index) of \(count)")
      return storage.pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "tensor: index \(index) of \(count)")
      makeUnique()
      storage.pointer[index] = newValue
    }
  }

  /// The only element of a tensor that has one.
  public var scalar: Float {
    precondition(count == 1, "tensor: \(shape) is not a scalar")
    return storage.pointer[0]
  }

  /// The same elements under other dimensions of equal product.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshape: \(self.shape) to \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }

  /// The elements for kernels to read; valid while this tensor lives.
  var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// The elements for kernels to write; copies them first if they are shared.
  var mutablePointer: UnsafeMutablePointer<Float> {
    mutating get {
      makeUnique()
      return storage.pointer
    }
  }
}

extension Tensor: Equatable {
  /// Compares shapes and elements; not-a-number equals nothing.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.storage.buffer.elementsEqual(b.storage.buffer)
  }
}
