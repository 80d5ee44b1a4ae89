"""Samples read when they are needed: flat memory, the same batches however they are read, large folders opened quickly."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
import weakref
from contextlib import nullcontext
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_studio.core.plans.preparation import Resize
from cnn_studio.core.settings import folders
from cnn_studio.engine import batches as batches_module
from cnn_studio.engine import device, setup, switching
from cnn_studio.engine.batches import MemoryBatches, StreamedBatches, batches_of, lying
from cnn_studio.engine.datasets import looking
from cnn_studio.engine.datasets.base import Array, ArraySamples, Chosen, DamagedError, DataError, Samples
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.events import BatchEnded
from cnn_studio.engine.pictures import looks_whole, read_picture
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.reading import TRIES, Reader
from cnn_studio.engine.session import Session
from tests.helpers.own_data import picture_folder
from tests.helpers.training import quick_plan, small_network

CPU = torch.device("cpu")
RANDOM = np.random.default_rng(8)


class Watched(Samples):
    """Samples that are made when they are read; counts those that somebody still holds."""

    peak = 255.0

    def __init__(self, count: int, side: int, damaged: tuple[int, ...] = ()) -> None:
        self.labels = np.arange(count) % 3
        self.side, self.damaged = side, damaged
        self.held = self.most = 0

    def _let_go(self) -> None:
        self.held -= 1

    def read(self, index: int) -> Array:
        if index in self.damaged:
            raise DamagedError("sample {n} is damaged", n=index)
        sample = np.full((1, self.side, self.side), index % 251, np.uint8)
        self.held += 1
        self.most = max(self.most, self.held)
        weakref.finalize(sample, self._let_go)
        return sample

    @property
    def shape(self) -> None:
        return None


def everything(batches: Any, count: int, size: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    order = torch.randperm(count, generator=torch.Generator().manual_seed(1))
    return [(stored.clone(), labels.clone()) for stored, labels in batches.take(order, size)]


@pytest.mark.parametrize(("machine", "network", "readers"), [(1, 1, 1), (2, 1, 1), (2, 2, 1), (8, 7, 4), (8, 2, 6)])
def test_readers_take_the_cores_that_the_network_leaves(
    machine: int, network: int, readers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "cores", lambda: machine)
    monkeypatch.setattr(torch, "get_num_threads", lambda: network)
    monkeypatch.setattr(torch, "set_num_threads", lambda _count: None)
    made: list[int] = []

    def pool(workers: int) -> Any:
        made.append(workers)
        return nullcontext()

    monkeypatch.setattr(batches_module, "_pool", pool)
    assert not list(StreamedBatches(Reader(Watched(1, 4), Pipeline([], 255.0)), CPU).take(torch.arange(0), 4))
    assert made == [readers]


def test_torch_waits_less_for_those_who_read() -> None:
    before = sys.getswitchinterval()
    try:
        for now, later in ((0.005, switching.SWITCH), (0.0001, 0.0001)):
            sys.setswitchinterval(now)
            switching.switch_often()
            assert sys.getswitchinterval() == pytest.approx(later)
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("count", [200, 800])
def test_a_stream_holds_a_few_batches_however_many_samples_there_are(count: int) -> None:
    side, size = 64, 10
    samples = Watched(count, side)
    batches = StreamedBatches(Reader(samples, Pipeline([], 255.0)), CPU)
    gc.collect()
    tracemalloc.start()
    for _stored, _labels in batches.take(torch.arange(count), size):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    batch = size * side * side
    assert peak < (batches_module.AHEAD + 3) * batch + 200_000 < 200 * side * side
    assert samples.most <= 2 * (os.cpu_count() or 1) + 1


def test_streaming_leaves_torch_the_threads_that_the_network_uses() -> None:
    before = torch.get_num_threads()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for _batch in StreamedBatches(Reader(Watched(20, 4), Pipeline([], 255.0)), CPU).take(torch.arange(20), 4):
            assert torch.get_num_threads() == threads
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)


def test_a_folder_larger_than_the_memory_allowed_is_streamed_and_learned_from_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = open_path(picture_folder(tmp_path / "photos", count=100))
    weights = []
    for share in (setup.MEMORY_SHARE, 1e-9):
        monkeypatch.setattr(setup, "MEMORY_SHARE", share)
        session = Session(small_network(), quick_plan(epochs=3), data)
        assert isinstance(session.setup.train, StreamedBatches) is (share == 1e-9)
        list(session.events())
        weights.append(session.network.state_dict())
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_the_next_epoch_is_being_read_while_this_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "MEMORY_SHARE", 1e-9)
    asked, twice, lasting = [], Event(), Reader.read

    def read(reader: Reader, index: int) -> Array:
        asked.append(index)
        if asked.count(index) > 1:
            twice.set()
        return lasting(reader, index)

    session = Session(small_network(), quick_plan(epochs=2), open_path(picture_folder(tmp_path / "photos", count=100)))
    monkeypatch.setattr(Reader, "read", read)
    events = session.events()
    last = next(event for event in events if isinstance(event, BatchEnded) and event.batch == session.setup.batch_count)
    assert last.epoch == 1
    assert twice.wait(20), "nothing of the second epoch was read before the first one was over"
    events.close()
    assert not [thread for thread in enumerate_threads() if thread.name.startswith("samples")]


@pytest.mark.parametrize(("there", "wanted"), [(1, 1), (2, 1), (4, 3)])
def test_streaming_leaves_a_core_to_the_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: int, wanted: int
) -> None:
    monkeypatch.setattr(device, "cores", lambda: there)
    monkeypatch.setattr(setup, "measured", lambda choices, _step: max(choices, key=lambda one: one.threads))
    data = open_path(picture_folder(tmp_path / "photos", count=20))
    plan = quick_plan(epochs=1, threads=0)
    for share, most in ((0.25, there), (1e-9, wanted)):
        monkeypatch.setattr(setup, "MEMORY_SHARE", share)
        assert Session(small_network(), plan, data).setup.placement.threads == most


def test_a_damaged_sample_is_stood_in_for_by_the_next_of_its_class_and_told_once() -> None:
    samples = Watched(12, 4, damaged=(0, 3, 11))
    reader = Reader(samples, Pipeline([], 255.0))
    assert [int(reader.read(index)[0, 0, 0]) for index in (0, 3, 6, 11, 0)] == [6, 6, 6, 2, 6]
    assert [str(words) for words in reader.news] == [
        f"sample {n} is damaged; another of its class stands in for it" for n in (0, 3, 11)
    ]


def test_damaged_samples_give_the_same_batches_streamed_and_in_memory() -> None:
    samples = Watched(60, 4, damaged=(0, 7, 8, 59))
    one = everything(MemoryBatches(Reader(samples, Pipeline([], 255.0)), CPU), 60, 7)
    other = everything(StreamedBatches(Reader(samples, Pipeline([], 255.0)), CPU), 60, 7)
    for left, right in zip(one, other, strict=True):
        assert torch.equal(left[0], right[0])
        assert torch.equal(left[1], right[1])


def test_too_much_damage_is_an_error_that_names_the_sample_asked_for() -> None:
    samples = Watched(90, 4, damaged=tuple(range(0, 3 * TRIES, 3)))
    reader = Reader(samples, Pipeline([], 255.0))
    with pytest.raises(DataError, match="sample 0 is damaged"):
        reader.read(0)
    assert int(reader.read(3)[0, 0, 0]) == 3 * TRIES
    with pytest.raises(DamagedError, match="sample 63 is damaged"):
        Reader(Watched(90, 4, damaged=tuple(range(90))), Pipeline([], 255.0))


def test_an_error_while_all_is_read_leaves_no_thread_and_reads_no_further() -> None:
    class Vanishing(Watched):
        def read(self, index: int) -> Array:
            if index == 100:
                raise DataError("gone")
            return super().read(index)

    with pytest.raises(DataError, match="gone"):
        Reader(Vanishing(5000, 4), Pipeline([], 255.0)).all()


def test_splits_of_one_array_share_it() -> None:
    array = RANDOM.integers(0, 256, (50, 1, 4, 4), dtype=np.uint8)
    whole = ArraySamples(array, np.arange(50) % 5)
    part = Chosen(Chosen(whole, np.arange(10, 50)), np.array([3, 1, 20]))
    batches = batches_of(part, Pipeline([], 255.0), CPU, budget=0)
    assert isinstance(batches, MemoryBatches)
    assert np.shares_memory(batches._samples.numpy(), array)
    ((stored, labels),) = batches.take(torch.tensor([2, 0, 1]), 8)
    np.testing.assert_array_equal(stored.numpy(), array[[30, 13, 11]])
    assert labels.tolist() == [0, 3, 1]


def test_what_cannot_be_shared_is_copied_or_streamed() -> None:
    array = RANDOM.integers(0, 256, (20, 1, 4, 6), dtype=np.uint8)
    turned = ArraySamples(array.transpose(0, 1, 3, 2), np.arange(20) % 5)
    assert lying(Reader(turned, Pipeline([], 255.0))) is None
    stored, _labels = next(batches_of(turned, Pipeline([], 255.0), CPU, budget=10**6).take(torch.arange(20), 20))
    np.testing.assert_array_equal(stored.numpy(), array.transpose(0, 1, 3, 2))
    resized = Pipeline([Resize(sizes=(2, 2))], 255.0)
    assert isinstance(batches_of(ArraySamples(array, np.arange(20)), resized, CPU, budget=0), StreamedBatches)


# -- opening a large folder --------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that counts as large: eleven files, of which one is no picture and one breaks off."""
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(looking, "WORTH_KEEPING", 5)
    made = picture_folder(tmp_path / "photos", "abc", 3, size=(40, 40))
    (made / "a" / "nonsense.png").write_bytes(b"nonsense")
    content = (made / "b" / "0000.png").read_bytes()
    (made / "b" / "short.png").write_bytes(content[: len(content) // 2])
    return made


def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that are decoded from now on."""
    from cnn_studio.engine.datasets import own

    names: list[str] = []
    real = read_picture

    def read(path: Path) -> Array:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(own, "read_picture", read)
    return names


def test_files_that_were_looked_at_before_are_not_decoded_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = decoded(monkeypatch)
    first = open_path(folder)
    assert len(names) == 11
    names.clear()
    again = open_path(folder)
    assert sorted(names) == ["nonsense.png", "short.png"]
    assert again.skipped == first.skipped
    assert [name for name, _why in first.skipped] == ["nonsense.png", "short.png"]
    names.clear()
    (folder / "c" / "0001.png").write_bytes(b"damaged since")
    assert [name for name, _why in open_path(folder).skipped] == ["nonsense.png", "short.png", "0001.png"]
    assert "0001.png" in names


def test_of_many_new_files_only_those_that_look_broken_are_decoded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FEW", 5)
    names = decoded(monkeypatch)
    assert [name for name, _why in open_path(folder).skipped] == ["nonsense.png", "short.png"]
    assert sorted(names) == ["nonsense.png", "short.png"]


@pytest.mark.parametrize("content", [b"{", b"[1, 2]", b'{"x": 3}', b"\xff"])
def test_a_damaged_memory_of_files_is_as_none(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    open_path(folder)
    (index,) = (folders().cache / "files").iterdir()
    index.write_bytes(content)
    names = decoded(monkeypatch)
    assert len(open_path(folder).train) == 9
    assert len(names) == 11


def test_a_memory_that_cannot_be_kept_is_no_reason_to_stop(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    assert len(open_path(folder).train) == 9


def test_a_file_that_vanishes_while_a_folder_is_opened_is_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = looking._mark

    def mark(path: Path) -> list[int]:
        if path.name == "0002.png":
            path.unlink()
        return real(path)

    monkeypatch.setattr(looking, "_mark", mark)
    data = open_path(folder)
    assert len(data.train) == 6
    assert sum("there is no such file" in why for _name, why in data.skipped) == 3


@pytest.mark.parametrize(
    ("kind", "whole", "cut"), [("png", True, False), ("jpg", True, False), ("gif", False, False), ("bmp", False, False)]
)
def test_whether_a_picture_is_whole_is_seen_at_its_ends(tmp_path: Path, kind: str, whole: bool, cut: bool) -> None:
    path = tmp_path / f"x.{kind}"
    Image.fromarray(RANDOM.integers(0, 256, (60, 50, 3), dtype=np.uint8)).save(path)
    assert looks_whole(path) is whole
    content = path.read_bytes()
    for length in (0, 3, 30, len(content) // 2, len(content) - 20):
        path.write_bytes(content[:length] + b"\x01" * 5)
        assert looks_whole(path) is cut
    assert not looks_whole(tmp_path / "nowhere.png")
