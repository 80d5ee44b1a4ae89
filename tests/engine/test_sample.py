"""The network that comes with the program reads what people wrote, though it has only seen what the program wrote."""

import numpy as np
import torch

from cnn_studio.core.analysis import analyse
from cnn_studio.core.problems import diagnose
from cnn_studio.core.starters import open_sample, open_starter
from cnn_studio.engine.datasets.digits import generate
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.engine.predict import predictor_of
from tools.make_sample import PLAN


def accuracy(pictures: np.ndarray, labels: np.ndarray) -> float:
    predictor = predictor_of(open_sample())
    said = [predictor.scores(part[:, None]).argmax(1) for part in np.array_split(pictures, len(pictures) // 500)]
    return float((torch.cat(said).numpy() == labels).mean())


def test_it_reads_handwriting(shared_data):
    pictures = read_idx(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz").reshape(-1, 28, 28)
    labels = read_idx(shared_data / "mnist" / "t10k-labels-idx1-ubyte.gz")
    assert accuracy(pictures, labels) >= 0.97


def test_it_reads_what_it_learned_from():
    pictures, labels = generate(1000, 99)
    assert accuracy(pictures, labels) >= 0.92


def test_it_is_the_starter_without_problems():
    project = open_sample()
    assert project.graph == open_starter("quick-digits").graph
    assert not diagnose(analyse(project.graph)).errors
    assert project.data is not None
    assert project.data.name == PLAN.data == "digits"
