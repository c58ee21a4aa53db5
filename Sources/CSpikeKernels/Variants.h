// Compiles every kernel once more, for the instruction set that the including file names.
// The includer defines KERNEL(name), KERNEL_NAME, and VECTORS: how many 16-float accumulators
// the instruction set keeps in registers.
#include <string.h>

#include "CSpikeKernels.h"
#include "Vector.h"

#include "Convolution.h"
#include "Counts.h"
#include "SparseConvolution.h"
#include "Windows.h"
#include "Normalization.h"
#include "DenseProduct.h"
#include "Winograd.h"
#include "Neuron.h"
#include "MaxPool.h"
#include "Attention.h"
#include "Masks.h"
#include "Rows.h"
#include "Adam.h"

static void KERNEL(accumulate)(float *y, const float *x, long count) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

static void KERNEL(add)(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i++) y[i] = a[i] + b[i];
}

static float KERNEL(multiply_adds)(long rounds) {
  vec sum[8];
  for (int i = 0; i < 8; i++) sum[i] = (float)i;
  vec a = 0.999f, b = (float)rounds;
  for (long r = 0; r < rounds; r++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) sum[i] = sum[i] * a + b;
  }
  vec total = 0.0f;
  for (int i = 0; i < 8; i++) total += sum[i];
  return total[0];
}

const spike_kernels KERNEL(spike_kernels) = {
    .name = KERNEL_NAME,
    .spike_conv_forward = KERNEL(spike_conv_forward),
    .spike_conv_weight_gradient = KERNEL(spike_conv_weight_gradient),
    .count_digits = KERNEL(count_digits),
    .split_counts = KERNEL(split_counts),
    .sparse_conv_forward = KERNEL(sparse_conv_forward),
    .sparse_conv_weight_gradient = KERNEL(sparse_conv_weight_gradient),
    .dense_product = KERNEL(dense_product),
    .winograd_weights = KERNEL(winograd_weights),
    .winograd_conv = KERNEL(winograd_conv),
    .gather_windows = KERNEL(gather_windows),
    .scatter_windows = KERNEL(scatter_windows),
    .row_sums = KERNEL(row_sums),
    .channel_moments = KERNEL(channel_moments),
    .channel_products = KERNEL(channel_products),
    .scale_shift = KERNEL(scale_shift),
    .normalization_gradient = KERNEL(normalization_gradient),
    .neuron_forward = KERNEL(neuron_forward),
    .analog_neuron_forward = KERNEL(analog_neuron_forward),
    .neuron_backward = KERNEL(neuron_backward),
    .spike_pool_forward = KERNEL(spike_pool_forward),
    .spike_pool_backward = KERNEL(spike_pool_backward),
    .pool_forward = KERNEL(pool_forward),
    .pool_backward = KERNEL(pool_backward),
    .attention_forward = KERNEL(attention_forward),
    .attention_backward = KERNEL(attention_backward),
    .add_spikes = KERNEL(add_spikes),
    .count_coincidences = KERNEL(count_coincidences),
    .mask_rows = KERNEL(mask_rows),
    .sum_masked_rows = KERNEL(sum_masked_rows),
    .layer_norm = KERNEL(layer_norm),
    .layer_norm_gradient = KERNEL(layer_norm_gradient),
    .softmax_rows = KERNEL(softmax_rows),
    .softmax_gradient = KERNEL(softmax_gradient),
    .gelu = KERNEL(gelu),
    .gelu_gradient = KERNEL(gelu_gradient),
    .accumulate = KERNEL(accumulate),
    .add = KERNEL(add),
    .adam_update = KERNEL(adam_update),
    .multiply_adds = KERNEL(multiply_adds),
};
