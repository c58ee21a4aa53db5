#include "CEventKernels.h"
#include "Variants.h"

static inline uint16_t coordinate(uint32_t address, cevent_axis axis) {
  return (uint16_t)((((address >> axis.shift) & axis.mask) ^ axis.flip) + axis.sum);
}

static inline uint8_t polarity(uint32_t address, cevent_layout layout) {
  return (uint8_t)(((address >> layout.polarity_shift) ^ layout.polarity_flip) & 1);
}

VARIANTS
void cevent_aedat2(const uint8_t *bytes, size_t count, cevent_layout layout, cevent_columns to) {
  for (size_t i = 0; i < count; i++) {
    uint32_t address = BIG32(load32(bytes + 8 * i));
    to.t[i] = BIG32(load32(bytes + 8 * i + 4));
    to.x[i] = coordinate(address, layout.x);
    to.y[i] = coordinate(address, layout.y);
    to.p[i] = polarity(address, layout);
  }
}

VARIANTS
size_t cevent_aedat2_selected(
    const uint8_t *bytes, size_t count, cevent_layout layout, cevent_columns to) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t address = BIG32(load32(bytes + 8 * i));
    to.t[kept] = BIG32(load32(bytes + 8 * i + 4));
    to.x[kept] = coordinate(address, layout.x);
    to.y[kept] = coordinate(address, layout.y);
    to.p[kept] = polarity(address, layout);
    kept += (address & layout.type_mask) == layout.type_value;
  }
  return kept;
}

VARIANTS
uint32_t cevent_aedat2_used_bits(const uint8_t *bytes, size_t count) {
  uint32_t bits = 0;
  for (size_t i = 0; i < count; i++) bits |= load32(bytes + 8 * i);
  return BIG32(bits);
}
