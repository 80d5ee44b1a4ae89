"""What probes share: the network they look at, how it stays undisturbed, and numbers that describe a tensor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from cnn_studio.core.graph import Graph
from cnn_studio.engine.compile import Network
from cnn_studio.engine.datasets.base import Array, DataError, peak_of
from cnn_studio.engine.predict import Predictor, fitted_sample
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.randomness import ALONE
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

BINS = 64
"""Bars of a histogram."""
AT_ONCE = 256
"""Samples that go through the network together."""


class Probe(ABC):
    """One question. Answers may be kept by whoever asked: nothing in them is shared with the network."""

    name: ClassVar[str]

    @abstractmethod
    def __call__(self, subject: Session | Predictor) -> Any:
        """The answer. Raises DataError for a question that this network cannot be asked."""


@dataclass(frozen=True)
class View:
    """A network as probes see it, whether it is being trained or not.

    Attributes:
        graph: as drawn, with the Softmax that the networks leave out.
        network: what is judged and kept (the averaged weights where the plan averages them).
        learning: what the optimizer changes.
        values: from stored samples (n, channels, \\*sizes) to what enters the network.
        loss: from scores, answers of auxiliary outputs and labels to the loss that training minimizes.
        samples: the first so many stored samples to ask about and their labels, where no others are named.
        at_once: the most samples that go through the network together: as many as in a step of the run, for which there
            is memory, whatever a sample takes.
    """

    graph: Graph
    network: Network
    learning: Network
    values: Callable[[Tensor], Tensor]
    loss: Callable[[Tensor, tuple[Tensor, ...], Tensor], Tensor]
    samples: Callable[[int], tuple[Tensor, Tensor]]
    at_once: int = AT_ONCE

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next((tensor.device for tensor in self.network.parameters()), torch.device("cpu"))

    def entered(self, stored: Array) -> Tensor:
        """Prepared samples (n, channels, \\*sizes) of the stored type as they enter the network.

        Raises DataError when they are not what it takes.
        """
        entry = self.graph.of_kind("input")[0].layer.output_shape()
        wanted = (entry.channels, *entry.sizes)
        if stored.ndim != len(wanted) + 1 or stored.shape[1:] != wanted:
            shape = "×".join(map(str, stored.shape[1:]))
            raise DataError(
                N_("the network takes {wanted}, and a sample of {shape} was asked about"), wanted=entry, shape=shape
            )
        return self.values(torch.from_numpy(np.array(stored)).to(self.device))


def view_of(subject: Session | Predictor) -> View:
    """The network of a run, or of a Predictor, as probes see it."""
    if isinstance(subject, Predictor):
        return _view_of_predictor(subject)
    setup = subject.setup

    def loss(scores: Tensor, aside: tuple[Tensor, ...], labels: Tensor) -> Tensor:
        total = setup.loss(scores, labels)
        for weight, answer in zip(setup.auxiliary_weights, aside, strict=True):
            total = total + weight * setup.loss(answer, labels)
        return total

    def samples(count: int) -> tuple[Tensor, Tensor]:
        source = setup.validation or setup.train
        return next(iter(source.take(torch.arange(min(count, len(source))), count)))

    def values(stored: Tensor) -> Tensor:
        return setup.placement.arranged(setup.pipeline.values(stored))

    judged, learning = subject.judged, subject.network
    assert isinstance(judged, Network)
    assert isinstance(learning, Network)
    return View(setup.graph, judged, learning, values, loss, samples, min(AT_ONCE, setup.plan.batch_size))


def prepared(subject: Session | Predictor, stored: Array) -> Array:
    """One sample as it is stored (channels, \\*sizes), brought to what the network takes by its preprocessing.

    Raises DataError for a sample of another kind.
    """
    if isinstance(subject, Predictor):
        return subject.fitted(subject.pipeline(stored).sample(stored))
    setup = subject.setup
    pipeline = Pipeline(setup.plan.preparation, peak_of(stored))
    return fitted_sample(pipeline.sample(stored), setup.input_shape)


def _view_of_predictor(predictor: Predictor) -> View:
    def loss(scores: Tensor, _aside: tuple[Tensor, ...], labels: Tensor) -> Tensor:
        return nn.functional.cross_entropy(scores, labels)

    def samples(_count: int) -> tuple[Tensor, Tensor]:
        raise DataError(N_("name the samples to ask about: a network without a run has none"))

    def values(stored: Tensor) -> Tensor:
        return predictor.pipeline(stored.cpu().numpy()).values(stored)

    network = predictor.network
    return View(predictor.graph, network, network, values, loss, samples)


@contextmanager
def undisturbed(network: nn.Module, *, training: bool = False) -> Iterator[None]:
    """The network in evaluation mode (or training mode) while this lasts; modes and random numbers as they were after."""
    modes = [(module, module.training) for module in network.modules()]
    with _fixed_randomness(network) if training else nullcontext():  # evaluation draws no random numbers
        network.train(training)
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode


@contextmanager
def _fixed_randomness(network: nn.Module) -> Iterator[None]:
    """What is asked twice is answered alike, dropout or not."""
    devices = sorted({t.device.index or 0 for t in network.parameters() if t.device.type == "cuda"})
    with ALONE, torch.random.fork_rng(devices=devices):
        torch.manual_seed(0)
        yield


def copied(tensor: Tensor) -> Array:
    """A numpy copy in single precision, in the usual order of memory."""
    return np.array(tensor.detach().float().cpu().numpy(), order="C")


@dataclass(frozen=True)
class Statistics:
    """Numbers that describe a tensor; of those that are no numbers only ``strange`` tells.

    Attributes:
        count: how many numbers it has.
        norm: square root of the sum of squares.
        zeros: share that is exactly zero.
        strange: how many are infinite or not a number.
        heights, edges: histogram; ``edges`` has one number more.
    """

    count: int
    mean: float
    deviation: float
    norm: float
    smallest: float
    largest: float
    zeros: float
    strange: int
    heights: Array
    edges: Array


def statistics_of(tensor: Tensor, bins: int = BINS) -> Statistics:
    """What describes a tensor."""
    values = tensor.detach().double().cpu().numpy().ravel()
    finite = values[np.isfinite(values)]
    strange = len(values) - len(finite)
    if not len(finite):
        return Statistics(
            len(values), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, strange, np.zeros(bins, np.int64), np.linspace(-1, 1, bins + 1)
        )
    low, high = float(finite.min()), float(finite.max())
    margin = max(abs(low), abs(high), 1e-30) * 1e-6 if low == high else 0.0
    heights, edges = np.histogram(finite, bins, (low - margin, high + margin))
    return Statistics(
        len(values), float(finite.mean()), float(finite.std()), float(np.sqrt(np.square(finite).sum())), low, high,
        float((finite == 0).mean()), strange, heights, edges,
    )  # fmt: skip
