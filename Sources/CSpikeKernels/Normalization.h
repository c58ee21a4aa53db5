// Batch normalisation, channel by channel over rows.

INLINE long KERNEL(padded)(long channels) { return (channels + LANES - 1) / LANES * LANES; }

// Sums run in single precision over this many rows, then on in double: nearly as exact as double
// throughout, at the speed of single.
#define SUM_ROWS 16

INLINE void KERNEL(add_to_doubles)(double *sums, vec part) {
  for (int lane = 0; lane < LANES; lane++) sums[lane] += (double)part[lane];
}

static void KERNEL(row_sums)(const float *x, long rows, long channels, double *sums) {
  for (long first = 0; first < rows; first += SUM_ROWS) {
    long last = first + SUM_ROWS < rows ? first + SUM_ROWS : rows;
    for (long c = 0; c < channels; c += LANES) {
      vec part = 0.0f;
      for (long r = first; r < last; r++) part += KERNEL(load)(x + r * channels + c);
      KERNEL(add_to_doubles)(sums + c, part);
    }
  }
}

static void KERNEL(channel_moments)(const float *x, long rows, long channels, double *mean,
    double *m2) {
  const long padded = KERNEL(padded)(channels);
  memset(mean, 0, (unsigned long)padded * sizeof(double));
  memset(m2, 0, (unsigned long)padded * sizeof(double));
  KERNEL(row_sums)(x, rows, channels, mean);
  for (long c = 0; c < padded; c++) mean[c] /= (double)rows;
  for (long first = 0; first < rows; first += SUM_ROWS) {
    long last = first + SUM_ROWS < rows ? first + SUM_ROWS : rows;
    for (long c = 0; c < channels; c += LANES) {
      vec centre, part = 0.0f;
      for (int lane = 0; lane < LANES; lane++) centre[lane] = (float)mean[c + lane];
      for (long r = first; r < last; r++) {
        vec d = KERNEL(load)(x + r * channels + c) - centre;
        part += d * d;
      }
      KERNEL(add_to_doubles)(m2 + c, part);
    }
  }
}

static void KERNEL(channel_products)(const float *g, const float *x, long rows, long channels,
    const float *mean, const float *inverse_deviation, double *sum_g, double *sum_gx) {
  for (long first = 0; first < rows; first += SUM_ROWS) {
    long last = first + SUM_ROWS < rows ? first + SUM_ROWS : rows;
    for (long c = 0; c < channels; c += LANES) {
      vec part_g = 0.0f, part_gx = 0.0f;
      vec centre = KERNEL(load)(mean + c), inverse = KERNEL(load)(inverse_deviation + c);
      for (long r = first; r < last; r++) {
        vec value = KERNEL(load)(g + r * channels + c);
        part_g += value;
        part_gx += value * ((KERNEL(load)(x + r * channels + c) - centre) * inverse);
      }
      KERNEL(add_to_doubles)(sum_g + c, part_g);
      KERNEL(add_to_doubles)(sum_gx + c, part_gx);
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

static void KERNEL(normalization_gradient)(float *g, const float *x, const float *mean,
    const float *inverse_deviation, const float *scale, const float *mean_g, const float *mean_gx,
    long rows, long channels) {
  for (long r = 0; r < rows; r++) {
    long at = r * channels;
    for (long c = 0; c < channels; c++) {
      float normal = (x[at + c] - mean[c]) * inverse_deviation[c];
      g[at + c] = scale[c] * (g[at + c] - mean_g[c] - normal * mean_gx[c]);
    }
  }
}
