// How much memory a piece of work takes, as the address sanitizer's allocator sees it.
#ifndef ALLOCATIONMETER_H
#define ALLOCATIONMETER_H

#include <stddef.h>

// Starts to watch the allocator; call it once.
void allocation_meter_install(void);

// Forgets the peak: from here on it counts from what is in use now.
void allocation_meter_reset(void);

// The largest number of bytes in use at once since the reset, above what was in use then.
size_t allocation_meter_peak(void);

#endif
