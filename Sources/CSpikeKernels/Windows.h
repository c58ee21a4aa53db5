// Windows of a convolution as rows of a matrix, and back.

static void KERNEL(gather_windows)(const conv_shape *s, const float *x, float *columns, long begin,
    long end) {
  const long image_rows = s->out_height * s->out_width;
  const long channels = s->in_channels;
  for (long row = begin; row < end; row++) {
    long image = row / image_rows, pixel = row % image_rows;
    long top = pixel / s->out_width * s->stride - s->padding;
    long left = pixel % s->out_width * s->stride - s->padding;
    for (long ky = 0; ky < s->kernel_height; ky++) {
      for (long kx = 0; kx < s->kernel_width; kx++, columns += channels) {
        long iy = top + ky, ix = left + kx;
        if (iy < 0 || iy >= s->in_height || ix < 0 || ix >= s->in_width) {
          memset(columns, 0, (unsigned long)channels * sizeof(float));
        } else {
          const float *source = x + ((image * s->in_height + iy) * s->in_width + ix) * channels;
          memcpy(columns, source, (unsigned long)channels * sizeof(float));
        }
      }
    }
  }
}

static void KERNEL(scatter_windows)(const conv_shape *s, const float *columns, float *image) {
  const long channels = s->in_channels;
  for (long pixel = 0; pixel < s->out_height * s->out_width; pixel++) {
    long top = pixel / s->out_width * s->stride - s->padding;
    long left = pixel % s->out_width * s->stride - s->padding;
    for (long ky = 0; ky < s->kernel_height; ky++) {
      for (long kx = 0; kx < s->kernel_width; kx++, columns += channels) {
        long iy = top + ky, ix = left + kx;
        if (iy < 0 || iy >= s->in_height || ix < 0 || ix >= s->in_width) continue;
        float *target = image + (iy * s->in_width + ix) * channels;
        for (long c = 0; c < channels; c++) target[c] += columns[c];
      }
    }
  }
}
