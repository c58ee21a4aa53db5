// The inner loops of EventIO: bytes to event columns, and one pass of checks over columns.
//
// Swift cannot choose an instruction set at run time; clang's target_clones can. Every loop is plain
// C that the compiler vectorises; bytes may lie at any address, and nothing is read beyond what a
// comment says.
#ifndef CEVENTKERNELS_H
#define CEVENTKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Where the four columns of some events lie. A polarity is 0 or 1.
typedef struct {
  int64_t *t;
  uint16_t *x, *y;
  uint8_t *p;
} cevent_columns;

// Where a coordinate is in an address word: ((address >> shift & mask) ^ flip) + sum, in 16 bits.
typedef struct {
  uint32_t shift, mask;
  uint16_t flip, sum;
} cevent_axis;

// How an address word is read. A word is an event if (address & type_mask) == type_value.
typedef struct {
  cevent_axis x, y;
  uint32_t polarity_shift, polarity_flip;
  uint32_t type_mask, type_value;
} cevent_layout;

// What one pass over columns finds.
typedef struct {
  uint16_t largest_x, largest_y;
  size_t backward_steps;  // entries of t that are smaller than the one before
} cevent_summary;

// AEDAT 2.0: `count` pairs of big-endian address and time. Every word is taken for an event.
void cevent_aedat2(const uint8_t *bytes, size_t count, cevent_layout layout, cevent_columns to);

// The same, but keeps only events; returns how many. `to` has room for `count`.
size_t cevent_aedat2_selected(
    const uint8_t *bytes, size_t count, cevent_layout layout, cevent_columns to);

// The bitwise or of all `count` addresses.
uint32_t cevent_aedat2_used_bits(const uint8_t *bytes, size_t count);

// AEDAT 3.1: `count` little-endian polarity events, valid or not. Returns how many are valid.
size_t cevent_aedat3(const uint8_t *bytes, size_t count, int64_t overflow, cevent_columns to);

// The same, but keeps only valid events; returns how many. `to` has room for `count`.
size_t cevent_aedat3_valid(const uint8_t *bytes, size_t count, int64_t overflow, cevent_columns to);

// ATIS: `count` records of five bytes. Reads three bytes beyond the last record.
void cevent_atis(const uint8_t *bytes, size_t count, cevent_columns to);

// How a frame [2, H, W] is laid out: cells in a row, and cells in a channel.
typedef struct {
  uint32_t width, channel;
} cevent_frame;

// What one pass over at least one event finds, besides the cells.
typedef struct {
  uint32_t largest_x, largest_y;
  uint32_t used_bits;     // the bitwise or of AEDAT 2.0 addresses
  size_t valid;           // events that the recording marks as valid
  size_t backward_steps;  // times that are smaller than the one before, inside the block
  int64_t first, last;    // times
} cevent_cells;

// The cell p * channel + y * width + x of each of `count` events; at least one. A cell is inside the
// frame only if the largest coordinates are.
cevent_cells cevent_aedat2_cells(
    const uint8_t *bytes, size_t count, cevent_layout layout, cevent_frame frame,
    uint32_t *cells);
cevent_cells cevent_aedat3_cells(
    const uint8_t *bytes, size_t count, int64_t overflow, cevent_frame frame, uint32_t *cells);
cevent_cells cevent_atis_cells(
    const uint8_t *bytes, size_t count, cevent_frame frame, uint32_t *cells);

// Adds one to the cell of each event.
void cevent_count_cells(const uint32_t *cells, size_t count, int32_t *frame);

// Looks through `count` events; `previous` is the time of the event before the first.
cevent_summary cevent_summarize(cevent_columns events, size_t count, int64_t previous);

#endif
