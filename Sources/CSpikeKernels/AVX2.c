#if defined(__x86_64__)
#define KERNEL(name) name##_avx2
#define KERNEL_NAME "avx2"
#define VECTORS 4
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "Variants.h"
#pragma clang attribute pop
#endif
