"""How quickly the core answers: edits, large files, the start of a command. One JSON line for each figure.

    python benchmarks/core.py [edit] [file] [start] [--check]

Without names everything is measured; --check ends with status 1 when a figure is beyond its limit. README.md beside
this file explains the figures. Needs the package installed in the Python that runs it.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from cnn_studio.core import edits
from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.problems import Diagnosis, diagnose
from cnn_studio.core.project import Project, read_project, write_project

PACKAGE = Path(edits.__file__).resolve().parents[1]
SEED = 1
LAYERS = 1_000
EDITS = 400
META_RUNS = 5
LARGE = 10_000
STARTS = 25


class Figure(NamedTuple):
    """One measured number; ``limit`` is the most it may be, or with ``least`` the least."""

    benchmark: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether it keeps to its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    def line(self) -> str:
        """The figure as JSON on one line."""
        content: dict[str, object] = {
            "benchmark": self.benchmark,
            "value": float(f"{self.value:.4g}"),
            "unit": self.unit,
        }
        if self.limit is not None:
            content["at least" if self.least else "limit"] = self.limit
        return json.dumps(content, ensure_ascii=False)


# -- networks ---------------------------------------------------------------------------------------------------------


def make(kind: str, **settings: Any) -> Layer:
    """A layer by the name of its kind."""
    return layers[kind](**settings)


class _Chain:
    """A network under construction."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.inputs: dict[str, tuple[str, ...]] = {}
        self.last = ""

    def add(self, layer: Layer, *sources: str) -> str:
        """One layer more, after the last one or after those given."""
        node_id = f"{layer.stem}{len(self.nodes) + 1}"
        self.nodes[node_id] = Node(node_id, layer, node_id, 0.0, 100.0 * len(self.nodes))
        fed = sources or ((self.last,) if self.last else ())
        if fed:
            self.inputs[node_id] = fed
        self.last = node_id
        return node_id


def network(count: int) -> Graph:
    """A residual network of so many layers: blocks of two convolutions, halved now and then while there is room."""
    chain = _Chain()
    chain.add(make("input", channels=3, sizes=(224, 224)))
    filters, size = 16, 224
    chain.add(make("convolution", filters=filters, kernel=3, padding="same"))
    while len(chain.nodes) < count - 9:
        start = chain.last
        for _half in range(2):
            chain.add(make("convolution", filters=filters, kernel=3, padding=1))
            chain.add(make("batch_norm"))
            chain.add(make("relu"))
        chain.add(make("add"), chain.last, start)
        chain.add(make("dropout"))
        if size > 14 and len(chain.nodes) % (count // 5) < 8:
            size, filters = size // 2, filters * 2
            chain.add(make("max_pool", size=2, stride=2))
            chain.add(make("convolution", filters=filters, kernel=1))
    chain.add(make("global_average_pool"))
    while len(chain.nodes) < count - 2:
        chain.add(make("leaky_relu"))
    chain.add(make("dense", units=10))
    chain.add(make("output"))
    return Graph(chain.nodes, chain.inputs)


# -- edits ------------------------------------------------------------------------------------------------------------


def random_edit(rng: Random, graph: Graph) -> Graph:
    """One edit as people make them: mostly a setting, at times a layer more or less, a name, a place."""
    node = rng.choice(list(graph.nodes.values()))
    kind = rng.random()
    try:
        if kind < 0.6 and (changed := _other_setting(rng, node.layer)) is not None:
            return edits.set_layer(graph, node.id, changed)
        if kind < 0.75 and graph.outputs_of(node.id):
            return edits.insert_on_edge(graph, node.id, graph.outputs_of(node.id)[0], make("relu"))
        if kind < 0.9 and graph.inputs_of(node.id):
            return edits.remove(graph, [node.id])
    except edits.EditError:
        pass
    return edits.move(graph, {node.id: (rng.uniform(0, 1000), rng.uniform(0, 1000))})


def _other_setting(rng: Random, layer: Layer) -> Layer | None:
    """The layer with one setting changed by a step, or None when it has none to change."""
    fields = [spec for spec in specs(type(layer)) if spec.editor in ("number", "size", "flag", "decimal")]
    if not fields:
        return None
    spec = rng.choice(fields)
    value = getattr(layer, spec.name)
    if isinstance(value, bool):
        value = not value
    elif isinstance(value, (int, float)):
        value = value + 1 if isinstance(value, int) else value / 2
    else:
        value = spec.default
    return edits.changed_layer(layer, {spec.name: value})


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor that a call takes: other programs do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure_edits() -> Iterator[Figure]:
    """A random edit, worked out again; against torch's meta device over the same network."""
    graph = network(LAYERS)
    before = diagnose(analyse(graph))
    rng = Random(SEED)
    run_meta = on_meta_device(graph)
    analysed: list[float] = []
    diagnosed: list[float] = []
    meta: list[float] = []
    for number in range(EDITS):
        if number % (EDITS // META_RUNS) == 0:
            meta.append(timed(run_meta))
        after = random_edit(rng, graph)
        first, second = time_of_edit(after, before)
        analysed.append(first)
        diagnosed.append(first + second)
    strided = stride_in_first(graph)
    worst = [time_of_edit(strided, before) for _repeat in range(10)]
    yield Figure("edit of 1,000 layers, analysed: median", 1000 * median(analysed), "ms", 1)
    yield Figure("stride in the first of 1,000 layers, analysed", 1000 * median(one for one, _two in worst), "ms", 15)
    yield Figure("edit of 1,000 layers, analysed and diagnosed: median", 1000 * median(diagnosed), "ms")
    slow = sorted(diagnosed)[-EDITS // 20]
    yield Figure("edit of 1,000 layers, analysed and diagnosed: 95th percentile", 1000 * slow, "ms")
    both = 1000 * median(sum(pair) for pair in worst)
    yield Figure("stride in the first of 1,000 layers, analysed and diagnosed", both, "ms")
    yield Figure("torch's meta device over 1,000 layers", 1000 * median(meta), "ms")
    yield Figure("torch's meta device / edit analysed", median(meta) / median(analysed), "times", 100, least=True)


def time_of_edit(after: Graph, before: Diagnosis) -> tuple[float, float]:
    """Seconds that the analysis of an edit takes, and then its problems."""
    reports: list[Report] = []
    first = timed(lambda: reports.append(analyse(after, before.report)))
    return first, timed(lambda: diagnose(reports[0], before.context, before).problems)


def stride_in_first(graph: Graph) -> Graph:
    """The edit that changes every shape: the first convolution moves its kernel by 2."""
    first = graph.of_kind("convolution")[0].id
    return edits.set_fields(graph, [first], {"padding": 1, "stride": 2})


def on_meta_device(graph: Graph) -> Callable[[], object]:
    """What sends one sample through the network on torch's meta device; built and warm already."""
    import torch

    from cnn_studio.engine.compile import compile_network

    module = compile_network(graph, device="meta").eval()
    sample = torch.empty(1, 3, 224, 224, device="meta")

    def run() -> None:
        with torch.no_grad():
            module(sample)

    run()
    return run


# -- files ------------------------------------------------------------------------------------------------------------


def measure_files() -> Iterator[Figure]:
    """A large file, opened and analysed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.cnnstudio"
        graph = network(LARGE)
        write_project(Project(graph), file)
        gc.collect()
        seconds = median(timed(lambda: analyse(read_project(file).graph)) for _repeat in range(3))
    yield Figure("file of 10,000 layers, opened and analysed", seconds, "s", 1)


# -- the start --------------------------------------------------------------------------------------------------------


def measure_start() -> Iterator[Figure]:
    """A summary at the terminal, as the multiple of a Python that only imports pydantic."""
    compileall.compile_dir(PACKAGE, quiet=2)  # as it is after the first start
    summary = [sys.executable, "-m", "cnn_studio", "summary", "resnet50"]
    bare = [sys.executable, "-c", "import pydantic"]
    times = [(_run(summary), _run(bare)) for _repeat in range(STARTS)]
    yield Figure("cnn-studio summary resnet50", 1000 * median(ours for ours, _theirs in times), "ms")
    yield Figure("python importing pydantic", 1000 * median(theirs for _ours, theirs in times), "ms")
    ratio = median(ours / theirs for ours, theirs in times)
    yield Figure("summary resnet50 / python importing pydantic", ratio, "times", 3)


def _run(command: list[str]) -> float:
    environment = {**os.environ, "CNN_STUDIO_LANGUAGE": "en"}
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)
    return time.perf_counter() - start


MEASUREMENTS = {"edit": measure_edits, "file": measure_files, "start": measure_start}


def main() -> int:
    """Measures what is asked for; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(MEASUREMENTS)}")
    parser.add_argument("--check", action="store_true", help="end with status 1 when a figure is beyond its limit")
    options = parser.parse_args()
    for name in options.names:
        if name not in MEASUREMENTS:
            parser.error(f"there is no measurement called {name!r}: choose from {', '.join(MEASUREMENTS)}")
    sound = True
    for name in options.names or MEASUREMENTS:
        for figure in MEASUREMENTS[name]():
            print(figure.line(), flush=True)
            sound = sound and figure.holds
    return 0 if sound or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
