"""Trains the network that answers on the first start: cnn_studio/resources/sample/digits.cnnstudio.

    tools/make_sample.py              train, some minutes, and write the file
    tools/make_sample.py -o FILE      the same into another file

It is the starter quick-digits, trained on the bundled digits alone. Nothing is fetched and nothing measured: the plan
says everything, so that the same machine gives the same weights again. How well it reads real handwriting is what
tests/core/test_sample.py and benchmarks/pad.py tell.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnn_studio.core.context import DataFacts  # noqa: E402 - found from here only after the line above
from cnn_studio.core.plans.augmentation import Elastic, Rotate, Shear, Zoom  # noqa: E402
from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json  # noqa: E402
from cnn_studio.core.project import Project, write_project  # noqa: E402
from cnn_studio.core.starters import open_starter  # noqa: E402
from cnn_studio.engine.datasets.opening import open_data  # noqa: E402
from cnn_studio.engine.events import EpochEnded  # noqa: E402
from cnn_studio.engine.preparing import facts_of  # noqa: E402
from cnn_studio.engine.runs import node_weights  # noqa: E402
from cnn_studio.engine.session import Session  # noqa: E402
from cnn_studio.engine.tensors import tensor_bytes  # noqa: E402

FILE = ROOT / "cnn_studio" / "resources" / "sample" / "digits.cnnstudio"
PLAN = TrainingPlan(
    epochs=10,
    batch_size=128,
    rate=0.01,
    validation=0.0,
    averaging=0.999,
    label_smoothing=0.05,
    augmentation=(Rotate(most=8.0), Zoom(most=0.08), Shear(most=8.0), Elastic(strength=0.6)),
    device="cpu",
    precision="fp32",
    threads=1,
    memory_format="channels_first",
)
STORY = {
    "en": "A quick-digits that has learned already: draw a digit and watch it travel through the layers. It has only "
    "seen digits that the studio wrote itself, and reads those of people.",
    "es": "Un quick-digits que ya aprendió: dibuja un dígito y mira cómo recorre las capas. Solo ha visto dígitos "
    "escritos por el propio estudio, y lee los de las personas.",
}


def trained(folder: Path) -> Project:
    """The network, trained; what is generated for it is kept in a folder."""
    starter, data = open_starter("quick-digits"), open_data("digits", folder)
    session = Session(starter.graph, PLAN, data)
    for event in session.events():
        if isinstance(event, EpochEnded):
            print(f"epoch {event.epoch}: {100 * event.train.accuracy:.2f} %, {event.seconds:.0f} s", flush=True)
    facts: DataFacts = facts_of(starter.graph, data)
    weights = tensor_bytes(node_weights(session.judged))
    plan = plan_to_json(TrainingPlan(epochs=PLAN.epochs, batch_size=PLAN.batch_size, rate=PLAN.rate))
    return replace(starter, name="Sample digits", story=STORY, data=facts, plan=plan, weights=weights)


def main(argv: Sequence[str] | None = None) -> int:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description="Train the sample network on the bundled digits.")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        project = trained(Path(folder))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    write_project(project, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
