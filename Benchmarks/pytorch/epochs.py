"""Times epochs of training on a real set with dvsprep and with PyTorch, in turn, in one run.

    python epochs.py PROGRAM RECORDINGS [--threads 1] [--epochs 4]

RECORDINGS is N-MNIST, converted anew to 8 and 10 frames. Both train the same networks with the same
recipe in batches of 32 (train.py). The table has medians over all epochs but the first, without
evaluation, and how many times slower than dvsprep each variant is.
"""
import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RECIPE = HERE.parent / "train" / "nmnist.yaml"
SPIKINGFORMER = ["--config", str(RECIPE), "--model", "spikingformer"]
# Name, frames, settings for dvsprep, options for train.py, variants.
NETWORKS = [
    (
        "Spikingformer, C=64, 1 block, 32x32, T=8", 8,
        [*SPIKINGFORMER, "model.embed_dim=64", "model.depth=1"],
        ["--model", "spikingformer", "--crop", "32"], ["fused", "spikingjelly", "compile"],
    ),
    ("CSNN, 34x34, T=10", 10, ["--model", "csnn"], ["--model", "csnn"], ["fused"]),
]


def run(command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return subprocess.run(
        list(map(str, command)), env=environment, check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ).stdout


def ours(options, cache, settings, folder):
    run([
        options.program, "train", "--data", cache, "-o", folder, "--quiet", "--threads",
        options.threads, *settings, f"epochs={options.epochs}", "spike_bars=0",
    ])
    with open(folder / "metrics.csv") as file:
        return [float(row["train_seconds"]) for row in csv.DictReader(file)]


def theirs(options, cache, settings, variant):
    output = run([
        sys.executable, HERE / "train.py", cache, *settings, "--variant", variant, "--json",
        "--epochs", options.epochs, "--threads", options.threads,
    ])
    return json.loads(output)["runs"][0]["epoch_seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("recordings")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--variants", help="only these, such as fused,spikingjelly")
    options = parser.parse_args()
    chosen = options.variants.split(",") if options.variants else None
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for index, (network, frames, settings, torch_settings, variants) in enumerate(NETWORKS):
            cache = work / f"t{frames}.h5"
            run([options.program, "convert", options.recordings, "-o", cache, "-T", frames])
            times = {"dvsprep": ours(options, cache, settings, work / f"run{index}")}
            for variant in variants:
                if not chosen or variant in chosen:
                    times[variant] = theirs(options, cache, torch_settings, variant)
            base = statistics.median(times["dvsprep"][1:])
            print(f"{network}, B=32, threads={options.threads}")
            for contestant, seconds in times.items():
                median = statistics.median(seconds[1:])
                print(f"  {contestant:14} {median:7.3f} s an epoch  x {median / base:5.2f}"
                      f"  min {min(seconds[1:]):7.3f}", flush=True)


if __name__ == "__main__":
    main()
