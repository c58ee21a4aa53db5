#ifndef VARIANTS_H
#define VARIANTS_H

#include <string.h>

// The variants of a loop; the dynamic linker picks the best one that the processor has.
#if defined(__x86_64__) && defined(__linux__)
#define VARIANTS __attribute__((target_clones("avx512bw", "avx2", "default")))
#else
#define VARIANTS
#endif

static inline uint32_t load32(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

static inline uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LITTLE32(word) (word)
#define BIG32(word) __builtin_bswap32(word)
#define BIG64(word) __builtin_bswap64(word)
#else
#define LITTLE32(word) __builtin_bswap32(word)
#define BIG32(word) (word)
#define BIG64(word) (word)
#endif

#endif
