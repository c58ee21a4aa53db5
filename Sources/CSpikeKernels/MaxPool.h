// Maximum over windows of one image. Padding never wins; of equal maxima the first in row-major
// order takes the gradient.

typedef struct {
  long begin_y, end_y, begin_x, end_x;
} KERNEL(window);

INLINE KERNEL(window) KERNEL(window_at)(const conv_shape *s, long oy, long ox) {
  long top = oy * s->stride - s->padding, left = ox * s->stride - s->padding;
  long bottom = top + s->kernel_height, right = left + s->kernel_width;
  KERNEL(window) w = {top < 0 ? 0 : top, bottom < s->in_height ? bottom : s->in_height,
      left < 0 ? 0 : left, right < s->in_width ? right : s->in_width};
  return w;
}

static void KERNEL(spike_pool_forward)(const conv_shape *s, const uint64_t *x, uint64_t *y,
    long image) {
  const long words = (s->in_channels + 63) / 64;
  x += image * s->in_height * s->in_width * words;
  y += image * s->out_height * s->out_width * words;
  for (long oy = 0; oy < s->out_height; oy++) {
    for (long ox = 0; ox < s->out_width; ox++, y += words) {
      KERNEL(window) at = KERNEL(window_at)(s, oy, ox);
      for (long w = 0; w < words; w++) {
        uint64_t any = 0;
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++)
            any |= x[(iy * s->in_width + ix) * words + w];
        }
        y[w] = any;
      }
    }
  }
}

static void KERNEL(spike_pool_backward)(const conv_shape *s, const uint64_t *x, const float *dy,
    float *dx, long image) {
  const long channels = s->in_channels, words = (channels + 63) / 64;
  x += image * s->in_height * s->in_width * words;
  dx += image * s->in_height * s->in_width * channels;
  dy += image * s->out_height * s->out_width * channels;
  memset(dx, 0, (unsigned long)(s->in_height * s->in_width * channels) * sizeof(float));
  for (long oy = 0; oy < s->out_height; oy++) {
    for (long ox = 0; ox < s->out_width; ox++, dy += channels) {
      KERNEL(window) at = KERNEL(window_at)(s, oy, ox);
      for (long w = 0; w < words; w++) {
        uint64_t open = 0;
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++)
            open |= x[(iy * s->in_width + ix) * words + w];
        }
        // Where no pixel of the window spiked, the first one is the first maximum.
        uint64_t silent = ~open;
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++) {
            long pixel = iy * s->in_width + ix;
            uint64_t taken = (x[pixel * words + w] & open) | silent;
            open &= ~taken;
            silent = 0;
            for (long c = w * 64; taken && c < channels && c < w * 64 + 64; c += LANES) {
              uint64_t lanes = taken >> (c % 64) & 0xFFFF;
              if (!lanes) continue;
              float *out = dx + pixel * channels + c;
              vec g = KERNEL(keep)(KERNEL(bit_mask)(lanes), KERNEL(load)(dy + c));
              KERNEL(store_part)(out, KERNEL(load)(out) + g, channels - c);
            }
          }
        }
      }
    }
  }
}

static void KERNEL(pool_forward)(const conv_shape *s, const float *x, float *y, long image) {
  const long channels = s->in_channels;
  x += image * s->in_height * s->in_width * channels;
  y += image * s->out_height * s->out_width * channels;
  for (long oy = 0; oy < s->out_height; oy++) {
    for (long ox = 0; ox < s->out_width; ox++, y += channels) {
      KERNEL(window) at = KERNEL(window_at)(s, oy, ox);
      for (long c = 0; c < channels; c += LANES) {
        vec best = -__builtin_inff();
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++) {
            vec value = KERNEL(load)(x + (iy * s->in_width + ix) * channels + c);
            best = KERNEL(select)(~(value <= best), value, best);
          }
        }
        KERNEL(store_part)(y + c, best, channels - c);
      }
    }
  }
}

static void KERNEL(pool_backward)(const conv_shape *s, const float *x, const float *dy, float *dx,
    long image) {
  const long channels = s->in_channels;
  x += image * s->in_height * s->in_width * channels;
  dx += image * s->in_height * s->in_width * channels;
  dy += image * s->out_height * s->out_width * channels;
  memset(dx, 0, (unsigned long)(s->in_height * s->in_width * channels) * sizeof(float));
  for (long oy = 0; oy < s->out_height; oy++) {
    for (long ox = 0; ox < s->out_width; ox++, dy += channels) {
      KERNEL(window) at = KERNEL(window_at)(s, oy, ox);
      for (long c = 0; c < channels; c += LANES) {
        long first = at.begin_y * s->in_width + at.begin_x;
        vec best = KERNEL(load)(x + first * channels + c);
        ivec winner = (ivec)(int32_t)first;
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++) {
            long pixel = iy * s->in_width + ix;
            vec value = KERNEL(load)(x + pixel * channels + c);
            ivec greater = value > best;
            best = KERNEL(select)(greater, value, best);
            winner = (greater & (int32_t)pixel) | (~greater & winner);
          }
        }
        vec g = KERNEL(load)(dy + c);
        for (long iy = at.begin_y; iy < at.end_y; iy++) {
          for (long ix = at.begin_x; ix < at.end_x; ix++) {
            long pixel = iy * s->in_width + ix;
            float *out = dx + pixel * channels + c;
            vec part = KERNEL(keep)(winner == (int32_t)pixel, g);
            KERNEL(store_part)(out, KERNEL(load)(out) + part, channels - c);
          }
        }
      }
    }
  }
}
