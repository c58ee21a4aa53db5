import CFrameKernels

/// The process's memory between one recording and the next.
public enum WorkingMemory {
  /// Keeps freed memory for the next use; for programs that do nothing but convert.
  public static func keepFreed() { cframe_keep_freed_memory() }
}
