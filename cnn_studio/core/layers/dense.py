"""The dense layer."""

from typing import ClassVar

from cnn_studio.core.calls import Call, call, changed
from cnn_studio.core.fields import flag, number
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Weight, WeightedLayer
from cnn_studio.core.layers.sliding import BIAS_HELP, product_sum
from cnn_studio.core.shapes import WHOLE, Shape, ShapeError, Step
from cnn_studio.core.words import Words
from cnn_studio.i18n import N_, integer, ngettext


@layers.declare("dense")
class Dense(WeightedLayer):
    """Every output is a weighted sum of all inputs."""

    kind: ClassVar[str] = "dense"
    label: ClassVar[str] = N_("Dense")
    stem: ClassVar[str] = "dense"
    family: ClassVar[Family] = Family.DENSE
    help: ClassVar[str] = N_(
        "Connects every unit with every value of a row of numbers; usually the last layers, that decide."
    )
    formula: ClassVar[str] = "y[j] = b[j] + Σ w[j, i] · x[i]"

    units: int = number(
        128,
        N_("Units"),
        ge=1,
        le=1_048_576,
        help=N_("How many numbers come out; in the last layer, one for each class."),
    )
    bias: bool = flag(True, N_("Bias"), help=BIAS_HELP, advanced=True)

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if shape.sizes:
            raise ShapeError(
                "needs_vector",
                N_("it takes a row of numbers, and gets maps of {shape}; {factors} = {values}"),
                shape=shape, factors="·".join(map(str, (*shape.sizes, shape.channels))), values=shape.values,
            )  # fmt: skip
        return Shape(self.units)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        weight = Weight("weight", (self.units, inputs[0].channels))
        return (weight, Weight("bias", (self.units,))) if self.bias else (weight,)

    def parameter_count(self, *inputs: Shape) -> int:
        return self.units * (inputs[0].channels + self.bias)

    def macs(self, *inputs: Shape) -> int:
        return self.units * inputs[0].channels

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.Linear", inputs[0].channels, self.units, **changed(bias=(self.bias, True)))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.Dense", self.units, **changed(use_bias=(self.bias, True))),)

    def parameter_sum(self, *inputs: Shape) -> Words:
        return product_sum((inputs[0].channels, self.units), self.units if self.bias else None)

    def describe(self, rank: int = 2) -> str:
        return ngettext("{n} unit", "{n} units", self.units).format(n=integer(self.units))
