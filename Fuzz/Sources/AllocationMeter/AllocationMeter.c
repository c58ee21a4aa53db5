#include "AllocationMeter.h"

#include <stdatomic.h>

// Of the sanitizer's run time, <sanitizer/allocator_interface.h>.
int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void *, size_t), void (*free_hook)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *pointer);

static atomic_long used;
static atomic_long peak;
static atomic_long start;

static void note_malloc(const volatile void *pointer, size_t size) {
  long now = atomic_fetch_add_explicit(&used, (long)size, memory_order_relaxed) + (long)size;
  if (now > atomic_load_explicit(&peak, memory_order_relaxed)) {
    atomic_store_explicit(&peak, now, memory_order_relaxed);
  }
}

static void note_free(const volatile void *pointer) {
  if (!pointer) return;
  long size = (long)__sanitizer_get_allocated_size(pointer);
  atomic_fetch_sub_explicit(&used, size, memory_order_relaxed);
}

void allocation_meter_install(void) {
  __sanitizer_install_malloc_and_free_hooks(note_malloc, note_free);
}

void allocation_meter_reset(void) {
  long now = atomic_load(&used);
  atomic_store(&start, now);
  atomic_store(&peak, now);
}

size_t allocation_meter_peak(void) { return (size_t)(atomic_load(&peak) - atomic_load(&start)); }
