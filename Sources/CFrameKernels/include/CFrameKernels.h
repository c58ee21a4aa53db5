// What Framing needs of C: the inner loop that compresses frames of event counts, and the allocator.
#ifndef CFRAMEKERNELS_H
#define CFRAMEKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Compresses bytes to one raw deflate stream (RFC 1951) of literals and runs of the byte before them.
//
// Frames of event counts are noise between runs of zeros: searching for longer matches costs most of
// the time of a general compressor and finds little. Codes are made for each call.
//
// `tokens` is room for `count` numbers. Returns the number of bytes written to `out`; 0 if the stream
// would not fit `room`, so that the caller has to take another way.
size_t cframe_deflate_runs(
    const uint8_t *bytes, size_t count, uint16_t *tokens, uint8_t *out, size_t room);

// Tells the allocator to keep freed memory for the next recording: to fetch it from the system page
// by page costs more than to fill it.
void cframe_keep_freed_memory(void);

#endif
