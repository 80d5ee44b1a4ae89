"""Samples that a person brings: files, drawings, photographs of pen on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.drawing import ALL, Steps, Switches, prepare_steps
from cnn_studio.engine.paper import ink_of
from cnn_studio.engine.pictures import read_picture
from cnn_studio.engine.places import recolour, resize
from cnn_studio.engine.sounds import read_sound
from cnn_studio.i18n import N_

MOST_SIDE = 4096
"""Larger pictures are made smaller while they are read."""


def sample_of(path: Path) -> Array:
    """The sample in a file, as it would be stored: (channels, \\*sizes). Raises DataError."""
    return read_sound(path) if path.suffix.lower() == ".wav" else read_picture(path, most_side=MOST_SIDE)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing on its way to a network.

    Attributes:
        ink: what was drawn (height, width), 0 to 1.
        steps: what every step of the preparation made of it.
        sample: (channels, height, width), of the size that the network takes.
    """

    ink: Array
    steps: Steps
    sample: Array


def drawn(picture: Array, wanted: Shape, on: Switches = ALL) -> Drawn:
    """A drawing prepared as the training digits were, then brought to the network's size, with what became of it.

    Raises DataError for a network that does not take pictures, and for paper with nothing on it.
    """
    if wanted.rank != 2:
        raise DataError(N_("this network takes {wanted}, which cannot be drawn"), wanted=wanted)
    ink = ink_of(picture)
    steps = prepare_steps(ink, on)
    prepared = steps.picture[None]
    if not prepared.any():
        raise DataError(N_("nothing is drawn there"))
    if wanted.sizes != prepared.shape[1:]:
        prepared = resize(prepared, wanted.sizes, "fit")
    return Drawn(ink, steps, recolour(prepared, "grey" if wanted.channels == 1 else "colour"))


def drawn_sample(picture: Array, wanted: Shape) -> Array:
    """A drawing as a sample for a network. Raises DataError, see ``drawn``."""
    return drawn(picture, wanted).sample
