"""The generated digits: the same everywhere and always, balanced, in all ways of writing, and good to learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cnn_studio.engine.datasets import digits, sources
from cnn_studio.engine.datasets.base import TEST, TRAIN
from cnn_studio.engine.datasets.digits import BLOCK, Digits, choose, generate
from cnn_studio.engine.drawing import BOX, MIDDLE, SIZE, bounding_box, prepare, rasterize
from cnn_studio.engine.handwriting.curves import ways

STROKES = Path(__file__).parents[3] / "benchmarks" / "strokes.txt"


@pytest.fixture(scope="module")
def thousand() -> tuple[np.ndarray, np.ndarray]:
    return generate(1000, seed=3)


def test_pictures_and_labels(thousand):
    images, labels = thousand
    assert (images.shape, images.dtype) == ((1000, SIZE, SIZE), np.uint8)
    assert (labels.shape, labels.dtype) == ((1000,), np.int64)
    assert (images.reshape(1000, -1).max(axis=1) == 255).all()


def test_the_same_seed_gives_the_same_digits(thousand):
    images, labels = generate(1000, seed=3)
    assert (images == thousand[0]).all()
    assert (labels == thousand[1]).all()
    assert (generate(1000, seed=4)[0] != thousand[0]).any(axis=(1, 2)).all()


@pytest.mark.parametrize("count", [0, 1, 10, BLOCK - 1, BLOCK, BLOCK + 7])
def test_fewer_digits_are_the_first_of_more(count, thousand):
    images, labels = generate(count, seed=3)
    assert (images == thousand[0][:count]).all()
    assert (labels == thousand[1][:count]).all()


def test_any_ten_in_a_row_are_ten_digits(thousand):
    assert (np.sort(thousand[1].reshape(-1, 10), axis=1) == np.arange(10)).all()
    assert len({tuple(row) for row in thousand[1].reshape(-1, 10)}) > 90


def test_they_are_prepared_as_drawings_are(thousand):
    for image in thousand[0]:
        top, left, bottom, right = bounding_box(image / 255)
        assert BOX - 2 <= max(bottom - top, right - left) <= BOX
        inside = min(top, left, SIZE - bottom, SIZE - right) > 0
        for axis in (0, 1):
            profile = image.sum(axis=axis, dtype=float)
            assert not inside or abs(profile @ np.arange(SIZE) / profile.sum() - MIDDLE) < 0.52


def test_every_way_of_writing_is_met_among_two_thousand():
    table = ways()
    seen = [choose(np.random.default_rng([0, digits.KIND, block]), table) for block in range(2000 // BLOCK)]
    which = np.concatenate([chosen for _, chosen in seen])
    labels = np.concatenate([label for label, _ in seen])
    assert set(which) == set(range(len(table.digit)))
    assert (table.digit[which] == labels).all()


def test_no_two_are_alike(thousand):
    assert len({image.tobytes() for image in thousand[0]}) == 1000


def test_pens_are_thin_and_thick(thousand):
    ink = (thousand[0] > 127).sum(axis=(1, 2))
    assert np.percentile(ink, 2) < 60
    assert np.percentile(ink, 98) > 190


def test_grey_levels_are_those_of_scanned_digits(mnist, thousand):
    """Like MNIST's: about a fifth of the picture is ink, half of it nearly white."""
    for low, high, spread in ((1, 256, 0.06), (200, 256, 0.04), (1, 100, 0.03)):
        own, real = (((images >= low) & (images < high)).mean() for images in (thousand[0], mnist[0]))
        assert own == pytest.approx(real, abs=spread)


def test_the_data_set_has_a_name_and_splits(tmp_path, monkeypatch):
    monkeypatch.setattr(Digits, "counts", {TRAIN: 30, TEST: 20})
    data = sources["digits"].open(tmp_path)
    assert data.classes == tuple("0123456789")
    assert (np.bincount(data.splits[TEST].labels) == 2).all()
    train, test = (np.stack([data.splits[name].read(k) for k in range(20)]) for name in (TRAIN, TEST))
    assert len(data.train) == 30
    assert train.shape == (20, 1, SIZE, SIZE)
    assert not (train == test).all(axis=(1, 2, 3)).any()


def _network() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 12, 5, 2, 2), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(),
        nn.Flatten(), nn.Linear(32 * 49, 10),
    )  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> nn.Module:
    """A network so small that it learns in seconds, and no other digits than ours."""
    torch.manual_seed(0)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    images, labels = generate(6000, seed=1)
    pixels, truth = torch.from_numpy(images)[:, None] / 255, torch.from_numpy(labels)
    network = _network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.003)
    for _ in range(2):
        for some in torch.randperm(len(truth)).split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(pixels[some]), truth[some]).backward()
            optimizer.step()
    torch.set_num_threads(threads)
    return network.eval()


def _share_read(network: nn.Module, images: np.ndarray, labels: np.ndarray) -> float:
    with torch.inference_mode():
        said = network(torch.from_numpy(images)[:, None] / 255).argmax(1).numpy()
    return float((said == labels).mean())


def test_who_learns_from_them_reads_strokes_on_the_pad(reader):
    lines = [line.split(" ", 1) for line in STROKES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    images = [
        prepare(rasterize([np.array([p.split(",") for p in part.split()], float) for part in points.split("/")], (280, 280), pen))
        for _, points in lines
        for pen in (16, 24)
    ]  # fmt: skip
    labels = [int(digit) for digit, _ in lines for _ in (16, 24)]
    assert _share_read(reader, np.array(images), np.array(labels)) > 0.9


def test_who_learns_from_them_reads_mnist(reader, mnist):
    assert _share_read(reader, *mnist) > 0.9


@pytest.fixture(scope="module")
def mnist(shared_data) -> tuple[np.ndarray, np.ndarray]:
    """The first 2,000 training digits of MNIST."""
    from cnn_studio.engine.datasets.idx import read_idx

    folder = shared_data / "mnist"
    images = read_idx(folder / "train-images-idx3-ubyte.gz")[:2000].reshape(-1, SIZE, SIZE)
    return images.copy(), read_idx(folder / "train-labels-idx1-ubyte.gz")[:2000].astype(np.int64)
