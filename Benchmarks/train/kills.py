#!/usr/bin/env python3
"""Kills a training run at random moments and compares what it ends with to an undisturbed one.

usage: kills.py PROGRAM CACHE WORK [SETTING…]

A run of 3 epochs is made once without disturbance. Then, five times: it is started, killed with
SIGKILL at a random moment, continued with --resume auto (and, at random, killed again), and at the
end its weights, averages, optimizer slots and metrics must be those of the first run, bit for bit.
"""
import csv
import json
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time

MOMENTS = 5
TIMED = {"train_seconds", "eval_seconds", "samples_per_second", "wait_seconds"}


def tensors(path):
    """All tensors of a safetensors file as bytes."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    return {
        name: body[slice(*entry["data_offsets"])]
        for name, entry in header.items()
        if name != "__metadata__"
    }


def rows(run):
    """The rows of metrics.csv without what depends on the clock."""
    with open(run / "metrics.csv") as file:
        return [{k: v for k, v in row.items() if k not in TIMED} for row in csv.DictReader(file)]


def main():
    program, cache, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    settings = sys.argv[4:] or ["--model", "csnn"]
    command = [program, "train", "--data", cache, "--quiet", "--resume", "auto"]
    command += [*settings, "epochs=3", "checkpoint_seconds=0"]
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    whole = work / "whole"
    start = time.monotonic()
    subprocess.run([*command, "-o", str(whole)], check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    expected, expected_rows = tensors(whole / "checkpoints/last.safetensors"), rows(whole)
    generator = random.Random(2026)
    kills = 0
    for moment in range(MOMENTS):
        run = work / f"run{moment}"
        status = None
        while status != 0:
            process = subprocess.Popen([*command, "-o", str(run)], stdout=subprocess.DEVNULL)
            try:
                status = process.wait(timeout=generator.uniform(0.05, 0.8) * seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                status = process.wait()
                kills += 1
            if status not in (0, -signal.SIGKILL):
                sys.exit(f"{run}: exit status {status}")
        if tensors(run / "checkpoints/last.safetensors") != expected:
            sys.exit(f"{run}: other weights than {whole}")
        if rows(run) != expected_rows:
            sys.exit(f"{run}: other metrics than {whole}")
        print(f"run {moment}: equal", flush=True)
    print(f"{MOMENTS} runs, {kills} kills, {len(expected)} tensors each: all equal ({seconds:.1f} s a run)")


main()
