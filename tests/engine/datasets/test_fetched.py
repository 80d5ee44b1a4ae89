"""Fetching from a server that is right, wrong, slow, cut off or not there; a real server on this machine stands in for each."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import fetched, sources
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.datasets.cifar import Cifar
from cnn_studio.engine.datasets.fetched import CancelledError, FetchedSource, RemoteFile, fetch, take_from

CONTENT = bytes(range(256)) * 4000
RIGHT = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


class Handler(BaseHTTPRequestHandler):
    """Answers by the name of the file."""

    def do_GET(self) -> None:
        wanted = self.path.rpartition("/")[2]
        if wanted == "gone":
            self.send_error(404)
            return
        content = {"wrong": CONTENT[::-1], "long": CONTENT + b"more", "right": CONTENT}.get(wanted, CONTENT)
        self.send_response(200)
        if wanted != "long":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if wanted == "cut":
            self.wfile.write(content[: len(content) // 2])
        elif wanted == "hang":
            self.wfile.write(content[:1000])
            self.wfile.flush()
            self.server.released.wait(20)  # type: ignore[attr-defined]
        else:
            self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def remote(*addresses: str) -> RemoteFile:
    return RemoteFile("data.bin", RIGHT, len(CONTENT), addresses)


def test_a_file_is_fetched_with_progress_and_not_fetched_again(tmp_path: Path, address: str) -> None:
    seen: list[tuple[str, int, int]] = []
    fetch([remote(address + "right")], tmp_path, lambda *values: seen.append(values))
    assert (tmp_path / "data.bin").read_bytes() == CONTENT
    assert seen[-1] == ("data.bin", len(CONTENT), len(CONTENT))
    assert [count for _name, count, _total in seen] == sorted(count for _name, count, _total in seen)
    fetch([remote("http://127.0.0.1:9/never asked")], tmp_path)


@pytest.mark.parametrize("bad", ["wrong", "long", "cut", "gone"])
def test_the_next_address_is_tried_and_nothing_half_fetched_stays(tmp_path: Path, address: str, bad: str) -> None:
    fetch([remote(address + bad, address + "right")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["data.bin"]
    with pytest.raises(DataError, match=r"“data.bin” could not be fetched") as refusal:
        fetch([remote(address + bad)], tmp_path / "other")
    assert "--from" in str(refusal.value)
    assert list((tmp_path / "other").iterdir()) == []


def test_a_server_that_trickles_is_given_up(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "PATIENCE", 0.0)
    monkeypatch.setattr(fetched, "SLOWEST", 1 << 60)
    with pytest.raises(DataError, match="it hardly sends anything"):
        fetch([remote(address + "right")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_hangs_is_given_up(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "TIMEOUT", 0.2)
    fetch([remote(address + "hang", address + "right")], tmp_path)
    assert (tmp_path / "data.bin").read_bytes() == CONTENT


def test_no_network(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="check the network, or take it from a folder with --from"):
        fetch([remote("http://127.0.0.1:9/right")], tmp_path)


def test_cancelling_leaves_nothing(tmp_path: Path, address: str) -> None:
    cancelled = threading.Event()
    with pytest.raises(CancelledError):
        fetch([remote(address + "right")], tmp_path, lambda *_values: cancelled.set(), cancelled)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_fetched_again(tmp_path: Path, address: str) -> None:
    (tmp_path / "data.bin").write_bytes(CONTENT[:-1] + b"x")
    fetch([remote(address + "right")], tmp_path)
    assert (tmp_path / "data.bin").read_bytes() == CONTENT


def test_files_at_hand_are_taken_by_their_checksum(tmp_path: Path) -> None:
    source = tmp_path / "stick" / "deep"
    source.mkdir(parents=True)
    (source / "data.bin").write_bytes(CONTENT)
    take_from([remote()], tmp_path / "stick", tmp_path / "here")
    assert (tmp_path / "here" / "data.bin").read_bytes() == CONTENT
    (source / "data.bin").write_bytes(b"another file of that name")
    with pytest.raises(DataError, match="is not the file it should be: its checksum differs"):
        take_from([remote()], tmp_path / "stick", tmp_path / "again")
    (source / "data.bin").unlink()
    with pytest.raises(DataError, match=r"has no file “data.bin”"):
        take_from([remote()], tmp_path / "stick", tmp_path / "again")
    with pytest.raises(DataError, match="is not a folder"):
        take_from([remote()], tmp_path / "nowhere", tmp_path / "again")


FETCHED = [source for source in sources.values() if isinstance(source, FetchedSource)]


@pytest.mark.parametrize("source", FETCHED, ids=lambda source: source.name)
def test_every_fetched_set_says_what_it_takes(source: FetchedSource, tmp_path: Path) -> None:
    assert source.size > 0
    for file in source.files:
        kind, _colon, digits = file.checksum.partition(":")
        assert len(digits) == {"sha256": 64, "members": 64, "md5": 32}[kind]
        assert file.addresses
        assert all(address.startswith(("https://", "http://")) for address in file.addresses)
    assert not source.is_here(tmp_path)
    with pytest.raises(DataError, match=f"cnn-studio data fetch {source.name}"):
        source.open(tmp_path)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_real_files_are_taken_and_opened(name: str, shared_data: Path, tmp_path: Path) -> None:
    source = sources[name]
    assert isinstance(source, FetchedSource)
    take_from(source.files, shared_data / name, source.folder_in(tmp_path))
    data = source.open(tmp_path)
    assert {split: len(samples) for split, samples in data.splits.items()} == source.counts
    assert data.train.shape == source.sample == Shape(1, (28, 28))
    assert len(data.classes) == 10


def test_spoken_digits_are_split_as_their_authors_have_it(shared_data: Path, tmp_path: Path) -> None:
    source = sources["spoken-digits"]
    assert isinstance(source, FetchedSource)
    take_from(source.files, shared_data / "fsdd", source.folder_in(tmp_path))
    data = source.open(tmp_path)
    assert {split: len(samples) for split, samples in data.splits.items()} == source.counts
    assert data.train.peak == 32768
    assert data.splits["test"].name_of(0) == "0_george_0.wav"
    assert data.train.name_of(0) == "0_george_10.wav"


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_cifar_is_read_from_its_binary_records(name: str, tmp_path: Path) -> None:
    import io
    import tarfile

    import numpy as np

    source = sources[name]
    assert isinstance(source, Cifar)
    random = np.random.default_rng(0)
    folder = source.folder_in(tmp_path)
    folder.mkdir(parents=True)
    records = {}
    with tarfile.open(folder / source.files[0].name, "w:gz") as archive:
        for members in source.members.values():
            for member in members:
                rows = random.integers(0, 256, (7, source.label_bytes + 3072)).astype(np.uint8)
                rows[:, : source.label_bytes] %= len(source.classes)
                records[member] = rows
                info = tarfile.TarInfo(f"some-folder/{member}")
                info.size = rows.nbytes
                archive.addfile(info, io.BytesIO(rows.tobytes()))
    data = source.open(tmp_path)
    last = source.members["train"][-1]
    assert (data.train.read(len(data.train) - 1).ravel() == records[last][-1, -3072:]).all()
    assert data.train.labels[-1] == records[last][-1, -3073]
    assert len(source.classes) == len(set(source.classes)) == {"cifar10": 10, "cifar100": 100}[name]
    (folder / source.files[0].name).write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises(DataError, match="is damaged"):
        source.open(tmp_path)


def test_emnist_pictures_are_turned_upright(tmp_path: Path) -> None:
    import gzip
    import struct
    import zipfile

    import numpy as np

    source = sources["emnist-letters"]
    assert isinstance(source, FetchedSource)
    folder = source.folder_in(tmp_path)
    folder.mkdir(parents=True)
    pictures = np.arange(2 * 784).reshape(2, 28, 28).astype(np.uint8)
    with zipfile.ZipFile(folder / "gzip.zip", "w") as archive:
        for split in ("train", "test"):
            for kind, array in (("images-idx3", pictures), ("labels-idx1", np.array([1, 26], np.uint8))):
                header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
                archive.writestr(
                    f"gzip/emnist-letters-{split}-{kind}-ubyte.gz", gzip.compress(header + array.tobytes())
                )
    data = source.open(tmp_path)
    assert (data.train.read(1)[0] == pictures[1].T).all()
    assert data.train.labels.tolist() == [0, 25]
    assert data.classes[25] == "Z"
