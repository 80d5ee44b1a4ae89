"""Regularization: disturbances while training that keep a network from learning by heart."""

from typing import ClassVar

from cnn_studio.core.calls import Call, call
from cnn_studio.core.fields import number
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer, require_maps
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import short_decimal
from cnn_studio.i18n import N_


@layers.declare("dropout")
class Dropout(Layer):
    """Zeroes values at random while training (Srivastava et al. 2014)."""

    kind: ClassVar[str] = "dropout"
    label: ClassVar[str] = "Dropout"
    stem: ClassVar[str] = "dropout"
    family: ClassVar[Family] = Family.REGULARIZATION
    help: ClassVar[str] = N_(
        "While training, sets a share of the values to zero at random, so that no unit can rely on a single other one."
    )
    formula: ClassVar[str] = "y = x · m / (1 - p),  m ∈ {0, 1}"

    rate: float = number(0.5, N_("Share dropped"), ge=0.0, le=0.99, help=N_("0.5 drops half of the values."))

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.Dropout", self.rate)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.Dropout", self.rate),)

    def describe(self, rank: int = 2) -> str:
        return short_decimal(self.rate)


@layers.declare("spatial_dropout")
class SpatialDropout(Layer):
    """Zeroes whole maps at random while training (Tompson et al. 2015, arXiv:1411.4280)."""

    kind: ClassVar[str] = "spatial_dropout"
    label: ClassVar[str] = N_("Spatial dropout")
    stem: ClassVar[str] = "dropout"
    family: ClassVar[Family] = Family.REGULARIZATION
    help: ClassVar[str] = N_(
        "While training, sets whole maps to zero at random; better than dropout between convolutions."
    )
    formula: ClassVar[str] = "y[c] = x[c] · m[c] / (1 - p)"

    rate: float = number(0.2, N_("Share dropped"), ge=0.0, le=0.99, help=N_("0.5 drops half of the maps."))

    def output_shape(self, *inputs: Shape) -> Shape:
        require_maps(inputs[0])
        return inputs[0]

    def to_torch(self, *inputs: Shape) -> Call:
        return call(f"nn.Dropout{inputs[0].rank}d", self.rate)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call(f"layers.SpatialDropout{inputs[0].rank}D", self.rate),)

    def describe(self, rank: int = 2) -> str:
        return short_decimal(self.rate)


@layers.declare("gaussian_noise")
class GaussianNoise(Layer):
    """Adds normal noise while training."""

    kind: ClassVar[str] = "gaussian_noise"
    label: ClassVar[str] = N_("Gaussian noise")
    stem: ClassVar[str] = "noise"
    family: ClassVar[Family] = Family.REGULARIZATION
    help: ClassVar[str] = N_("While training, adds a little random noise to every value.")
    formula: ClassVar[str] = "y = x + σ · n,  n ~ N(0, 1)"

    deviation: float = number(0.1, "σ", ge=0.0, le=10.0, help=N_("How strong the noise is."))

    def to_torch(self, *inputs: Shape) -> Call:
        return call("GaussianNoise", self.deviation)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        if self.deviation <= 1.0:
            return (call("layers.GaussianNoise", self.deviation),)
        return (  # Keras takes deviations up to 1 only
            call("layers.Rescaling", 1 / self.deviation),
            call("layers.GaussianNoise", 1.0),
            call("layers.Rescaling", self.deviation),
        )

    def describe(self, rank: int = 2) -> str:
        return f"σ = {short_decimal(self.deviation)}"
