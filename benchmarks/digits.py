"""How well a network that has only seen generated digits reads real ones. One JSON line for each figure.

    python benchmarks/digits.py [--count 60000] [--seeds 1] [--epochs 5] [--augment] [--split train] [--check]

Trains the starter quick-digits with the plan that comes with the program, on generated digits alone, and lets it read
MNIST (found in ../shared/data or where CNN_STUDIO_TEST_DATA says) and the strokes in strokes.txt, which were written
for this judge and are replayed as on the pad, with many pens, sizes and slants. `--split train` reads the first 10,000
training digits of MNIST instead of its test set: for those who work on the generator, that the test set may stay unseen.
README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from cnn_studio.core.plans import augmentations
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.base import TRAIN, ArraySamples, Dataset
from cnn_studio.engine.datasets.digits import Digits, generate
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.engine.drawing import prepare, rasterize
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.session import Session

HERE = Path(__file__).resolve().parent
PAD = 280
WILD = 8
LIMITS = {"mnist": 97.0, "strokes": 95.0}

Array = np.ndarray[Any, np.dtype[Any]]
Reader = Callable[[Array], Array]


def strokes() -> Iterator[tuple[int, list[Array]]]:
    """The digits of strokes.txt."""
    for line in (HERE / "strokes.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            digit, points = line.split(" ", 1)
            yield int(digit), [np.array([p.split(",") for p in part.split()], float) for part in points.split("/")]


def round_off(stroke: Array, times: int = 3) -> Array:
    """A stroke with its corners cut (Chaikin), as a quick pointer would have drawn it."""
    for _ in range(times if len(stroke) > 3 else 0):
        cut = np.stack([0.75 * stroke[:-1] + 0.25 * stroke[1:], 0.25 * stroke[:-1] + 0.75 * stroke[1:]], axis=1)
        stroke = np.concatenate([stroke[:1], cut.reshape(-1, 2)[1:-1], stroke[-1:]])
    return stroke


def drawn(seed: int = 5) -> tuple[Array, Array]:
    """Prepared pictures of the strokes, each replayed several times: turned, slanted, stretched, shaken, other pens."""
    random = np.random.default_rng(seed)
    pictures, labels = [], []
    for digit, lines in strokes():
        for _ in range(WILD):
            turn, slant = random.normal(0, 0.15), random.normal(0.05, 0.22)
            cos, sin = np.cos(turn), np.sin(turn)
            shape = np.array([[cos, -sin], [sin, cos]]) @ np.array([[np.exp(random.normal(0, 0.18)), -slant], [0, 1]])
            shape *= random.uniform(0.45, 1)
            shake = random.uniform(0, 7)
            moved = [(line + random.normal(0, shake, line.shape) - PAD / 2) @ shape.T + PAD / 2 for line in lines]
            if random.random() < 0.75:
                moved = [round_off(line) for line in moved]
            pictures.append(prepare(rasterize(moved, (PAD, PAD), random.choice([10, 14, 18, 22, 26, 32]))))
            labels.append(digit)
    return np.array(pictures), np.array(labels)


def mnist(split: str) -> tuple[Array, Array]:
    """The test digits of MNIST, or the first 10,000 to train on."""
    folder = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or HERE.parents[1] / "shared" / "data") / "mnist"
    name = "train" if split == TRAIN else "t10k"
    pictures, labels = (
        read_idx(folder / f"{name}-images-idx3-ubyte.gz"),
        read_idx(folder / f"{name}-labels-idx1-ubyte.gz"),
    )
    return pictures[:10_000].reshape(-1, 28, 28), labels[:10_000].astype(np.int64)


def learn(pictures: Array, labels: Array, plan: TrainingPlan) -> Reader:
    """Train quick-digits and give what it answers to prepared pictures (n, 28, 28)."""
    samples = ArraySamples(pictures[:, None], labels)
    data = Dataset("digits", tuple("0123456789"), {TRAIN: samples})
    session = Session(open_starter("quick-digits").graph, plan, data)
    for _ in session.events():
        pass
    network, pipeline = session.judged.eval(), Pipeline(plan.preparation, 255.0)

    def read(some: Array) -> Array:
        batches = torch.split(torch.from_numpy(np.ascontiguousarray(some[:, None])), 500)
        with torch.inference_mode():
            return np.concatenate([network(pipeline.values(batch)).argmax(1).numpy() for batch in batches])

    return read


def figure(name: str, value: float, unit: str, **more: object) -> None:
    """One JSON line."""
    print(json.dumps({"benchmark": name, "value": float(f"{value:.4g}"), "unit": unit, **more}), flush=True)


def report(name: str, said: Array, labels: Array) -> float:
    """Accuracy, recall of every class and the main confusions; gives the accuracy in percent."""
    accuracy = 100 * float((said == labels).mean())
    recall = {str(k): round(100 * float((said[labels == k] == k).mean()), 1) for k in range(10)}
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (labels, said), 1)
    np.fill_diagonal(confusion, 0)
    worst = np.argsort(-confusion, axis=None, kind="stable")[:8]
    main = {f"{k // 10} as {k % 10}": int(confusion.flat[k]) for k in worst if confusion.flat[k]}
    figure(name, accuracy, "%", recall=recall, confusions=main)
    return accuracy


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=Digits.counts[TRAIN])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=TrainingPlan().epochs)
    parser.add_argument("--augment", action="store_true", help="rotate, zoom and shear while training")
    parser.add_argument("--split", choices=["train", "test"], default="test")
    parser.add_argument("--check", action="store_true", help="end with status 1 below the limits")
    options = parser.parse_args()
    known = {"mnist": mnist(options.split), "strokes": drawn()}
    found: dict[str, list[float]] = {name: [] for name in known}
    for seed in range(options.seeds):
        started = time.process_time()
        pictures, labels = generate(options.count, seed + 1)
        figure("digits written in a second of processor time", options.count / (time.process_time() - started), "1/s")
        chosen = ("rotate", "zoom", "shear") if options.augment else ()
        plan = TrainingPlan(
            epochs=options.epochs, seed=seed, augmentation=tuple(augmentations[name]() for name in chosen)
        )
        read = learn(pictures, labels, plan)
        for name, (some, truth) in known.items():
            found[name].append(report(f"{name} read, seed {seed}", read(some), truth))
    for name, values in found.items():
        figure(f"{name} read: median of {len(values)}", median(values), "%", **{"at least": LIMITS[name]})
    return int(options.check and any(median(values) < LIMITS[name] for name, values in found.items()))


if __name__ == "__main__":
    sys.exit(main())
