"""How well the small starters learn, each on the data it is meant for.

    benchmarks/accuracy.py              sound, video, pictures: some minutes
    benchmarks/accuracy.py --seeds 3    the median of several seeds

Real data are looked for in ../shared/data or $CNN_STUDIO_TEST_DATA; what is not there is left out.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnn_studio.core.analysis import analyse  # noqa: E402 - found from here only after the line above
from cnn_studio.core.graph import Graph  # noqa: E402
from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json  # noqa: E402
from cnn_studio.core.starters import open_starter  # noqa: E402
from cnn_studio.engine.datasets import sources  # noqa: E402
from cnn_studio.engine.datasets.base import Dataset  # noqa: E402
from cnn_studio.engine.datasets.fetched import FetchedSource, take_from  # noqa: E402
from cnn_studio.engine.datasets.own import open_path  # noqa: E402
from cnn_studio.engine.predict import Predictor  # noqa: E402
from cnn_studio.engine.preparing import adapted, facts_of, fitted  # noqa: E402
from cnn_studio.engine.runs import node_weights  # noqa: E402
from cnn_studio.engine.session import Session  # noqa: E402
from tools.starters.net import Net  # noqa: E402

REAL = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or ROOT.parent / "shared" / "data")


def say(benchmark: str, value: float, **more: object) -> None:
    """One figure as a line of JSON."""
    print(json.dumps({"benchmark": benchmark, "value": round(value, 4), "unit": "share", **more}), flush=True)


def judged(graph: Graph, plan: TrainingPlan, data: Dataset, seeds: int) -> float:
    """Median accuracy on the test samples over several seeds."""
    found = []
    for seed in range(seeds):
        session = Session(graph, plan.model_copy(update={"seed": seed}), data)
        for _event in session.events():
            pass
        predictor = Predictor(graph, node_weights(session.judged), session.plan, data.classes)
        found.append(predictor.evaluate(data.splits["test"]).accuracy)
    return statistics.median(found)


def starter(name: str, data: Dataset, seeds: int) -> tuple[float, Graph, TrainingPlan]:
    """A starter on data, by its own plan: accuracy, the network as it was trained, and the plan."""
    project = open_starter(name)
    graph = adapted(project.graph, data)
    plan = fitted(plan_from_json(project.plan or {}), graph, data)
    return judged(graph, plan, data, seeds), graph, plan


def plain(macs: int, classes: int) -> Graph:
    """Convolution, ReLU, pool, three times, and a dense layer: as wide as gives about this many multiply-adds."""

    def built(width: int) -> Graph:
        net = Net(3, 32, 32)
        for stage in range(3):
            net.convolution(f"{stage}", width << stage, padding=1)
            net.convolution(f"{stage}b", width << stage, padding=1)
            net.add("max_pool", f"pool{stage}")
        net.add("global_average_pool", "gap")
        net.classifier(classes, flat=False)
        return net.graph

    return min(map(built, range(4, 64)), key=lambda graph: abs(analyse(graph).totals.macs - macs))


def data_sets(folder: Path) -> Iterator[tuple[str, Dataset]]:
    """The starters that have their data here, with the data."""
    yield "tiny-video", sources["motions"].open(folder)
    spoken = sources["spoken-digits"]
    assert isinstance(spoken, FetchedSource)
    if (REAL / "fsdd").is_dir():
        take_from(spoken.files, REAL / "fsdd", spoken.folder_in(folder))
        yield "tiny-sound", spoken.open(folder)
    pictures = REAL / "cifar10-subset" / "cifar10_subset_jpg.zip"
    if pictures.exists():
        with zipfile.ZipFile(pictures) as archive:
            archive.extractall(folder / "cifar")
        yield "tiny-resnet", open_path(folder / "cifar")


LIMITS = {"tiny-video": 0.98, "tiny-sound": 0.95}


def main() -> None:
    """Prints every figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for network, data in data_sets(Path(name)):
            accuracy, graph, plan = starter(network, data, options.seeds)
            say(f"{network} on {data.name}, test", accuracy, at_least=LIMITS.get(network))
            if network == "tiny-resnet":
                cost = analyse(graph).totals.macs
                other = plain(cost, len(facts_of(graph, data).classes))
                ratio = analyse(other).totals.macs / cost
                say(
                    "plain CNN of the same cost, same plan",
                    judged(other, plan, data, options.seeds),
                    multiply_adds=round(ratio, 3),
                )


if __name__ == "__main__":
    main()
