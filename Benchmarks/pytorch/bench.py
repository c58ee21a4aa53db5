"""Times a training or inference step of a spiking transformer in PyTorch on the CPU.

    python bench.py --model spikingformer-2-256-dvs --variant fused --batch 4 --threads 2

Variants: spikingjelly (its multi-step LIF node as shipped), fused (one autograd.Function over
all time steps), compile (torch.compile of the model with a plain loop), loop (the same, eager).
Every step runs on new random input with the sparsity of event frames. Set the allocator's
variables (MALLOC_MMAP_MAX_, MALLOC_TRIM_THRESHOLD_) outside if they are to be compared too.
"""
import argparse
import json
import resource
import statistics
import sys
import time

import torch

import lif
import models


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=models.MODELS, default="spikingformer-2-256-dvs")
    parser.add_argument(
        "--variant", choices=("spikingjelly", "fused", "compile", "loop"), default="fused"
    )
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two others")
    parser.add_argument("--mode", choices=("train", "infer"), default="train")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def frames(batch, shape):
    """Counts as of event frames, or evenly distributed values for images."""
    steps, channels, height, width = shape
    if channels == 3:
        image = torch.randn(batch, 1, channels, height, width)
        return image.expand(-1, steps, -1, -1, -1).contiguous()
    counts = torch.poisson(torch.full((batch, *shape), 0.08))
    return counts


def main():
    options = parse()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    model, shape, classes = models.build(options.model, lif.make(options.variant))
    trains = options.mode == "train"
    model.train(trains)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.06)
    call = torch.compile(model) if options.variant == "compile" else model

    def step(x, y):
        lif.reset(model)
        if not trains:
            with torch.inference_mode():
                return call(x)
        loss = torch.nn.functional.cross_entropy(call(x), y, label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    times = []
    for index in range(options.steps + 2):
        x = frames(options.batch, shape)
        y = torch.randint(classes, (options.batch,))
        start = time.perf_counter()
        step(x, y)
        elapsed = time.perf_counter() - start
        if index >= 2:
            times.append(elapsed)
        if not options.json:
            print(f"step {index}: {elapsed:.3f} s", file=sys.stderr)

    result = {
        "model": options.model, "variant": options.variant, "mode": options.mode,
        "batch": options.batch, "threads": options.threads, "steps": options.steps,
        "seconds": times, "median_s": statistics.median(times), "min_s": min(times),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "torch": torch.__version__,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    if options.json:
        print(json.dumps(result))
    else:
        print("{model} {variant} {mode} batch {batch} threads {threads}: median {median_s:.3f} s, "
              "min {min_s:.3f} s, peak {peak_rss_mib:.0f} MiB".format(**result))


if __name__ == "__main__":
    main()
