"""Trains a small network on a frame cache of dvsprep, as `dvsprep train` would, in PyTorch.

    python train.py CACHE.h5 --model spikingformer --crop 32 --epochs 30 --seeds 0 1 2

Prints accuracy and seconds an epoch for every seed; with --json one object. Seconds are those of
training, without evaluation, the median of all epochs but the first. Spikingformer has 64 channels
and one block; csnn is 12C5-MP2-64C5-MP2-FC10. No augmentation; see ../train/nmnist.yaml for the
recipe. bench.py says what the variants are; csnn has one only.
"""
import argparse
import json
import statistics
import sys
import time

import h5py
import numpy
import torch
from torch import nn

import lif
import models


class _FastSigmoidSpike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, distance):
        ctx.save_for_backward(distance)
        return (distance > 0).to(distance.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (distance,) = ctx.saved_tensors
        return gradient / (25 * distance.abs() + 1) ** 2


def leaky(x):
    """snnTorch's Leaky: beta 0.5, the threshold is subtracted one step late."""
    membrane = torch.zeros_like(x[0])
    spikes = []
    for current in x:
        reset = (membrane > 1).to(x.dtype).detach()
        membrane = 0.5 * membrane + current - reset
        spikes.append(_FastSigmoidSpike.apply(membrane - 1))
    return torch.stack(spikes)


class CSNN(nn.Module):
    def __init__(self, classes, size):
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 12, 5), nn.Conv2d(12, 64, 5)
        side = ((size - 4) // 2 - 4) // 2
        self.last = nn.Linear(64 * side * side, classes)

    def forward(self, frames):
        x = frames.transpose(0, 1)
        steps, batch = x.shape[:2]
        for convolution in (self.first, self.second):
            x = nn.functional.max_pool2d(convolution(x.flatten(0, 1)), 2)
            x = leaky(x.unflatten(0, (steps, batch)))
        return leaky(self.last(x.flatten(2)))


def load(path, crop, split):
    with h5py.File(path) as file:
        frames, labels = file["frames"][:], file["labels"][:]
        split = file["splits"][split] if split else next(iter(file["splits"].values()))
        parts = {name: split[name][:] for name in ("train", "test")}
    if crop:
        top, left = (frames.shape[-2] - crop) // 2, (frames.shape[-1] - crop) // 2
        frames = frames[..., top : top + crop, left : left + crop]
    frames, labels = torch.from_numpy(frames.astype(numpy.float32)), torch.from_numpy(labels)
    return {name: (frames[index], labels[index]) for name, index in parts.items()}


def groups(model, decay):
    """timm's: vectors and biases do not decay."""
    decayed = [p for n, p in model.named_parameters() if p.ndim > 1 and not n.endswith(".bias")]
    others = [p for n, p in model.named_parameters() if p.ndim <= 1 or n.endswith(".bias")]
    return [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def rate(epoch, epochs):
    if epoch < 2:
        return 1e-5 + epoch * (1e-3 - 1e-5) / 2
    return 1e-5 + 0.5 * (1e-3 - 1e-5) * (1 + numpy.cos(numpy.pi * epoch / epochs))


def loss_of(logits, labels, smoothing):
    steps = logits if logits.ndim == 3 else logits[None]
    return torch.stack(
        [nn.functional.cross_entropy(x, labels, label_smoothing=smoothing) for x in steps]
    ).mean()


def correct(logits, labels):
    scores = logits.mean(0) if logits.ndim == 3 else logits
    return (scores.argmax(1) == labels).sum().item()


def accuracy(model, frames, labels):
    model.eval()
    batches = []
    with torch.inference_mode():
        for x in frames.split(64):
            lif.reset(model)
            batches.append(model(x))
    return correct(torch.cat(batches, dim=-2), labels) / len(labels)


def run(options, data, seed):
    torch.manual_seed(seed)
    (frames, labels), classes = data["train"], int(data["train"][1].max()) + 1
    is_csnn = options.model == "csnn"
    if is_csnn:
        model = CSNN(classes, frames.shape[-1])
        optimizer = torch.optim.Adam(model.parameters(), 2e-3)
    else:
        model = models.spikingformer(
            lif.make(options.variant), width=64, depth=1, heads=4, classes=classes, tau=1.5,
            pools=(1, 1, 1, 1),
        )
        optimizer = torch.optim.AdamW(groups(model, 0.06), 1e-3)
    call = torch.compile(model) if options.variant == "compile" else model
    seconds = []
    for epoch in range(options.epochs):
        for group in optimizer.param_groups:
            late = epoch >= int(0.75 * options.epochs)
            group["lr"] = (2e-4 if late else 2e-3) if is_csnn else rate(epoch, options.epochs)
        model.train()
        start = time.perf_counter()
        hits = 0
        for index in torch.randperm(len(labels)).split(32):
            lif.reset(model)
            logits = call(frames[index])
            loss = loss_of(logits, labels[index], 0.0 if is_csnn else 0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hits += correct(logits.detach(), labels[index])
        seconds.append(time.perf_counter() - start)
    return {
        "seed": seed,
        "train_top1": hits / len(labels),
        "test_top1": accuracy(model, *data["test"]),
        "epoch_seconds": seconds,
    }


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cache")
    parser.add_argument("--split", help="by default the first one of the cache")
    parser.add_argument("--model", choices=("spikingformer", "csnn"), default="spikingformer")
    parser.add_argument(
        "--variant", choices=("spikingjelly", "fused", "compile", "loop"), default="fused"
    )
    parser.add_argument("--crop", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main():
    options = parse()
    torch.set_num_threads(options.threads)
    data = load(options.cache, options.crop, options.split)
    runs = []
    for seed in options.seeds:
        runs.append(run(options, data, seed))
        print(
            "seed {seed}: train {train_top1:.3f}, test {test_top1:.3f}, {seconds:.3f} s an epoch"
            .format(**runs[-1], seconds=median_seconds(runs[-1])),
            file=sys.stderr if options.json else sys.stdout,
            flush=True,
        )
    if options.json:
        print(json.dumps({"runs": runs, "torch": torch.__version__}))
    else:
        print(f"mean test {statistics.mean(run['test_top1'] for run in runs):.3f}")


def median_seconds(run):
    return statistics.median(run["epoch_seconds"][1:] or run["epoch_seconds"])


if __name__ == "__main__":
    main()
