"""A folder of pictures larger than the memory allowed: does reading keep up? One JSON line for each figure.

    python benchmarks/streaming.py [--pictures 1200] [--pixels 160] [--rounds 3] [--check]

Writes a folder of JPEG pictures and takes turns, round by round: reading it alone, learning alone (from memory), and both
together, as a run streams. README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import torch
from PIL import Image

from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.preparation import Resize, Scale
from cnn_studio.core.starters import open_starter
from cnn_studio.engine import setup
from cnn_studio.engine.batches import StreamedBatches, batches_of
from cnn_studio.engine.datasets.base import Dataset
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.events import EpochEnded
from cnn_studio.engine.preparing import adapted
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.session import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script finds only what is beside it
from benchmarks.sides import most_memory

NET = "tiny-resnet"
INPUT = 32
BATCH = 64
LIMITS = {"speed": 0.9, "memory": 1.05}


def figure(name: str, value: float, unit: str, **more: object) -> None:
    """One JSON line."""
    print(json.dumps({"benchmark": name, "value": float(f"{value:.4g}"), "unit": unit, **more}), flush=True)


def write_folder(folder: Path, pictures: int, side: int) -> None:
    """Photographs of nothing: smooth colours and some grain, so that they compress like photographs."""
    random = np.random.default_rng(1)
    for number in range(pictures):
        coarse = random.integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)
        smooth = np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC), np.int16)
        grain = random.normal(0, 6, smooth.shape).astype(np.int16)
        place = folder / str(number % 4)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(place / f"{number:06d}.jpg", quality=90)


def session_on(data: Dataset, share: float, threads: int) -> Session:
    """A session whose samples may take this share of the memory."""
    plan = TrainingPlan(
        epochs=1000, batch_size=BATCH, validation=0.0, threads=threads, precision="fp32", memory_format="channels_last",
        preparation=(Resize(sizes=(INPUT, INPUT), method="crop"), Scale()),
    )  # fmt: skip
    setup.MEMORY_SHARE = share
    return Session(adapted(open_starter(NET).graph, data), plan, data)


class Epochs:
    """The epochs of a session, one at a time, each timed."""

    def __init__(self, session: Session) -> None:
        self._events = session.events()
        self._threads = session.setup.placement.threads

    def seconds(self) -> float:
        """How long the next one takes."""
        torch.set_num_threads(self._threads)
        begun = time.perf_counter()
        while not isinstance(next(self._events), EpochEnded):
            pass
        return time.perf_counter() - begun


def read_seconds(session: Session) -> float:
    """How long reading and preparing all samples takes when nothing is learned."""
    batches = session.setup.train
    assert isinstance(batches, StreamedBatches)
    begun = time.perf_counter()
    for _batch in batches.take(session.setup.order(0), BATCH):
        pass
    return time.perf_counter() - begun


def speed(folder: Path, threads: int, rounds: int) -> float:
    """Figures of one number of threads of torch; streaming as a part of the slower of its halves."""
    data = open_path(folder)
    memory, streamed = session_on(data, 0.25, threads), session_on(data, 1e-12, threads)
    learning, both = Epochs(memory), Epochs(streamed)
    found: dict[str, list[float]] = {"reading alone": [], "learning alone": [], "both, streamed": []}
    costs: dict[str, list[float]] = {name: [] for name in found}
    sides: tuple[Callable[[], float], ...] = (partial(read_seconds, streamed), learning.seconds, both.seconds)
    for number in range(rounds + 1):
        for name, side in zip(found, sides, strict=True):
            before = time.process_time()
            seconds = side()
            if number:
                found[name].append(seconds)
                costs[name].append(time.process_time() - before)
    for name, values in found.items():
        figure(f"{name}, {threads} threads", len(data.train) / median(values), "1/s")
    reading, alone, together = found.values()
    slower = median(max(pair) / whole for *pair, whole in zip(reading, alone, together, strict=True))
    work = median((one + other) / whole for one, other, whole in zip(reading, alone, together, strict=True))
    figure(
        f"streamed / slower of reading and learning, {threads} threads",
        slower,
        "times",
        **{"at least": LIMITS["speed"]},
    )
    figure(f"streamed / one after the other, {threads} threads", work, "times")
    spent = median(whole / (one + other) for one, other, whole in zip(*costs.values(), strict=True))
    figure(f"processor time: streamed / reading and learning, {threads} threads", spent, "times")
    return slower


def read_whole(folder: Path, budget: int) -> None:
    """Go through a folder once, with this many bytes for samples, and print the most memory ever held, in kilobytes."""
    samples = open_path(folder).train
    for _batch in batches_of(samples, Pipeline((), samples.peak), torch.device("cpu"), budget).take(
        torch.arange(len(samples)), BATCH
    ):
        pass
    print(most_memory())


def peak(folder: Path, budget: int) -> float:
    """The most memory, in megabytes, of a process that goes through a folder with this many bytes for samples."""
    command = [sys.executable, __file__, "--budget", str(budget), "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=1200)
    parser.add_argument("--pixels", type=int, default=160, help="of a side of each picture")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="end with status 1 when a figure misses its limit")
    parser.add_argument("--budget", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.budget is not None:
        read_whole(options.folder, options.budget)
        return 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["CNN_STUDIO_HOME"] = home
        folders = {count: Path(home) / f"photos{count}" for count in (options.pictures, options.pictures // 4)}
        for count, folder in folders.items():
            write_folder(folder, count, options.pixels)
        whole, quarter = (folders[count] for count in (options.pictures, options.pictures // 4))
        best = max(speed(whole, threads, options.rounds) for threads in sorted({1, torch.get_num_threads()}))
        peaks = {name: peak(folder, budget) for name, folder, budget in (
            ("in memory", whole, 2**40), ("streamed", whole, 0), ("streamed, a quarter of the pictures", quarter, 0)
        )}  # fmt: skip
    for name, value in peaks.items():
        figure(f"peak memory: {name}", value, "MB")
    flat = peaks["streamed"] / peaks["streamed, a quarter of the pictures"]
    figure("peak memory: streamed / streamed, a quarter of the pictures", flat, "times", limit=LIMITS["memory"])
    return int(options.check and (best < LIMITS["speed"] or flat > LIMITS["memory"]))


if __name__ == "__main__":
    sys.exit(main())
