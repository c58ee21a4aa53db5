// One step of Adam over count weights: the running means, then the weights.

static void KERNEL(adam_update)(const adam_rule *r, const float *gradient, float *weight,
    float *mean, float *square, long count) {
  const adam_rule rule = *r;
  for (long i = 0; i < count; i += LANES) {
    const long left = count - i;
    vec w = KERNEL(load_part)(weight + i, left);
    vec g = KERNEL(load_part)(gradient + i, left) * rule.gradient_scale + w * rule.coupled_decay;
    vec m = rule.keep_mean * KERNEL(load_part)(mean + i, left) + rule.add_mean * g;
    vec v = rule.keep_square * KERNEL(load_part)(square + i, left) + rule.add_square * (g * g);
    vec root = __builtin_elementwise_sqrt(v) * rule.root_scale + rule.epsilon;
    KERNEL(store_part)(mean + i, m, left);
    KERNEL(store_part)(square + i, v, left);
    KERNEL(store_part)(weight + i, w * rule.keep_weight - rule.rate * (m * rule.mean_scale / root),
        left);
  }
}
