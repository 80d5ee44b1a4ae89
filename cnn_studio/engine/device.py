"""Where and how a network runs: device, precision, memory layout and threads, chosen by a short measurement.

The choice is kept for each machine and network, so that it is measured once; later it is only seen whether its number of
threads still pays. A plan may fix any of it.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from math import log2
from pathlib import Path

import torch
from torch import Tensor, nn

from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.engine import headway
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.i18n import N_

SECONDS = 0.8
"""About how long the measurement may take."""

SECONDS_AGAIN = 0.1
"""About how long it may take to see whether as many threads as before still pay."""

MORE_THREADS, FEWER_THREADS = 1.4, 4.0
"""So many times as quick more threads, or fewer, must be than those measured before."""

DOUBLING = 1.05
"""So many times as quick twice the threads must be: others need the cores, too."""

LONG = 0.25
"""Seconds of a step beside which nothing matters that is done only in the first one."""

HOPELESS = 4.0
"""So many times as long as the best step so far a first step may take; it includes what is done once."""

_PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Placement:
    """A device and how to use it. ``threads`` counts processor threads; it is 0 on other devices."""

    device: str
    precision: str
    threads: int
    memory_format: str

    @property
    def torch_device(self) -> torch.device:
        """The device as torch names it."""
        return torch.device(self.device)

    def autocast(self) -> AbstractContextManager[object]:
        """The context in which forward passes run."""
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device.partition(":")[0], dtype=_PRECISIONS[self.precision])

    def arranged(self, batch: Tensor) -> Tensor:
        """A batch in the chosen memory layout."""
        if self.memory_format == "channels_last" and batch.ndim in (4, 5):
            batch = batch.contiguous(memory_format=torch.channels_last if batch.ndim == 4 else torch.channels_last_3d)
            if batch.shape[1] == 1:
                return _marked_channels_last(batch)
        return batch

    def arrange(self, network: nn.Module, rank: int) -> nn.Module:
        """The network on the device, its kernels in the chosen memory layout; ``rank`` is that of the input."""
        network = network.to(self.torch_device)
        if self.memory_format == "channels_last" and rank in (2, 3):
            layout = torch.channels_last if rank == 2 else torch.channels_last_3d
            for parameter in network.parameters():
                if parameter.ndim == rank + 2:
                    parameter.data = parameter.data.contiguous(memory_format=layout)
        return network

    @contextmanager
    def threads_used(self) -> Iterator[None]:
        """Torch's number of threads set while the context lasts."""
        before = torch.get_num_threads()
        if self.threads and self.threads != before:
            torch.set_num_threads(self.threads)
        try:
            yield
        finally:
            if torch.get_num_threads() != before:
                torch.set_num_threads(before)


def _marked_channels_last(batch: Tensor) -> Tensor:
    """A batch with one channel, whose layout is both, as one with its channels last.

    Torch takes it for one with its channels first, and so would the first convolution, the pooling behind it and all else
    up to the second convolution.
    """
    sizes = batch.shape[2:]
    strides = [1] * len(sizes)
    for axis in range(len(sizes) - 1, 0, -1):
        strides[axis - 1] = strides[axis] * sizes[axis]
    return batch.as_strided(batch.shape, (strides[0] * sizes[0], 1, *strides))


def lacks_memory(error: BaseException) -> bool:
    """Whether an error says that memory did not suffice, in any of the ways in which torch and numpy say it."""
    text = str(error).lower()
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or (
        isinstance(error, RuntimeError) and ("allocate memory" in text or "out of memory" in text)
    )


def cores() -> int:
    """Processor cores that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def available_devices() -> list[str]:
    """Devices of this machine, the fastest first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def device_of(plan: TrainingPlan) -> torch.device:
    """Where a plan is carried out. Raises DataError when the plan wants a device that is not there."""
    devices = available_devices()
    if plan.device != "auto" and plan.device not in devices:
        raise DataError(
            N_("this machine has no {device}: choose “cpu” or “auto” as the device"), device=plan.device.upper()
        )
    return torch.device(plan.device if plan.device != "auto" else devices[0])


def candidates(plan: TrainingPlan, rank: int, busy: int = 0) -> list[Placement]:
    """The placements worth trying for a plan. Raises DataError when the plan wants a device that is not there.

    Args:
        rank: axes of a sample beside its channels.
        busy: cores that the run itself keeps busy with something else.
    """
    device = device_of(plan).type
    threads = [0]
    if device == "cpu":
        most = max(1, cores() - busy)
        threads = [plan.threads] if plan.threads else sorted({most, max(1, most // 2), 1}, reverse=True)
    precisions = [plan.precision] if plan.precision != "auto" else _precisions_of(device)
    layouts = [plan.memory_format] if plan.memory_format != "auto" else ["channels_last", "channels_first"]
    if rank not in (2, 3):
        layouts = layouts[-1:]
    return [
        Placement(device, precision, count, layout)
        for precision in precisions
        for layout in layouts
        for count in threads
    ]


def _precisions_of(device: str) -> list[str]:
    if device == "cuda":
        return ["bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16", "fp32"]
    if device == "cpu" and _fast_bf16():
        return ["bf16", "fp32"]
    return ["fp32"]


def _fast_bf16() -> bool:
    """Whether the processor multiplies in bf16 by itself; elsewhere it is emulated and slower than fp32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def machine_key(what: str) -> str:
    """A short key of this machine and of something measured on it."""
    parts = (
        platform.machine(),
        platform.processor(),
        str(os.cpu_count()),
        torch.__version__,
        ",".join(available_devices()),
    )
    return sha256("|".join((*parts, what)).encode()).hexdigest()[:24]


def measured(
    choices: list[Placement], step: Callable[[Placement], Callable[[], None]], seconds: float = SECONDS
) -> Placement:
    """The fastest of several placements.

    ``step(placement)`` prepares a placement and gives a function that takes one training step. Each round halves the
    field, so that the time goes to those that are close. On a machine that is busy with something else the last ones are
    not tried.
    """

    def cost(placement: Placement) -> float:
        return times[placement] * float(DOUBLING ** log2(max(1, placement.threads)))

    left = list(choices)
    budget = seconds / max(1, len(choices).bit_length())
    end = time.perf_counter() + seconds
    while len(left) > 1:
        share = budget / len(left)
        times: dict[Placement, float] = {}
        for placement in left:
            if time.perf_counter() > end and min(times.values(), default=float("inf")) < float("inf"):
                return min(times, key=cost)
            times[placement] = _time_of(placement, step, share, HOPELESS * min(times.values(), default=float("inf")))
        left = sorted(left, key=cost)[: (len(left) + 1) // 2]
    return left[0]


def _time_of(
    placement: Placement, step: Callable[[Placement], Callable[[], None]], share: float, hopeless: float
) -> float:
    """Shortest time of a step within a share of the budget, endless where memory does not suffice for one."""
    try:
        return _shortest(placement, step(placement), share, hopeless)
    except (RuntimeError, MemoryError) as error:
        if not lacks_memory(error):
            raise
        return float("inf")


def _shortest(placement: Placement, take: Callable[[], None], share: float, hopeless: float) -> float:
    """Shortest time of a step within a share of the budget.

    The first step only warms up; it is all that is taken where it is long, or hopelessly longer than others.
    """
    with placement.threads_used():
        begun = time.perf_counter()
        take()
        first = time.perf_counter() - begun
        if first > hopeless or first > max(share, LONG):
            return first
        best, end = float("inf"), time.perf_counter() + share
        while True:
            headway.tell(0, 1)  # nobody may want to know any more
            start = time.perf_counter()
            take()
            now = time.perf_counter()
            best = min(best, now - start)
            if now >= end:
                return best


def remembered(cache: Path | None, key: str, choices: list[Placement]) -> Placement | None:
    """What was measured before for this key, if it is still among the choices; a damaged cache is as none."""
    if cache is None:
        return None
    try:
        stored = json.loads(cache.read_text(encoding="utf-8"))[key]
        placement = Placement(**stored)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return placement if placement in choices else None


def rethreaded(
    known: Placement, choices: list[Placement], step: Callable[[Placement], Callable[[], None]]
) -> Placement:
    """A placement measured before, with more or fewer of its threads where that is now far better.

    Cores that other programs keep busy cost a network that counts on them most of its speed. Nothing changes for a little:
    the number of threads decides how sums are rounded, and the same run should give the same weights again.
    """
    others = [one for one in choices if one != known and replace(one, threads=known.threads) == known]
    if not others:
        return known
    share = SECONDS_AGAIN / (1 + len(others))
    best, shortest = known, _time_of(known, step, share, float("inf"))
    for other in others:
        gain = MORE_THREADS if other.threads > known.threads else FEWER_THREADS
        taken = _time_of(other, step, share, HOPELESS * shortest)
        if taken * gain < shortest:
            best, shortest = other, taken
    return best


def remember(cache: Path | None, key: str, placement: Placement) -> None:
    """Keep a measurement; a cache that cannot be written is no reason to stop."""
    if cache is None:
        return
    try:
        stored = json.loads(cache.read_text(encoding="utf-8"))
        stored = stored if isinstance(stored, dict) else {}
    except (OSError, ValueError):
        stored = {}
    stored[key] = asdict(placement)
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        temporary = cache.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(stored, indent=1), encoding="utf-8")
        temporary.replace(cache)
    except OSError:
        return
