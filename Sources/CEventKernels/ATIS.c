#include "CEventKernels.h"
#include "Variants.h"

VARIANTS
void cevent_atis(const uint8_t *bytes, size_t count, cevent_columns to) {
  for (size_t i = 0; i < count; i++) {
    uint64_t record = BIG64(load64(bytes + 5 * i)) >> 24;
    to.t[i] = (int64_t)(record & 0x7FFFFF);
    to.x[i] = (uint16_t)(record >> 32);
    to.y[i] = (uint16_t)((record >> 24) & 0xFF);
    to.p[i] = (uint8_t)((record >> 23) & 1);
  }
}
