#!/usr/bin/env python3
"""Trains for an epoch on synthetic gestures of full size; shows cost, and waiting for the loader.

usage: gesture.py PROGRAM WORK [--threads 2] [--part model|loader]

The set has the frames of DVS128 Gesture: 128x128, T=16. The first table is Spikingformer-2-256; the
second has networks from large to tiny with the augmentations of published recipes, and the share of
the training time in which steps waited for their batches. Shares are medians of three epochs.
"""
import argparse
import csv
import json
import pathlib
import shutil
import statistics
import subprocess

WIDE = ["augment.hflip=0.5", "augment.policy=snn-augment-wide"]
AUGMENTATIONS = {
    "none": [],
    "flip, SNNAugmentWide, mixup": [*WIDE, "mix.mixup=0.5"],
    "flip, NDA": ["augment.hflip=0.5", "augment.policy=nda"],
    "flip, EventMix": ["augment.hflip=0.5", "mix.eventmix=1"],
    "EventDrop": ["augment.policy=event-drop"],
}
SMALL = ["model.name=spikingformer", "model.embed_dim=64", "model.depth=1"]
TINY = ["model.name=cnn", "model.architecture=8C3-MP4-16C3-MP4-FC11"]


def cache(program, work):
    """Makes the set: 29 users, 11 gestures each."""
    path = work / "gestures.h5"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        root = work / "gestures"
        run([program, "synth", "-o", root, "--trials", "1", "--overwrite", "--quiet"])
        run([program, "convert", root, "-o", path, "-T", "16", "--quiet"])
    return path


def run(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def train(options, settings, epochs):
    """Trains in a new run; returns its summary and the rows of its metrics."""
    folder = options.work / "run"
    shutil.rmtree(folder, ignore_errors=True)
    run([
        options.program, "train", "--data", cache(options.program, options.work), "-o", folder,
        "--threads", str(options.threads), "--quiet",
        "batch_size=16", "spike_bars=0", f"epochs={epochs}", *settings,
    ])
    with open(folder / "metrics.csv") as file:
        return json.loads((folder / "summary.json").read_text()), list(csv.DictReader(file))


def print_model(options):
    print("| epoch of | threads | training | evaluation | waiting | peak memory | energy a sample |")
    print("|---|---|---|---|---|---|---|")
    for name, settings in (
        ("Spikingformer-2-256", []),
        ("with flip, SNNAugmentWide, mixup", AUGMENTATIONS["flip, SNNAugmentWide, mixup"]),
    ):
        summary, _ = train(options, ["model.name=spikingformer-2-256", *settings], 1)
        print(
            f"| {name}, {summary['train_samples']} + {summary['test_samples']} samples"
            f" | {options.threads} | {summary['train_seconds']:.1f} s"
            f" | {summary['eval_seconds']:.1f} s | {summary['wait_seconds']:.2f} s"
            f" | {summary['peak_memory_mb']} MB | {summary['energy_mj']:.2f} mJ"
            f" ({summary['macs'] / 1e9:.3f} G MACs, {summary['acs'] / 1e9:.3f} G ACs) |",
            flush=True,
        )


def print_loader(options):
    print("| network | augmentation | threads | s an epoch | waiting | share |")
    print("|---|---|---|---|---|---|")
    for name, network in (("spikingformer, C=64", SMALL), ("cnn, 8 and 16 channels", TINY)):
        for augmentation, settings in AUGMENTATIONS.items():
            _, rows = train(options, [*network, *settings], 3)
            seconds, waits = (
                [float(row[key]) for row in rows] for key in ("train_seconds", "wait_seconds")
            )
            share = statistics.median(wait / total for wait, total in zip(waits, seconds))
            print(
                f"| {name} | {augmentation} | {options.threads} | {statistics.median(seconds):.2f}"
                f" | {statistics.median(waits):.3f} s | {share:.1%} |",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--part", choices=("model", "loader"))
    options = parser.parse_args()
    cache(options.program, options.work)
    if options.part != "loader":
        print_model(options)
        print()
    if options.part != "model":
        print_loader(options)


main()
