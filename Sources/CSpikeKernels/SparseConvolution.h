// Convolution of real inputs that are mostly zero, such as event counts, with few weights per output.

// Lists the non-zero inputs of an output row's window: which weight row each meets, and its value.
INLINE long KERNEL(list_values)(const conv_shape *s, const float *x, long row, int32_t *index,
    float *values) {
  const long image_rows = s->out_height * s->out_width;
  long image = row / image_rows, pixel = row % image_rows;
  long top = pixel / s->out_width * s->stride - s->padding;
  long left = pixel % s->out_width * s->stride - s->padding;
  long count = 0;
  for (long ky = 0; ky < s->kernel_height; ky++) {
    long iy = top + ky;
    if (iy < 0 || iy >= s->in_height) continue;
    const float *line = x + (image * s->in_height + iy) * s->in_width * s->in_channels;
    for (long kx = 0; kx < s->kernel_width; kx++) {
      long ix = left + kx;
      if (ix < 0 || ix >= s->in_width) continue;
      long base = (ky * s->kernel_width + kx) * s->in_channels;
      for (long c = 0; c < s->in_channels; c++) {
        float value = line[ix * s->in_channels + c];
        index[count] = (int32_t)(base + c);
        values[count] = value;
        count += value != 0;
      }
    }
  }
  return count;
}

static void KERNEL(sparse_conv_forward)(const conv_shape *s, const float *x, const float *w,
    long weight_stride, const float *bias, float *y, long begin, long end, int32_t *index,
    float *values) {
  for (long row = begin; row < end; row++) {
    long count = KERNEL(list_values)(s, x, row, index, values);
    float *out = y + row * s->out_channels;
    for (long n = 0; n < s->out_channels; n += LANES) {
      vec sum = bias ? KERNEL(load)(bias + n) : (vec)0.0f;
      for (long i = 0; i < count; i++)
        sum += values[i] * KERNEL(load)(w + index[i] * weight_stride + n);
      KERNEL(store_part)(out + n, sum, s->out_channels - n);
    }
  }
}

static void KERNEL(sparse_conv_weight_gradient)(const conv_shape *s, const float *x,
    const float *dy, float *dw, long weight_stride, long begin, long end, int32_t *index,
    float *values) {
  for (long row = begin; row < end; row++) {
    long count = KERNEL(list_values)(s, x, row, index, values);
    for (long n = 0; n < s->out_channels; n += LANES) {
      vec g = KERNEL(load)(dy + row * s->out_channels + n);
      for (long i = 0; i < count; i++) {
        float *out = dw + index[i] * weight_stride + n;
        KERNEL(store)(out, KERNEL(load)(out) + values[i] * g);
      }
    }
  }
}
