#include <png.h>

// PNG_FORMAT_RGB is an expression of other macros, which Swift cannot import.
static inline png_uint_32 cpng_format_rgb(void) { return PNG_FORMAT_RGB; }
