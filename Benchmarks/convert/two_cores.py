#!/usr/bin/env python3
"""Converts the trees that `against_spikingjelly.py` made, and trees of several times as many
recordings, with one job on one core and with two jobs on two.

usage: two_cores.py PROGRAM WORK [TIMES]
  PROGRAM  the built dvsprep
  WORK     the folder that `against_spikingjelly.py` was given
  TIMES    how many times as many recordings the larger trees have (8)
"""
import os
import sys

from measure import run

program, work = (os.path.abspath(path) for path in sys.argv[1:3])
times = int(sys.argv[3]) if len(sys.argv) > 3 else 8


def link(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.exists(target):
        os.link(source, target)


def repeat_gesture(source, target):
    """Further users for the recordings; each list keeps its part."""
    source, target = f"{source}/DvsGesture", f"{target}/DvsGesture"
    for part, first in [("train", 1), ("test", 24)]:
        names = open(f"{source}/trials_to_{part}.txt").read().split()
        copies = []
        for number in range(times):
            for name in names:
                copy = f"user{first + number:02d}_{name.split('_', 1)[1]}"
                link(f"{source}/{name}", f"{target}/{copy}")
                link(f"{source}/{name[:-6]}_labels.csv", f"{target}/{copy[:-6]}_labels.csv")
                copies.append(copy)
        with open(f"{target}/trials_to_{part}.txt", "w") as file:
            file.write("".join(f"{copy}\n" for copy in copies))


def repeat_numbered(source, target):
    """Further numbers for the recordings, whose names end in one."""
    for folder, _, files in os.walk(source):
        for file in files:
            stem, ending = os.path.splitext(file)
            digits = len(stem) - len(stem.rstrip("0123456789"))
            front, number = stem[: len(stem) - digits], int(stem[-digits:])
            for copy in range(times):
                link(f"{folder}/{file}",
                     f"{target}{folder[len(source):]}/{front}{copy * 100_000 + number}{ending}")


def seconds(tree, jobs, repetitions):
    command = [program, "convert", tree, "-o", f"{work}/two_cores.h5", "-T", "16",
               "--jobs", str(jobs), "--overwrite", "--quiet"]
    return min(run(command, set(range(jobs)))[0] for _ in range(repetitions))


for name, repeat in [("gesture", repeat_gesture), ("cifar", repeat_numbered),
                     ("nmnist", repeat_numbered)]:
    small = f"{work}/data/{name}/extract"
    large = f"{work}/data/{name}-{times}/extract"
    repeat(small, large)
    for label, tree, repetitions in [("as it is", small, 9), (f"{times} times", large, 3)]:
        one, two = (seconds(tree, jobs, repetitions) for jobs in (1, 2))
        print(f"{name:8} {label:8}: one core {one:.3f} s, two cores {two:.3f} s: {one / two:.2f}",
              flush=True)
os.remove(f"{work}/two_cores.h5")
