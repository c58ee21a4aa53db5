// Small counts, such as sums of spikes, as spikes: one plane of bits for every binary digit.

#define LARGEST_COUNT 31

static int KERNEL(count_digits)(const float *x, long count) {
  ivec digits = 0, valid = -1;
  for (long i = 0; i < count; i += LANES) {
    vec value = KERNEL(load_part)(x + i, count - i);
    ivec fits = (value >= 0.0f) & (value <= (float)LARGEST_COUNT);
    ivec whole = __builtin_convertvector(KERNEL(keep)(fits, value), ivec);
    valid &= fits & (__builtin_convertvector(whole, vec) == value);
    digits |= whole;
  }
  int all = 0;
  for (int lane = 0; lane < LANES; lane++) {
    if (!valid[lane]) return -1;
    all |= digits[lane];
  }
  return all;
}

static void KERNEL(split_counts)(const float *x, uint64_t *words, long rows, long channels,
    long planes) {
  const long plane_words = channels / 64;
  for (long row = 0; row < rows; row++) {
    uint64_t *to = words + row * planes * plane_words;
    for (long w = 0; w < plane_words; w++) {
      ivec whole[4];
      for (int i = 0; i < 4; i++)
        whole[i] = __builtin_convertvector(
            KERNEL(load)(x + row * channels + w * 64 + i * LANES), ivec);
      for (long p = 0; p < planes; p++) {
        uint64_t bits = 0;
        for (int i = 0; i < 4; i++)
          bits |= KERNEL(mask_bits)((whole[i] >> (int)p & 1) != 0) << (i * LANES);
        to[p * plane_words + w] = bits;
      }
    }
  }
}
#undef LARGEST_COUNT
