"""What a run needs before its first step: samples in batches, the network in its place, optimizer and loss."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from cnn_studio.core.analysis import Totals, analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.endpoints import AuxiliaryOutput
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.augment import Augmenter
from cnn_studio.engine.batches import Batches, StreamedBatches, batches_of, portions
from cnn_studio.engine.compile import Network, compile_network
from cnn_studio.engine.datasets.base import VALIDATION, DataError, Dataset, Samples, first_readable, split_off, subset
from cnn_studio.engine.device import (
    Placement,
    candidates,
    device_of,
    machine_key,
    measured,
    remember,
    remembered,
    rethreaded,
)
from cnn_studio.engine.heads import scoring_graph
from cnn_studio.engine.optim import class_weights, make_optimizer, take_step
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.randomness import ALONE
from cnn_studio.i18n import N_

MEMORY_SHARE = 0.25
"""Share of the machine's memory that prepared samples may take before they are streamed from disk."""

FEWEST_WORKABLE = 2


def mixed(seed: int, number: int) -> int:
    """A seed for one epoch or step: different numbers give unrelated ones (SplitMix64, Steele et al. 2014)."""
    z = (seed * 0x9E3779B97F4A7C15 + number * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB) & (2**64 - 1)
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
    return (z ^ (z >> 31)) >> 1


def seeded(device: torch.device, seed: int, step: int) -> torch.Generator:
    """A generator for one step; torch's own (used by dropout) is set to the same seed.

    Only the generators of the processor and of the device in use: ``torch.manual_seed`` formats its whole call stack for
    each kind of device that is not there, which costs as much as a small layer.
    """
    number = mixed(seed, step)
    torch.default_generator.manual_seed(number)
    if device.type in ("cuda", "mps"):
        (torch.cuda if device.type == "cuda" else torch.mps).manual_seed(number)
    return torch.Generator(device).manual_seed(number)


def parts_of(data: Dataset, plan: TrainingPlan) -> tuple[Samples, Samples | None]:
    """What a plan learns from, and what it judges by. Raises DataError when there is nothing to learn from."""
    if not len(data.train):
        raise DataError(N_("“{data}” does not have a single sample to learn from"), data=data.name)
    train = subset(data.train, plan.subset, plan.seed)
    if VALIDATION in data.splits:
        return train, data.splits[VALIDATION]
    if plan.validation == 0:
        return train, None
    train, validation = split_off(train, plan.validation, plan.seed)
    return train, validation if len(validation) else None


def started_network(scoring: Graph, seed: int) -> Network:
    """A network with the start weights of a seed, modules named by node id."""
    with ALONE:
        torch.manual_seed(mixed(seed, 0x57A27))
        return compile_network(scoring, {node_id: node_id for node_id in scoring.nodes})


class Setup:
    """Everything that stays the same during a run, and the network and optimizer that change."""

    def __init__(self, graph: Graph, plan: TrainingPlan, data: Dataset, cache: Path | None) -> None:
        self.plan = plan
        self.data = data
        self.graph = graph
        self.scoring = scoring_graph(graph)
        self.classes = len(data.classes)
        train, validation = parts_of(data, plan)
        self.pipeline = Pipeline(plan.preparation, train.peak)
        self.input_shape = self._checked_shape(train)
        self._check_answers()
        self.device = device_of(plan)
        check_memory(analyse(graph).totals, min(plan.batch_size, len(train)), self.device)
        budget = int(MEMORY_SHARE * memory_of(self.device))
        self.train: Batches = batches_of(train, self.pipeline, self.device, budget)
        self.validation = batches_of(validation, self.pipeline, self.device, budget) if validation else None
        self.placement = self._place(cache)
        self.augmenter = Augmenter(plan.augmentation)
        self.network = self.placement.arrange(self.fresh_network(), len(self.input_shape.sizes))
        self.optimizer = make_optimizer(plan.optimizer, plan.rate, self.network.parameters())
        self.averaged = self._averaged()
        weights = class_weights(self.train.labels.cpu(), self.classes) if plan.class_weights else None
        self.loss: Callable[[Tensor, Tensor], Tensor] = nn.CrossEntropyLoss(
            weights, label_smoothing=plan.label_smoothing
        ).to(self.device)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.placement.precision == "fp16")
        self.auxiliary_weights = [
            node.layer.weight for node in graph.of_kind("auxiliary_output") if isinstance(node.layer, AuxiliaryOutput)
        ]

    # -- data ----------------------------------------------------------------------------------------------------------

    @property
    def batch_count(self) -> int:
        """Batches in an epoch."""
        full, rest = divmod(len(self.train), self.plan.batch_size)
        return max(1, full + (rest >= FEWEST_WORKABLE))

    def order(self, epoch: int) -> Tensor:
        """The order of the training samples in one epoch.

        A last batch of a single sample is left out where there are others: its deviation says nothing to a batch
        normalization.
        """
        generator = torch.Generator().manual_seed(mixed(self.plan.seed, -1 - epoch))
        order = torch.randperm(len(self.train), generator=generator)
        return order[: self.batch_count * self.plan.batch_size]

    def portions(self, epochs: Iterable[int], done: int = 0) -> Iterator[Tensor]:
        """The numbers of the training samples of each batch, epoch after epoch; of the first one ``done`` batches are left out."""
        for epoch in epochs:
            yield from portions(self.order(epoch), self.plan.batch_size)[done:]
            done = 0

    def _checked_shape(self, train: Samples) -> Shape:
        """Shape of a prepared sample. Raises DataError when it is not what the network takes."""
        first = self.pipeline.sample(first_readable(train))
        shape = Shape(first.shape[0], tuple(first.shape[1:]))
        entries = self.graph.of_kind("input")
        wanted = entries[0].layer.output_shape() if entries else shape
        if shape != wanted:
            raise DataError(
                N_("the network takes {wanted}, and “{data}” gives {shape}: change the Input or the preprocessing"),
                wanted=wanted, data=self.data.name, shape=shape,
            )  # fmt: skip
        return shape

    def _check_answers(self) -> None:
        """Raises DataError when an output does not have one number for each class."""
        report = analyse(self.graph)
        for node in (*self.graph.of_kind("output"), *self.graph.of_kind("auxiliary_output")):
            shape = report.of(node.id).shape
            if shape is not None and shape != Shape(self.classes):
                raise DataError(
                    N_("“{name}” gives {shape}, and “{data}” has {classes} classes"),
                    name=node.name, shape=shape, data=self.data.name, classes=self.classes,
                )  # fmt: skip

    # -- the network ---------------------------------------------------------------------------------------------------

    def fresh_network(self) -> nn.Module:
        """The network with the start weights of the seed, modules named by node id."""
        return started_network(self.scoring, self.plan.seed)

    def _averaged(self) -> AveragedModel | None:
        decay = self.plan.averaging
        if not decay:
            return None

        def average(mean: Tensor, value: Tensor, count: Tensor | int) -> Tensor:
            share = min(decay, (1 + int(count)) / (10 + int(count)))  # young means forget their first values sooner
            return torch.lerp(value, mean, share) if mean.is_floating_point() else value

        return AveragedModel(self.network, avg_fn=average, use_buffers=True)

    def scores(self, network: nn.Module, stored: Tensor) -> Tensor:
        """Scores (n, classes) of stored samples, in single precision."""
        batch = self.placement.arranged(self.pipeline.values(stored))
        with self.placement.autocast():
            scores: Tensor = network(batch)
        return scores.float()

    def backward(self, loss: Tensor) -> None:
        """Gradients of the loss, and one step of the optimizer."""
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if self.plan.clip:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip)
        if self.scaler.is_enabled():
            self.scaler.step(self.optimizer)
            self.scaler.update()
        else:
            take_step(self.optimizer)

    def _place(self, cache: Path | None) -> Placement:
        streamed = isinstance(self.train, StreamedBatches)
        choices = candidates(self.plan, len(self.input_shape.sizes), busy=int(streamed))
        if len(choices) == 1:
            return choices[0]
        layers = [node.layer for node in self.graph.nodes.values()]
        key = machine_key(repr((self.graph.inputs, layers, self.plan.batch_size, *(["streamed"] * streamed))))
        known = remembered(cache, key, choices)
        best = measured(choices, self._trial) if known is None else rethreaded(known, choices, self._trial)
        if known is None or best.threads > known.threads:
            remember(cache, key, best)  # fewer threads are a matter of what else the machine does now
        return best

    def _trial(self, placement: Placement) -> Callable[[], None]:
        """One training step under a placement, on noise."""
        network = placement.arrange(self.fresh_network(), len(self.input_shape.sizes)).train()
        shape = (self.plan.batch_size, self.input_shape.channels, *self.input_shape.sizes)
        batch = placement.arranged(torch.rand(shape, device=placement.torch_device))
        optimizer = make_optimizer(self.plan.optimizer, self.plan.rate, network.parameters())

        def step() -> None:
            with placement.autocast():
                answers = network(batch)
            loss = (answers if isinstance(answers, Tensor) else answers[0]).float().square().mean()
            loss.backward()
            take_step(optimizer)
            optimizer.zero_grad()
            loss.item()

        return step


def memory_of(device: torch.device) -> int:
    """Bytes of memory where the samples would lie, or a cautious guess where the system does not say."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30


def free_memory() -> int | None:
    """Bytes that programs can still have on this machine; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    kilobytes = {name: int(rest.split()[0]) for name, _colon, rest in (line.partition(":") for line in lines) if rest}
    return 1024 * (kilobytes["MemAvailable"] + kilobytes.get("SwapFree", 0)) if "MemAvailable" in kilobytes else None


def check_memory(totals: Totals, batch: int, device: torch.device) -> None:
    """Raises MemoryError where a step takes more memory than there is, before the system ends the program for it.

    Only what a step needs at least is counted: outputs in half precision, weights, gradients. Other devices say
    themselves when they have not enough.
    """
    free = free_memory() if device.type == "cpu" else None
    if free is not None and totals.memory_of_run(0, 0) + batch * totals.memory_forward // 2 > free:
        raise MemoryError
