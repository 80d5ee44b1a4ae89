"""Where a network begins and ends."""

from typing import ClassVar

from cnn_studio.core.calls import Call
from cnn_studio.core.fields import number, size
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer, bounded
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import short_decimal
from cnn_studio.i18n import N_


class Place(Layer):
    """What only marks a place: values pass as they are."""

    def to_torch(self, *inputs: Shape) -> Call | None:
        return None

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return ()


@layers.declare("input")
class Input(Place):
    """One sample: its channels and the sizes of its axes."""

    kind: ClassVar[str] = "input"
    label: ClassVar[str] = N_("Input")
    stem: ClassVar[str] = "input"
    family: ClassVar[Family] = Family.INPUT
    help: ClassVar[str] = N_(
        "Where a sample enters: one axis for sound, two for pictures (height, width), three for video, none for a "
        "row of numbers."
    )
    arity: ClassVar[tuple[int, int]] = (0, 0)

    channels: int = number(1, N_("Channels"), ge=1, le=65_536, help=N_("1 for grey, 3 for colour."))
    sizes: tuple[int, ...] = size(
        (28, 28), N_("Sizes"), ge=1, le=1_048_576, single=False, axes=(0, 3), help=N_("Height and width, in pixels.")
    )

    def output_shape(self, *inputs: Shape) -> Shape:
        return bounded(Shape(self.channels, self.sizes))

    def describe(self, rank: int = 2) -> str:
        return str(Shape(self.channels, self.sizes))


@layers.declare("output")
class Output(Place):
    """The network's answer."""

    kind: ClassVar[str] = "output"
    label: ClassVar[str] = N_("Output")
    stem: ClassVar[str] = "output"
    family: ClassVar[Family] = Family.OUTPUT
    help: ClassVar[str] = N_("Marks the network's answer: one number for each class.")


@layers.declare("auxiliary_output")
class AuxiliaryOutput(Place):
    """A second answer from the middle of the network, used while training only (GoogLeNet)."""

    kind: ClassVar[str] = "auxiliary_output"
    label: ClassVar[str] = N_("Auxiliary output")
    stem: ClassVar[str] = "aux"
    family: ClassVar[Family] = Family.OUTPUT
    help: ClassVar[str] = N_(
        "An answer from the middle of the network. Its weighted loss is added while training, so that early layers "
        "learn too; it plays no part in the prediction."
    )
    formula: ClassVar[str] = "L = L₀ + λ · L₁"

    weight: float = number(
        0.3, N_("Loss weight"), ge=0.0, le=10.0, help=N_("How much its loss counts beside the main one.")
    )

    def describe(self, rank: int = 2) -> str:
        return f"λ = {short_decimal(self.weight)}"
