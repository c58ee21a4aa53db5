// Convolution of real inputs that are mostly zero, such as event counts: every non-zero input adds
// its rows of the weights to the outputs that see it.

typedef struct {
  long image, iy, ix, channel;
  float value;
} KERNEL(input_value);

// The output row that an input meets through a tap, if it lies in begin..<end; else -1.
INLINE long KERNEL(output_row)(const conv_shape *s, const KERNEL(input_value) *in, long ky, long kx,
    long begin, long end) {
  long oy = in->iy + s->padding - ky, ox = in->ix + s->padding - kx;
  if (oy < 0 || ox < 0) return -1;
  if (s->stride != 1) {
    if (oy % s->stride || ox % s->stride) return -1;
    oy /= s->stride;
    ox /= s->stride;
  }
  if (oy >= s->out_height || ox >= s->out_width) return -1;
  long row = (in->image * s->out_height + oy) * s->out_width + ox;
  return row >= begin && row < end ? row : -1;
}

// The input lines of one image that output rows begin..<end of it can see.
INLINE void KERNEL(seen_lines)(const conv_shape *s, long image, long begin, long end, long *first,
    long *last) {
  const long image_rows = s->out_height * s->out_width;
  long from = begin > image * image_rows ? begin - image * image_rows : 0;
  long to = end < (image + 1) * image_rows ? end - image * image_rows : image_rows;
  *first = from / s->out_width * s->stride - s->padding;
  *last = (to - 1) / s->out_width * s->stride - s->padding + s->kernel_height;
  if (*first < 0) *first = 0;
  if (*last > s->in_height) *last = s->in_height;
}

INLINE void KERNEL(add_input)(const conv_shape *s, const KERNEL(input_value) *in, const float *w,
    long weight_stride, float *y, long begin, long end) {
  for (long ky = 0; ky < s->kernel_height; ky++) {
    for (long kx = 0; kx < s->kernel_width; kx++) {
      long row = KERNEL(output_row)(s, in, ky, kx, begin, end);
      if (row < 0) continue;
      long tap = ky * s->kernel_width + kx;
      const float *from = w + (tap * s->in_channels + in->channel) * weight_stride;
      float *out = y + row * s->out_channels;
      for (long n = 0; n < s->out_channels; n += LANES) {
        vec sum = KERNEL(load)(out + n) + in->value * KERNEL(load)(from + n);
        KERNEL(store_part)(out + n, sum, s->out_channels - n);
      }
    }
  }
}

INLINE void KERNEL(add_gradient)(const conv_shape *s, const KERNEL(input_value) *in,
    const float *dy, float *dw, long weight_stride, long begin, long end) {
  for (long ky = 0; ky < s->kernel_height; ky++) {
    for (long kx = 0; kx < s->kernel_width; kx++) {
      long row = KERNEL(output_row)(s, in, ky, kx, begin, end);
      if (row < 0) continue;
      long tap = ky * s->kernel_width + kx;
      float *out = dw + (tap * s->in_channels + in->channel) * weight_stride;
      const float *from = dy + row * s->out_channels;
      for (long n = 0; n < s->out_channels; n += LANES)
        KERNEL(store)(out + n, KERNEL(load)(out + n) + in->value * KERNEL(load)(from + n));
    }
  }
}

// Calls VISIT for every non-zero input that the output rows begin..<end can see, in order.
#define FOR_EACH_INPUT(s, x, begin, end, VISIT) \
  const long image_rows = (s)->out_height * (s)->out_width; \
  const long line_floats = (s)->in_width * (s)->in_channels; \
  for (long image = (begin) / image_rows; image * image_rows < (end); image++) { \
    long first, last; \
    KERNEL(seen_lines)(s, image, begin, end, &first, &last); \
    for (long iy = first; iy < last; iy++) { \
      const float *line = (x) + (image * (s)->in_height + iy) * line_floats; \
      for (long at = 0; at < line_floats; at += LANES) { \
        uint64_t set = KERNEL(mask_bits)(KERNEL(load)(line + at) != 0.0f); \
        if (line_floats - at < LANES) set &= (1u << (line_floats - at)) - 1; \
        for (; set; set &= set - 1) { \
          long i = at + __builtin_ctzll(set); \
          KERNEL(input_value) in = {image, iy, i / (s)->in_channels, i % (s)->in_channels, line[i]}; \
          VISIT; \
        } \
      } \
    } \
  }

static void KERNEL(sparse_conv_forward)(const conv_shape *s, const float *x, const float *w,
    long weight_stride, const float *bias, float *y, long begin, long end) {
  for (long row = begin; row < end; row++) {
    for (long n = 0; n < s->out_channels; n += LANES) {
      vec start = bias ? KERNEL(load)(bias + n) : (vec)0.0f;
      KERNEL(store_part)(y + row * s->out_channels + n, start, s->out_channels - n);
    }
  }
  FOR_EACH_INPUT(s, x, begin, end, KERNEL(add_input)(s, &in, w, weight_stride, y, begin, end))
}

static void KERNEL(sparse_conv_weight_gradient)(const conv_shape *s, const float *x,
    const float *dy, float *dw, long weight_stride, long begin, long end) {
  FOR_EACH_INPUT(s, x, begin, end, KERNEL(add_gradient)(s, &in, dy, dw, weight_stride, begin, end))
}
#undef FOR_EACH_INPUT
