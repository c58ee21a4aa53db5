#include "CEventKernels.h"
#include "Variants.h"

VARIANTS
cevent_summary cevent_summarize(cevent_columns events, size_t count, int64_t previous) {
  cevent_summary summary = {0, 0, 0};
  if (count == 0) return summary;
  uint16_t x = 0, y = 0;
  for (size_t i = 0; i < count; i++) {
    x = events.x[i] > x ? events.x[i] : x;
    y = events.y[i] > y ? events.y[i] : y;
  }
  size_t steps = events.t[0] < previous;
  for (size_t i = 1; i < count; i++) steps += events.t[i] < events.t[i - 1];
  summary.largest_x = x;
  summary.largest_y = y;
  summary.backward_steps = steps;
  return summary;
}
