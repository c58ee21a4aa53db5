/// An address layout worked out for the inner loop: shifts, masks, and a sum instead of a mirror.
///
/// A mirrored coordinate `size - 1 - field` equals `~field + size` in 16 bits.
struct AddressRule {
  private struct Axis {
    let shift: UInt32
    let mask: UInt32
    let flip: UInt16
    let sum: UInt16

    init(_ field: AddressLayout.Field, size: Int) {
      shift = UInt32(field.shift)
      mask = (1 << UInt32(field.bits)) - 1
      flip = field.isMirrored ? 0xFFFF : 0
      sum = field.isMirrored ? UInt16(truncatingIfNeeded: size) : 0
    }

    @inline(__always)
    func coordinate(_ address: UInt32) -> UInt16 {
      (UInt16(truncatingIfNeeded: (address &>> shift) & mask) ^ flip) &+ sum
    }
  }

  private let column: Axis
  private let row: Axis
  private let polarityShift: UInt32
  private let polarityFlip: UInt32
  private let typeMask: UInt32
  private let typeValue: UInt32

  init(_ layout: AddressLayout) {
    column = Axis(layout.x, size: layout.geometry.width)
    row = Axis(layout.y, size: layout.geometry.height)
    polarityShift = UInt32(layout.polarityBit)
    polarityFlip = layout.onValue ^ 1
    typeMask = layout.typeMask
    typeValue = layout.typeValue
  }

  /// Whether there are words that are not events.
  var isSelective: Bool { typeMask != 0 }

  @inline(__always)
  func isEvent(_ address: UInt32) -> Bool { address & typeMask == typeValue }

  @inline(__always)
  func x(_ address: UInt32) -> UInt16 { column.coordinate(address) }

  @inline(__always)
  func y(_ address: UInt32) -> UInt16 { row.coordinate(address) }

  @inline(__always)
  func p(_ address: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: ((address &>> polarityShift) ^ polarityFlip) & 1)
  }
}
