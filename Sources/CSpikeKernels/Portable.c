// Plain C: SSE2 on x86-64, NEON on arm64, whatever the compiler's baseline is elsewhere.
#define KERNEL(name) name##_portable
#define KERNEL_NAME "portable"
#if defined(__aarch64__)
#define VECTORS 4
#else
#define VECTORS 2
#endif
#include "Variants.h"
