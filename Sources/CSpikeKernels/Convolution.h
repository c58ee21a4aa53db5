// Convolution of spikes: sums of the rows of a matrix that the set bits of words name.
//
// 64 output pixels at a time, the window of each is gathered into a string of bits, cut into words.
// Forward, the bits of a pixel's word name rows of the weights; for the gradient of the weights, the
// 64 x 64 bits of all pixels are transposed, and name rows of dy. Either way the 64 rows of 64 floats
// that a word can name fill half of a first-level cache, and serve 64 sums before the next.

// sums[r] += the rows of x that the bits of words[r] name; rows of vectors * LANES floats.
INLINE void KERNEL(add_named_rows)(const uint64_t *words, long count, const float *x, float *sums,
    const int vectors) {
  for (long r = 0; r < count; r++) {
    uint64_t set = words[r];
    if (!set) continue;
    float *out = sums + r * vectors * LANES;
    vec sum[4];
    for (int v = 0; v < vectors; v++) sum[v] = KERNEL(load)(out + v * LANES);
    do {
      const float *row = x + __builtin_ctzll(set) * vectors * LANES;
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[v] += KERNEL(load)(row + v * LANES);
      set &= set - 1;
    } while (set);
    for (int v = 0; v < vectors; v++) KERNEL(store)(out + v * LANES, sum[v]);
  }
}

static void KERNEL(add_named)(const uint64_t *words, long count, const float *x, float *sums,
    long width) {
  switch (width / LANES) {
    case 4: return KERNEL(add_named_rows)(words, count, x, sums, 4);
    case 3: return KERNEL(add_named_rows)(words, count, x, sums, 3);
    case 2: return KERNEL(add_named_rows)(words, count, x, sums, 2);
    default: return KERNEL(add_named_rows)(words, count, x, sums, 1);
  }
}

// Writes bits at..<at + 64 of column r of a string of words[][SPIKE_TILE].
INLINE void KERNEL(put_bits)(uint64_t *words, long r, long at, uint64_t bits) {
  words += at / 64 * SPIKE_TILE + r;
  words[0] |= bits << (at % 64);
  uint64_t rest = at % 64 ? bits >> (64 - at % 64) : 0;
  if (rest) words[SPIKE_TILE] |= rest;
}

// Gathers the windows of output rows first..<first + count: bit k % 64 of words[k / 64][r] is
// element k of the window [taps][in_channels] of row first + r.
static void KERNEL(gather_spikes)(const conv_shape *s, const uint64_t *x, long first, long count,
    uint64_t *words) {
  const long row_words = (s->in_channels + 63) / 64, image_rows = s->out_height * s->out_width;
  memset(words, 0, (unsigned long)spike_window_words(s) * SPIKE_TILE * sizeof(uint64_t));
  for (long r = 0; r < count; r++) {
    long image = (first + r) / image_rows, pixel = (first + r) % image_rows;
    long top = pixel / s->out_width * s->stride - s->padding;
    long left = pixel % s->out_width * s->stride - s->padding;
    for (long ky = 0; ky < s->kernel_height; ky++) {
      long iy = top + ky;
      if (iy < 0 || iy >= s->in_height) continue;
      const uint64_t *line = x + (image * s->in_height + iy) * s->in_width * row_words;
      for (long kx = 0; kx < s->kernel_width; kx++) {
        long ix = left + kx;
        if (ix < 0 || ix >= s->in_width) continue;
        long at = (ky * s->kernel_width + kx) * s->in_channels;
        for (long w = 0; w < row_words; w++)
          KERNEL(put_bits)(words, r, at + w * 64, line[ix * row_words + w]);
      }
    }
  }
}

INLINE long KERNEL(tile_width)(long columns, long first) {
  long width = (columns - first + LANES - 1) / LANES * LANES;
  return width < SPIKE_TILE ? width : SPIKE_TILE;
}

INLINE void KERNEL(start_sums)(float *sums, const float *start, long rows, long width) {
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < width; c += LANES)
      KERNEL(store)(sums + r * width + c, start ? KERNEL(load)(start + c) : (vec)0.0f);
  }
}

static void KERNEL(spike_conv_forward)(const conv_shape *s, const uint64_t *x, const float *w,
    const float *bias, float *y, long begin, long end, void *scratch) {
  const long window = s->kernel_height * s->kernel_width * s->in_channels;
  const long window_words = spike_window_words(s);
  float *sums = scratch;
  uint64_t *words = (uint64_t *)(sums + SPIKE_TILE * SPIKE_TILE);
  for (long first = begin; first < end; first += SPIKE_TILE) {
    long rows = end - first < SPIKE_TILE ? end - first : SPIKE_TILE;
    KERNEL(gather_spikes)(s, x, first, rows, words);
    for (long column = 0; column < s->out_channels; column += SPIKE_TILE) {
      long width = KERNEL(tile_width)(s->out_channels, column);
      KERNEL(start_sums)(sums, bias ? bias + column : 0, rows, width);
      for (long k = 0; k < window_words; k++)
        KERNEL(add_named)(words + k * SPIKE_TILE, rows, w + column * window + k * 64 * width, sums,
            width);
      for (long r = 0; r < rows; r++) {
        float *out = y + (first + r) * s->out_channels + column;
        for (long c = 0; c < width; c += LANES)
          KERNEL(store_part)(out + c, KERNEL(load)(sums + r * width + c),
              s->out_channels - column - c);
      }
    }
  }
}

// Exchanges bit c of word r with bit r of word c, in halves of halves (Warren, Hacker's Delight).
static void KERNEL(transpose_bits)(uint64_t *words) {
  uint64_t mask = 0x00000000FFFFFFFFull;
  for (int half = 32; half; half /= 2, mask ^= mask << half) {
    for (int block = 0; block < 64; block += 2 * half) {
      for (int i = block; i < block + half; i++) {
        uint64_t difference = ((words[i] >> half) ^ words[i + half]) & mask;
        words[i] ^= difference << half;
        words[i + half] ^= difference;
      }
    }
  }
}

static void KERNEL(spike_conv_weight_gradient)(const conv_shape *s, const uint64_t *x,
    const float *dy, long begin, long end, long first_column, long columns, float *dw,
    void *scratch) {
  const long window = s->kernel_height * s->kernel_width * s->in_channels;
  const long window_words = spike_window_words(s);
  float *g = scratch;
  uint64_t *words = (uint64_t *)(g + SPIKE_TILE * SPIKE_TILE);
  for (long first = begin; first < end; first += SPIKE_TILE) {
    long rows = end - first < SPIKE_TILE ? end - first : SPIKE_TILE;
    KERNEL(gather_spikes)(s, x, first, rows, words);
    for (long k = 0; k < window_words; k++) KERNEL(transpose_bits)(words + k * SPIKE_TILE);
    for (long column = 0; column < columns; column += SPIKE_TILE) {
      long width = KERNEL(tile_width)(columns, column);
      const float *from = dy + first * s->out_channels + first_column + column;
      for (long r = 0; r < rows; r++) {
        for (long c = 0; c < width; c += LANES)
          KERNEL(store)(g + r * width + c, KERNEL(load)(from + r * s->out_channels + c));
      }
      for (long k = 0; k < window_words; k++) {
        long count = window - k * 64 < 64 ? window - k * 64 : 64;
        KERNEL(add_named)(words + k * SPIKE_TILE, count, g,
            dw + column * window + k * 64 * width, width);
      }
    }
  }
}
