// How much room the kernels need, whatever their instruction set.
#include "CSpikeKernels.h"

static long padded(long channels) { return (channels + 15) / 16 * 16; }

long spike_conv_scratch_size(const conv_shape *shape) {
  const long words = spike_window_words(shape);
  return (SPIKE_ROWS * SPIKE_TILE + SPIKE_TABLE) * (long)sizeof(float)
      + words * SPIKE_ROWS * (long)sizeof(uint64_t) + words;
}

// Both arrays end with room for reading a part-filled vector.
long winograd_scratch_floats(const conv_shape *shape, long blocks) {
  return 16 * blocks * (shape->in_channels + shape->out_channels) + 32;
}

long neuron_scratch_size(long steps, long channels) {
  long block = 256 / padded(channels) * padded(channels);
  return (steps + 1) * (block > 0 ? block : padded(channels)) + 2 * padded(channels);
}

// Two head x head matrices, and room for a part-filled vector behind them.
long attention_scratch_size(long channels, long heads) {
  long width = channels / heads;
  return 2 * width * padded(width) + 16;
}
