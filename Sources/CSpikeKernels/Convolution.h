// Convolution of spikes: sums of the rows of a matrix that the set bits of words name.
//
// SPIKE_ROWS output pixels at a time, or 64 for the gradient of the weights, the window of each is
// gathered into a string of bits, cut into words. Forward, the bits of a pixel's word name rows of the weights; for the gradient of the weights, the
// 64 x 64 bits of all pixels are transposed, and name rows of dy. Either way the 64 rows of 64 floats
// that a word can name fill half of a first-level cache, and serve many sums before the next.
//
// Where more than DENSE_BITS of 64 bits are set, adding row by row costs more than looking up the sums
// of every four rows in a table of all their 16 subsets (the method of four Russians).

// sums[r] += the rows of x that the bits of words[r] name; rows of vectors * LANES floats.
INLINE void KERNEL(add_named_rows)(const uint64_t *words, long count, const float *x, float *sums,
    const int vectors) {
  for (long r = 0; r < count; r++) {
    uint64_t set = words[r];
    if (!set) continue;
    float *out = sums + r * vectors * LANES;
    vec sum[4];
    for (int v = 0; v < vectors; v++) sum[v] = KERNEL(load)(out + v * LANES);
    do {
      const float *row = x + __builtin_ctzll(set) * vectors * LANES;
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[v] += KERNEL(load)(row + v * LANES);
      set &= set - 1;
    } while (set);
    for (int v = 0; v < vectors; v++) KERNEL(store)(out + v * LANES, sum[v]);
  }
}

static void KERNEL(add_named)(const uint64_t *words, long count, const float *x, float *sums,
    long width) {
  switch (width / LANES) {
    case 4: return KERNEL(add_named_rows)(words, count, x, sums, 4);
    case 3: return KERNEL(add_named_rows)(words, count, x, sums, 3);
    case 2: return KERNEL(add_named_rows)(words, count, x, sums, 2);
    default: return KERNEL(add_named_rows)(words, count, x, sums, 1);
  }
}

// Rows and columns that a table covers: 8 groups of 4 rows in 16 KiB.
#define TABLE_ROWS 32
#define TABLE_COLUMNS 32
// Set bits of a word of 64 from which on looking up is faster.
#ifndef DENSE_BITS
#define DENSE_BITS 17
#endif

// table[8][16][vectors * LANES]: the sums of all subsets of each 4 of the rows of x, of which there
// are count; the others are zero.
INLINE void KERNEL(sum_subsets)(const float *x, long stride, long count, float *table,
    const int vectors) {
  for (long group = 0; group < TABLE_ROWS / 4; group++) {
    for (int v = 0; v < vectors; v++) {
      vec sum[16];
      sum[0] = 0.0f;
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) {
        long row = group * 4 + i;
        vec added = row < count ? KERNEL(load)(x + row * stride + v * LANES) : (vec)0.0f;
#pragma clang loop unroll(full)
        for (int subset = 0; subset < 1 << i; subset++) sum[(1 << i) + subset] = sum[subset] + added;
      }
#pragma clang loop unroll(full)
      for (int subset = 0; subset < 16; subset++)
        KERNEL(store)(table + (group * 16 + subset) * vectors * LANES + v * LANES, sum[subset]);
    }
  }
}

// sums[r] += the sums that bits first..<first + 32 of words[r] find in the table.
INLINE void KERNEL(add_looked_up_rows)(const uint64_t *words, long count, int first,
    const float *table, float *sums, long stride, const int vectors) {
  for (long r = 0; r < count; r++) {
    uint32_t bits = (uint32_t)(words[r] >> first);
    float *out = sums + r * stride;
    vec sum[2];
    for (int v = 0; v < vectors; v++) sum[v] = KERNEL(load)(out + v * LANES);
#pragma clang loop unroll(full)
    for (int group = 0; group < TABLE_ROWS / 4; group++) {
      const float *entry = table + (group * 16 + (bits >> group * 4 & 15)) * vectors * LANES;
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[v] += KERNEL(load)(entry + v * LANES);
    }
    for (int v = 0; v < vectors; v++) KERNEL(store)(out + v * LANES, sum[v]);
  }
}

static void KERNEL(sum_subsets_of)(const float *x, long stride, long count, float *table,
    long columns) {
  if (columns == TABLE_COLUMNS) KERNEL(sum_subsets)(x, stride, count, table, 2);
  else KERNEL(sum_subsets)(x, stride, count, table, 1);
}

static void KERNEL(add_looked_up)(const uint64_t *words, long count, int first, const float *table,
    float *sums, long stride, long columns) {
  if (columns == TABLE_COLUMNS) {
    KERNEL(add_looked_up_rows)(words, count, first, table, sums, stride, 2);
  } else {
    KERNEL(add_looked_up_rows)(words, count, first, table, sums, stride, 1);
  }
}

INLINE long KERNEL(table_columns)(long width, long column) {
  return width - column < TABLE_COLUMNS ? LANES : TABLE_COLUMNS;
}

// Whether so many bits are set that looking up is faster.
INLINE int KERNEL(is_dense)(const uint64_t *words, long count) {
  long set = 0;
  for (long r = 0; r < count; r++) set += __builtin_popcountll(words[r]);
  return set > count * DENSE_BITS;
}

// Writes element k of the window of each of count pixels in one line, of which the first is column ox
// of output line oy, to its string; from are the words of the spikes' image.
INLINE void KERNEL(gather_tap)(const conv_shape *s, const uint64_t *from, long oy, long ox,
    long count, long tap, uint64_t *words, long stride) {
  const long row_words = (s->in_channels + 63) / 64;
  long iy = oy * s->stride - s->padding + tap / s->kernel_width;
  if (iy < 0 || iy >= s->in_height) return;
  long left = ox * s->stride - s->padding + tap % s->kernel_width;
  long skipped = left < 0 ? (-left + s->stride - 1) / s->stride : 0;
  long fitting = (s->in_width - left + s->stride - 1) / s->stride;
  if (fitting < count) count = fitting;
  const uint64_t *line = from + (iy * s->in_width + left) * row_words;
  for (long w = 0; w < row_words; w++) {
    long at = tap * s->in_channels + w * 64, shift = at % 64;
    uint64_t *to = words + at / 64 * stride;
    for (long i = skipped; i < count; i++) to[i] |= line[i * s->stride * row_words + w] << shift;
    if (shift == 0 || shift + s->in_channels - w * 64 <= 64) continue;
    for (long i = skipped; i < count; i++)
      to[stride + i] |= line[i * s->stride * row_words + w] >> (64 - shift);
  }
}

// Gathers the windows of output rows first..<first + count: bit k % 64 of words[k / 64][r] is
// element k of the window [taps][in_channels] of row first + r. There is room for stride rows.
static void KERNEL(gather_spikes)(const conv_shape *s, const uint64_t *x, long first, long count,
    uint64_t *words, long stride) {
  const long image_words = s->in_height * s->in_width * ((s->in_channels + 63) / 64);
  memset(words, 0, (unsigned long)(spike_window_words(s) * stride) * sizeof(uint64_t));
  for (long r = 0, run; r < count; r += run) {
    long line = (first + r) / s->out_width, ox = (first + r) % s->out_width;
    run = s->out_width - ox < count - r ? s->out_width - ox : count - r;
    const uint64_t *from = x + line / s->out_height * image_words;
    for (long tap = 0; tap < s->kernel_height * s->kernel_width; tap++)
      KERNEL(gather_tap)(s, from, line % s->out_height, ox, run, tap, words + r, stride);
  }
}

INLINE long KERNEL(tile_width)(long columns, long first) {
  long width = (columns - first + LANES - 1) / LANES * LANES;
  return width < SPIKE_TILE ? width : SPIKE_TILE;
}

INLINE void KERNEL(start_sums)(float *sums, const float *start, long rows, long width) {
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < width; c += LANES)
      KERNEL(store)(sums + r * width + c, start ? KERNEL(load)(start + c) : (vec)0.0f);
  }
}

// Adds to sums[rows][width] what the k-th words of all pixels name of the tile w.
INLINE void KERNEL(add_word)(const uint64_t *words, long rows, const float *w, long count,
    float *sums, long width, float *table) {
  if (!KERNEL(is_dense)(words, rows)) {
    KERNEL(add_named)(words, rows, w, sums, width);
    return;
  }
  for (int first = 0; first < count; first += TABLE_ROWS) {
    for (long c = 0, columns; c < width; c += columns) {
      columns = KERNEL(table_columns)(width, c);
      KERNEL(sum_subsets_of)(w + first * width + c, width, count - first, table, columns);
      KERNEL(add_looked_up)(words, rows, first, table, sums + c, width, columns);
    }
  }
}

static void KERNEL(spike_conv_forward)(const conv_shape *s, const uint64_t *x, const float *w,
    const float *bias, float *y, long begin, long end, void *scratch) {
  const long window = s->kernel_height * s->kernel_width * s->in_channels;
  const long window_words = spike_window_words(s);
  float *sums = scratch, *table = sums + SPIKE_ROWS * SPIKE_TILE;
  uint64_t *words = (uint64_t *)(table + SPIKE_TABLE);
  for (long first = begin; first < end; first += SPIKE_ROWS) {
    long rows = end - first < SPIKE_ROWS ? end - first : SPIKE_ROWS;
    KERNEL(gather_spikes)(s, x, first, rows, words, SPIKE_ROWS);
    for (long column = 0; column < s->out_channels; column += SPIKE_TILE) {
      long width = KERNEL(tile_width)(s->out_channels, column);
      KERNEL(start_sums)(sums, bias ? bias + column : 0, rows, width);
      for (long k = 0; k < window_words; k++) {
        long count = window - k * 64 < 64 ? window - k * 64 : 64;
        KERNEL(add_word)(words + k * SPIKE_ROWS, rows, w + column * window + k * 64 * width, count,
            sums, width, table);
      }
      for (long r = 0; r < rows; r++) {
        float *out = y + (first + r) * s->out_channels + column;
        for (long c = 0; c < width; c += LANES)
          KERNEL(store_part)(out + c, KERNEL(load)(sums + r * width + c),
              s->out_channels - column - c);
      }
    }
  }
}

// Exchanges bit c of word r with bit r of word c, in halves of halves (Warren, Hacker's Delight).
static void KERNEL(transpose_bits)(uint64_t *words) {
  uint64_t mask = 0x00000000FFFFFFFFull;
  for (int half = 32; half; half /= 2, mask ^= mask << half) {
    for (int block = 0; block < 64; block += 2 * half) {
      for (int i = block; i < block + half; i++) {
        uint64_t difference = ((words[i] >> half) ^ words[i + half]) & mask;
        words[i] ^= difference << half;
        words[i + half] ^= difference;
      }
    }
  }
}

// Adds to dw[window][width] what the transposed words name of the tile g; dense tells of which words
// the bits are looked up.
INLINE void KERNEL(add_tile_gradient)(const uint64_t *words, const uint8_t *dense, long window,
    const float *g, float *dw, long width, float *table) {
  int any = 0;
  for (long k = 0; k * 64 < window; k++) {
    long count = window - k * 64 < 64 ? window - k * 64 : 64;
    any |= dense[k];
    if (!dense[k])
      KERNEL(add_named)(words + k * SPIKE_TILE, count, g, dw + k * 64 * width, width);
  }
  if (!any) return;
  for (int first = 0; first < SPIKE_TILE; first += TABLE_ROWS) {
    for (long c = 0, columns; c < width; c += columns) {
      columns = KERNEL(table_columns)(width, c);
      KERNEL(sum_subsets_of)(g + first * width + c, width, TABLE_ROWS, table, columns);
      for (long k = 0; k * 64 < window; k++) {
        long count = window - k * 64 < 64 ? window - k * 64 : 64;
        if (dense[k])
          KERNEL(add_looked_up)(words + k * SPIKE_TILE, count, first, table,
              dw + k * 64 * width + c, width, columns);
      }
    }
  }
}

static void KERNEL(spike_conv_weight_gradient)(const conv_shape *s, const uint64_t *x,
    const float *dy, long begin, long end, long first_column, long columns, float *dw,
    void *scratch) {
  const long window = s->kernel_height * s->kernel_width * s->in_channels;
  const long window_words = spike_window_words(s);
  float *g = scratch, *table = g + SPIKE_TILE * SPIKE_TILE;
  uint64_t *words = (uint64_t *)(table + SPIKE_TABLE);
  uint8_t *dense = (uint8_t *)(words + window_words * SPIKE_TILE);
  for (long first = begin; first < end; first += SPIKE_TILE) {
    long rows = end - first < SPIKE_TILE ? end - first : SPIKE_TILE;
    KERNEL(gather_spikes)(s, x, first, rows, words, SPIKE_TILE);
    for (long k = 0; k < window_words; k++) {
      dense[k] = (uint8_t)KERNEL(is_dense)(words + k * SPIKE_TILE, SPIKE_TILE);
      KERNEL(transpose_bits)(words + k * SPIKE_TILE);
    }
    for (long column = 0; column < columns; column += SPIKE_TILE) {
      long width = KERNEL(tile_width)(columns, column);
      const float *from = dy + first * s->out_channels + first_column + column;
      for (long r = 0; r < SPIKE_TILE; r++) {
        for (long c = 0; c < width; c += LANES)
          KERNEL(store)(g + r * width + c,
              r < rows ? KERNEL(load)(from + r * s->out_channels + c) : (vec)0.0f);
      }
      KERNEL(add_tile_gradient)(words, dense, window, g, dw + column * window, width, table);
    }
  }
}
