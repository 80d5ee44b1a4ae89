"""Normalization: values brought to a common scale."""

from math import prod
from typing import ClassVar

from cnn_studio.core.calls import Call, call, changed
from cnn_studio.core.fields import flag, number
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer, Weight, WeightedLayer, check_groups, require_maps
from cnn_studio.core.shapes import WHOLE, Shape, ShapeError, Step
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, _, integer

EPSILON_HELP = N_("A small number that keeps the division from being by zero.")


class Normalization(WeightedLayer):
    """What the normalizations with a learned scale and shift have in common."""

    family: ClassVar[Family] = Family.NORMALIZATION

    epsilon: float = number(1e-5, "ε", ge=1e-12, le=1.0, help=EPSILON_HELP, advanced=True)
    affine: bool = flag(True, N_("Scale and shift"), help=N_("Learn a factor and an offset after it."), advanced=True)

    def affine_shape(self, shape: Shape) -> tuple[int, ...]:
        """Shape of the learned scale, and of the shift."""
        return (shape.channels,)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        if not self.affine:
            return ()
        affine = self.affine_shape(inputs[0])
        return (Weight("weight", affine), Weight("bias", affine))

    def parameter_sum(self, *inputs: Shape) -> Words | None:
        if not self.affine:
            return None
        size = prod(self.affine_shape(inputs[0]))
        return say("2·{size} = {total}", size=size, total=2 * size)

    def common_arguments(self) -> dict[str, object]:
        """Arguments that differ from PyTorch's defaults."""
        return changed(eps=(self.epsilon, 1e-5))

    def keras_arguments(self) -> dict[str, object]:
        """Arguments that differ from the defaults of Keras."""
        return changed(epsilon=(self.epsilon, 1e-3), center=(self.affine, True), scale=(self.affine, True))


@layers.declare("batch_norm")
class BatchNorm(Normalization):
    """Mean 0 and deviation 1 over each batch, by channel (Ioffe, Szegedy 2015, arXiv:1502.03167)."""

    kind: ClassVar[str] = "batch_norm"
    label: ClassVar[str] = N_("Batch normalization")
    stem: ClassVar[str] = "norm"
    help: ClassVar[str] = N_(
        "Brings each channel to mean 0 and deviation 1 over the batch, then scales and shifts it: "
        "faster, steadier learning."
    )
    formula: ClassVar[str] = "y = γ · (x - μ) / √(σ² + ε) + β"

    momentum: float = number(
        0.1, N_("Momentum"), ge=0.0, le=1.0, help=N_("How fast the running mean follows the batches."), advanced=True
    )

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        channels = (inputs[0].channels,)
        return (
            *super().weights(*inputs),
            Weight("running_mean", channels, True),
            Weight("running_var", channels, True),
        )

    def to_torch(self, *inputs: Shape) -> Call:
        return call(
            f"nn.BatchNorm{max(inputs[0].rank, 1)}d", inputs[0].channels,
            **self.common_arguments(), **changed(momentum=(self.momentum, 0.1), affine=(self.affine, True)),
        )  # fmt: skip

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        momentum = changed(momentum=(round(1 - self.momentum, 12), 0.99))  # Keras says what stays of the mean
        return (call("layers.BatchNormalization", **momentum, **self.keras_arguments()),)


@layers.declare("layer_norm")
class LayerNorm(Normalization):
    """Mean 0 and deviation 1 over all values of one sample (Ba et al. 2016, arXiv:1607.06450)."""

    kind: ClassVar[str] = "layer_norm"
    label: ClassVar[str] = N_("Layer normalization")
    stem: ClassVar[str] = "norm"
    help: ClassVar[str] = N_(
        "Brings all values of a sample together to mean 0 and deviation 1; does not depend on the batch."
    )
    formula: ClassVar[str] = "y = γ · (x - μ) / √(σ² + ε) + β"

    def affine_shape(self, shape: Shape) -> tuple[int, ...]:
        return (shape.channels, *shape.sizes)

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        shape = (inputs[0].channels, *inputs[0].sizes)
        return call("nn.LayerNorm", shape, **self.common_arguments(), **changed(elementwise_affine=(self.affine, True)))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        axes = changed(axis=(tuple(range(1, inputs[0].rank + 2)), (1,)))
        return (call("layers.LayerNormalization", **axes, **self.keras_arguments()),)


@layers.declare("group_norm")
class GroupNorm(Normalization):
    """Mean 0 and deviation 1 over groups of channels of one sample (Wu, He 2018, arXiv:1803.08494)."""

    kind: ClassVar[str] = "group_norm"
    label: ClassVar[str] = N_("Group normalization")
    stem: ClassVar[str] = "norm"
    help: ClassVar[str] = N_(
        "Like batch normalization, but over groups of channels of each sample: good for small batches."
    )
    formula: ClassVar[str] = "y = γ · (x - μ) / √(σ² + ε) + β"

    groups: int = number(8, N_("Groups"), ge=1, le=65_536, help=N_("How many groups of channels."))

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_groups(self.groups, shape)
        return shape

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        return call(
            "nn.GroupNorm",
            self.groups,
            inputs[0].channels,
            **self.common_arguments(),
            **changed(affine=(self.affine, True)),
        )

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.GroupNormalization", self.groups, **self.keras_arguments()),)

    def describe(self, rank: int = 2) -> str:
        return _("{n} groups").format(n=integer(self.groups))


@layers.declare("instance_norm")
class InstanceNorm(Normalization):
    """Mean 0 and deviation 1 of each map by itself (Ulyanov et al. 2016, arXiv:1607.08022)."""

    kind: ClassVar[str] = "instance_norm"
    label: ClassVar[str] = N_("Instance normalization")
    stem: ClassVar[str] = "norm"
    help: ClassVar[str] = N_("Brings each map of each sample to mean 0 and deviation 1: contrast no longer matters.")
    formula: ClassVar[str] = "y = γ · (x - μ) / √(σ² + ε) + β"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        require_maps(shape)
        if prod(shape.sizes) == 1:
            raise ShapeError(
                "one_value",
                N_("its maps of {shape} have a single value each, and the deviation of one value says nothing"),
                shape=shape,
            )
        return shape

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        return call(
            f"nn.InstanceNorm{inputs[0].rank}d",
            inputs[0].channels,
            **self.common_arguments(),
            **changed(affine=(self.affine, False)),
        )

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.GroupNormalization", -1, **self.keras_arguments()),)


@layers.declare("local_response_norm")
class LocalResponseNorm(Layer):
    """Channels at the same place damp one another (Krizhevsky et al. 2012, section 3.3)."""

    kind: ClassVar[str] = "local_response_norm"
    label: ClassVar[str] = N_("Local response normalization")
    stem: ClassVar[str] = "lrn"
    family: ClassVar[Family] = Family.NORMALIZATION
    help: ClassVar[str] = N_("Strong values damp those of neighbouring channels at the same place; AlexNet used it.")
    formula: ClassVar[str] = "y = x / (k + α/n · Σ x²)ᵝ"

    channels: int = number(5, N_("Neighbouring channels"), ge=1, le=1024, help=N_("How many channels are summed (n)."))
    alpha: float = number(
        1e-4,
        "α",
        ge=0.0,
        le=1000.0,
        help=N_("Strength; it is divided by the number of channels summed, as PyTorch does."),
    )
    beta: float = number(0.75, "β", ge=0.0, le=10.0)
    k: float = number(1.0, "k", ge=1e-6, le=1000.0)

    def output_shape(self, *inputs: Shape) -> Shape:
        require_maps(inputs[0])
        return inputs[0]

    def to_torch(self, *inputs: Shape) -> Call:
        return call(
            "nn.LocalResponseNorm", self.channels,
            **changed(alpha=(self.alpha, 1e-4), beta=(self.beta, 0.75), k=(self.k, 1.0)),
        )  # fmt: skip

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("LocalResponseNormalization", self.channels, alpha=self.alpha, beta=self.beta, k=self.k),)

    def describe(self, rank: int = 2) -> str:
        return f"n = {self.channels}"
