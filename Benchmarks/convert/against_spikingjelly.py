#!/usr/bin/env python3
"""Converts three synthetic datasets with dvsprep and with SpikingJelly, one after the other, on one
core, and prints times, memory and their ratios; then dvsprep on two cores.

usage: against_spikingjelly.py PROGRAM BENCH PYTHON WORK
  PROGRAM  the built dvsprep
  BENCH    the folder with gen.py and e2e_one.py, which generate the data and run SpikingJelly
  PYTHON   an interpreter that has spikingjelly
  WORK     a folder for data and outputs; data that is there is used again
"""
import json
import os
import sys

from measure import run

program, bench, python, work = (os.path.abspath(path) for path in sys.argv[1:5])
only = sys.argv[5:] or ["gesture", "cifar", "nmnist"]
targets = {"gesture": 100, "cifar": 50, "nmnist": 30}
repetitions = 7

for name in only:
    data = f"{work}/data/{name}"
    if not os.path.isdir(data):
        run([python, f"{bench}/gen.py", name, data])
    _, _, line = run([python, f"{bench}/e2e_one.py", name, f"{work}/spikingjelly"], {0}, work)
    peer = json.loads(line.strip().splitlines()[-1])
    peer_seconds = peer["events_np_s"] + peer["frames_s"]
    best = {}
    for jobs in (1, 2):
        for _ in range(repetitions):
            command = [program, "convert", f"{data}/extract", "-o", f"{work}/{name}.h5",
                       "-T", "16", "--jobs", str(jobs), "--overwrite", "--quiet"]
            seconds, memory, _ = run(command, set(range(jobs)))
            if jobs not in best or seconds < best[jobs][0]:
                best[jobs] = (seconds, memory)
    (one, memory), (two, _) = best[1], best[2]
    print(f"{name:8} {peer['samples']} samples: SpikingJelly {peer_seconds:.2f} s, "
          f"{peer['rss_peak_MB']} MB; dvsprep {one:.3f} s, {memory:.0f} MB: "
          f"{peer_seconds / one:.0f} times faster (at least {targets[name]} wanted), "
          f"{peer['rss_peak_MB'] / memory:.1f} times less memory; "
          f"two cores {one / two:.2f} times one", flush=True)
