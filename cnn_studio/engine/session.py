"""Training as a generator of events.

    for event in train(graph, plan, data, control): ...

Everything random follows from the plan's seed and the number of the epoch or step, never from what went before: a run
that is taken up from a checkpoint takes the very steps that the run never interrupted would have taken.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnn_studio.core.files import reason as reason_of
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.schedule import Plateau
from cnn_studio.core.words import say
from cnn_studio.engine.checkpoint import Checkpoint, load_state, saved_state
from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import DataError, Dataset
from cnn_studio.engine.device import lacks_memory
from cnn_studio.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    Noticed,
    Paused,
    ProbeAnswered,
    ProbeFailed,
    RateChanged,
    Resumed,
    RunEnded,
    RunStarted,
    Scores,
)
from cnn_studio.engine.metrics import Tally
from cnn_studio.engine.randomness import ALONE
from cnn_studio.engine.refusals import sentence_of_error
from cnn_studio.engine.setup import Setup, seeded
from cnn_studio.i18n import N_

EVALUATION_BATCH = 512


class Session:
    """One run: its network, optimizer and place in the plan.

    Args:
        data: samples to learn from; a share of them judges.
        resume: where an earlier run stood.
        cache: file in which measurements of this machine are kept.

    Attributes:
        between_steps: whether a run that failed stands between two steps, where it can be taken up exactly: its data
            gave out.
    """

    def __init__(
        self,
        graph: Graph,
        plan: TrainingPlan,
        data: Dataset,
        control: Control | None = None,
        *,
        resume: Checkpoint | None = None,
        cache: Path | None = None,
    ) -> None:
        self.plan = plan
        self.control = control or Control()
        try:
            self.setup = Setup(graph, plan, data, cache)
        except (RuntimeError, MemoryError) as error:
            if not lacks_memory(error):
                raise
            raise DataError("{problem}", problem=sentence_for(error, plan)) from None
        self.epoch = 0
        self.batch = 0
        self.step = 0
        self.seconds = 0.0
        self.best: float | None = None
        self.best_loss = float("inf")
        self.stale = 0
        self.plateau_factor = 1.0
        self.between_steps = False
        self._learning = False
        self._plateau_stale = 0
        self._last_factor = 1.0
        self.tally = Tally(self.setup.classes, self.setup.device)
        if resume is not None:
            load_state(self, resume)

    # -- what others may ask between events ----------------------------------------------------------------------------

    @property
    def network(self) -> nn.Module:
        """The network that is trained."""
        return self.setup.network

    @property
    def judged(self) -> nn.Module:
        """The network that is judged and kept: the averaged one when the plan averages weights."""
        return self.setup.averaged.module if self.setup.averaged is not None else self.setup.network

    def checkpoint(self) -> Checkpoint:
        """Where the run stands, complete; to be asked for between events only."""
        return saved_state(self)

    # -- the run -------------------------------------------------------------------------------------------------------

    def events(self) -> Generator[Event]:
        """Train to the end of the plan, telling what happens. Never raises for what a run can meet: it ends with a sentence."""
        started = time.perf_counter() - self.seconds
        placement = self.setup.placement
        with placement.threads_used():
            yield RunStarted(
                self.plan.epochs, self.setup.batch_count, len(self.setup.train), len(self.setup.validation or ()),
                sum(p.numel() for p in self.network.parameters() if p.requires_grad), placement.device,
                placement.precision, placement.threads, placement.memory_format, self.epoch, self.step,
            )  # fmt: skip
            reason, message, cause = "done", "", ""
            try:
                for event in self._epochs(started):
                    yield event
                    if isinstance(event, EpochEnded) and self._enough():
                        reason = "early"
                        message = str(
                            say(N_("the validation loss has not fallen for {n} epochs"), n=self.plan.patience)
                        )
                        break
                if self.control.stopping:
                    reason = "stopped"
            except DivergedError as error:
                reason, message, cause = "failed", str(error), "diverged"
            except DataError as error:
                reason, message, cause = "failed", str(error), "data"
                self.between_steps = not self._learning
            except (RuntimeError, MemoryError, OSError) as error:
                reason, message, cause = "failed", sentence_for(error, self.plan), cause_of(error)
            self.seconds = time.perf_counter() - started
            yield RunEnded(reason, self.epoch, self.step, self.seconds, message, cause)

    def _epochs(self, started: float) -> Iterator[Event]:
        # one stream for all epochs: while the last batches of one are learned, the first of the next are being read
        stream = self.setup.train.each(self.setup.portions(range(self.epoch, self.plan.epochs), self.batch))
        with closing(stream):
            yield from self._epochs_of(stream, started)

    def _epochs_of(self, stream: Iterator[tuple[Tensor, Tensor]], started: float) -> Iterator[Event]:
        while self.epoch < self.plan.epochs:
            begun = time.perf_counter()
            yield from self._batches(islice(stream, self.setup.batch_count - self.batch))
            if self.control.stopping:
                return
            train = self.tally.scores
            validation = self.evaluate() if self.setup.validation is not None else None
            self.epoch, self.batch = self.epoch + 1, 0
            self.tally = Tally(self.setup.classes, self.setup.device)
            self.seconds = time.perf_counter() - started
            best = self._judge(validation or train)
            yield EpochEnded(self.epoch, self.step, train, validation, self.rate, time.perf_counter() - begun, best)
            yield from self._news()

    def _batches(self, stream: Iterator[tuple[Tensor, Tensor]]) -> Iterator[Event]:
        self.setup.network.train()
        last = time.perf_counter()
        for stored, labels in stream:
            yield from self._attend()
            if self.control.stopping:
                return
            rate = self.rate
            self._learning = True
            loss, accuracy = self.learn(stored, labels, rate)
            self._learning = False
            now = time.perf_counter()
            event = BatchEnded(
                self.epoch + 1, self.batch + 1, self.step + 1, loss, accuracy, rate, len(labels) / (now - last)
            )
            last = now
            self.batch += 1
            self.step += 1
            yield event

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        progress = self.step / max(1, self.plan.epochs * self.setup.batch_count)
        factor = self.plan.schedule.factor(min(progress, 1.0), self.epoch)
        return self.plan.rate * factor * self.plateau_factor * self.control.rate_factor

    def learn(self, stored: Tensor, labels: Tensor, rate: float) -> tuple[float, float]:
        """One step; the loss and accuracy of its batch. Raises DivergedError when the loss is no number."""
        with ALONE:
            return self._learn(stored, labels, rate)

    def _learn(self, stored: Tensor, labels: Tensor, rate: float) -> tuple[float, float]:
        setup, plan = self.setup, self.plan
        generator = seeded(setup.device, plan.seed, self.step)
        batch = setup.pipeline.values(stored)
        if setup.augmenter:
            batch = setup.augmenter(batch, generator)
        batch = setup.placement.arranged(batch)
        for group in setup.optimizer.param_groups:
            group["lr"] = rate
        with setup.placement.autocast():
            answers = setup.network(batch)
        scores = answers if isinstance(answers, Tensor) else answers[0]
        loss = setup.loss(scores.float(), labels)
        total = loss
        if not isinstance(answers, Tensor):
            for weight, answer in zip(setup.auxiliary_weights, answers[1:], strict=True):
                total = total + weight * setup.loss(answer.float(), labels)
        value = total.item()
        if not isfinite(value):
            if not torch.isfinite(batch).all():
                raise DataError(
                    N_("in epoch {epoch}, batch {batch} the preprocessing made values that are no numbers: look at its steps"),
                    epoch=self.epoch + 1, batch=self.batch + 1,
                )  # fmt: skip
            raise DivergedError(self.epoch + 1, self.batch + 1, rate)
        setup.optimizer.zero_grad(set_to_none=True)
        setup.backward(total)
        if setup.averaged is not None:
            setup.averaged.update_parameters(setup.network)
        own = value if total is loss else loss.item()
        self.tally.add(own, scores, labels)
        return own, (scores.argmax(1) == labels).sum().item() / len(labels)

    def evaluate(self) -> Scores:
        """How the judged network does on the validation samples."""
        assert self.setup.validation is not None
        tally = Tally(self.setup.classes, self.setup.device, judging=True)
        network = self.judged.eval()
        with torch.inference_mode():
            everything = torch.arange(len(self.setup.validation))
            for stored, labels in self.setup.validation.take(everything, EVALUATION_BATCH):
                scores = self.setup.scores(network, stored)
                tally.add(functional.cross_entropy(scores, labels).item(), scores, labels)
        return tally.scores

    def _judge(self, scores: Scores) -> bool:
        """Keep count of progress; whether this epoch is the best so far."""
        best = self.best is None or scores.accuracy > self.best
        if best:
            self.best = scores.accuracy
        if scores.loss < self.best_loss:
            self.best_loss, self.stale, self._plateau_stale = scores.loss, 0, 0
        else:
            self.stale += 1
            self._plateau_stale += 1
        schedule = self.plan.schedule
        if isinstance(schedule, Plateau) and self._plateau_stale >= schedule.patience:
            self.plateau_factor *= schedule.by
            self._plateau_stale = 0
        return best

    def _enough(self) -> bool:
        return bool(self.plan.patience) and self.stale >= self.plan.patience and self.epoch < self.plan.epochs

    # -- from outside --------------------------------------------------------------------------------------------------

    def _attend(self) -> Iterator[Event]:
        """Answer questions, tell of a changed rate, and wait while paused."""
        yield from self._answer()
        yield from self._news()
        if self.control.rate_factor != self._last_factor:
            self._last_factor = self.control.rate_factor
            yield RateChanged(self.step, self._last_factor)
        if not self.control.must_wait():
            self.control.take_single()
            return
        yield Paused(self.step)
        while self.control.must_wait():
            yield from self._answer()
            self.control.wait_while(self.control.must_wait)
        yield from self._answer()
        if not self.control.stopping:
            self.control.take_single()
            yield Resumed(self.step)

    def _news(self) -> Iterator[Event]:
        """What was found damaged since the last batch."""
        for batches in (self.setup.train, self.setup.validation):
            while batches is not None and batches.news:
                yield Noticed(str(batches.news.popleft()))

    def _answer(self) -> Iterator[Event]:
        while (question := self.control.next_question()) is not None:
            ticket, probe = question
            try:
                yield ProbeAnswered(ticket, probe(self))
            except Exception as error:
                yield ProbeFailed(ticket, sentence_of_error(error) or f"{type(error).__name__}: {error}")


class DivergedError(Exception):
    """The loss is no longer a number."""

    def __init__(self, epoch: int, batch: int, rate: float) -> None:
        super().__init__(epoch, batch)
        self.words = say(
            N_("in epoch {epoch}, batch {batch} the loss was no longer a number: try a learning rate below {rate}, or gradient "
               "clipping"),
            epoch=epoch, batch=batch, rate=float(f"{rate:.2g}"),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.words)


def cause_of(error: BaseException) -> str:
    """What went wrong in a run, as RunEnded tells it."""
    if lacks_memory(error):
        return "memory"
    return "disk" if isinstance(error, OSError) else "other"


def sentence_for(error: BaseException, plan: TrainingPlan) -> str:
    """What went wrong in a run, in words, with what to do about it."""
    if lacks_memory(error):
        return str(
            say(N_("there was not enough memory for batches of {n}: choose a smaller batch size"), n=plan.batch_size)
        )
    if isinstance(error, OSError):
        return str(say(N_("the run could not go on: {reason}"), reason=reason_of(error)))
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return str(say(N_("the run could not go on: {reason}"), reason=text))


def train(
    graph: Graph, plan: TrainingPlan, data: Dataset, control: Control | None = None, **options: Any
) -> Iterator[Event]:
    """Train a network by a plan; see Session for the options. Raises DataError or CompileError before the first event."""
    return Session(graph, plan, data, control, **options).events()
