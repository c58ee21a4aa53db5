"""Checks these models against stored results of the published ones.

    python check.py FOLDER

FOLDER holds models_manifest.json and the safetensors files it names. Logits and losses of a
training step must agree; it exits with 1 if one does not.
"""
import json
import pathlib
import sys

import numpy as np
import torch

import lif
import models

CASES = {
    "spikingformer_dvs": lambda node, c: models.spikingformer(
        node, width=c["dim"], depth=c["depth"], heads=c["heads"], classes=11, tau=c["tau"],
        pools=(1, 1, 1, 1),
    ),
    "spikformer_cifar": lambda node, c: models.spikformer(
        node, width=c["dim"], depth=c["depth"], heads=c["heads"], classes=10, tau=c["tau"],
        pools=(0, 0, 1, 1), scale=c["scale"], inputs=3, bias=True,
    ),
    "sdt_gesture": lambda node, c: models.sdt(
        node, width=c["dim"], depth=c["depth"], classes=11, tau=c["tau"],
        pools=tuple(int(digit) for digit in c["pooling_stat"]),
    ),
}
TYPES = {"F32": "<f4", "I64": "<i8", "U8": "u1"}


def read(path):
    """Returns the tensors of a safetensors file by name."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__" and entry["dtype"] in TYPES:
            first, end = (start + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[first:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


def load(model, tensors, entry):
    """Fills a model in the order in which both list their tensors."""
    names = [name for name in entry["state_dict_order"] if name not in entry["dead_params"]]
    state = model.state_dict()
    if len(state) != len(names):
        raise SystemExit(f"{len(state)} tensors here, {len(names)} there")
    for mine, theirs in zip(state, names):
        state[mine].copy_(tensors["sd." + theirs].reshape(state[mine].shape))


def main():
    folder = pathlib.Path(sys.argv[1])
    manifest = json.loads((folder / "models_manifest.json").read_text())["models"]
    failed = False
    for name, build in CASES.items():
        entry = manifest[name]
        tensors = read(folder / entry["file"])
        for variant in ("spikingjelly", "fused", "loop"):
            model = build(lif.make(variant), entry["cfg"]).train()
            load(model, tensors, entry)
            frames = tensors["x"].float()
            if frames.dim() == 4:
                frames = frames.unsqueeze(1).expand(-1, entry["cfg"]["T"], -1, -1, -1)
            logits = model(frames)
            loss = torch.nn.functional.cross_entropy(logits, tensors["y"], label_smoothing=0.1)
            difference = (logits - tensors["logits"]).abs().max().item()
            agrees = difference < 1e-4 and abs(loss.item() - entry["losses"][0]) < 1e-5
            failed |= not agrees
            print(f"{name:20} {variant:13} max |difference| of logits {difference:.1e}"
                  f"  {'agrees' if agrees else 'DIFFERS'}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
