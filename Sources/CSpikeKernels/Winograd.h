// 3 x 3 convolution of real images at stride 1 in 16 instead of 36 multiply-adds per 2 x 2 outputs
// and pair of channels (Winograd's F(2 x 2, 3 x 3); Lavin and Gray, "Fast algorithms for
// convolutional neural networks", 2015).
//
// Of blocks of 2 x 2 outputs, numbered over all images, the 4 x 4 inputs are transformed to 16
// values, each of which is one product with its own matrix of weights; the inverse transform makes
// outputs of the 16 sums.

// Transforms 4 values at a stride, along rows or columns of a block.
#define WINOGRAD_INPUT(v, at, stride) \
  do { \
    vec a = v[at] - v[at + 2 * stride], b = v[at + stride] + v[at + 2 * stride]; \
    vec c = v[at + 2 * stride] - v[at + stride], d = v[at + stride] - v[at + 3 * stride]; \
    v[at] = a; \
    v[at + stride] = b; \
    v[at + 2 * stride] = c; \
    v[at + 3 * stride] = d; \
  } while (0)

// Weights [3][3][in][out] to 16 tiled matrices [in][out].
static void KERNEL(winograd_weights)(const float *w, long in, long out, float *tiles, long begin,
    long end) {
  const long matrix = in * KERNEL(padded)(out);
  for (long k = begin; k < end; k++) {
    for (long n = 0; n < out; n += LANES) {
      vec rows[12];
      for (int j = 0; j < 3; j++) {
        vec a = KERNEL(load_part)(w + (j * in + k) * out + n, out - n);
        vec b = KERNEL(load_part)(w + ((3 + j) * in + k) * out + n, out - n);
        vec c = KERNEL(load_part)(w + ((6 + j) * in + k) * out + n, out - n);
        rows[j] = a;
        rows[3 + j] = (a + b + c) * 0.5f;
        rows[6 + j] = (a - b + c) * 0.5f;
        rows[9 + j] = c;
      }
      long first = n / SPIKE_TILE * SPIKE_TILE, width = KERNEL(tile_width)(out, first);
      float *to = tiles + first * in + k * width + n - first;
      for (int j = 0; j < 4; j++, to += 4 * matrix) {
        vec a = rows[3 * j], b = rows[3 * j + 1], c = rows[3 * j + 2];
        KERNEL(store)(to, a);
        KERNEL(store)(to + matrix, (a + b + c) * 0.5f);
        KERNEL(store)(to + 2 * matrix, (a - b + c) * 0.5f);
        KERNEL(store)(to + 3 * matrix, c);
      }
    }
  }
}

typedef struct {
  long image, y, x;  // of the first output
} KERNEL(winograd_block);

INLINE KERNEL(winograd_block) KERNEL(winograd_block_at)(const conv_shape *s, long index) {
  const long lines = (s->out_height + 1) / 2, columns = (s->out_width + 1) / 2;
  KERNEL(winograd_block) block = {index / (lines * columns), index / columns % lines * 2,
      index % columns * 2};
  return block;
}

// values[16][count][in_channels], of which this is block number i.
INLINE void KERNEL(winograd_input)(const conv_shape *s, const float *x,
    KERNEL(winograd_block) block, float *values, long count, long i) {
  const long channels = s->in_channels;
  for (long c = 0; c < channels; c += LANES) {
    vec v[16];
    for (int j = 0; j < 16; j++) {
      long iy = block.y - s->padding + j / 4, ix = block.x - s->padding + j % 4;
      int inside = iy >= 0 && iy < s->in_height && ix >= 0 && ix < s->in_width;
      const float *from = x + ((block.image * s->in_height + iy) * s->in_width + ix) * channels + c;
      v[j] = inside ? KERNEL(load)(from) : (vec)0.0f;
    }
    for (int j = 0; j < 4; j++) WINOGRAD_INPUT(v, j, 4);
    for (int j = 0; j < 4; j++) WINOGRAD_INPUT(v, 4 * j, 1);
    for (int j = 0; j < 16; j++)
      KERNEL(store_part)(values + (j * count + i) * channels + c, v[j], channels - c);
  }
}

// sums[16][count][out_channels], of which this is block number i.
INLINE void KERNEL(winograd_output)(const conv_shape *s, const float *sums, long count, long i,
    KERNEL(winograd_block) block, float *y) {
  const long channels = s->out_channels;
  for (long c = 0; c < channels; c += LANES) {
    vec half[8];
    for (int j = 0; j < 4; j++) {
      vec v[4];
      for (int k = 0; k < 4; k++) v[k] = KERNEL(load)(sums + ((k * 4 + j) * count + i) * channels + c);
      half[j] = v[0] + v[1] + v[2];
      half[4 + j] = v[1] - v[2] - v[3];
    }
    for (int j = 0; j < 4; j++) {
      long oy = block.y + j / 2, ox = block.x + j % 2;
      if (oy >= s->out_height || ox >= s->out_width) continue;
      const vec *v = half + j / 2 * 4;
      vec sum = j % 2 ? v[1] - v[2] - v[3] : v[0] + v[1] + v[2];
      float *to = y + ((block.image * s->out_height + oy) * s->out_width + ox) * channels + c;
      KERNEL(store_part)(to, sum, channels - c);
    }
  }
}
#undef WINOGRAD_INPUT

static void KERNEL(winograd_conv)(const conv_shape *s, const float *x, const float *weights,
    float *y, long begin, long end, float *scratch) {
  const long count = end - begin;
  const long tile_floats = s->in_channels * KERNEL(padded)(s->out_channels);
  float *values = scratch, *sums = values + 16 * count * s->in_channels + LANES;
  for (long i = 0; i < count; i++)
    KERNEL(winograd_input)(s, x, KERNEL(winograd_block_at)(s, begin + i), values, count, i);
  for (int j = 0; j < 16; j++)
    KERNEL(dense_product)(values + j * count * s->in_channels, s->in_channels, s->in_channels,
        weights + j * tile_floats, sums + j * count * s->out_channels, count, s->out_channels);
  for (long i = 0; i < count; i++)
    KERNEL(winograd_output)(s, sums, count, i, KERNEL(winograd_block_at)(s, begin + i), y);
}
