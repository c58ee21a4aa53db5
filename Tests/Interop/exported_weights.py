"""Loads exported weights into torch and classifies a recording with them.

usage: python exported_weights.py PYTORCH_FOLDER ORIGINAL EXPORTED RECORDING

PYTORCH_FOLDER is Benchmarks/pytorch, ORIGINAL and EXPORTED are checkpoints of the same small
Spikingformer, RECORDING is an events .npz of a 32 x 32 sensor. Every tensor must be equal in both;
the logits for the recording, cut into 4 frames of equal counts, are printed as JSON.
"""
import argparse
import json
import sys

import numpy
import torch

folder, original, exported, recording = sys.argv[1:]
sys.path.insert(0, folder)
import lif  # noqa: E402
import models  # noqa: E402

torch.serialization.add_safe_globals([argparse.Namespace])
theirs = torch.load(original, weights_only=True)["state_dict"]
ours = torch.load(exported, weights_only=True)
if list(sorted(ours)) != list(sorted(theirs)):
    raise SystemExit(f"names differ: {set(ours) ^ set(theirs)}")
for name, tensor in theirs.items():
    if "norm1" in name or "norm2" in name or "num_batches" in name:
        continue
    if ours[name].dtype != tensor.dtype or not torch.equal(ours[name], tensor):
        raise SystemExit(f"{name} differs")

model = models.spikingformer(
    lambda tau, threshold: lif.LoopLIF(tau, threshold),
    width=32, depth=1, heads=2, classes=11, tau=1.5, pools=(1, 1, 1, 1),
)
state = model.state_dict()
names = [name for name in theirs if "norm1" not in name and "norm2" not in name]
if len(names) != len(state):
    raise SystemExit(f"{len(state)} tensors in the model, {len(names)} in the file")
for mine, name in zip(state, names):
    state[mine].copy_(ours[name].reshape(state[mine].shape))
model.eval()

events = numpy.load(recording)
steps, count = 4, len(events["t"])
frames = numpy.zeros((1, steps, 2, 32, 32), numpy.float32)
for step in range(steps):
    last = count if step == steps - 1 else (step + 1) * (count // steps)
    part = slice(step * (count // steps), last)
    numpy.add.at(frames[0, step], (events["p"][part], events["y"][part], events["x"][part]), 1)
with torch.no_grad():
    print(json.dumps(model(torch.from_numpy(frames))[0].tolist()))
