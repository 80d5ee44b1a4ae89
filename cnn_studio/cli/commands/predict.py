"""cnn-studio predict"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.engine.predict import Predictor

SUMMARY = N_("Ask a trained network what pictures or sounds show.")
EXAMPLES = (
    ("cnn-studio predict last seven.png --prepare drawing", N_("a digit drawn with pen on paper or in any program")),
    ("cnn-studio predict run1 photos/*.jpg --json", N_("many files, for a program")),
)
SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument(
        "run",
        metavar=_("RUN"),
        help=_(
            "a run's name, its folder, “last”, a trained .cnnstudio file, or “sample”, the network that comes trained"
        ),
    )
    parser.add_argument("files", metavar=_("FILE"), nargs="+", help=_("pictures, or sounds in WAV files"))
    parser.add_argument(
        "--prepare", choices=("as-trained", "drawing"), default="as-trained",
        help=_("drawing: flatten the paper, make the ink bright, and centre it as the training digits were"),
    )  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Prints an answer for each file; 1 when none could be read."""
    from cnn_studio.cli import output
    from cnn_studio.cli.engine import engine_failures, trained_project
    from cnn_studio.engine.predict import predictor_of

    with engine_failures():
        predictor = predictor_of(trained_project(options.run))
    answers = [_answer(predictor, file, options.prepare) for file in options.files]
    if options.json:
        output.print_json(answers)
    else:
        for answer in answers:
            _tell(answer)
    return 1 if all("error" in answer for answer in answers) else 0


def _answer(predictor: Predictor, file: str, prepare: str) -> dict[str, Any]:
    from pathlib import Path

    from cnn_studio.engine.datasets.base import DataError
    from cnn_studio.engine.inputs import drawn_sample, sample_of
    from cnn_studio.engine.predict import as_json
    from cnn_studio.engine.refusals import sentence_of

    try:
        sample = sample_of(Path(file))
        if prepare == "drawing":
            sample = drawn_sample(sample, predictor.input_shape)
        return as_json(predictor.answer(sample), file)
    except DataError as error:
        return {"file": file, "error": sentence_of(str(error))}


def _tell(answer: dict[str, Any]) -> None:
    from cnn_studio.cli import output
    from cnn_studio.i18n import percent

    if "error" in answer:
        output.message(_("cnn-studio: {sentence}").format(sentence=answer["error"]))
        return
    ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])[:SHOWN]
    words = ", ".join(f"{_(name)} {percent(probability)}" for name, probability in ranked)
    output.print_text(f"{answer['file']}: {words}")
