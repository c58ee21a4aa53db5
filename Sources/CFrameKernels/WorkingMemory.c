#include "CFrameKernels.h"

#include <malloc.h>

void cframe_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 22);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
  mallopt(M_TOP_PAD, 1 << 20);
}
