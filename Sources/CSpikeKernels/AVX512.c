#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL(name) name##_avx512
#define KERNEL_NAME "avx512"
#define VECTORS 16
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"))), \
    apply_to = function)
#define MASKED_STORE(p, v, count) \
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << (count)) - 1), v)
#include "Variants.h"
#pragma clang attribute pop
#endif
