import Foundation

/// Why the operating system refused, in its own words.
enum SystemFailure {
  /// The reason of an error, such as `No space left on device`.
  static func reason(_ error: any Error) -> String {
    if let error = error as? SpikeNetError { return error.reason }
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    guard cause.domain == NSPOSIXErrorDomain else { return "the system gives no reason" }
    return String(cString: strerror(Int32(cause.code)))
  }

  /// The error of a system call that has just failed.
  static var last: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
