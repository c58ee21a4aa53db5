"""Times dvsprep's training step or inference and PyTorch's variants in turn, on the same cores.

    python compare.py --program ../../.build/release/dvsprep --mode train --batch 4 --threads 1

Every round runs each contestant once in a process of its own; the table has medians over all
measured steps, how many times slower than dvsprep each variant is, and the most memory that was
resident.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

MODELS = {
    "spikingformer-2-256": "spikingformer-2-256-dvs",
    "spikformer-4-384": "spikformer-4-384-cifar",
    "sdt-2-256": "sdt-2-256-gesture",
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="../../.build/release/dvsprep")
    parser.add_argument("--model", choices=MODELS, default="spikingformer-2-256")
    parser.add_argument("--mode", choices=("train", "infer"), default="train")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--variants", default="fused,compile,spikingjelly")
    return parser.parse_args()


def run(command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(output.stdout)


def ours(options):
    result = run([
        options.program, "bench", options.mode, "--model", options.model, "--json",
        "--batch", str(options.batch), "--threads", str(options.threads),
        "--repeats", str(options.steps),
    ])
    return result["seconds"], result["peak_resident_bytes"] / 2**20


def theirs(options, variant):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench.py")
    result = run([
        sys.executable, script, "--model", MODELS[options.model], "--variant", variant, "--json",
        "--mode", options.mode, "--batch", str(options.batch), "--threads", str(options.threads),
        "--steps", str(options.steps),
    ])
    return result["seconds"], result["peak_rss_mib"]


def main():
    options = parse()
    contestants = ["dvsprep"] + options.variants.split(",")
    seconds = {name: [] for name in contestants}
    memory = dict.fromkeys(contestants, 0)
    for _ in range(options.rounds):
        for name in contestants:
            times, peak = ours(options) if name == "dvsprep" else theirs(options, name)
            seconds[name] += times
            memory[name] = max(memory[name], peak)
    base = statistics.median(seconds["dvsprep"])
    print(f"{options.mode} {options.model} B={options.batch} threads={options.threads}")
    for name in contestants:
        median = statistics.median(seconds[name])
        print(f"  {name:14} {median:8.3f} s  min {min(seconds[name]):8.3f} s"
              f"  x {median / base:5.2f}  {memory[name]:6.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
