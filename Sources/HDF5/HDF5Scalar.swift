import CHDF5

/// A number type that HDF5 stores as such.
public enum HDF5ScalarType: String, Sendable, CaseIterable {
  case int8
  case uint8
  case int16
  case uint16
  case int32
  case uint32
  case int64
  case uint64
  case float32
  case float64

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// The library's identifier of this type in this machine's byte order; not to be closed.
  var identifier: hid_t {
    switch self {
    case .int8: chdf5_native_int8()
    case .uint8: chdf5_native_uint8()
    case .int16: chdf5_native_int16()
    case .uint16: chdf5_native_uint16()
    case .int32: chdf5_native_int32()
    case .uint32: chdf5_native_uint32()
    case .int64: chdf5_native_int64()
    case .uint64: chdf5_native_uint64()
    case .float32: chdf5_native_float()
    case .float64: chdf5_native_double()
    }
  }
}

/// A Swift number that can be written to a dataset.
public protocol HDF5Scalar: BitwiseCopyable, Sendable, Numeric {
  /// The type as HDF5 stores it.
  static var scalarType: HDF5ScalarType { get }
}

extension Int8: HDF5Scalar {
  /// The 8-bit signed type.
  public static var scalarType: HDF5ScalarType { .int8 }
}
extension UInt8: HDF5Scalar {
  /// The 8-bit unsigned type.
  public static var scalarType: HDF5ScalarType { .uint8 }
}
extension Int16: HDF5Scalar {
  /// The 16-bit signed type.
  public static var scalarType: HDF5ScalarType { .int16 }
}
extension UInt16: HDF5Scalar {
  /// The 16-bit unsigned type.
  public static var scalarType: HDF5ScalarType { .uint16 }
}
extension Int32: HDF5Scalar {
  /// The 32-bit signed type.
  public static var scalarType: HDF5ScalarType { .int32 }
}
extension UInt32: HDF5Scalar {
  /// The 32-bit unsigned type.
  public static var scalarType: HDF5ScalarType { .uint32 }
}
extension Int64: HDF5Scalar {
  /// The 64-bit signed type.
  public static var scalarType: HDF5ScalarType { .int64 }
}
extension UInt64: HDF5Scalar {
  /// The 64-bit unsigned type.
  public static var scalarType: HDF5ScalarType { .uint64 }
}
extension Float: HDF5Scalar {
  /// The 32-bit floating-point type.
  public static var scalarType: HDF5ScalarType { .float32 }
}
extension Double: HDF5Scalar {
  /// The 64-bit floating-point type.
  public static var scalarType: HDF5ScalarType { .float64 }
}
