"""How quickly the studio trains, beside the loops that people write. One JSON line for each figure.

    python benchmarks/training.py [speed] [memory] [start] [--check]
    python benchmarks/training.py accuracy [--seeds 5]

Needs MNIST (in ../shared/data, or where CNN_STUDIO_TEST_DATA says). Without names all but `accuracy`, which takes many
minutes, is measured; --check ends with status 1 when a figure misses its limit. README.md beside this file explains.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import mean, median, pstdev
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils import data as torch_data

from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.compile import compile_network
from cnn_studio.engine.datasets.base import TEST, TRAIN, Dataset, Samples, subset
from cnn_studio.engine.datasets.mnist_family import Mnist
from cnn_studio.engine.device import Placement
from cnn_studio.engine.events import EpochEnded
from cnn_studio.engine.heads import scoring_graph
from cnn_studio.engine.session import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script finds only what is beside it
from benchmarks.sides import DEVIATION, MEAN, Example, Pictures, most_memory

SHARED = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
NET = "quick-digits"
PICTURES = 6_000
ROUNDS = 5
STARTS = 5
TARGET = 0.99
LIMITS = {"tutorial": 3.0, "tuned": 1.0, "memory": 1.15, "start": 1.5, "accuracy": 15.0}


def figure(name: str, value: float | None, unit: str, **more: object) -> None:
    """One JSON line."""
    number = None if value is None else float(f"{value:.4g}")
    print(json.dumps({"benchmark": name, "value": number, "unit": unit, **more}), flush=True)


def mnist() -> Dataset:
    """The real thing, from the files at hand."""

    class Here(Mnist):
        def folder_in(self, folder: Path) -> Path:
            return folder / "mnist"

    return Here().open(SHARED)


def plan_of(**fields: Any) -> TrainingPlan:
    """The plan that comes with the network."""
    return plan_from_json(open_starter(NET).plan or {}).model_copy(update=fields)


def network() -> nn.Module:
    """The network as the studio makes it; its scores before the softmax."""
    return compile_network(scoring_graph(open_starter(NET).graph))


# -- speed -----------------------------------------------------------------------------------------------------------------


def tutorial(samples: Samples, batch: int) -> Iterator[float]:
    """Seconds of each epoch of the loop of a tutorial: DataLoader, Adam, single precision, as many threads as cores."""
    torch.manual_seed(0)
    loader = torch_data.DataLoader(Pictures(samples), batch_size=batch, shuffle=True)
    model = network().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    while True:
        begun = time.perf_counter()
        for pictures, labels in loader:
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(pictures), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        yield time.perf_counter() - begun


def tuned(samples: Samples, batch: int, placement: Placement) -> Iterator[float]:
    """Seconds of each epoch of a loop that an engineer tunes by hand: bytes in memory, precision and layout as ours."""
    torch.manual_seed(0)
    pictures = torch.from_numpy(np.stack([samples.read(index) for index in range(len(samples))]))
    labels = torch.from_numpy(samples.labels)
    model = placement.arrange(network(), 2).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    while True:
        begun = time.perf_counter()
        order = torch.randperm(len(labels))
        for chosen in torch.split(order, batch):
            some = placement.arranged(pictures[chosen].float().mul_(1 / 255))
            with placement.autocast():
                scores = model(some)
            loss = functional.cross_entropy(scores.float(), labels[chosen])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        yield time.perf_counter() - begun


def studio(session: Session) -> Iterator[float]:
    """Seconds of each epoch of a session, with every event that a window or a record would be told."""
    events = session.events()
    while True:
        begun = time.perf_counter()
        while not isinstance(next(events), EpochEnded):
            pass
        yield time.perf_counter() - begun


def speed() -> Iterator[tuple[str, float]]:
    """Pictures a second, the sides taking turns epoch by epoch."""
    data = mnist()
    samples = subset(data.train, PICTURES, 0)
    own = Dataset("mnist", data.classes, {TRAIN: samples})
    session = Session(open_starter(NET).graph, plan_of(epochs=ROUNDS + 2, validation=0.0), own)
    placement, batch = session.setup.placement, session.plan.batch_size
    cores = torch.get_num_threads()
    sides = {
        "studio": (studio(session), placement.threads),
        "tutorial": (tutorial(samples, batch), cores),
        "tuned": (tuned(samples, batch, placement), placement.threads),
    }
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS + 1):
        for name, (side, threads) in sides.items():
            torch.set_num_threads(threads)
            taken = next(side)
            if number:  # the first round warms up
                seconds[name].append(taken)
    more = {"precision": placement.precision, "threads": placement.threads, "layout": placement.memory_format}
    for name, values in seconds.items():
        figure(
            f"pictures a second: {name}", len(samples) / median(values), "1/s", **(more if name != "tutorial" else {})
        )
    for name in ("tutorial", "tuned"):
        ratio = median(other / ours for ours, other in zip(seconds["studio"], seconds[name], strict=True))
        figure(f"pictures a second: studio / {name}", ratio, "times", **{"at least": LIMITS[name]})
        yield name, ratio


# -- memory ------------------------------------------------------------------------------------------------------------------


def side_of_memory(name: str) -> None:
    """Train an epoch in this process and print the most memory it ever held, in kilobytes."""
    if name == "tuned":
        placement = Placement("cpu", "fp32", 1, "channels_last")
        torch.set_num_threads(1)
        next(tuned_on_files(placement))
    else:
        home = Path(os.environ["CNN_STUDIO_HOME"])
        command(home, "data", "fetch", "mnist", "--from", str(SHARED / "mnist"))
        plan = ["--epochs", "1", "--precision", "fp32", "--threads", "1"]
        command(home, "train", NET, "--data", "mnist", *plan)
    print(most_memory())


def tuned_on_files(placement: Placement) -> Iterator[float]:
    """The tuned loop on all of MNIST, read as shortly as one can, and judged on the test samples."""
    import gzip

    def read(name: str, header: int) -> Tensor:
        with gzip.open(SHARED / "mnist" / name) as stream:
            return torch.frombuffer(bytearray(stream.read()[header:]), dtype=torch.uint8)

    pictures = read("train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
    labels = read("train-labels-idx1-ubyte.gz", 8).long()
    model = placement.arrange(network(), 2).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for chosen in torch.split(torch.randperm(len(labels)), 128):
        loss = functional.cross_entropy(
            model(placement.arranged(pictures[chosen].float().mul_(1 / 255))), labels[chosen]
        )
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    test = read("t10k-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
    with torch.inference_mode():
        for some in torch.split(test, 512):
            model(placement.arranged(some.float().mul_(1 / 255)))
    yield 0.0


def memory() -> Iterator[tuple[str, float]]:
    """The most memory of a whole training process, of both sides."""
    peaks = {}
    for name in ("tuned", "studio"):
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "CNN_STUDIO_HOME": home}
            done = subprocess.run(
                [sys.executable, __file__, "--side", name], env=environment, capture_output=True, text=True, check=True
            )
            peaks[name] = int(done.stdout.split()[-1]) / 1024
        figure(f"peak memory: {name}", peaks[name], "MB")
    ratio = peaks["studio"] / peaks["tuned"]
    figure("peak memory: studio / tuned", ratio, "times", limit=LIMITS["memory"])
    yield "memory", ratio


# -- start -------------------------------------------------------------------------------------------------------------------


def command(home: Path, *arguments: str) -> None:
    """A command of the studio in this process, silent."""
    os.environ["CNN_STUDIO_HOME"] = str(home)
    from cnn_studio.cli.main import run

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
        if run(arguments) != 0:
            raise SystemExit(said.getvalue())


def side_of_start() -> None:
    """Seconds from the command until the first batch is learned, torch being loaded."""
    real, taken = Session.learn, []
    begun = time.perf_counter()

    def learn(self: Session, *arguments: Any) -> Any:
        answer = real(self, *arguments)
        taken.append(time.perf_counter() - begun)
        self.control.stop()
        return answer

    setattr(Session, "learn", learn)  # noqa: B010 - the clock is put into the class
    begun = time.perf_counter()
    command(Path(os.environ["CNN_STUDIO_HOME"]), "train", NET, "--data", "mnist")
    print(taken[0])


def start() -> Iterator[tuple[str, float]]:
    """The first batch of a command, the first time a network is trained on a machine and later."""
    with tempfile.TemporaryDirectory() as home:
        command(Path(home), "data", "fetch", "mnist", "--from", str(SHARED / "mnist"))
        seconds = []
        for _start in range(STARTS):
            environment = {**os.environ, "CNN_STUDIO_HOME": home}
            done = subprocess.run(
                [sys.executable, __file__, "--side", "start"],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            seconds.append(float(done.stdout.split()[-1]))
    figure("first batch, placement not yet measured", seconds[0], "s", limit=LIMITS["start"])
    figure("first batch, placement known", median(seconds[1:]), "s", limit=LIMITS["start"])
    yield "start", max(seconds[0], median(seconds[1:]))


# -- accuracy ------------------------------------------------------------------------------------------------------------------


def accuracy_on(samples: Samples, scores: Callable[[Tensor], Tensor]) -> float:
    """Share of the samples that is told right."""
    pictures = torch.from_numpy(np.stack([samples.read(index) for index in range(len(samples))]))
    with torch.inference_mode():
        said = torch.cat([scores(some).argmax(1) for some in torch.split(pictures, 500)])
    return float((said.numpy() == samples.labels).mean())


def studio_reaches(data: Dataset, seed: int, precision: str = "auto") -> tuple[float | None, float]:
    """Seconds of training until the test accuracy is reached (None if never), and the accuracy in the end."""
    own = Dataset("mnist", data.classes, {TRAIN: data.train})
    begun = time.perf_counter()
    session = Session(open_starter(NET).graph, plan_of(seed=seed, precision=precision), own)
    reached, judging, accuracy = None, 0.0, 0.0
    for event in session.events():
        if isinstance(event, EpochEnded):
            stopped = time.perf_counter()
            judged = session.judged.eval()
            accuracy = accuracy_on(data.splits[TEST], partial(session.setup.scores, judged))
            if accuracy >= TARGET and reached is None:
                reached = stopped - begun - judging
            judging += time.perf_counter() - stopped
    return reached, accuracy


def example_epochs(data: Dataset, seed: int, epochs: int = 14) -> Iterator[tuple[float, float]]:
    """The recipe of the example: batch 64, Adadelta, rate 1 falling by 0.7 an epoch. Seconds and test accuracy of each."""
    torch.manual_seed(seed)
    loader = torch_data.DataLoader(Pictures(data.train), batch_size=64, shuffle=True)
    model = Example()
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    for _epoch in range(epochs):
        begun = time.perf_counter()
        model.train()
        for pictures, labels in loader:
            optimizer.zero_grad()
            functional.nll_loss(model(pictures), labels).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        schedule.step()
        seconds = time.perf_counter() - begun
        model.eval()
        yield (
            seconds,
            accuracy_on(data.splits[TEST], lambda some: model(some.float().div(255).sub(MEAN).div(DEVIATION))),
        )


class ExampleRun:
    """The example on its way to the accuracy, an epoch at a time."""

    def __init__(self, data: Dataset, seed: int) -> None:
        self.seconds, self.done = 0.0, False
        self._epochs = example_epochs(data, seed)
        self._threads = torch.get_num_threads()

    def go_on(self) -> None:
        """Another epoch, unless it is there."""
        if self.done:
            return
        torch.set_num_threads(self._threads)
        seconds, accuracy = next(self._epochs, (float("inf"), 1.0))
        self.seconds += seconds
        self.done = accuracy >= TARGET
        figure("PyTorch's example, an epoch", seconds, "s", accuracy=round(100 * accuracy, 2))


def accuracy(seeds: int) -> Iterator[tuple[str, float]]:
    """Time to 99 % on the test samples of MNIST: quick-digits with its own plan beside PyTorch's example, in turns."""
    data = mnist()
    example = ExampleRun(data, 0)
    found: list[tuple[float | None, float]] = []
    plain: list[float] = []
    while len(found) < seeds or not example.done:
        if (seed := len(found)) < seeds:
            found.append(studio_reaches(data, seed))
            figure("studio, 99 % reached", found[-1][0], "s", accuracy=round(100 * found[-1][1], 2))
            plain.append(studio_reaches(data, seed, "fp32")[1])
        example.go_on()
    ours = median(float("inf") if seconds is None else seconds for seconds, _accuracy in found)
    figure("99 % on MNIST: studio, median", ours if ours < float("inf") else None, "s")
    figure("99 % on MNIST: PyTorch's example", example.seconds, "s")
    figure("accuracy on MNIST, median", 100 * median(one[1] for one in found), "%", **{"at least": 100 * TARGET})
    figure("accuracy: chosen precision - fp32", 100 * (mean(one[1] for one in found) - mean(plain)), "%",
           spread=100 * pstdev(plain))  # fmt: skip
    ratio = example.seconds / ours
    figure("99 % on MNIST: example / studio", ratio, "times", **{"at least": LIMITS["accuracy"]})
    yield "accuracy", ratio


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=["speed", "memory", "start", "accuracy", []])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--side", choices=["tuned", "studio", "start"], help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="end with status 1 when a figure misses its limit")
    options = parser.parse_args()
    if options.side:
        side_of_start() if options.side == "start" else side_of_memory(options.side)
        return 0
    parts: dict[str, Callable[[], Iterator[tuple[str, float]]]] = {
        "speed": speed, "memory": memory, "start": start,
        "accuracy": lambda: accuracy(options.seeds),
    }  # fmt: skip
    missed = [
        name
        for part in options.names or ["speed", "memory", "start"]
        for name, value in parts[part]()
        if (value > LIMITS[name] if name in ("memory", "start") else value < LIMITS[name])
    ]
    return int(options.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
