"""Three ways to run a leaky integrate-and-fire layer over time in PyTorch.

All compute, with x, v and s of shape [T, ...]:

    h[t] = v[t-1] + (x[t] - v[t-1]) / tau
    s[t] = 1 where h[t] >= threshold, else 0
    v[t] = h[t] * (1 - s[t])          (hard reset to zero; s is a constant in the reset's gradient)

The derivative of the spike is that of sigmoid(4 (h - threshold)).
"""
import torch
from torch import nn

ALPHA = 4.0


class _Spike(torch.autograd.Function):
    """The step function with the derivative of a sigmoid."""

    @staticmethod
    def forward(ctx, distance):
        ctx.save_for_backward(distance)
        return (distance >= 0).to(distance.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (distance,) = ctx.saved_tensors
        sigmoid = torch.sigmoid(ALPHA * distance)
        return gradient * ALPHA * sigmoid * (1 - sigmoid)


class _FusedLIF(torch.autograd.Function):
    """The whole time loop as one operation; it keeps h, and works in place where it can."""

    @staticmethod
    def forward(ctx, x, tau, threshold):
        h = torch.empty_like(x)
        spikes = torch.empty_like(x)
        v = torch.zeros_like(x[0])
        for t in range(x.shape[0]):
            torch.lerp(v, x[t], 1 / tau, out=h[t])
            torch.ge(h[t], threshold, out=spikes[t])
            torch.addcmul(h[t], h[t], spikes[t], value=-1, out=v)
        ctx.save_for_backward(h)
        ctx.tau, ctx.threshold = tau, threshold
        return spikes

    @staticmethod
    def backward(ctx, gradient):
        (h,) = ctx.saved_tensors
        surrogate = h.sub(ctx.threshold).mul_(ALPHA).sigmoid_()
        # d/dh of the spike, for all steps at once.
        surrogate = torch.addcmul(surrogate, surrogate, surrogate, value=-1).mul_(ALPHA)
        surrogate.mul_(gradient)
        result = torch.empty_like(h)
        carry = torch.zeros_like(h[0])
        for t in range(h.shape[0] - 1, -1, -1):
            carry.mul_(h[t] < ctx.threshold).add_(surrogate[t])
            torch.mul(carry, 1 / ctx.tau, out=result[t])
            carry.mul_(1 - 1 / ctx.tau)
        return result, None, None


class FusedLIF(nn.Module):
    """One autograd.Function over all time steps."""

    def __init__(self, tau, threshold):
        super().__init__()
        self.tau, self.threshold = tau, threshold

    def forward(self, x):
        return _FusedLIF.apply(x, self.tau, self.threshold)


class LoopLIF(nn.Module):
    """A plain loop, meant to be compiled with the model around it."""

    def __init__(self, tau, threshold):
        super().__init__()
        self.tau, self.threshold = tau, threshold

    def forward(self, x):
        v = torch.zeros_like(x[0])
        spikes = []
        for current in x.unbind(0):
            h = v + (current - v) / self.tau
            spike = _Spike.apply(h - self.threshold)
            v = h * (1 - spike.detach())
            spikes.append(spike)
        return torch.stack(spikes)


def make(variant):
    """Returns the constructor (tau, threshold) -> layer of a variant."""
    if variant == "fused":
        return FusedLIF
    if variant in ("loop", "compile"):
        return LoopLIF
    if variant == "spikingjelly":
        from spikingjelly.activation_based import neuron

        return lambda tau, threshold: neuron.LIFNode(
            tau=tau, v_threshold=threshold, v_reset=0.0, detach_reset=True, step_mode="m"
        )
    raise ValueError(f"unknown variant {variant!r}")


def reset(model):
    """Forgets the membrane potentials that SpikingJelly keeps between calls; others keep none."""
    for module in model.modules():
        if module is not model and hasattr(module, "reset") and hasattr(module, "v_threshold"):
            module.reset()
