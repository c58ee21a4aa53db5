#include "CEventKernels.h"
#include "Variants.h"

static inline uint32_t axis(uint32_t address, cevent_axis axis) {
  return ((((address >> axis.shift) & axis.mask) ^ axis.flip) + axis.sum) & 0xFFFF;
}

static inline uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

VARIANTS
cevent_cells cevent_aedat2_cells(
    const uint8_t *bytes, size_t count, cevent_layout layout, cevent_frame frame,
    uint32_t *cells) {
  uint32_t largest_x = 0, largest_y = 0, bits = 0, steps = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t address = BIG32(load32(bytes + 8 * i));
    uint32_t x = axis(address, layout.x), y = axis(address, layout.y);
    uint32_t p = ((address >> layout.polarity_shift) ^ layout.polarity_flip) & 1;
    cells[i] = p * frame.channel + y * frame.width + x;
    largest_x = larger(largest_x, x);
    largest_y = larger(largest_y, y);
    bits |= address;
  }
  for (size_t i = 1; i < count; i++) {
    steps += BIG32(load32(bytes + 8 * i + 4)) < BIG32(load32(bytes + 8 * i - 4));
  }
  return (cevent_cells){
      .largest_x = largest_x, .largest_y = largest_y, .used_bits = bits, .valid = count,
      .backward_steps = steps, .first = BIG32(load32(bytes + 4)),
      .last = BIG32(load32(bytes + 8 * count - 4))};
}

VARIANTS
cevent_cells cevent_aedat3_cells(
    const uint8_t *bytes, size_t count, int64_t overflow, cevent_frame frame, uint32_t *cells) {
  uint32_t largest_x = 0, largest_y = 0, valid = 0, steps = 0, low = (uint32_t)overflow;
  for (size_t i = 0; i < count; i++) {
    uint32_t data = LITTLE32(load32(bytes + 8 * i));
    uint32_t x = data >> 17, y = (data >> 2) & 0x7FFF;
    cells[i] = ((data >> 1) & 1) * frame.channel + y * frame.width + x;
    largest_x = larger(largest_x, x);
    largest_y = larger(largest_y, y);
    valid += data & 1;
  }
  for (size_t i = 1; i < count; i++) {
    steps += (LITTLE32(load32(bytes + 8 * i + 4)) | low) < (LITTLE32(load32(bytes + 8 * i - 4)) | low);
  }
  return (cevent_cells){
      .largest_x = largest_x, .largest_y = largest_y, .valid = valid, .backward_steps = steps,
      .first = (int64_t)LITTLE32(load32(bytes + 4)) | overflow,
      .last = (int64_t)LITTLE32(load32(bytes + 8 * count - 4)) | overflow};
}

VARIANTS
cevent_cells cevent_atis_cells(
    const uint8_t *bytes, size_t count, cevent_frame frame, uint32_t *cells) {
  uint32_t largest_x = 0, largest_y = 0, steps = 0, previous = 0, first = 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t *record = bytes + 5 * i;
    uint32_t x = record[0], low = BIG32(load32(record + 1)), y = low >> 24;
    cells[i] = ((low >> 23) & 1) * frame.channel + y * frame.width + x;
    largest_x = larger(largest_x, x);
    largest_y = larger(largest_y, y);
  }
  for (size_t i = 0; i < count; i++) {
    uint32_t time = BIG32(load32(bytes + 5 * i + 1)) & 0x7FFFFF;
    if (i == 0) first = time;
    steps += i > 0 && time < previous;
    previous = time;
  }
  return (cevent_cells){
      .largest_x = largest_x, .largest_y = largest_y, .valid = count, .backward_steps = steps,
      .first = first, .last = previous};
}

void cevent_count_cells(const uint32_t *cells, size_t count, int32_t *frame) {
  for (size_t i = 0; i < count; i++) frame[cells[i]]++;
}
