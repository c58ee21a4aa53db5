#!/usr/bin/env python3
"""Kills a conversion at random moments, starts it again, and compares the result with that of an
undisturbed one, byte by byte.

usage: kills.py PROGRAM INPUT WORK [KILLS] [SEED]
  PROGRAM  the built dvsprep
  INPUT    a dataset, such as one that `dvsprep synth` makes
  WORK     an empty folder
"""
import os
import random
import signal
import subprocess
import sys
import time

program, data, work = (os.path.abspath(path) for path in sys.argv[1:4])
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 50
random.seed(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
command = [program, "convert", data, "-o", "frames.h5", "-T", "16"]


def convert(name, moment=None):
    """Runs the command in a folder of its own; kills it after `moment` seconds."""
    folder = f"{work}/{name}"
    os.makedirs(folder, exist_ok=True)
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if moment is not None:
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
    errors = process.stderr.read()
    return folder, process.wait(), errors


def content(folder):
    with open(f"{folder}/frames.h5", "rb") as file:
        return file.read()


start = time.perf_counter()
folder, status, errors = convert("undisturbed")
length = time.perf_counter() - start
if status != 0:
    sys.exit(errors)
expected = content(folder)
killed = resumed = 0
for number in range(kills):
    name = f"kill{number}"
    # Up to three kills of the same conversion, the later ones while it goes on.
    for _ in range(random.randint(1, 3)):
        folder, status, _ = convert(name, random.uniform(0, length))
        killed += status == -signal.SIGKILL
        if os.path.exists(f"{folder}/frames.h5") and content(folder) != expected:
            sys.exit(f"{folder}: an output that bears its name is not complete")
    folder, status, errors = convert(name)
    if status != 0:
        sys.exit(f"{folder}: {errors}")
    resumed += "kept" in errors or "already" in errors
    if content(folder) != expected:
        sys.exit(f"{folder}: differs from the undisturbed conversion")
    if os.listdir(folder) != ["frames.h5"]:
        sys.exit(f"{folder}: left behind {os.listdir(folder)}")
print(f"{kills} conversions of {length:.2f} s, killed {killed} times, {resumed} of them resumed: "
      "all identical, nothing left behind")
