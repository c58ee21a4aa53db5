/// An attribute: a small array in the header of the object that it is about.
///
/// | version | header | sizes in front of name, type and shape | padded to eight bytes |
/// |---|---|---|---|
/// | 1 | version u8, 1 unused | 3 × u16 | yes |
/// | 2 | version u8, flags u8 | 3 × u16 | no |
/// | 3 | version u8, flags u8 | 3 × u16, then the name's character set u8 | no |
struct StoredAttribute {
  let name: String
  let type: StoredType
  let shape: StoredShape
  let content: FieldCursor

  init(_ message: FieldCursor) throws(HDF5Error) {
    var fields = message
    let version = try fields.byte()
    guard (1...3).contains(version) else {
      throw HDF5Error(.corrupt, "an attribute has the version \(version)")
    }
    let flags = try fields.byte()
    guard version == 1 || flags & 3 == 0 else {
      throw .unsupported("an attribute shares its type with other objects")
    }
    let (nameBytes, typeBytes, shapeBytes) = (try fields.u16(), try fields.u16(), try fields.u16())
    if version == 3 { try fields.skip(1) }
    func part(_ count: Int) throws(HDF5Error) -> ArraySlice<UInt8> {
      let bytes = try fields.take(count)
      if version == 1 { try fields.align() }
      return bytes
    }
    name = String(decoding: try part(nameBytes).prefix { $0 != 0 }, as: UTF8.self)
    type = try StoredType(FieldCursor(part(typeBytes)))
    shape = try StoredShape(FieldCursor(part(shapeBytes)))
    content = fields
  }
}
