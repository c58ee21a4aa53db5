// The inner loops of SpikeNet, each in the variants that clang can make for this processor family.
//
// Layout: feature maps are rows of channels, `[rows][channels]`, a row being a pixel of an image of
// a time step. Spikes are rows of 64-bit words; bit c % 64 of word c / 64 is channel c, and bits past
// the last channel are zero. Float rows may be read, never written, up to 64 bytes past their end.
#ifndef CSPIKEKERNELS_H
#define CSPIKEKERNELS_H

#include <stdint.h>

// A convolution over images; stride and padding are the same in both directions.
typedef struct {
  long images, in_height, in_width, in_channels;
  long out_height, out_width, out_channels;
  long kernel_height, kernel_width, stride, padding;
} conv_shape;

// Output channels that the kernels for spikes work on at a time, and output pixels of their gradient.
#define SPIKE_TILE 64
// Output pixels that share the rows of a tile, and the floats of a table of their sums.
#define SPIKE_ROWS 256
#define SPIKE_TABLE 4096

#define MULTIPLY_ADDS_PER_ROUND 128

// Words of 64 bits that hold a window [taps][in_channels] of spikes.
static inline long spike_window_words(const conv_shape *s) {
  return (s->kernel_height * s->kernel_width * s->in_channels + 63) / 64;
}

// How a neuron charges, fires and resets; the names of the fields are those of the equations in
// Neurons/*.swift.
typedef enum { CHARGE_DECAYED_INPUT, CHARGE_FULL_INPUT } neuron_charge;
typedef enum { RESET_TO_VALUE, RESET_SUBTRACT, RESET_SUBTRACT_LATE } neuron_reset;
typedef enum {
  SURROGATE_SIGMOID, SURROGATE_ATAN, SURROGATE_PIECEWISE_QUADRATIC, SURROGATE_SOFT_SIGN,
  SURROGATE_FAST_SIGMOID, SURROGATE_RECTANGLE
} neuron_surrogate;

typedef struct {
  neuron_charge charge;
  int divides;         // decayed input: divide by tau (exact as the equation) or multiply by gain
  float tau, gain;     // gain = 1 / tau
  float decay;         // full input: h = decay * v + x
  float threshold;
  int strict;          // fires above the threshold, not at it
  neuron_reset reset;
  float reset_value;
  int detaches_reset;
  neuron_surrogate surrogate;
  float alpha;
  int emits_potential;  // gives max(0, h) in place of spikes
} neuron_rule;

// Rows of a neuron's input: [steps][rows][channels], of which rows begin..<end are worked on.
// The input of the neuron is x * scale + shift per channel; both null for x itself.
typedef struct {
  long steps, rows, channels;
  const float *x, *scale, *shift;
  long begin, end;
} neuron_input;

// The constants of one step of Adam: m and v are the running means of the gradient g and its square,
// w the weight.
typedef struct {
  float gradient_scale, coupled_decay;  // g = gradient_scale * gradient + coupled_decay * w
  float keep_mean, add_mean;            // m = keep_mean * m + add_mean * g
  float keep_square, add_square;        // v = keep_square * v + add_square * g * g
  float mean_scale, root_scale, epsilon;
  float keep_weight, rate;  // w = keep_weight * w - rate * m * mean_scale / (root_scale * sqrt(v) + epsilon)
} adam_rule;

typedef struct {
  const char *name;

  // y[begin..<end] = convolution of spikes with w + bias, whose length is out_channels rounded up to
  // 16. w holds tiles of SPIKE_TILE output channels, the last one narrower but a multiple of 16:
  // [tiles][taps * in_channels][tile]. scratch: spike_conv_scratch_size(shape) bytes.
  void (*spike_conv_forward)(const conv_shape *shape, const uint64_t *x, const float *w,
      const float *bias, float *y, long begin, long end, void *scratch);

  // dw += gradient of the weights of output channels first ..< first + columns, from output rows
  // begin ..< end; dw is tiled as w is.
  void (*spike_conv_weight_gradient)(const conv_shape *shape, const uint64_t *x, const float *dy,
      long begin, long end, long first, long columns, float *dw, void *scratch);

  // All binary digits that count floats have among them, as one number; -1 if one is not a whole
  // number from 0 to 31.
  int (*count_digits)(const float *x, long count);
  // words[rows][planes][channels / 64]: bit c of plane p is binary digit p of x[row][c]; channels is
  // a multiple of 64.
  void (*split_counts)(const float *x, uint64_t *words, long rows, long channels, long planes);

  // The convolution of spike_conv_forward for real inputs, skipping zeros; for few weights per output.
  void (*sparse_conv_forward)(const conv_shape *shape, const float *x, const float *w,
      long weight_stride, const float *bias, float *y, long begin, long end);
  // dw[taps * in_channels][weight_stride] += gradient of the weights from output rows begin..<end.
  void (*sparse_conv_weight_gradient)(const conv_shape *shape, const float *x, const float *dy,
      float *dw, long weight_stride, long begin, long end);

  // y [rows][columns] = a [rows][depth] w, whose rows begin a_stride floats apart; w is tiled as the
  // weights of spike_conv_forward are: [tiles][depth][tile].
  void (*dense_product)(const float *a, long a_stride, long depth, const float *w, float *y,
      long rows, long columns);
  // Makes of weights [3][3][in][out] the rows begin..<end of the 16 matrices [in][out] of
  // winograd_conv, each tiled.
  void (*winograd_weights)(const float *w, long in, long out, float *tiles, long begin, long end);
  // Blocks begin..<end of 2 x 2 outputs, numbered over all images, of a 3 x 3 convolution at stride
  // 1. w is what winograd_weights made.
  // scratch: winograd_scratch_floats(shape, end - begin).
  void (*winograd_conv)(const conv_shape *shape, const float *x, const float *w, float *y,
      long begin, long end, float *scratch);

  // Copies the windows of output rows begin..<end to columns [rows][taps * in_channels].
  void (*gather_windows)(const conv_shape *shape, const float *x, float *columns, long begin,
      long end);
  // Adds columns of all windows of one image back to that image.
  void (*scatter_windows)(const conv_shape *shape, const float *columns, float *image);

  // Per-channel results in double have room for the channels rounded up to 16.
  // sums[c] += sum of x over the rows.
  void (*row_sums)(const float *x, long rows, long channels, double *sums);
  // Means and sums of squared deviations of every channel over the rows.
  void (*channel_moments)(const float *x, long rows, long channels, double *mean, double *m2);
  // sum_g[c] += sum of g; sum_gx[c] += sum of g * (x - mean) * inverse_deviation.
  void (*channel_products)(const float *g, const float *x, long rows, long channels,
      const float *mean, const float *inverse_deviation, double *sum_g, double *sum_gx);
  // y = x * scale + shift (+ residual, unless null).
  void (*scale_shift)(const float *x, const float *scale, const float *shift,
      const float *residual, float *y, long rows, long channels);
  // g = scale * (g - mean_g - normal * mean_gx) in place, with normal the normalised x.
  void (*normalization_gradient)(float *g, const float *x, const float *mean,
      const float *inverse_deviation, const float *scale, const float *mean_g,
      const float *mean_gx, long rows, long channels);

  // words[steps][rows][words per row]. scratch: floats, neuron_scratch_size(steps, channels).
  void (*neuron_forward)(const neuron_rule *rule, const neuron_input *input, uint64_t *words,
      float *scratch);
  // y[steps][rows][channels] = max(0, potential before the reset), of a rule that emits it.
  void (*analog_neuron_forward)(const neuron_rule *rule, const neuron_input *input, float *y,
      float *scratch);
  // g [steps][rows][channels]: gradient of the spikes in, of the neuron's input out.
  // With mean not null adds the sums of channel_products over these rows to sum_g and sum_gx.
  // Adds the derivative by gain (decayed input) or decay (full input) to *d_gain.
  void (*neuron_backward)(const neuron_rule *rule, const neuron_input *input, float *g,
      const float *mean, const float *inverse_deviation, double *sum_g, double *sum_gx,
      double *d_gain, float *scratch);

  // Bitwise or over windows; kernel and stride from the shape, channels = in_channels.
  void (*spike_pool_forward)(const conv_shape *shape, const uint64_t *x, uint64_t *y, long image);
  // Adds gradients to the first maximum of each window, in row-major order; dx is zeroed first.
  void (*spike_pool_backward)(const conv_shape *shape, const uint64_t *x, const float *dy,
      float *dx, long image);
  void (*pool_forward)(const conv_shape *shape, const float *x, float *y, long image);
  void (*pool_backward)(const conv_shape *shape, const float *x, const float *dy, float *dx,
      long image);

  // One image's tokens: out [tokens][channels] = (q kT) v * scale per head, with no softmax.
  // scratch: attention_scratch_size(channels, heads) floats.
  void (*attention_forward)(const uint64_t *q, const uint64_t *k, const uint64_t *v, float *out,
      long tokens, long channels, long heads, float scale, float *scratch);
  void (*attention_backward)(const uint64_t *q, const uint64_t *k, const uint64_t *v,
      const float *dout, float *dq, float *dk, float *dv, long tokens, long channels, long heads,
      float scale, float *scratch);

  // y = x + spikes, or the spikes alone where x is null.
  void (*add_spikes)(const float *x, const uint64_t *words, float *y, long rows, long channels);
  // counts[c] = the number of rows in which both a and b hold a spike.
  void (*count_coincidences)(const uint64_t *a, const uint64_t *b, float *counts, long rows,
      long channels);
  // y[r][c] = g[r * g_stride + c] where words[r * word_stride ...] hold a spike, else 0.
  void (*mask_rows)(const float *g, long g_stride, const uint64_t *words, long word_stride,
      float *y, long rows, long channels);
  // sums[c] = the sum of g over the rows in which words hold a spike.
  void (*sum_masked_rows)(const float *g, const uint64_t *words, float *sums, long rows,
      long channels);

  // y = (x - mean) * inverse_deviation * gamma + beta, row by row; means and inverse deviations of
  // the rows are kept for the way back.
  void (*layer_norm)(const float *x, long rows, long channels, const float *gamma,
      const float *beta, float epsilon, float *y, float *mean, float *inverse_deviation);
  // g: gradient of y in, of x out. Adds the gradients of beta and gamma to sum_g and sum_gx, which
  // have room for the channels rounded up to 16.
  void (*layer_norm_gradient)(float *g, const float *x, long rows, long channels,
      const float *gamma, const float *mean, const float *inverse_deviation, double *sum_g,
      double *sum_gx);
  // Scores to softmax, row by row and in place.
  void (*softmax_rows)(float *s, long rows, long columns);
  // g: gradient of the softmax p in, of the scores out.
  void (*softmax_gradient)(const float *p, float *g, long rows, long columns);
  // y = x times the share of the normal distribution below x.
  void (*gelu)(const float *x, float *y, long count);
  // g: gradient of y in, of x out.
  void (*gelu_gradient)(float *g, const float *x, long count);

  // y[i] += x[i].
  void (*accumulate)(float *y, const float *x, long count);
  // y[i] = a[i] + b[i].
  void (*add)(const float *a, const float *b, float *y, long count);
  // One step for count weights and their running means.
  void (*adam_update)(const adam_rule *rule, const float *gradient, float *weight, float *mean,
      float *square, long count);

  // Does rounds times MULTIPLY_ADDS_PER_ROUND multiply-adds in registers, to measure their speed.
  float (*multiply_adds)(long rounds);
} spike_kernels;

// Tells the processor that the caller waits in a loop.
static inline void spin_wait_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The fastest variant that this processor runs; SPIKENET_ISA=portable|avx2|avx512 forces one.
const spike_kernels *spike_kernels_selected(void);
// A variant by name; null if this processor does not run it.
const spike_kernels *spike_kernels_named(const char *name);

long spike_conv_scratch_size(const conv_shape *shape);
long winograd_scratch_floats(const conv_shape *shape, long blocks);
long neuron_scratch_size(long steps, long channels);
long attention_scratch_size(long channels, long heads);

#endif
