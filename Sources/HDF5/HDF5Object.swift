import CHDF5

/// Something in a file that can carry attributes: the file's root, a group, a dataset.
public protocol HDF5Object: AnyObject, Sendable {
  /// The library's handle.
  var identifier: Int64 { get }
  /// The file that the object lives in.
  var file: HDF5File { get }
  /// The path within the file; empty for the root.
  var objectPath: String { get }
}

extension HDF5Object {
  /// An error about this object, or about something in it.
  func error(_ kind: HDF5Error.Kind, _ member: String = "", _ reason: String) -> HDF5Error {
    HDF5Error(kind, file: file.path, object: joined(member), reason: reason)
  }

  /// The path of a member within the file.
  func joined(_ member: String) -> String {
    guard !member.isEmpty, !objectPath.isEmpty else { return objectPath + member }
    return "\(objectPath)/\(member)"
  }
}
