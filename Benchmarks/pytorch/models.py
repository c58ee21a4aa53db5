"""Spiking transformers for the comparison, written from their published descriptions.

Every tensor is [T, B, C, H, W]; convolutions and batch norms see [T*B, C, H, W].
"""
import torch
from torch import nn


class Conv(nn.Module):
    """Convolution and batch norm over all time steps at once."""

    def __init__(self, inputs, outputs, kernel, bias=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=bias)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        steps, batch = x.shape[:2]
        return self.norm(self.conv(x.flatten(0, 1))).unflatten(0, (steps, batch))


class Pool(nn.Module):
    """Halves height and width by the maximum of 3x3 windows."""

    def forward(self, x):
        steps, batch = x.shape[:2]
        pooled = nn.functional.max_pool2d(x.flatten(0, 1), 3, stride=2, padding=1)
        return pooled.unflatten(0, (steps, batch))


def split_heads(x, heads):
    """[T, B, C, H, W] -> [T, B, heads, N, C / heads]."""
    return x.flatten(3).unflatten(2, (heads, -1)).transpose(-1, -2)


class PairAttention(nn.Module):
    """(q k^T) v without softmax, of spikes."""

    def __init__(self, width, heads, scale, lif, *, leads, trailing, bias=False):
        super().__init__()
        self.heads, self.scale = heads, scale
        self.lead = lif(1.0) if leads else nn.Identity()
        self.projections = nn.ModuleList(
            nn.Sequential(Conv(width, width, 1, bias), lif(1.0)) for _ in range(3)
        )
        self.lif = lif(0.5)
        self.out = Conv(width, width, 1, bias=True)
        self.trail = lif(1.0) if trailing else nn.Identity()

    def forward(self, x):
        shape = x.shape
        spikes = self.lead(x)
        q, k, v = (split_heads(project(spikes), self.heads) for project in self.projections)
        attended = (q @ k.transpose(-1, -2)) @ v * self.scale
        attended = attended.transpose(-1, -2).reshape(shape)
        return self.trail(self.out(self.lif(attended)))


class MaskAttention(nn.Module):
    """Spike-driven attention: channels whose k and v agree often enough let q pass."""

    def __init__(self, width, lif):
        super().__init__()
        self.lead = lif(1.0)
        self.projections = nn.ModuleList(
            nn.Sequential(Conv(width, width, 1), lif(1.0)) for _ in range(3)
        )
        self.lif = lif(0.5)
        self.out = Conv(width, width, 1, bias=True)

    def forward(self, x):
        spikes = self.lead(x)
        q, k, v = (project(spikes) for project in self.projections)
        gate = self.lif((k * v).sum((-2, -1), keepdim=True))
        return self.out(q * gate)


class MLP(nn.Module):
    """Two 1x1 convolutions; neurons before each, or after each."""

    def __init__(self, width, lif, *, leads, ratio=4):
        super().__init__()
        hidden = width * ratio
        layers = [Conv(width, hidden, 1, bias=True), Conv(hidden, width, 1, bias=True)]
        if leads:
            self.layers = nn.Sequential(lif(1.0), layers[0], lif(1.0), layers[1])
        else:
            self.layers = nn.Sequential(layers[0], lif(1.0), layers[1], lif(1.0))

    def forward(self, x):
        return self.layers(x)


class Block(nn.Module):
    """Attention and MLP, each added to what came in."""

    def __init__(self, attention, mlp):
        super().__init__()
        self.attention, self.mlp = attention, mlp

    def forward(self, x):
        x = x + self.attention(x)
        return x + self.mlp(x)


class Classifier(nn.Module):
    """Tokenizer, blocks, mean over tokens and time, linear."""

    def __init__(self, tokenizer, blocks, width, classes, last=None):
        super().__init__()
        self.tokenizer = tokenizer
        self.blocks = nn.Sequential(*blocks)
        self.last = last or nn.Identity()
        self.head = nn.Linear(width, classes)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                nn.init.zeros_(module.bias)

    def forward(self, frames):
        x = self.blocks(self.tokenizer(frames.transpose(0, 1)))
        return self.head(self.last(x.mean((-2, -1))).mean(0))


def spikingformer(lif, *, width, depth, heads, classes, tau, pools, inputs=2):
    """Neurons before convolutions. `pools` says before which of convolutions 2 to 5 to pool."""
    node = lambda threshold: lif(tau, threshold)
    widths = [width // 8, width // 4, width // 2, width, width][-(len(pools) + 1):]
    layers = [Conv(inputs, widths[0], 3)]
    for before, after, pooled in zip(widths, widths[1:], pools):
        layers += [node(1.0)] + [Pool()] * pooled + [Conv(before, after, 3)]
    blocks = [
        Block(
            PairAttention(width, heads, 0.125, node, leads=True, trailing=False),
            MLP(width, node, leads=True),
        )
        for _ in range(depth)
    ]
    return Classifier(nn.Sequential(*layers), blocks, width, classes)


class SpikformerTokenizer(nn.Module):
    """Four convolutions with neurons, then one that is added as position code."""

    def __init__(self, inputs, width, pools, node):
        super().__init__()
        layers = []
        for after, pooled in zip((width // 8, width // 4, width // 2, width), pools):
            layers += [Conv(inputs, after, 3), node(1.0)] + [Pool()] * pooled
            inputs = after
        self.layers = nn.Sequential(*layers)
        self.position = nn.Sequential(Conv(width, width, 3), node(1.0))

    def forward(self, x):
        x = self.layers(x)
        return x + self.position(x)


def spikformer(lif, *, width, depth, heads, classes, tau, pools, scale, inputs, bias):
    """Neurons after convolutions. `bias` belongs to the queries, keys and values."""
    node = lambda threshold: lif(tau, threshold)
    blocks = [
        Block(
            PairAttention(width, heads, scale, node, leads=False, trailing=True, bias=bias),
            MLP(width, node, leads=False),
        )
        for _ in range(depth)
    ]
    return Classifier(SpikformerTokenizer(inputs, width, pools, node), blocks, width, classes)


class SDTTokenizer(nn.Module):
    """Four convolutions; the position convolution adds to the membrane potential."""

    def __init__(self, inputs, width, pools, node):
        super().__init__()
        layers = []
        for after, pooled in zip((width // 8, width // 4, width // 2), pools):
            layers += [Conv(inputs, after, 3), node(1.0)] + [Pool()] * pooled
            inputs = after
        layers += [Conv(inputs, width, 3)] + [Pool()] * pools[3]
        self.layers = nn.Sequential(*layers)
        self.lif = node(1.0)
        self.position = Conv(width, width, 3)

    def forward(self, x):
        x = self.layers(x)
        return self.position(self.lif(x)) + x


def sdt(lif, *, width, depth, classes, tau, pools, inputs=2):
    """Spike-driven transformer."""
    node = lambda threshold: lif(tau, threshold)
    blocks = [
        Block(MaskAttention(width, node), MLP(width, node, leads=True)) for _ in range(depth)
    ]
    tokenizer = SDTTokenizer(inputs, width, pools, node)
    return Classifier(tokenizer, blocks, width, classes, last=node(1.0))


# Name: (constructor, input shape [T, C, H, W], classes)
MODELS = {
    "spikingformer-2-256-dvs": (
        lambda lif: spikingformer(
            lif, width=256, depth=2, heads=16, classes=11, tau=1.5, pools=(1, 1, 1, 1)
        ),
        (16, 2, 128, 128),
        11,
    ),
    "spikformer-4-384-cifar": (
        lambda lif: spikformer(
            lif, width=384, depth=4, heads=12, classes=10, tau=2.0, pools=(0, 0, 1, 1),
            scale=0.125, inputs=3, bias=True,
        ),
        (4, 3, 32, 32),
        10,
    ),
    "sdt-2-256-gesture": (
        lambda lif: sdt(lif, width=256, depth=2, classes=11, tau=2.0, pools=(0, 1, 1, 1)),
        (16, 2, 128, 128),
        11,
    ),
}


def build(name, lif):
    """Returns the model and the shape of one sample."""
    constructor, shape, classes = MODELS[name]
    return constructor(lif), shape, classes
