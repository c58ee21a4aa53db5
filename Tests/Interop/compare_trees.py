#!/usr/bin/env python3
"""Compares dvsprep's trees with what the installed SpikingJelly makes of the same files.

usage: compare_trees.py PROGRAM FOLDER

Makes three small datasets, lets SpikingJelly and dvsprep convert each in several ways, and lets
SpikingJelly's dataset classes open both. File names, classes, targets, lengths and every array must
be equal; and while they open dvsprep's trees, the functions that would convert or download raise.
"""
import os
import shutil
import struct
import subprocess
import sys

import numpy as np

# Removed from NumPy after SpikingJelly 0.0.0.0.14, which reads CIFAR10-DVS with them.
np.fromstring = lambda data, dtype: np.frombuffer(data, dtype=dtype)
if not hasattr(np, "bool"):
    np.bool = bool

from importlib.metadata import version
from unittest import mock

try:
    import torchaudio
except Exception:  # of another build than PyTorch; only the datasets of speech need it
    sys.modules["torchaudio"] = mock.MagicMock()

import spikingjelly.datasets as sjds
from spikingjelly.datasets.cifar10_dvs import CIFAR10DVS
from spikingjelly.datasets.dvs128_gesture import DVS128Gesture
from spikingjelly.datasets.n_mnist import NMNIST

PROGRAM, FOLDER = sys.argv[1:]
VERSION = version("spikingjelly")
IS_OLD = VERSION.startswith("0.")
CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def make_gesture(root):
    run("synth", "-o", root, "--users", "3", "--trials", "1", "--duration", "300000", "--quiet")
    os.remove(f"{root}/DvsGesture/README.txt")
    os.makedirs(f"{root}/extract")
    shutil.move(f"{root}/DvsGesture", f"{root}/extract/DvsGesture")


def make_cifar(root):
    rng = np.random.default_rng(1)
    for name in CLASSES:
        for number in (0, 2, 10):
            address = rng.integers(0, 1 << 15, 3000, dtype=np.uint32)
            time = np.cumsum(rng.integers(0, 400, 3000)).astype(np.uint32)
            events = np.stack([address, time], 1).astype(">u4").tobytes()
            path = f"{root}/extract/{name}/cifar10_{name}_{number}.aedat"
            write(path, b"#!AER-DAT2.0\r\n# a comment\r\n" + events)


def make_nmnist(root):
    rng = np.random.default_rng(2)
    for digit in range(10):
        for part, count in (("Train", 2), ("Test", 1)):
            for number in range(count):
                time = np.cumsum(rng.integers(0, 250, 1200))
                records = b"".join(
                    struct.pack(
                        ">BBBH",
                        rng.integers(34),
                        rng.integers(34),
                        int(rng.integers(2)) << 7 | int(t) >> 16,
                        int(t) & 0xFFFF,
                    )
                    for t in time
                )
                write(f"{root}/extract/{part}/{digit}/{1 + number + 2 * digit:05}.bin", records)


def run(*arguments):
    subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.DEVNULL)


def open_all(dataset, root, ways):
    """Opens a root with SpikingJelly's class; what it holds, by part."""
    parts = [None] if dataset is CIFAR10DVS else [True, False]
    opened = {}
    for part in parts:
        given = {} if part is None else {"train": part}
        data = dataset(root, **given, **ways)
        opened[part] = {
            "classes": data.classes,
            "names": [(os.path.relpath(path, root), target) for path, target in data.samples],
            "items": [data[index] for index in range(len(data))],
        }
    return opened


def forbid(dataset):
    """Makes everything raise that would convert, extract or download; returns how to undo it."""
    undo = []

    def replace(owner, name):
        def raising(*_, **__):
            raise AssertionError(f"SpikingJelly called {name}")

        undo.append((owner, name, owner.__dict__[name]))
        is_method = isinstance(owner, type)
        setattr(owner, name, staticmethod(raising) if is_method else raising)

    names = "create_events_np_files create_raw_from_extracted extract_downloaded_files".split()
    for owner in dataset.__mro__:
        for name in names + ["_download_all_files", "_check_downloaded_files"]:
            if name in owner.__dict__:
                replace(owner, name)
    if IS_OLD:
        for name in list(vars(sjds)):
            if name.startswith("integrate_events_file_to") or name == "create_same_directory_structure":
                replace(sjds, name)
    else:
        for owner in vars(sjds.base).values():
            if isinstance(owner, type) and "build_impl" in vars(owner):
                replace(owner, "build_impl")
    assert len(undo) >= 4, f"only {[name for _, name, _ in undo]} could be replaced"
    return undo


def compare(label, theirs, ours):
    assert theirs.keys() == ours.keys()
    count = 0
    for part in theirs:
        a, b = theirs[part], ours[part]
        assert a["classes"] == b["classes"], f"{label}: classes {a['classes']} {b['classes']}"
        assert a["names"] == b["names"], f"{label}: {set(a['names']) ^ set(b['names'])}"
        assert len(a["items"]) > 0, f"{label}: SpikingJelly has no samples"
        for (name, _), (x, target), (y, other) in zip(a["names"], a["items"], b["items"]):
            assert target == other, f"{label}: {name}: target {target} {other}"
            pairs = [("frames", x, y)] if isinstance(x, np.ndarray) else [
                (key, x[key], y[key]) for key in "txyp"
            ]
            for key, one, two in pairs:
                assert np.array_equal(one, two), f"{label}: {name}: {key} differs"
            if isinstance(x, np.ndarray):
                assert x.dtype == y.dtype, f"{label}: {name}: {x.dtype} {y.dtype}"
            count += 1
    print(f"{label}: {count} samples equal", flush=True)


def check(name, dataset, make, folder):
    source = f"{folder}/{name}/source"
    os.makedirs(f"{folder}/{name}")
    make(source)
    theirs = f"{folder}/{name}/theirs"
    shutil.copytree(source, theirs)
    os.makedirs(f"{theirs}/download")
    resources = dataset.__dict__["resource_url_md5"]
    dataset.resource_url_md5 = staticmethod(list)
    rule = "first-event" if IS_OLD else "grid"
    ways = [
        (["-T", "16"], {"frames_number": 16, "split_by": "number"}),
        (["-T", "4", "--split-by", "time"], {"frames_number": 4, "split_by": "time"}),
        (["--duration", "50000", "--duration-rule", rule], {"duration": 50000}),
    ]
    for index, (options, way) in enumerate(ways):
        ours = f"{folder}/{name}/ours{index}"
        events = ["--events"] if index == 1 else []
        run("convert", source, "-o", ours, "--layout", "spikingjelly", "--quiet", *options, *events)
        way = {"data_type": "frame", **way}
        expected = open_all(dataset, theirs, way)
        undo = forbid(dataset)
        try:
            compare(f"{VERSION} {name} {' '.join(options)}", expected, open_all(dataset, ours, way))
            if events:
                way = {"data_type": "event"}
                expected = open_all(dataset, theirs, way)
                compare(f"{VERSION} {name} events", expected, open_all(dataset, ours, way))
        finally:
            for owner, attribute, value in undo:
                setattr(owner, attribute, value)
    dataset.resource_url_md5 = resources


def main():
    folder = os.path.join(FOLDER, VERSION)
    shutil.rmtree(folder, ignore_errors=True)
    for name, dataset, make in [
        ("DVS128Gesture", DVS128Gesture, make_gesture),
        ("CIFAR10DVS", CIFAR10DVS, make_cifar),
        ("NMNIST", NMNIST, make_nmnist),
    ]:
        check(name, dataset, make, folder)
    shutil.rmtree(folder)


main()
