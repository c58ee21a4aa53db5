// Sixteen floats at a time: one AVX-512 register, two of AVX2, four of SSE or NEON.
//
// How vectors are passed differs between instruction sets; here every function that takes or returns
// one is inlined, so none is ever passed.
#pragma clang diagnostic ignored "-Wpsabi"
typedef float vec __attribute__((ext_vector_type(16)));
typedef int32_t ivec __attribute__((ext_vector_type(16)));
typedef float loose_vec __attribute__((ext_vector_type(16), aligned(4)));
typedef _Bool bits16 __attribute__((ext_vector_type(16)));

#define INLINE static inline __attribute__((always_inline))
#define LANES 16

INLINE vec KERNEL(load)(const float *p) { return *(const loose_vec *)p; }

INLINE void KERNEL(store)(float *p, vec v) { *(loose_vec *)p = v; }

// Loads the first count lanes, zeros in the others.
INLINE vec KERNEL(load_part)(const float *p, long count) {
  if (count >= LANES) return KERNEL(load)(p);
  float lanes[LANES] = {0};
  memcpy(lanes, p, (unsigned long)count * sizeof(float));
  return KERNEL(load)(lanes);
}

// Stores the first count lanes.
INLINE void KERNEL(store_part)(float *p, vec v, long count) {
  if (count >= LANES) {
    KERNEL(store)(p, v);
    return;
  }
#ifdef MASKED_STORE
  MASKED_STORE(p, v, count);
#else
  float lanes[LANES];
  KERNEL(store)(lanes, v);
  memcpy(p, lanes, (unsigned long)count * sizeof(float));
#endif
}

INLINE uint64_t KERNEL(mask_bits)(ivec mask) {
  bits16 b = __builtin_convertvector(mask & 1, bits16);
  uint16_t bits;
  memcpy(&bits, &b, sizeof bits);
  return bits;
}

// Lanes of all ones where a bit is set.
INLINE ivec KERNEL(bit_mask)(uint64_t bits) {
  uint16_t low = (uint16_t)bits;
  bits16 b;
  memcpy(&b, &low, sizeof b);
  return -__builtin_convertvector(b, ivec);
}

INLINE vec KERNEL(select)(ivec mask, vec a, vec b) { return (vec)((mask & (ivec)a) | (~mask & (ivec)b)); }

INLINE vec KERNEL(keep)(ivec mask, vec a) { return (vec)(mask & (ivec)a); }

INLINE vec KERNEL(absolute)(vec a) { return (vec)((ivec)a & 0x7FFFFFFF); }

// e to the power of x for x <= 0, to about one unit in the last place; 0 below -87.
INLINE vec KERNEL(exponential)(vec x) {
  ivec tiny = x < -87.0f;
  x = KERNEL(select)(tiny, (vec)-87.0f, x);
  vec n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  ivec power = (__builtin_convertvector(n, ivec) + 127) << 23;
  return KERNEL(keep)(~tiny, p * (vec)power);
}
