"""What a training run tells, as it happens: frozen values with numbers and numpy arrays only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Array
    from cnn_studio.engine.metrics import Calibration


@dataclass(frozen=True, slots=True)
class Event:
    """Base of what happens in a run."""


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """The first event.

    Attributes:
        epochs, batches: epochs of the plan and batches in each.
        samples, validation_samples: how many samples train and judge.
        parameters: numbers that training may change.
        device, precision, threads, memory_format: what was chosen.
        epoch, step: epochs and steps already done by the run that is taken up.
    """

    epochs: int
    batches: int
    samples: int
    validation_samples: int
    parameters: int
    device: str
    precision: str
    threads: int
    memory_format: str
    epoch: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class BatchEnded(Event):
    """One step was taken. ``loss`` and ``accuracy`` are those of its batch; ``rate`` the learning rate used."""

    epoch: int
    batch: int
    step: int
    loss: float
    accuracy: float
    rate: float
    samples_per_second: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How a network did on some samples.

    Attributes:
        loss: mean over the samples.
        accuracy: share told right.
        top5: share whose class is among the five most likely.
        confusion: counts, rows the true classes, columns the answers; None where it was not counted.
        calibration: how sure the network is against how often it is right; None where it was not counted.
    """

    loss: float
    accuracy: float
    top5: float | None = None
    confusion: Array | None = field(default=None, compare=False)
    calibration: Calibration | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EpochEnded(Event):
    """All training samples were gone through once. ``validation`` is None without validation samples."""

    epoch: int
    step: int
    train: Scores
    validation: Scores | None
    rate: float
    seconds: float
    best: bool


@dataclass(frozen=True, slots=True)
class Paused(Event):
    """The run waits; it goes on after ``control.resume()``."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """The run goes on."""

    step: int


@dataclass(frozen=True, slots=True)
class RateChanged(Event):
    """A person changed the learning rate; ``factor`` multiplies what the schedule says from now on."""

    step: int
    factor: float


@dataclass(frozen=True, slots=True)
class Noticed(Event):
    """Something that a person should hear of and that does not end the run; ``message`` is one sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class ProbeAnswered(Event):
    """The answer to a question asked through ``control.ask``; ``answer`` holds numbers and numpy arrays."""

    ticket: int
    answer: Any


@dataclass(frozen=True, slots=True)
class ProbeFailed(Event):
    """A question that could not be answered, and why."""

    ticket: int
    reason: str


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """The last event.

    Attributes:
        reason: "done", "stopped" (by a person), "early" (early stopping) or "failed".
        message: the sentence to show for the last two.
        cause: why it failed: "diverged", "memory", "data", "disk" or "other".
    """

    reason: str
    epoch: int
    step: int
    seconds: float
    message: str = ""
    cause: str = ""
