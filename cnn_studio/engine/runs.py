"""Runs on disk. Each is a folder that stands alone: copied elsewhere, it can be judged, used and taken up there.

network.cnnstudio        the graph, the plan, the data's facts, and the weights of the best epoch
record.sqlite3           state, environment, notes, scores of every epoch, loss of every batch
checkpoint.safetensors   where the run stands, complete
snapshots/0003.safetensors   the weights after each epoch, thinned out when they take too much room
lock                     held while a process trains here; freed by the system when it dies
"""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import torch

from cnn_studio import __version__
from cnn_studio.core.context import DataFacts
from cnn_studio.core.files import UNFINISHED, FileError, reason, write_atomically
from cnn_studio.core.plans.plan import PlanError, TrainingPlan, plan_from_json, plan_to_json
from cnn_studio.core.project import Project, read_project, write_project
from cnn_studio.core.words import Words, say
from cnn_studio.engine.checkpoint import Checkpoint
from cnn_studio.engine.events import EpochEnded, Scores
from cnn_studio.engine.finding import CHECKPOINT, NETWORK, RunError, find_run, remember_elsewhere, run_folders
from cnn_studio.engine.locks import held
from cnn_studio.engine.record import Record, RecordError
from cnn_studio.engine.tensors import numbers_of, read_tensor, read_tensors, tensor_bytes, write_tensors
from cnn_studio.i18n import N_

RECORD, SNAPSHOTS, LOCK = "record.sqlite3", "snapshots", "lock"
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
SNAPSHOT_BUDGET = 512 * 2**20
"""Bytes that the snapshots of one run may take."""


class Run:
    """One run's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """What the run is called: the name of its folder."""
        return self.folder.name

    def record(self) -> Record:
        """The run's database. Raises RunError when it is broken."""
        return Record(self.folder / RECORD)

    def project(self) -> Project:
        """The network with the weights of the best epoch. Raises ProjectError."""
        return read_project(self.folder / NETWORK)

    def plan(self) -> TrainingPlan:
        """What the run does. Raises RunError when it is damaged."""
        try:
            return plan_from_json(self.project().plan or {})
        except PlanError as error:
            raise RunError(
                N_("the plan of the run “{run}” is damaged: {problem}"), run=self.name, problem=error.problem.words
            ) from None

    def has_checkpoint(self) -> bool:
        """Whether there is a place to go on from; a run killed in its first seconds has none and begins anew."""
        return (self.folder / CHECKPOINT).exists()

    def checkpoint(self) -> Checkpoint:
        """Where the run stands. Raises RunError when there is nothing to take up."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            raise RunError(N_("the run “{run}” has no checkpoint to go on from"), run=self.name)
        try:
            tensors, data = read_tensors(path)
            return Checkpoint(tensors, numbers_of(data))
        except FileError as error:
            raise RunError(
                N_("the checkpoint of the run “{run}” cannot be used: {problem}"), run=self.name, problem=error.words
            ) from None

    def snapshots(self) -> list[int]:
        """The epochs whose weights are kept."""
        found = (self.folder / SNAPSHOTS).glob("*.safetensors")
        return sorted(int(path.stem) for path in found if path.stem.isdigit())

    def snapshot(self, epoch: int) -> dict[str, torch.Tensor]:
        """The weights after an epoch, named by node id. Raises FileError."""
        return read_tensors(self._snapshot_path(epoch))[0]

    def snapshot_tensor(self, epoch: int, name: str) -> torch.Tensor | None:
        """One of the weights after an epoch, without reading the others; None where it is not kept. Raises FileError."""
        return read_tensor(self._snapshot_path(epoch), name)

    def _snapshot_path(self, epoch: int) -> Path:
        return self.folder / SNAPSHOTS / f"{epoch:06d}.safetensors"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held by the process that trains. Raises RunError when another one does."""
        with held(self.folder / LOCK) as free:
            if not free:
                raise RunError(N_("another process is training the run “{run}”"), run=self.name)
            yield

    def tidy(self) -> None:
        """Remove what a process that was killed while it wrote has left."""
        for left in (*self.folder.glob(f"{UNFINISHED}*"), *(self.folder / SNAPSHOTS).glob(f"{UNFINISHED}*")):
            with suppress(OSError):
                left.unlink()

    def set_damaged_record_aside(self) -> list[Words]:
        """Make room for a new database where the old one is damaged; the sentence to tell, if that was necessary.

        Raises RecordError when the database is out of reach for another reason.
        """
        try:
            with self.record() as record:
                record.check()
        except RecordError as error:
            if not error.damaged:
                raise
            with suppress(OSError):
                for ending in ("-wal", "-shm"):
                    (self.folder / f"{RECORD}{ending}").unlink(missing_ok=True)
                (self.folder / RECORD).replace(self.folder / f"{RECORD}.damaged")
            template = N_("the record of the run “{run}” was damaged and is kept as {file}: a new one begins here")
            return [say(template, run=self.name, file=f"{RECORD}.damaged")]
        return []

    # -- writing -------------------------------------------------------------------------------------------------------

    def write_network(self, project: Project) -> None:
        """Replace the network, its plan and weights. Raises ProjectError."""
        write_project(project, self.folder / NETWORK)

    def write_plan(self, plan: TrainingPlan) -> None:
        """Replace the plan alone. Raises ProjectError."""
        self.write_network(replace(self.project(), plan=plan_to_json(plan)))

    def save_point(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint. Raises FileError."""
        write_tensors(self.folder / CHECKPOINT, checkpoint.tensors, checkpoint.numbers)

    def save_snapshot(self, epoch: int, weights: dict[str, torch.Tensor], keep: Iterable[int] = ()) -> None:
        """Keep the weights after an epoch, and thin out older ones when all take more than their budget. Raises FileError."""
        path = self._snapshot_path(epoch)
        with suppress(OSError):  # the writing below says why
            path.parent.mkdir(exist_ok=True)
        data = tensor_bytes(weights)
        write_atomically(path, data)
        most = max(2, SNAPSHOT_BUDGET // max(1, len(data)))
        for gone in thinned(self.snapshots(), most, {epoch, *keep}):
            self._snapshot_path(gone).unlink(missing_ok=True)

    def rename(self, name: str) -> Run:
        """Another name. Raises RunError when it cannot be one or is taken."""
        target = self.folder.with_name(checked_name(name))
        if target.exists():
            raise RunError(N_("there is already a run “{run}”"), run=name)
        with self.locked():
            pass
        try:
            return Run(self.folder.rename(target))
        except OSError as error:
            raise RunError(
                N_("the run “{run}” cannot be renamed: {problem}"), run=self.name, problem=reason(error)
            ) from None

    def delete(self) -> None:
        """Remove the folder and all in it. Raises RunError while a process trains here."""
        with self.locked():
            pass
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            raise RunError(
                N_("the run “{run}” cannot be deleted: {problem}"), run=self.name, problem=reason(error)
            ) from None


def thinned(epochs: list[int], most: int, keep: set[int]) -> list[int]:
    """Which of the kept epochs to let go so that at most ``most`` stay, spread over the run as evenly as possible."""
    left = list(epochs)
    gone = []
    while len(left) > most:
        inner = [index for index in range(1, len(left) - 1) if left[index] not in keep]
        if not inner:
            break
        closest = min(inner, key=lambda index: (left[index + 1] - left[index - 1], index))
        gone.append(left.pop(closest))
    return gone


def checked_name(name: str) -> str:
    """A name that can be a folder's on every system. Raises RunError."""
    name = name.strip()
    if (
        RESERVED.fullmatch(name)
        or not re.fullmatch(r"[^\x00-\x1f/\\:*?\"<>|]{1,100}", name)
        or name.strip(". ") != name
    ):
        raise RunError(
            N_("“{name}” cannot be the name of a run: use letters, digits, spaces and dashes"), name=name[:100]
        )
    return name


# -- the folder of all runs ----------------------------------------------------------------------------------------------


def runs_in(folder: Path) -> list[Run]:
    """All runs of a folder, the latest last."""
    return [Run(path) for path in run_folders(folder)]


def open_run(name: str, folder: Path) -> Run:
    """A run by its path, its name, the beginning of its name, or "last". Raises RunError."""
    return Run(find_run(name, folder))


def new_run(folder: Path, project: Project, plan: TrainingPlan, data: DataFacts, *, path: Path | None = None) -> Run:
    """A new run's folder, with the network in it. Raises RunError, ProjectError or RecordError when it cannot be made;
    then nothing is left of it."""
    try:
        run = Run(_fresh_folder(folder, project.name) if path is None else _empty_folder(path))
    except OSError as error:
        raise RunError(
            N_("the folder “{path}” cannot be made: {problem}"), path=str(path or folder), problem=reason(error)
        ) from None
    try:
        run.write_network(Project(project.graph, project.name, project.story, data, project.view, plan_to_json(plan)))
        with run.record() as record:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            record.keep(facts={"environment": environment(), "started": started, "state": "new"})
    except (FileError, RecordError):
        shutil.rmtree(run.folder, ignore_errors=True)
        raise
    if path is not None:
        remember_elsewhere(run.folder, folder)
    return run


def _fresh_folder(folder: Path, name: str) -> Path:
    """A folder of its own, even when two runs of one network begin in the same second."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "network"
    base = f"{stem}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        path = folder / (base if number == 1 else f"{base}-{number}")
        with suppress(FileExistsError):
            path.mkdir()
            break
    return path.resolve()


def _empty_folder(path: Path) -> Path:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RunError(
            N_("“{path}” is not an empty folder: choose a new one, or take the run up with --resume"), path=str(path)
        )
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def environment() -> dict[str, str]:
    """What the run was made with."""
    return {
        "program": __version__, "python": platform.python_version(), "torch": torch.__version__,
        "system": platform.platform(), "processor": platform.processor() or platform.machine(),
    }  # fmt: skip


def node_weights(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The weights of a compiled network, named by node id and their name inside the layer."""
    return {name: tensor for name, tensor in network.state_dict().items() if not name.endswith("num_batches_tracked")}


# -- as plain data ------------------------------------------------------------------------------------------------------


def scores_json(scores: Scores | None) -> dict[str, float] | None:
    """Loss and accuracy as plain data."""
    return None if scores is None else {"loss": scores.loss, "accuracy": scores.accuracy}


def epoch_json(event: EpochEnded) -> dict[str, Any]:
    """An epoch as plain data, as ``train --json`` prints it."""
    return {
        "epoch": event.epoch,
        "train": scores_json(event.train),
        "validation": scores_json(event.validation),
        "seconds": event.seconds,
    }
