"""Activations: functions of one value, and the softmax over classes."""

from typing import ClassVar

from cnn_studio.core.calls import Call, call, changed
from cnn_studio.core.fields import flag, number
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer, Weight, WeightedLayer
from cnn_studio.core.shapes import POINTWISE, WHOLE, Shape, Step
from cnn_studio.core.words import Words, say, short_decimal
from cnn_studio.i18n import N_


class Activation(Layer):
    """What functions of single values have in common."""

    family: ClassVar[Family] = Family.ACTIVATION
    torch_name: ClassVar[str]

    def to_torch(self, *inputs: Shape) -> Call:
        return call(f"nn.{self.torch_name}")

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.Activation", self.kind),)


@layers.declare("relu")
class ReLU(Activation):
    """Negative values become zero."""

    kind: ClassVar[str] = "relu"
    label: ClassVar[str] = "ReLU"
    stem: ClassVar[str] = "relu"
    torch_name: ClassVar[str] = "ReLU"
    help: ClassVar[str] = N_("Negative values become zero, the others stay. The usual activation between layers.")
    formula: ClassVar[str] = "y = max(0, x)"

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.ReLU"),)


@layers.declare("leaky_relu")
class LeakyReLU(Activation):
    """Negative values are made small instead of zero."""

    kind: ClassVar[str] = "leaky_relu"
    label: ClassVar[str] = "Leaky ReLU"
    stem: ClassVar[str] = "leaky"
    torch_name: ClassVar[str] = "LeakyReLU"
    help: ClassVar[str] = N_("Negative values are made small instead of zero, so that no unit can die.")
    formula: ClassVar[str] = "y = max(0, x) + a · min(0, x)"

    slope: float = number(0.01, N_("Slope"), ge=0.0, le=1.0, help=N_("What negative values are multiplied by."))

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.LeakyReLU", **changed(negative_slope=(self.slope, 0.01)))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.LeakyReLU", negative_slope=self.slope),)

    def describe(self, rank: int = 2) -> str:
        return f"a = {short_decimal(self.slope)}"


@layers.declare("prelu")
class PReLU(WeightedLayer):
    """Leaky ReLU whose slope is learned (He et al. 2015, arXiv:1502.01852)."""

    kind: ClassVar[str] = "prelu"
    label: ClassVar[str] = "PReLU"
    stem: ClassVar[str] = "prelu"
    family: ClassVar[Family] = Family.ACTIVATION
    help: ClassVar[str] = N_("Leaky ReLU whose slope is learned, one for each channel or one for all.")
    formula: ClassVar[str] = "y = max(0, x) + a[c] · min(0, x)"

    shared: bool = flag(False, N_("One slope for all channels"))

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        return (Weight("weight", (1 if self.shared else inputs[0].channels,)),)

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.PReLU", *(() if self.shared else (inputs[0].channels,)))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        axes = list(range(1, inputs[0].rank + 1 + self.shared))
        start = call("keras.initializers.Constant", 0.25)  # as He et al. and PyTorch begin; Keras with 0
        return (call("layers.PReLU", alpha_initializer=start, **({"shared_axes": axes} if axes else {})),)

    def parameter_sum(self, *inputs: Shape) -> Words:
        return say("{n}", n=self.parameter_count(*inputs))


@layers.declare("elu")
class ELU(Activation):
    """Negative values level off smoothly (Clevert et al. 2015, arXiv:1511.07289)."""

    kind: ClassVar[str] = "elu"
    label: ClassVar[str] = "ELU"
    stem: ClassVar[str] = "elu"
    torch_name: ClassVar[str] = "ELU"
    help: ClassVar[str] = N_("Negative values level off smoothly at -α.")
    formula: ClassVar[str] = "y = x (x > 0), α · (eˣ - 1) (x ≤ 0)"

    alpha: float = number(1.0, "α", ge=0.0, le=10.0, help=N_("Where negative values level off."))

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.ELU", **changed(alpha=(self.alpha, 1.0)))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.ELU", **changed(alpha=(self.alpha, 1.0))),)


@layers.declare("gelu")
class GELU(Activation):
    """x times the share of a normal distribution below x (Hendrycks, Gimpel 2016, arXiv:1606.08415)."""

    kind: ClassVar[str] = "gelu"
    label: ClassVar[str] = "GELU"
    stem: ClassVar[str] = "gelu"
    torch_name: ClassVar[str] = "GELU"
    help: ClassVar[str] = N_("A smooth ReLU, used in newer networks.")
    formula: ClassVar[str] = "y = x · Φ(x)"


@layers.declare("silu")
class SiLU(Activation):
    """x times its sigmoid, also called swish (Ramachandran et al. 2017, arXiv:1710.05941)."""

    kind: ClassVar[str] = "silu"
    label: ClassVar[str] = "SiLU"
    stem: ClassVar[str] = "silu"
    torch_name: ClassVar[str] = "SiLU"
    help: ClassVar[str] = N_("A smooth ReLU, also called swish.")
    formula: ClassVar[str] = "y = x / (1 + e⁻ˣ)"


@layers.declare("sigmoid")
class Sigmoid(Activation):
    """Squeezes any value between 0 and 1."""

    kind: ClassVar[str] = "sigmoid"
    label: ClassVar[str] = N_("Sigmoid")
    stem: ClassVar[str] = "sigmoid"
    torch_name: ClassVar[str] = "Sigmoid"
    help: ClassVar[str] = N_("Squeezes any value between 0 and 1.")
    formula: ClassVar[str] = "y = 1 / (1 + e⁻ˣ)"


@layers.declare("tanh")
class Tanh(Activation):
    """Squeezes any value between -1 and 1."""

    kind: ClassVar[str] = "tanh"
    label: ClassVar[str] = "Tanh"
    stem: ClassVar[str] = "tanh"
    torch_name: ClassVar[str] = "Tanh"
    help: ClassVar[str] = N_("Squeezes any value between -1 and 1; LeNet used it.")
    formula: ClassVar[str] = "y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)"


@layers.declare("softmax")
class Softmax(Activation):
    """Turns scores into probabilities that sum to one."""

    kind: ClassVar[str] = "softmax"
    label: ClassVar[str] = "Softmax"
    stem: ClassVar[str] = "softmax"
    help: ClassVar[str] = N_("Turns the scores of the classes into probabilities that sum to 1.")
    formula: ClassVar[str] = "y[j] = eˣ⁽ʲ⁾ / Σ eˣ⁽ⁱ⁾"

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return POINTWISE if inputs[0].sizes else WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.Softmax", dim=1)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.Softmax"),)
