// Batch normalisation, channel by channel over rows.

static void KERNEL(channel_moments)(const float *x, long rows, long channels, float *mean,
    float *m2) {
  memset(mean, 0, (unsigned long)channels * sizeof(float));
  memset(m2, 0, (unsigned long)channels * sizeof(float));
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < channels; c++) mean[c] += x[r * channels + c];
  }
  for (long c = 0; c < channels; c++) mean[c] /= (float)rows;
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < channels; c++) {
      float d = x[r * channels + c] - mean[c];
      m2[c] += d * d;
    }
  }
}

static void KERNEL(channel_products)(const float *g, const float *x, long rows, long channels,
    const float *mean, const float *inverse_deviation, float *sum_g, float *sum_gx) {
  memset(sum_g, 0, (unsigned long)channels * sizeof(float));
  memset(sum_gx, 0, (unsigned long)channels * sizeof(float));
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < channels; c++) {
      float value = g[r * channels + c];
      sum_g[c] += value;
      sum_gx[c] += value * ((x[r * channels + c] - mean[c]) * inverse_deviation[c]);
    }
  }
}

static void KERNEL(scale_shift)(const float *x, const float *scale, const float *shift,
    const float *residual, float *y, long rows, long channels) {
  for (long r = 0; r < rows; r++) {
    long at = r * channels;
    if (residual) {
      for (long c = 0; c < channels; c++)
        y[at + c] = residual[at + c] + (x[at + c] * scale[c] + shift[c]);
    } else {
      for (long c = 0; c < channels; c++) y[at + c] = x[at + c] * scale[c] + shift[c];
    }
  }
}

static void KERNEL(normalization_gradient)(float *g, const float *x, const float *a,
    const float *b, const float *d, long rows, long channels) {
  for (long r = 0; r < rows; r++) {
    long at = r * channels;
    for (long c = 0; c < channels; c++)
      g[at + c] = g[at + c] * a[c] + (x[at + c] * b[c] + d[c]);
  }
}
