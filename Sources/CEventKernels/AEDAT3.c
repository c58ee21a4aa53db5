#include "CEventKernels.h"
#include "Variants.h"

static inline void store(const uint8_t *bytes, int64_t overflow, cevent_columns to, size_t at) {
  uint32_t data = LITTLE32(load32(bytes));
  to.t[at] = (int64_t)LITTLE32(load32(bytes + 4)) | overflow;
  to.x[at] = (uint16_t)(data >> 17);
  to.y[at] = (uint16_t)((data >> 2) & 0x7FFF);
  to.p[at] = (uint8_t)((data >> 1) & 1);
}

VARIANTS
size_t cevent_aedat3(const uint8_t *bytes, size_t count, int64_t overflow, cevent_columns to) {
  uint32_t valid = 0;
  for (size_t i = 0; i < count; i++) {
    store(bytes + 8 * i, overflow, to, i);
    valid += LITTLE32(load32(bytes + 8 * i)) & 1;
  }
  return valid;
}

VARIANTS
size_t cevent_aedat3_valid(
    const uint8_t *bytes, size_t count, int64_t overflow, cevent_columns to) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    store(bytes + 8 * i, overflow, to, kept);
    kept += LITTLE32(load32(bytes + 8 * i)) & 1;
  }
  return kept;
}
