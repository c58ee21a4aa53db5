#include <stdlib.h>
#include <string.h>

#include "CSpikeKernels.h"

extern const spike_kernels spike_kernels_portable;
#if defined(__x86_64__)
extern const spike_kernels spike_kernels_avx2;
extern const spike_kernels spike_kernels_avx512;
#endif

const spike_kernels *spike_kernels_named(const char *name) {
#if defined(__x86_64__)
  if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return &spike_kernels_avx512;
  if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return &spike_kernels_avx2;
#endif
  return strcmp(name, "portable") == 0 ? &spike_kernels_portable : 0;
}

const spike_kernels *spike_kernels_selected(void) {
  const char *forced = getenv("SPIKENET_ISA");
  const spike_kernels *kernels = forced ? spike_kernels_named(forced) : 0;
  if (!kernels) kernels = spike_kernels_named("avx512");
  if (!kernels) kernels = spike_kernels_named("avx2");
  return kernels ? kernels : &spike_kernels_portable;
}
