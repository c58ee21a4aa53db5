// Convolution of spikes: for every output row, list the set bits of its window, and add up the rows
// of the weights that they name.

// out[vectors] = start + the sum of the rows of w that index lists. Two partial sums where there are
// too few independent chains of additions to keep the adders busy.
INLINE void KERNEL(sum_rows)(const float *w, long stride, const int32_t *index, long count,
    const float *start, float *out, long columns, const int vectors) {
  vec sum[VECTORS], other[VECTORS];
  for (int v = 0; v < vectors; v++) {
    sum[v] = start ? KERNEL(load)(start + v * LANES) : (vec)0.0f;
    other[v] = 0.0f;
  }
  long i = 0;
  if (vectors <= 4) {
    for (; i + 1 < count; i += 2) {
      const float *a = w + index[i] * stride, *b = w + index[i + 1] * stride;
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        sum[v] += KERNEL(load)(a + v * LANES);
        other[v] += KERNEL(load)(b + v * LANES);
      }
    }
  }
  for (; i < count; i++) {
    const float *a = w + index[i] * stride;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[v] += KERNEL(load)(a + v * LANES);
  }
  for (int v = 0; v < vectors; v++) {
    vec total = vectors <= 4 ? sum[v] + other[v] : sum[v];
    KERNEL(store_part)(out + v * LANES, total, columns - v * LANES);
  }
}

static void KERNEL(sum_all_columns)(const float *w, long stride, const int32_t *index, long count,
    const float *start, float *out, long columns) {
  long left = (columns + LANES - 1) / LANES;
  for (long first = 0; left > 0;) {
    const float *s = start ? start + first : 0;
    long vectors = 1;
#define SUM_COLUMNS(V) \
  if (V <= VECTORS && left >= V) { \
    KERNEL(sum_rows)(w + first, stride, index, count, s, out + first, columns - first, V); \
    vectors = V; \
  } else
    SUM_COLUMNS(16) SUM_COLUMNS(8) SUM_COLUMNS(4) SUM_COLUMNS(2)
    KERNEL(sum_rows)(w + first, stride, index, count, s, out + first, columns - first, 1);
#undef SUM_COLUMNS
    first += vectors * LANES;
    left -= vectors;
  }
}

INLINE long KERNEL(list_bits)(const uint64_t *words, long count, long base, int32_t *index) {
  int32_t *next = index;
  for (long w = 0; w < count; w++) {
    for (uint64_t bits = words[w]; bits; bits &= bits - 1)
      *next++ = (int32_t)(base + w * 64 + __builtin_ctzll(bits));
  }
  return next - index;
}

static void KERNEL(spike_conv_forward)(const conv_shape *s, const uint64_t *x, const float *w,
    long weight_stride, const float *bias, float *y, long begin, long end, int32_t *index) {
  const long words = (s->in_channels + 63) / 64;
  const long image_rows = s->out_height * s->out_width;
  for (long row = begin; row < end; row++) {
    long image = row / image_rows, pixel = row % image_rows;
    long top = pixel / s->out_width * s->stride - s->padding;
    long left = pixel % s->out_width * s->stride - s->padding;
    long count = 0;
    for (long ky = 0; ky < s->kernel_height; ky++) {
      long iy = top + ky;
      if (iy < 0 || iy >= s->in_height) continue;
      const uint64_t *line = x + (image * s->in_height + iy) * s->in_width * words;
      for (long kx = 0; kx < s->kernel_width; kx++) {
        long ix = left + kx;
        if (ix < 0 || ix >= s->in_width) continue;
        long tap = ky * s->kernel_width + kx;
        count += KERNEL(list_bits)(line + ix * words, words, tap * s->in_channels, index + count);
      }
    }
    KERNEL(sum_all_columns)(w, weight_stride, index, count, bias, y + row * s->out_channels,
        s->out_channels);
  }
}

// The weight gradient walks strips of input pixels. For each of 64 channels it lists the pixels that
// spiked; for each tap it adds, to that channel's row of dw, the rows of dy that those pixels reach.
#define STRIP 512

typedef struct {
  int32_t target[STRIP];       // the row of dy that a pixel reaches through the tap, or -1
  uint16_t pixels[64][STRIP];  // the pixels in which a channel spiked
  int32_t counts[64];
} KERNEL(strip);

// Rows of dy that the input pixels begin..<begin+count reach through a tap.
INLINE void KERNEL(find_targets)(const conv_shape *s, long begin, long count, long ky, long kx,
    int32_t *target) {
  const long image_pixels = s->in_height * s->in_width;
  for (long i = 0; i < count;) {
    long image = (begin + i) / image_pixels, pixel = (begin + i) % image_pixels;
    long iy = pixel / s->in_width, ix = pixel % s->in_width;
    long run = s->in_width - ix < count - i ? s->in_width - ix : count - i;
    long oy = iy + s->padding - ky;
    long valid_y = oy >= 0 && oy % s->stride == 0 && oy / s->stride < s->out_height;
    long line = (image * s->out_height + oy / s->stride) * s->out_width;
    for (long j = 0; j < run; j++) {
      long ox = ix + j + s->padding - kx;
      long valid = valid_y && ox >= 0;
      if (s->stride != 1) {
        valid = valid && ox % s->stride == 0;
        ox /= s->stride;
      }
      target[i + j] = valid && ox < s->out_width ? (int32_t)(line + ox) : -1;
    }
    i += run;
  }
}

INLINE void KERNEL(add_rows)(const float *dy, long stride, const int32_t *target,
    const uint16_t *pixels, long count, float *dw, const int vectors) {
  static const float zeros[VECTORS * LANES + LANES];
  vec sum[VECTORS];
  for (int v = 0; v < vectors; v++) sum[v] = KERNEL(load)(dw + v * LANES);
  for (long i = 0; i < count; i++) {
    int32_t row = target[pixels[i]];
    const float *g = row < 0 ? zeros : dy + row * stride;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[v] += KERNEL(load)(g + v * LANES);
  }
  for (int v = 0; v < vectors; v++) KERNEL(store)(dw + v * LANES, sum[v]);
}

static void KERNEL(spike_conv_weight_gradient)(const conv_shape *s, const uint64_t *x,
    const float *dy, long begin, long end, long word, long first, long columns, float *dw,
    void *scratch) {
  KERNEL(strip) *strip = scratch;
  const long words = (s->in_channels + 63) / 64;
  const long image_pixels = s->in_height * s->in_width;
  for (long start = begin * image_pixels; start < end * image_pixels; start += STRIP) {
    long count = end * image_pixels - start < STRIP ? end * image_pixels - start : STRIP;
    memset(strip->counts, 0, sizeof strip->counts);
    for (long i = 0; i < count; i++) {
      for (uint64_t bits = x[(start + i) * words + word]; bits; bits &= bits - 1) {
        int c = __builtin_ctzll(bits);
        strip->pixels[c][strip->counts[c]++] = (uint16_t)i;
      }
    }
    for (long tap = 0; tap < s->kernel_height * s->kernel_width; tap++) {
      KERNEL(find_targets)(s, start, count, tap / s->kernel_width, tap % s->kernel_width,
          strip->target);
      for (int c = 0; c < 64; c++) {
        if (strip->counts[c] == 0) continue;
        float *out = dw + (tap * 64 + c) * columns;
        for (long at = 0, vectors; at < columns; at += vectors * LANES) {
          long left = (columns - at) / LANES;
#define ADD_ROWS(V) \
  if (V <= VECTORS && left >= V) { \
    KERNEL(add_rows)(dy + first + at, s->out_channels, strip->target, strip->pixels[c], \
        strip->counts[c], out + at, V); \
    vectors = V; \
  } else
          ADD_ROWS(16) ADD_ROWS(8) ADD_ROWS(4) ADD_ROWS(2) ADD_ROWS(1) vectors = left;
#undef ADD_ROWS
        }
      }
    }
  }
}
