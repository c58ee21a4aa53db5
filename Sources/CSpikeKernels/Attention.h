// Spiking self-attention of one image: (q kT) v without softmax, head by head (Zhou et al., 2023).
// Scores are counts of common bits, and so is kT v, so either order is exact; the cheaper is taken.
// A head is at most 64 bits wide; scratch holds two head x head matrices.

INLINE uint64_t KERNEL(head_bits)(const uint64_t *row, long first, long width) {
  uint64_t bits = row[first / 64] >> (first % 64);
  if (first % 64 + width > 64) bits |= row[first / 64 + 1] << (64 - first % 64);
  return width < 64 ? bits & ((1ull << width) - 1) : bits;
}

// row[width] += factor wherever a bit is set.
INLINE void KERNEL(add_bits)(float *row, uint64_t bits, long width, float factor) {
  for (long c = 0; c < width; c += LANES) {
    vec step = KERNEL(keep)(KERNEL(bit_mask)(bits >> c), (vec)factor);
    KERNEL(store_part)(row + c, KERNEL(load)(row + c) + step, width - c);
  }
}

// row[width] += factor * other[width].
INLINE void KERNEL(add_scaled)(float *row, const float *other, long width, float factor) {
  for (long c = 0; c < width; c += LANES) {
    vec sum = KERNEL(load)(row + c) + factor * KERNEL(load)(other + c);
    KERNEL(store_part)(row + c, sum, width - c);
  }
}

// product[i][j] = the number of tokens in which bit i of a and bit j of b are set.
INLINE void KERNEL(count_pairs)(const uint64_t *a, const uint64_t *b, long tokens, long words,
    long first, long width, float *product, long stride) {
  memset(product, 0, (unsigned long)(width * stride) * sizeof(float));
  for (long n = 0; n < tokens; n++) {
    uint64_t ab = KERNEL(head_bits)(a + n * words, first, width);
    uint64_t bb = KERNEL(head_bits)(b + n * words, first, width);
    if (!bb) continue;
    for (; ab; ab &= ab - 1)
      KERNEL(add_bits)(product + __builtin_ctzll(ab) * stride, bb, width, 1.0f);
  }
}

// rows[n] += factor * the sum of the rows of matrix that the bits of token n name.
INLINE void KERNEL(sum_named_rows)(const uint64_t *bits, const float *matrix, long stride,
    long tokens, long words, long first, long width, float factor, float *rows, long channels) {
  for (long n = 0; n < tokens; n++) {
    for (uint64_t b = KERNEL(head_bits)(bits + n * words, first, width); b; b &= b - 1)
      KERNEL(add_scaled)(rows + n * channels, matrix + __builtin_ctzll(b) * stride, width, factor);
  }
}

static void KERNEL(attention_forward)(const uint64_t *q, const uint64_t *k, const uint64_t *v,
    float *out, long tokens, long channels, long heads, float scale, float *scratch) {
  const long words = (channels + 63) / 64, width = channels / heads;
  const long stride = KERNEL(padded)(width);
  memset(out, 0, (unsigned long)(tokens * channels) * sizeof(float));
  for (long h = 0; h < heads; h++) {
    long first = h * width;
    if (width <= tokens) {
      KERNEL(count_pairs)(k, v, tokens, words, first, width, scratch, stride);
      KERNEL(sum_named_rows)(q, scratch, stride, tokens, words, first, width, scale, out + first,
          channels);
    } else {
      for (long n = 0; n < tokens; n++) {
        uint64_t query = KERNEL(head_bits)(q + n * words, first, width);
        if (!query) continue;
        for (long m = 0; m < tokens; m++) {
          uint64_t common = query & KERNEL(head_bits)(k + m * words, first, width);
          if (common)
            KERNEL(add_bits)(out + n * channels + first,
                KERNEL(head_bits)(v + m * words, first, width), width,
                scale * (float)__builtin_popcountll(common));
        }
      }
    }
  }
}

static void KERNEL(attention_backward)(const uint64_t *q, const uint64_t *k, const uint64_t *v,
    const float *dout, float *dq, float *dk, float *dv, long tokens, long channels, long heads,
    float scale, float *scratch) {
  const long words = (channels + 63) / 64, width = channels / heads;
  const long stride = KERNEL(padded)(width);
  const unsigned long bytes = (unsigned long)(tokens * channels) * sizeof(float);
  memset(dq, 0, bytes);
  memset(dk, 0, bytes);
  memset(dv, 0, bytes);
  float *pairs = scratch, *product = scratch + width * stride;
  for (long h = 0; h < heads; h++) {
    long first = h * width;
    // dq = dout (vT k)
    KERNEL(count_pairs)(v, k, tokens, words, first, width, pairs, stride);
    for (long n = 0; n < tokens; n++) {
      for (long j = 0; j < width; j++)
        KERNEL(add_scaled)(dq + n * channels + first, pairs + j * stride, width,
            scale * dout[n * channels + first + j]);
    }
    // product = qT dout; dv = k product; dk = v productT
    memset(product, 0, (unsigned long)(width * stride) * sizeof(float));
    for (long n = 0; n < tokens; n++) {
      for (uint64_t b = KERNEL(head_bits)(q + n * words, first, width); b; b &= b - 1)
        KERNEL(add_scaled)(product + __builtin_ctzll(b) * stride, dout + n * channels + first,
            width, 1.0f);
    }
    KERNEL(sum_named_rows)(k, product, stride, tokens, words, first, width, scale, dv + first,
        channels);
    for (long i = 0; i < width; i++) {
      for (long j = 0; j < width; j++) pairs[j * stride + i] = product[i * stride + j];
    }
    KERNEL(sum_named_rows)(v, pairs, stride, tokens, words, first, width, scale, dk + first,
        channels);
  }
}
