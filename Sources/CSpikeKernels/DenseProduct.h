// Products of real rows with weights that are cut into tiles of columns once, and then read in place
// by every row; a general library packs them again on every call.

// Rows and vectors of a block of the result that is held in registers.
#define PRODUCT_ROWS 6
#define PRODUCT_VECTORS (VECTORS >= 16 ? 4 : 1)

INLINE void KERNEL(product_block)(const float *a, long a_stride, long depth, const float *w,
    long width, float *y, long y_stride, long columns, const int rows, const int vectors) {
  vec sum[PRODUCT_ROWS][4];
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) sum[r][v] = 0.0f;
  }
  for (long k = 0; k < depth; k++, w += width) {
    vec weight[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) weight[v] = KERNEL(load)(w + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      vec value = a[r * a_stride + k];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] += value * weight[v];
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++)
      KERNEL(store_part)(y + r * y_stride + v * LANES, sum[r][v], columns - v * LANES);
  }
}

INLINE void KERNEL(product_rows)(const float *a, long a_stride, long depth, const float *w,
    long width, float *y, long y_stride, long columns, long rows, const int vectors) {
  long r = 0;
  for (; r + PRODUCT_ROWS <= rows; r += PRODUCT_ROWS)
    KERNEL(product_block)(a + r * a_stride, a_stride, depth, w, width, y + r * y_stride, y_stride,
        columns, PRODUCT_ROWS, vectors);
  for (; r < rows; r++)
    KERNEL(product_block)(a + r * a_stride, a_stride, depth, w, width, y + r * y_stride, y_stride,
        columns, 1, vectors);
}

static void KERNEL(dense_product)(const float *a, long a_stride, long depth, const float *tiles,
    float *y, long rows, long columns) {
  for (long first = 0; first < columns; first += SPIKE_TILE) {
    const long width = KERNEL(tile_width)(columns, first);
    const float *w = tiles + first * depth;
    for (long v = 0; v < width;) {
      long column = first + v;
#define PRODUCT(V) \
  if (V <= PRODUCT_VECTORS && width - v >= V * LANES) { \
    KERNEL(product_rows)(a, a_stride, depth, w + v, width, y + column, columns, columns - column, \
        rows, V); \
    v += V * LANES; \
  } else
      PRODUCT(4) PRODUCT(2) PRODUCT(1) return;
#undef PRODUCT
    }
  }
}
