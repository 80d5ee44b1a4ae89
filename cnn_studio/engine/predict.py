"""What a trained network says of new samples. The same path serves the command, the drawing pad and the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.batches import StreamedBatches
from cnn_studio.engine.compile import Network, compile_network
from cnn_studio.engine.datasets.base import Array, DataError, Samples, first_readable, peak_of
from cnn_studio.engine.events import Scores
from cnn_studio.engine.heads import scoring_graph
from cnn_studio.engine.metrics import Tally
from cnn_studio.engine.places import recolour, resize
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.reading import Reader
from cnn_studio.engine.runs import Run, node_weights
from cnn_studio.engine.setup import started_network
from cnn_studio.engine.tensors import tensors_of
from cnn_studio.i18n import N_

BATCH = 256


@dataclass(frozen=True)
class Answer:
    """Probabilities of the classes for one sample, in the order of the classes."""

    classes: tuple[str, ...]
    probabilities: Array

    @property
    def best(self) -> int:
        """Number of the most likely class."""
        return int(self.probabilities.argmax())

    @property
    def name(self) -> str:
        """The most likely class."""
        return self.classes[self.best]

    @property
    def probability(self) -> float:
        """How likely it is."""
        return float(self.probabilities[self.best])


class Predictor:
    """A network with its weights, its preprocessing and the names of its classes; single precision, not training."""

    def __init__(self, graph: Graph, weights: dict[str, Tensor], plan: TrainingPlan, classes: tuple[str, ...]) -> None:
        self.graph = graph
        self.classes = classes
        self.plan = plan
        # Made without weights: their start values would draw on the random numbers of a run in another thread.
        names = {node_id: node_id for node_id in graph.nodes}
        self.network: Network = compile_network(scoring_graph(graph), names, device="meta")
        load_weights(self.network, weights)
        self.network.eval()
        entries = graph.of_kind("input")
        self.input_shape: Shape = entries[0].layer.output_shape()

    @property
    def size(self) -> int:
        """Bytes of the weights."""
        return sum(weights.nbytes for weights in self.network.state_dict().values())

    def pipeline(self, stored: Array) -> Pipeline:
        """The preprocessing for samples of this type."""
        return Pipeline(self.plan.preparation, peak_of(stored))

    def scores(self, stored: Array) -> Tensor:
        """Scores (n, classes) of prepared samples (n, channels, \\*sizes) of the stored type."""
        with torch.inference_mode():
            answer = self.network(self.pipeline(stored).values(torch.from_numpy(np.ascontiguousarray(stored))))
        assert isinstance(answer, Tensor)
        return answer

    def answer(self, sample: Array) -> Answer:
        """What the network says of one stored sample (channels, \\*sizes). Raises DataError when it cannot take it."""
        prepared = self.fitted(self.pipeline(sample).sample(sample))
        probabilities = torch.softmax(self.scores(prepared[None]), dim=1)[0].numpy()
        return Answer(self.classes, probabilities)

    def fitted(self, prepared: Array) -> Array:
        """A prepared sample in the shape that the network takes. Raises DataError, see ``fitted_sample``."""
        return fitted_sample(prepared, self.input_shape)

    def evaluate(self, samples: Samples) -> Scores:
        """Loss, accuracy and confusion over a split."""
        tally = Tally(len(self.classes), torch.device("cpu"), judging=True)
        for labels, scores in self.answers(samples):
            tally.add(torch.nn.functional.cross_entropy(scores, labels).item(), scores, labels)
        return tally.scores

    def answers(self, samples: Samples) -> Iterator[tuple[Tensor, Tensor]]:
        """Labels and scores of a split, batch by batch in its order."""
        if not len(samples):
            raise DataError(N_("there is not a single sample to judge by"))
        reader = Reader(samples, self.pipeline(first_readable(samples)), self.fitted)
        device, order = torch.device("cpu"), torch.arange(len(samples))
        for stored, labels in StreamedBatches(reader, device).take(order, BATCH):
            yield labels, self.scores(stored.numpy())


def fitted_sample(prepared: Array, wanted: Shape) -> Array:
    """A prepared sample in the shape that a network takes: what a person brings has any size and colour.

    Raises DataError for a sample of another kind: sound, where the network takes pictures.
    """
    shape = Shape(prepared.shape[0], tuple(prepared.shape[1:]))
    if shape == wanted:
        return prepared
    if wanted.rank and shape.rank == wanted.rank and {shape.channels, wanted.channels} <= {1, 3}:
        coloured = recolour(prepared, "grey" if wanted.channels == 1 else "colour")
        return resize(coloured, wanted.sizes, "fit")
    raise DataError(
        N_("the network takes {wanted}, and this is {shape} after the preprocessing"), wanted=wanted, shape=shape
    )


def load_weights(network: Network, weights: dict[str, Tensor]) -> None:
    """Put weights named by node id into a network. Raises DataError when they are another network's."""
    try:
        copies = {name: _own(weight) for name, weight in weights.items()}
        result = network.load_state_dict(copies, strict=False, assign=True)
    except RuntimeError as error:
        raise DataError(
            N_("the weights do not fit the network: {reason}"), reason=str(error).splitlines()[-1].strip()
        ) from None
    lacking = [name for name in result.missing_keys if not name.endswith("num_batches_tracked")]
    if lacking or result.unexpected_keys:
        name = (lacking or result.unexpected_keys)[0]
        raise DataError(N_("the weights do not fit the network: “{name}” is not in both"), name=name)
    for module in network.modules():
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.is_meta:  # how many batches were seen: it is not kept, and nothing depends on it
                setattr(module, name, torch.zeros_like(buffer, device="cpu"))


def _own(weight: Tensor) -> Tensor:
    """A copy in single precision."""
    return weight.detach().to(torch.float32 if weight.is_floating_point() else weight.dtype, copy=True)


def predictor_of(project: Project) -> Predictor:
    """The predictor of a project that carries weights. Raises DataError or PlanError when it cannot predict."""
    if not project.weights or project.data is None:
        raise DataError(N_("this network has not been trained yet"))
    plan = plan_from_json(project.plan or {})
    return Predictor(project.graph, tensors_of(project.weights), plan, project.data.classes)


def predictor_of_epoch(run: Run, epoch: int) -> Predictor:
    """The predictor with the weights that a run had after an epoch. Raises RunError, ProjectError, DataError or FileError."""
    project = run.project()
    classes = project.data.classes if project.data else ()
    return Predictor(project.graph, run.snapshot(epoch), run.plan(), classes)


def fresh_predictor(project: Project) -> Predictor:
    """A predictor with the weights that training would start from. Raises CompileError or PlanError."""
    plan = plan_from_json(project.plan or {})
    network = started_network(scoring_graph(project.graph), plan.seed)
    return Predictor(project.graph, node_weights(network), plan, project.data.classes if project.data else ())


def as_json(answer: Answer, file: Path | str) -> dict[str, Any]:
    """An answer as plain data, as ``predict --json`` prints it."""
    pairs = zip(answer.classes, answer.probabilities, strict=True)
    return {
        "file": str(file),
        "class": answer.name,
        "probability": answer.probability,
        "probabilities": {name: float(probability) for name, probability in pairs},
    }


def ranked(answer: Answer, count: int) -> Sequence[tuple[str, float]]:
    """The most likely classes with their probabilities, the best first."""
    order = np.argsort(-answer.probabilities, kind="stable")[:count]
    return [(answer.classes[index], float(answer.probabilities[index])) for index in order]
