"""Steps of preprocessing: the same ones prepare what trains, what is predicted, and what the drawing pad shows."""

from __future__ import annotations

from typing import ClassVar, Literal

from cnn_studio.core.fields import choice, numbers, size
from cnn_studio.core.plans import preparations
from cnn_studio.core.plans.base import Preparation
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_


@preparations.declare("drawing")
class DrawnDigit(Preparation):
    """As the MNIST digits were prepared: bounding box to 20 pixels, centre of mass to the middle of 28×28."""

    kind: ClassVar[str] = "drawing"
    label: ClassVar[str] = N_("As the training digits were")
    help: ClassVar[str] = N_(
        "The drawing's bounding box is scaled to 20 pixels and its centre of mass put in the middle of 28×28, as was "
        "done with the digits of the data set."
    )

    def output_shape(self, shape: Shape) -> Shape:
        return Shape(1, (28, 28))


@preparations.declare("colour")
class Colour(Preparation):
    """Grey or colour."""

    kind: ClassVar[str] = "colour"
    label: ClassVar[str] = N_("Colour")
    help: ClassVar[str] = N_("Turns pictures into grey ones, or gives grey ones three equal channels.")

    mode: Literal["grey", "colour"] = choice(
        "grey", N_("Mode"), {"grey": N_("grey (1 channel)"), "colour": N_("colour (3 channels)")}
    )

    def output_shape(self, shape: Shape) -> Shape:
        return Shape(1 if self.mode == "grey" else 3, shape.sizes)


@preparations.declare("size")
class Resize(Preparation):
    """Another size."""

    kind: ClassVar[str] = "size"
    label: ClassVar[str] = N_("Size")
    help: ClassVar[str] = N_("Brings every sample to the same size, as the network needs it.")

    sizes: tuple[int, ...] = size(
        (28, 28), N_("Sizes"), ge=1, le=1_048_576, single=False, axes=(1, 3), unit="px",
        help=N_("Height and width; for sound its length."),
    )  # fmt: skip
    method: Literal["stretch", "fit", "crop"] = choice(
        "stretch",
        N_("Method"),
        {"stretch": N_("stretch"), "fit": N_("fit and fill"), "crop": N_("fill and cut")},
        help=N_(
            "Stretch changes the proportions. The others keep them: one fills what is left with the border's value, "
            "one cuts what is too much."
        ),
    )

    def output_shape(self, shape: Shape) -> Shape:
        return Shape(shape.channels, self.sizes)


@preparations.declare("invert")
class Invert(Preparation):
    """Dark becomes light."""

    kind: ClassVar[str] = "invert"
    label: ClassVar[str] = N_("Invert")
    help: ClassVar[str] = N_(
        "Dark becomes light and light dark: for black ink on white paper, as networks see digits white on black."
    )


@preparations.declare("scale")
class Scale(Preparation):
    """Values from 0 to 1 (sound: from -1 to 1)."""

    kind: ClassVar[str] = "scale"
    label: ClassVar[str] = N_("Scale to 0..1")
    help: ClassVar[str] = N_(
        "Divides stored values by their largest, 255 for pictures: what enters the network is small."
    )


@preparations.declare("standardize")
class Standardize(Preparation):
    """Mean 0 and deviation 1, by the numbers of the training data."""

    kind: ClassVar[str] = "standardize"
    label: ClassVar[str] = N_("Mean and deviation")
    help: ClassVar[str] = N_(
        "Subtracts the mean of the training data and divides by their deviation, channel by channel."
    )

    mean: tuple[float, ...] = numbers(
        (0.5,), N_("Mean"), ge=-1e6, le=1e6, help=N_("One for all channels, or one for each.")
    )
    deviation: tuple[float, ...] = numbers(
        (0.5,), N_("Deviation"), ge=1e-6, le=1e6, help=N_("One for all channels, or one for each.")
    )
