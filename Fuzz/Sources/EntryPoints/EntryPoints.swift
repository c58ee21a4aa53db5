import AllocationMeter
import Foundation
import _FuzzTargets

/// What is fuzzed; the environment's `FUZZ_TARGET` names it.
private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("FUZZ_TARGET is '\(name)'; expected one of \(known)")
  }
  return target
}()

/// Prepares the run; libFuzzer calls it once.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> Int32 {
  allocation_meter_install()
  try? target.run([])  // whatever is set up once is not the input's doing
  return 0
}

/// Runs one input; libFuzzer calls it again and again.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  allocation_meter_reset()
  do { try target.run(input) } catch { fatalError("\(error)") }
  let peak = allocation_meter_peak()
  let limit = (64 << 20) + 16 * count
  precondition(peak <= limit, "\(peak) bytes of memory for \(count) bytes of input")
  return 0
}
