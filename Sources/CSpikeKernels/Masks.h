// Spikes among spikes and floats: unpacking, masked addition, coincidence counts.

// y = x + spikes, or the spikes alone where x is null.
static void KERNEL(add_spikes)(const float *x, const uint64_t *words, float *y, long rows,
    long channels) {
  const long row_words = (channels + 63) / 64;
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < channels; c += LANES) {
      uint64_t bits = words[r * row_words + c / 64] >> (c % 64);
      vec value = KERNEL(keep)(KERNEL(bit_mask)(bits), (vec)1.0f);
      if (x) value += KERNEL(load)(x + r * channels + c);
      KERNEL(store_part)(y + r * channels + c, value, channels - c);
    }
  }
}

// counts[c] = the number of rows in which both a and b hold a spike.
static void KERNEL(count_coincidences)(const uint64_t *a, const uint64_t *b, float *counts,
    long rows, long channels) {
  const long row_words = (channels + 63) / 64;
  for (long c = 0; c < channels; c += LANES) {
    vec sum = 0.0f;
    for (long r = 0; r < rows; r++) {
      uint64_t bits = (a[r * row_words + c / 64] & b[r * row_words + c / 64]) >> (c % 64);
      sum += KERNEL(keep)(KERNEL(bit_mask)(bits), (vec)1.0f);
    }
    KERNEL(store_part)(counts + c, sum, channels - c);
  }
}

// y[r][c] = g[r * g_stride + c] where words hold a spike, else 0; g_stride 0 repeats one row.
static void KERNEL(mask_rows)(const float *g, long g_stride, const uint64_t *words,
    long word_stride, float *y, long rows, long channels) {
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < channels; c += LANES) {
      uint64_t bits = words[r * word_stride + c / 64] >> (c % 64);
      vec value = KERNEL(keep)(KERNEL(bit_mask)(bits), KERNEL(load)(g + r * g_stride + c));
      KERNEL(store_part)(y + r * channels + c, value, channels - c);
    }
  }
}

// sums[c] = the sum of g over the rows in which words hold a spike.
static void KERNEL(sum_masked_rows)(const float *g, const uint64_t *words, float *sums, long rows,
    long channels) {
  const long row_words = (channels + 63) / 64;
  for (long c = 0; c < channels; c += LANES) {
    vec sum = 0.0f;
    for (long r = 0; r < rows; r++) {
      uint64_t bits = words[r * row_words + c / 64] >> (c % 64);
      sum += KERNEL(keep)(KERNEL(bit_mask)(bits), KERNEL(load)(g + r * channels + c));
    }
    KERNEL(store_part)(sums + c, sum, channels - c);
  }
}
