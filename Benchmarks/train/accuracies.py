#!/usr/bin/env python3
"""Converts real recordings, trains small networks on them over three seeds, prints tables.

usage: accuracies.py PROGRAM DATA WORK [--only nmnist|predator] [--threads N] [--seeds 0,1,2]

DATA holds nmnist (Train and Test with a folder per digit) and predator_prey_davis240 (a folder per
class). Accuracies of training are those of the last epoch's steps. Where recordings are too few for
a part of their own, every quarter is tested by networks that were trained on the other three; one
value is then a seed's accuracy over all recordings. Called again, it goes on where it stopped.
"""
import argparse
import json
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
SMALL = ["model.embed_dim=64", "model.depth=1"]

# Folder of recordings, splits ("" for the cache's own), what convert is told for each cache.
SETS = {
    "nmnist": ("nmnist", [""], {"t8": ["-T", "8"], "t10": ["-T", "10"]}),
    "predator": (
        "predator_prey_davis240",
        [f"kfold-4-{fold}" for fold in range(4)],
        {"t8": ["-T", "8", "--split", "kfold:4"]},
    ),
}

# Name, cache, recipe beside this script, settings.
ROWS = {
    "nmnist": [
        ("csnn", "t10", None, ["model.name=csnn", "epochs=10"]),
        (
            "spikingformer, 10 epochs", "t8", "nmnist",
            ["model.name=spikingformer", "epochs=10", *SMALL],
        ),
        ("spikingformer", "t8", "nmnist", ["model.name=spikingformer", *SMALL]),
        (
            "spikingformer, tokenizer for images", "t8", "nmnist",
            ["model.name=spikingformer", "model.tokenizer=images", "epochs=10", *SMALL],
        ),
        ("spikformer", "t8", "nmnist", ["model.name=spikformer", *SMALL]),
        ("sdt", "t8", "nmnist", ["model.name=sdt", *SMALL]),
        (
            "spikeformer", "t8", "nmnist",
            ["model.name=spikeformer", "model.embed_dim=64", "model.depth=2", "model.kernel=3"],
        ),
        (
            "cnn, without spikes", "t8", "nmnist",
            ["model.name=cnn", "model.architecture=16C3-MP2-32C3-MP2-FC64-FC10"],
        ),
    ],
    "predator": [
        ("spikingformer", "t8", "predator", ["model.name=spikingformer", *SMALL]),
        ("spikformer", "t8", "predator", ["model.name=spikformer", *SMALL]),
        ("sdt", "t8", "predator", ["model.name=sdt", *SMALL]),
        (
            "cnn, without spikes", "t8", "predator",
            ["model.name=cnn", "model.architecture=16C3-MP2-32C3-MP2-FC64-FC4"],
        ),
    ],
}


def convert(program, data, work, name):
    """Makes the caches of a set; returns their paths by name."""
    folder, _, caches = SETS[name]
    paths = {}
    for cache, options in caches.items():
        paths[cache] = work / f"{name}-{cache}.h5"
        if not paths[cache].exists():
            subprocess.run(
                [program, "convert", data / folder, "-o", paths[cache], *options, "--quiet"],
                check=True, stdout=subprocess.DEVNULL,
            )
    return paths


def train(options, cache, split, recipe, settings, run):
    """Trains with all seeds; returns the summary of the series."""
    command = [options.program, "train", "--data", cache, "-o", run, "--seeds", options.seeds]
    command += ["--threads", str(options.threads), "--quiet", "--resume", "auto"]
    command += ["--split", split] if split else []
    command += ["--config", HERE / f"{recipe}.yaml"] if recipe else []
    summary = run / "summary.json"
    if not summary.exists():
        subprocess.run(
            [*command, *settings], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    return json.loads(summary.read_text())


def spread(values):
    deviation = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):.3f} ± {deviation:.3f}"


def row(name, folds):
    """A line of the table, from the summaries of one network's folds."""
    last = folds[0]["runs"][0]
    seconds = [value for fold in folds for value in fold["seconds_per_epoch"]["values"]]
    # Folds are equally large, so that their mean is the share of all recordings.
    train, test = (
        [statistics.mean(seed) for seed in zip(*(fold[key]["values"] for fold in folds))]
        for key in ("train_top1", "test_top1")
    )
    cells = [name, f"{last['parameters']:,}", last["epochs"], f"{statistics.median(seconds):.2f}"]
    return "| " + " | ".join(map(str, [*cells, spread(train), spread(test)])) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seeds", default="0,1,2")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    for name in [options.only] if options.only else SETS:
        caches = convert(options.program, options.data, options.work, name)
        print(f"{name}, seeds {options.seeds}\n")
        print("| model | parameters | epochs | s an epoch | train | test |")
        print("|---|---|---|---|---|---|", flush=True)
        for index, (label, cache, recipe, settings) in enumerate(ROWS[name]):
            folds = [
                train(
                    options, caches[cache], split, recipe, settings,
                    options.work / f"{name}-{index}-{label.split(',')[0]}" / (split or "all"),
                )
                for split in SETS[name][1]
            ]
            print(row(label, folds), flush=True)
        print()


main()
