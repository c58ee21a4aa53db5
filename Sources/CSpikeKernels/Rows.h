// What networks without spikes compute row by row or element by element: layer normalisation, softmax
// and GELU, forward and backward.

// The sum of the lanes, always in the same order.
INLINE float KERNEL(lane_sum)(vec v) {
  float sum = 0.0f;
  for (int lane = 0; lane < LANES; lane++) sum += v[lane];
  return sum;
}

INLINE vec KERNEL(lanes_below)(vec v, long count) {
  if (count >= LANES) return v;
  for (long lane = count; lane < LANES; lane++) v[lane] = 0.0f;
  return v;
}

// Mean and 1 / deviation of every row, and y = (x - mean) / deviation * gamma + beta.
static void KERNEL(layer_norm)(const float *x, long rows, long channels, const float *gamma,
    const float *beta, float epsilon, float *y, float *mean, float *inverse_deviation) {
  for (long r = 0; r < rows; r++, x += channels, y += channels) {
    vec part = 0.0f;
    for (long c = 0; c < channels; c += LANES) part += KERNEL(load_part)(x + c, channels - c);
    const float centre = KERNEL(lane_sum)(part) / (float)channels;
    vec squares = 0.0f;
    for (long c = 0; c < channels; c += LANES) {
      vec d = KERNEL(lanes_below)(KERNEL(load_part)(x + c, channels - c) - centre, channels - c);
      squares += d * d;
    }
    const float variance = KERNEL(lane_sum)(squares) / (float)channels;
    const float inverse = 1.0f / __builtin_sqrtf(variance + epsilon);
    for (long c = 0; c < channels; c++) y[c] = (x[c] - centre) * inverse * gamma[c] + beta[c];
    mean[r] = centre;
    inverse_deviation[r] = inverse;
  }
}

// Turns the gradient g of y into that of x in place, and adds those of gamma and beta to sum_gx and
// sum_g, which have room for the channels rounded up to 16.
static void KERNEL(layer_norm_gradient)(float *g, const float *x, long rows, long channels,
    const float *gamma, const float *mean, const float *inverse_deviation, double *sum_g,
    double *sum_gx) {
  for (long first = 0; first < rows; first += SUM_ROWS) {
    const long last = first + SUM_ROWS < rows ? first + SUM_ROWS : rows;
    for (long c = 0; c < channels; c += LANES) {
      vec part_g = 0.0f, part_gx = 0.0f;
      for (long r = first; r < last; r++) {
        const vec value = KERNEL(load_part)(g + r * channels + c, channels - c);
        const vec at = KERNEL(load_part)(x + r * channels + c, channels - c);
        part_g += value;
        part_gx += value * ((at - mean[r]) * inverse_deviation[r]);
      }
      KERNEL(add_to_doubles)(sum_g + c, part_g);
      KERNEL(add_to_doubles)(sum_gx + c, part_gx);
    }
    for (long r = first; r < last; r++) {
      float *gr = g + r * channels;
      const float *xr = x + r * channels;
      const float centre = mean[r], inverse = inverse_deviation[r];
      vec part = 0.0f, product = 0.0f;
      for (long c = 0; c < channels; c += LANES) {
        const long left = channels - c;
        const vec value = KERNEL(load_part)(gr + c, left) * KERNEL(load_part)(gamma + c, left);
        part += value;
        product += value * ((KERNEL(load_part)(xr + c, left) - centre) * inverse);
      }
      const float mean_g = KERNEL(lane_sum)(part) / (float)channels;
      const float mean_gx = KERNEL(lane_sum)(product) / (float)channels;
      for (long c = 0; c < channels; c++) {
        const float normal = (xr[c] - centre) * inverse;
        gr[c] = inverse * (gr[c] * gamma[c] - mean_g - normal * mean_gx);
      }
    }
  }
}

// Every row of s [rows][columns] becomes its softmax.
static void KERNEL(softmax_rows)(float *s, long rows, long columns) {
  for (long r = 0; r < rows; r++, s += columns) {
    float greatest = s[0];
    for (long c = 1; c < columns; c++) greatest = s[c] > greatest ? s[c] : greatest;
    vec part = 0.0f;
    for (long c = 0; c < columns; c += LANES) {
      const long left = columns - c;
      vec e = KERNEL(exponential)(KERNEL(load_part)(s + c, left) - greatest);
      e = KERNEL(lanes_below)(e, left);
      part += e;
      KERNEL(store_part)(s + c, e, left);
    }
    const float factor = 1.0f / KERNEL(lane_sum)(part);
    for (long c = 0; c < columns; c++) s[c] *= factor;
  }
}

// Turns the gradient g of the softmax p into that of the scores, in place.
static void KERNEL(softmax_gradient)(const float *p, float *g, long rows, long columns) {
  for (long r = 0; r < rows; r++, p += columns, g += columns) {
    vec part = 0.0f;
    for (long c = 0; c < columns; c += LANES)
      part += KERNEL(load_part)(p + c, columns - c) * KERNEL(load_part)(g + c, columns - c);
    const float mean = KERNEL(lane_sum)(part);
    for (long c = 0; c < columns; c++) g[c] = p[c] * (g[c] - mean);
  }
}

// The share of the normal distribution below x, to 1.5e-7 (Abramowitz and Stegun, 7.1.26), and
// e to the power of -x * x / 2.
INLINE vec KERNEL(normal_share)(vec x, vec *bell) {
  const vec z = KERNEL(absolute)(x) * 0.707106781f;
  const vec t = 1.0f / (1.0f + 0.3275911f * z);
  vec p = t * 1.061405429f - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = (p * t + 0.254829592f) * t;
  *bell = KERNEL(exponential)(-(z * z));
  const vec tail = 0.5f * p * *bell;
  return KERNEL(select)(x < 0.0f, tail, 1.0f - tail);
}

// y = x * share of the normal distribution below x: GELU in its exact form.
static void KERNEL(gelu)(const float *x, float *y, long count) {
  for (long i = 0; i < count; i += LANES) {
    const vec v = KERNEL(load_part)(x + i, count - i);
    vec bell;
    const vec share = KERNEL(normal_share)(v, &bell);
    KERNEL(store_part)(y + i, v * share, count - i);
  }
}

// Turns the gradient g of GELU into that of x, in place.
static void KERNEL(gelu_gradient)(float *g, const float *x, long count) {
  for (long i = 0; i < count; i += LANES) {
    const vec v = KERNEL(load_part)(x + i, count - i);
    vec bell;
    const vec share = KERNEL(normal_share)(v, &bell);
    const vec slope = share + v * bell * 0.398942280f;
    KERNEL(store_part)(g + i, KERNEL(load_part)(g + i, count - i) * slope, count - i);
  }
}
