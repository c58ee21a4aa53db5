// Neurons over all time steps: normalise, charge, fire, reset, pack; and the way back, which
// recomputes the membrane potential from the input instead of storing it.
//
// Rounding follows the equations step by step (no contraction to fused multiply-add), because real
// networks hit the threshold exactly.
#define NEURON_BLOCK 256

INLINE long KERNEL(block_rows)(long channels) {
  long rows = NEURON_BLOCK / KERNEL(padded)(channels);
  return rows > 0 ? rows : 1;
}

INLINE vec KERNEL(neuron_current)(const neuron_input *in, long at, long channel,
    const int is_scaled) {
#pragma clang fp contract(off)
  vec x = KERNEL(load)(in->x + at + channel);
  if (!is_scaled) return x;
  return x * KERNEL(load)(in->scale + channel) + KERNEL(load)(in->shift + channel);
}

INLINE ivec KERNEL(neuron_fires)(const neuron_rule *r, vec h) {
  return r->strict ? h > r->threshold : h >= r->threshold;
}

// The potential before firing, from the state that the last step left.
INLINE vec KERNEL(neuron_charges)(const neuron_rule *r, vec v, vec x) {
#pragma clang fp contract(off)
  if (r->charge == CHARGE_DECAYED_INPUT) {
    vec change = x - (v - r->reset_value);
    return v + (r->divides ? change / r->tau : change * r->gain);
  }
  if (r->reset == RESET_SUBTRACT_LATE)
    return v * r->decay + x - KERNEL(keep)(KERNEL(neuron_fires)(r, v), (vec)r->threshold);
  if (r->reset_value != 0) return v - (v - r->reset_value) * (1 - r->decay) + x;
  return v * r->decay + x;
}

// The state that a step leaves; a late reset leaves the potential as it is.
INLINE vec KERNEL(neuron_resets)(const neuron_rule *r, vec h, ivec fired) {
#pragma clang fp contract(off)
  switch (r->reset) {
  case RESET_TO_VALUE: return KERNEL(select)(fired, (vec)r->reset_value, h);
  case RESET_SUBTRACT: return h - KERNEL(keep)(fired, (vec)r->threshold);
  default: return h;
  }
}

// The derivative that stands in for that of the step function, at z = h - threshold.
INLINE vec KERNEL(neuron_surrogate_slope)(const neuron_rule *r, vec z) {
  const float a = r->alpha;
  vec distance = KERNEL(absolute)(z);
  switch (r->surrogate) {
  case SURROGATE_SIGMOID: {
    vec e = KERNEL(exponential)(distance * -a);
    return a * e / ((1.0f + e) * (1.0f + e));
  }
  case SURROGATE_ATAN: {
    vec scaled = z * (1.57079633f * a);
    return (0.5f * a) / (1.0f + scaled * scaled);
  }
  case SURROGATE_PIECEWISE_QUADRATIC:
    return KERNEL(keep)(distance <= 1.0f / a, a - a * a * distance);
  case SURROGATE_SOFT_SIGN: {
    vec d = 1.0f / a + distance;
    return 1.0f / (2.0f * a * d * d);
  }
  case SURROGATE_FAST_SIGMOID: {
    vec d = a * distance + 1.0f;
    return 1.0f / (d * d);
  }
  default: return KERNEL(keep)(distance < 0.5f / a, (vec)a);
  }
}

// Writes words, or where these are null the rectified potentials y.
INLINE void KERNEL(neuron_forward_body)(const neuron_rule *rule, const neuron_input *input,
    uint64_t *words, float *y, float *state, const int is_scaled) {
  const neuron_rule r = *rule;
  const neuron_input copy = *input, *in = &copy;
  const long channels = in->channels, padded = KERNEL(padded)(channels);
  const long row_words = (channels + 63) / 64;
  const long block = KERNEL(block_rows)(channels);
  for (long first = in->begin; first < in->end; first += block) {
    long rows = in->end - first < block ? in->end - first : block;
    for (long i = 0; i < rows * padded; i++) state[i] = r.reset_value;
    for (long t = 0; t < in->steps; t++) {
      for (long row = 0; row < rows; row++) {
        long at = t * in->rows + first + row;
        for (long w = 0; w < row_words; w++) {
          uint64_t bits = 0;
          for (long c = w * 64; c < channels && c < w * 64 + 64; c += LANES) {
            float *v = state + row * padded + c;
            vec h = KERNEL(neuron_charges)(&r, KERNEL(load)(v),
                KERNEL(neuron_current)(in, at * channels, c, is_scaled));
            ivec fired = KERNEL(neuron_fires)(&r, h);
            KERNEL(store)(v, KERNEL(neuron_resets)(&r, h, fired));
            if (!words) {
              KERNEL(store_part)(y + at * channels + c, KERNEL(keep)(~(h <= 0.0f), h), channels - c);
              continue;
            }
            uint64_t mask = KERNEL(mask_bits)(fired);
            if (channels - c < LANES) mask &= (1u << (channels - c)) - 1;
            bits |= mask << (c % 64);
          }
          if (words) words[at * row_words + w] = bits;
        }
      }
    }
  }
}

// Only the common rule is compiled with its choices known; the others decide as they go.
#define IS_COMMON_NEURON(r) \
  (!(r)->emits_potential && (r)->charge == CHARGE_DECAYED_INPUT && (r)->reset == RESET_TO_VALUE && !(r)->strict && \
      (r)->reset_value == 0 && (r)->detaches_reset && (r)->surrogate == SURROGATE_SIGMOID)
#define COMMON_NEURON(r, DIVIDES) \
  {.charge = CHARGE_DECAYED_INPUT, .divides = DIVIDES, .tau = (r)->tau, .gain = (r)->gain, \
   .decay = (r)->decay, .threshold = (r)->threshold, .strict = 0, .reset = RESET_TO_VALUE, \
   .reset_value = 0, .detaches_reset = 1, .surrogate = SURROGATE_SIGMOID, .alpha = (r)->alpha}

// Calls BODY(rule, whether the input is scaled) with as many constants as there are.
#define DISPATCH_NEURON(rule, input, is_common, BODY) \
  if (!(is_common)) { \
    BODY(rule, (input)->scale != 0); \
  } else if ((rule)->divides) { \
    const neuron_rule common = COMMON_NEURON(rule, 1); \
    if ((input)->scale) BODY(&common, 1); \
    else BODY(&common, 0); \
  } else { \
    const neuron_rule common = COMMON_NEURON(rule, 0); \
    if ((input)->scale) BODY(&common, 1); \
    else BODY(&common, 0); \
  }

static void KERNEL(neuron_forward)(const neuron_rule *rule, const neuron_input *input,
    uint64_t *words, float *scratch) {
#define BODY(R, SCALED) KERNEL(neuron_forward_body)(R, input, words, 0, scratch, SCALED)
  DISPATCH_NEURON(rule, input, IS_COMMON_NEURON(rule), BODY)
#undef BODY
}

static void KERNEL(analog_neuron_forward)(const neuron_rule *rule, const neuron_input *input,
    float *y, float *scratch) {
  KERNEL(neuron_forward_body)(rule, input, 0, y, scratch, input->scale != 0);
}

typedef struct {
  const float *mean, *inverse_deviation;
  double *sum_g, *sum_gx;
} KERNEL(sums);

// dv/dh: how the state depends on the potential through the reset.
INLINE vec KERNEL(neuron_reset_slope)(const neuron_rule *r, vec h, ivec fired, vec slope) {
  switch (r->reset) {
  case RESET_TO_VALUE: {
    vec kept = KERNEL(keep)(~fired, (vec)1.0f);
    return r->detaches_reset ? kept : kept + (r->reset_value - h) * slope;
  }
  case RESET_SUBTRACT:
    return r->detaches_reset ? (vec)1.0f : 1.0f - r->threshold * slope;
  default: return 1.0f;
  }
}

INLINE float KERNEL(sum_lanes)(vec v, long count) {
  float lanes[LANES], total = 0;
  KERNEL(store)(lanes, v);
  for (long i = 0; i < LANES && i < count; i++) total += lanes[i];
  return total;
}

INLINE void KERNEL(neuron_backward_body)(const neuron_rule *rule, const neuron_input *input,
    float *g, const KERNEL(sums) *all_sums, double *d_gain, float *potential,
    const int is_scaled) {
  const neuron_rule r = *rule;
  const neuron_input copy = *input, *in = &copy;
  const KERNEL(sums) sum_copy = *all_sums, *sums = &sum_copy;
  const long channels = in->channels, padded = KERNEL(padded)(channels);
  const long block = KERNEL(block_rows)(channels);
  float *carry = potential + in->steps * block * padded;
  float *part_g = carry + block * padded, *part_gx = part_g + padded;
  const float input_slope =
      r.charge == CHARGE_FULL_INPUT ? 1.0f : r.divides ? 1.0f / r.tau : r.gain;
  const float state_slope = r.charge == CHARGE_FULL_INPUT ? r.decay : 1.0f - input_slope;
  for (long first = in->begin; first < in->end; first += block) {
    long rows = in->end - first < block ? in->end - first : block;
    for (long i = 0; i < rows * padded; i++) carry[i] = r.reset_value;
    for (long t = 0; t < in->steps; t++) {
      for (long row = 0; row < rows; row++) {
        long at = (t * in->rows + first + row) * channels;
        for (long c = 0; c < channels; c += LANES) {
          float *v = carry + row * padded + c;
          vec h = KERNEL(neuron_charges)(&r, KERNEL(load)(v), KERNEL(neuron_current)(in, at, c, is_scaled));
          KERNEL(store)(potential + (t * block + row) * padded + c, h);
          KERNEL(store)(v, KERNEL(neuron_resets)(&r, h, KERNEL(neuron_fires)(&r, h)));
        }
      }
    }
    memset(carry, 0, (unsigned long)(rows * padded) * sizeof(float));
    memset(part_g, 0, 2 * (unsigned long)padded * sizeof(float));
    for (long t = in->steps; t-- > 0;) {
      for (long row = 0; row < rows; row++) {
        long at = (t * in->rows + first + row) * channels;
        for (long c = 0; c < channels; c += LANES) {
          const float *past = potential + (t * block + row) * padded + c;
          vec h = KERNEL(load)(past);
          ivec fired = KERNEL(neuron_fires)(&r, h);
          vec slope = KERNEL(neuron_surrogate_slope)(&r, h - r.threshold);
          float *gv = carry + row * padded + c;
          vec gy = KERNEL(load)(g + at + c);
          vec gh = (r.emits_potential ? KERNEL(keep)(~(h <= 0.0f), gy) : gy * slope) +
              KERNEL(load)(gv) * KERNEL(neuron_reset_slope)(&r, h, fired, slope);
          vec gx = gh * input_slope;
          KERNEL(store)(gv, gh * state_slope);
          KERNEL(store_part)(g + at + c, gx, channels - c);
          if (sums->mean) {
            vec centred = KERNEL(load)(in->x + at + c) - KERNEL(load)(sums->mean + c);
            vec normal = centred * KERNEL(load)(sums->inverse_deviation + c);
            KERNEL(store)(part_g + c, KERNEL(load)(part_g + c) + gx);
            KERNEL(store)(part_gx + c, KERNEL(load)(part_gx + c) + gx * normal);
          }
          if (d_gain) {
            vec v = r.reset_value;
            if (t > 0) {
              vec before = KERNEL(load)(past - block * padded);
              v = KERNEL(neuron_resets)(&r, before, KERNEL(neuron_fires)(&r, before));
            }
            vec deviation = v - r.reset_value;
            vec factor = r.charge == CHARGE_FULL_INPUT
                ? deviation : KERNEL(neuron_current)(in, at, c, is_scaled) - deviation;
            *d_gain += KERNEL(sum_lanes)(gh * factor, channels - c);
          }
        }
      }
    }
    for (long c = 0; sums->mean && c < channels; c += LANES) {
      KERNEL(add_to_doubles)(sums->sum_g + c, KERNEL(load)(part_g + c));
      KERNEL(add_to_doubles)(sums->sum_gx + c, KERNEL(load)(part_gx + c));
    }
  }
}

static void KERNEL(neuron_backward)(const neuron_rule *rule, const neuron_input *input, float *g,
    const float *mean, const float *inverse_deviation, double *sum_g, double *sum_gx,
    double *d_gain, float *scratch) {
  const KERNEL(sums) sums = {mean, inverse_deviation, sum_g, sum_gx};
#define BODY(R, SCALED) KERNEL(neuron_backward_body)(R, input, g, &sums, gain, scratch, SCALED)
  if (d_gain) {
    double *const gain = d_gain;
    BODY(rule, input->scale != 0);
  } else {
    double *const gain = 0;
    DISPATCH_NEURON(rule, input, IS_COMMON_NEURON(rule), BODY)
  }
#undef BODY
}
#undef DISPATCH_NEURON
#undef IS_COMMON_NEURON
#undef COMMON_NEURON
