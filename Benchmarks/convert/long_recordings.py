#!/usr/bin/env python3
"""Converts recordings of 1 GiB in three formats and prints time and peak memory.

usage: long_recordings.py PROGRAM WORK [MiB]
"""
import os
import struct
import sys

from measure import run

program, work = (os.path.abspath(path) for path in sys.argv[1:3])
size = (int(sys.argv[3]) if len(sys.argv) > 3 else 1024) << 20
os.makedirs(work, exist_ok=True)


def pieces(kind):
    """Yields bytes of a recording without end, and first its header."""
    if kind == "aedat3":
        yield b"#!AER-DAT3.1\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n"
    elif kind == "aedat2":
        yield b"#!AER-DAT2.0\r\n"
    count, time = 4096, 0
    while True:
        if kind == "aedat3":
            words = [((i * 7 % 128) << 17 | (i * 5 % 128) << 2 | (i & 1) << 1 | 1, time + i)
                     for i in range(count)]
            body = b"".join(struct.pack("<II", *word) for word in words)
            yield struct.pack("<hhiiiiii", 1, 1, 8, 4, 0, count, count, count) + body
        elif kind == "aedat2":
            yield b"".join(struct.pack(">II", (i * 5 % 128) << 8 | (i * 7 % 128) << 1 | i & 1, time + i)
                           for i in range(count))
        else:
            yield b"".join(struct.pack(">BBBH", i % 34, i * 3 % 34, (i & 1) << 7, i)
                           for i in range(count))
        time += count if kind != "atis" else 0
        if time > 1 << 30:
            time = 0


for kind, name in [("aedat3", "long3.aedat"), ("aedat2", "long2.aedat"), ("atis", "long.bin")]:
    path = f"{work}/{name}"
    with open(path, "wb") as file:
        written = 0
        stream = pieces(kind)
        written += file.write(next(stream)) if kind != "atis" else 0
        # A few thousand packets, then the same again.
        block = b"".join(next(stream) for _ in range(256))
        while written + len(block) <= size:
            written += file.write(block)
    seconds, memory, _ = run([program, "convert", path, "-o", f"{path}.h5", "--overwrite", "--quiet"])
    print(f"{kind}: {written / (1 << 30):.2f} GiB in {seconds:.1f} s, peak {memory:.0f} MB", flush=True)
    os.remove(path)
