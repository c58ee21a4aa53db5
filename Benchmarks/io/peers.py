"""Measures how fast other programs read the files that `run` made.

usage: peers.py FOLDER
"""
import os
import random
import statistics
import sys
import tempfile
import time

import numpy as np

FRAMES = 16


def rate(what, units, work, repetitions=3):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(f"{what}: {units / statistics.median(times):,.0f} a second", flush=True)


def body(path):
    """The bytes behind the text header."""
    data = open(path, "rb").read()
    offset = 0
    while data[offset : offset + 1] == b"#":
        offset = data.index(b"\n", offset) + 1
    return data, offset


def numpy_aedat3(path):
    data, offset = body(path)
    parts = []
    while offset < len(data):
        header = np.frombuffer(data, "<u4", 7, offset)
        count = int(header[5])
        words = np.frombuffer(data, "<u4", 2 * count, offset + 28).reshape(-1, 2)
        parts.append((words[:, 1], words[:, 0] >> 17, words[:, 0] >> 2 & 0x7FFF, words[:, 0] >> 1 & 1))
        offset += 28 + 8 * int(header[4])
    return [np.concatenate(column) for column in zip(*parts)]


def numpy_aedat2(path):
    data, offset = body(path)
    words = np.frombuffer(data, ">u4", -1, offset).reshape(-1, 2)
    address = words[:, 0]
    x, y = 127 - (address >> 8 & 127), 127 - (address >> 1 & 127)
    return [words[:, 1].astype("u4"), x, y, 1 - (address & 1)]


def numpy_atis(path):
    records = np.fromfile(path, "u1").reshape(-1, 5).astype("u4")
    t = (records[:, 2] & 127) << 16 | records[:, 3] << 8 | records[:, 4]
    return [t, records[:, 0], records[:, 1], records[:, 2] >> 7]


def numpy_frames(columns, width, height):
    t, x, y, p = columns
    step = len(t) // FRAMES
    cells = p.astype(np.int64) * (width * height) + y.astype(np.int64) * width + x
    for i in range(FRAMES):
        end = len(t) if i == FRAMES - 1 else (i + 1) * step
        np.bincount(cells[i * step : end], minlength=2 * width * height)


def measure_numpy(files):
    readers = [numpy_aedat3, numpy_aedat2, numpy_atis]
    for reader, path in zip(readers, files):
        size = 34 if path.endswith(".bin") else 128
        columns = reader(path)
        rate(f"numpy events {os.path.basename(path)}", len(columns[0]), lambda: reader(path))
        rate(
            f"numpy frames {os.path.basename(path)}",
            len(columns[0]),
            lambda: numpy_frames(reader(path), size, size),
        )


def measure_spikingjelly(files, cache):
    try:
        import spikingjelly.datasets as sj
        from spikingjelly.datasets.cifar10_dvs import CIFAR10DVS
        from spikingjelly.datasets.dvs128_gesture import DVS128Gesture
        from spikingjelly.datasets.n_mnist import NMNIST
    except ImportError as error:
        return print(f"SpikingJelly: not measured: {error}")
    loaders = [DVS128Gesture.load_origin_data, CIFAR10DVS.load_origin_data, NMNIST.load_origin_data]
    for loader, path in zip(loaders, files):
        name = os.path.basename(path)
        try:
            events = loader(path)
        except Exception as error:
            print(f"SpikingJelly {name}: not measured: {error!r}")
            continue
        count = len(events["t"])
        size = 34 if path.endswith(".bin") else 128
        rate(f"SpikingJelly events {name}", count, lambda: loader(path), 1)
        rate(
            f"SpikingJelly frames {name}, without reading",
            count,
            lambda: sj.integrate_events_by_fixed_frames_number(events, "number", FRAMES, size, size),
            1,
        )
    measure_npz(cache, sj)


def measure_npz(cache, sj):
    """Reads a cache's frames from the compressed files that SpikingJelly writes, in random order."""
    try:
        import h5py
    except ImportError as error:
        return print(f"SpikingJelly .npz: not measured: {error}")
    with tempfile.TemporaryDirectory() as folder, h5py.File(cache) as f:
        paths = []
        for index in range(min(len(f["frames"]), 200)):
            path = f"{folder}/{index}.npz"
            np.savez_compressed(path, frames=f["frames"][index].astype(np.float64))
            paths.append(path)
        frames = len(paths) * f["frames"].shape[1]
        random.shuffle(paths)
        # The dataset folder's loader, then what its __getitem__ hands out.
        rate(
            "SpikingJelly frames from .npz in random order",
            frames,
            lambda: [sj.load_npz_frames(path) for path in paths],
        )


def measure_tonic(files):
    try:
        import tonic
    except ImportError as error:
        return print(f"tonic: not measured: {error}")
    readers = [
        lambda path: tonic.io.read_dvs_ibm(path)[1],
        lambda path: tonic.io.read_dvs_128(path)[1],
        lambda path: tonic.io.read_mnist_file(path, dtype=tonic.datasets.NMNIST.dtype),
    ]
    for reader, path in zip(readers, files):
        name = os.path.basename(path)
        try:
            rate(f"tonic events {name}", len(reader(path)), lambda: reader(path))
        except Exception as error:
            print(f"tonic {name}: not measured: {error!r}")


def main():
    folder = sys.argv[1]
    files = [f"{folder}/{name}" for name in ("big31.aedat", "cifar10_big.aedat", "big.bin")]
    measure_numpy(files)
    measure_tonic(files)
    measure_spikingjelly(files, f"{folder}/gesture.h5")


main()
