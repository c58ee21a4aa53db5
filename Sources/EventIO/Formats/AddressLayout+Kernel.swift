import CEventKernels

extension cevent_layout {
  /// A layout worked out for the inner loop: shifts, masks, and a sum instead of a mirror.
  init(_ layout: AddressLayout) {
    self.init(
      x: cevent_axis(layout.x, size: layout.geometry.width),
      y: cevent_axis(layout.y, size: layout.geometry.height),
      polarity_shift: UInt32(layout.polarityBit),
      polarity_flip: layout.onValue ^ 1,
      type_mask: layout.typeMask,
      type_value: layout.typeValue
    )
  }
}

extension cevent_axis {
  /// A mirrored coordinate `size - 1 - field` equals `~field + size` in 16 bits.
  fileprivate init(_ field: AddressLayout.Field, size: Int) {
    self.init(
      shift: UInt32(field.shift),
      mask: (1 << UInt32(field.bits)) - 1,
      flip: field.isMirrored ? 0xFFFF : 0,
      sum: field.isMirrored ? UInt16(truncatingIfNeeded: size) : 0
    )
  }
}
