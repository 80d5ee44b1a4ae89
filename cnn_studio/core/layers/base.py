"""What every kind of layer says about itself."""

from enum import Enum
from math import prod
from typing import ClassVar, NamedTuple

from cnn_studio.core.calls import Call
from cnn_studio.core.fields import Model, Size, flag
from cnn_studio.core.shapes import MAX_VALUES, POINTWISE, Shape, ShapeError, Step
from cnn_studio.core.words import Words, say, times
from cnn_studio.i18n import N_, _

ANY = 1_000_000
"""As a largest number of inputs: as many as one likes."""


class Family(Enum):
    """Families of layers: they share a colour, an icon's style and a heading in the palette."""

    INPUT = "input"
    FEATURES = "features"
    POOLING = "pooling"
    ACTIVATION = "activation"
    NORMALIZATION = "normalization"
    REGULARIZATION = "regularization"
    RESHAPING = "reshaping"
    MERGING = "merging"
    DENSE = "dense"
    OUTPUT = "output"


FAMILY_LABELS = {
    Family.INPUT: N_("Input"),
    Family.FEATURES: N_("Features"),
    Family.POOLING: N_("Pooling"),
    Family.ACTIVATION: N_("Activation"),
    Family.NORMALIZATION: N_("Normalization"),
    Family.REGULARIZATION: N_("Regularization"),
    Family.RESHAPING: N_("Shape"),
    Family.MERGING: N_("Merging"),
    Family.DENSE: N_("Dense"),
    Family.OUTPUT: N_("Output"),
}


class Weight(NamedTuple):
    """One tensor that a layer owns, under the name it has inside the layer's module.

    ``statistic`` tells what is gathered while training (running mean and variance) from what is learned.
    """

    name: str
    shape: tuple[int, ...]
    statistic: bool = False


class Layer(Model):
    """Base of the kinds of layer.

    All shape methods take the shapes of the inputs, channels first, without the batch, and may
    assume that ``output_shape`` accepted them.
    """

    kind: ClassVar[str]
    """Name in files; never changes once released."""
    label: ClassVar[str]
    """Name that people read, marked for translation."""
    stem: ClassVar[str]
    """What new nodes of this kind are called: "conv" gives conv1, conv2, ..."""
    family: ClassVar[Family]
    help: ClassVar[str]
    """What it does, in one or two sentences, marked for translation."""
    formula: ClassVar[str] = ""
    """What it computes, in plain mathematical notation that needs no translation."""
    arity: ClassVar[tuple[int, int]] = (1, 1)
    """Fewest and most inputs."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """Shape of the output. Raises ShapeError when the inputs do not fit."""
        return inputs[0]

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Every tensor the layer owns, in the order of its state in PyTorch."""
        return ()

    def parameter_count(self, *inputs: Shape) -> int:
        """Numbers that are learned, or would be if the layer were not frozen."""
        return sum(prod(shape) for _, shape, statistic in self.weights(*inputs) if not statistic)

    def macs(self, *inputs: Shape) -> int:
        """Multiply-adds for one sample; only products with weights are counted."""
        return 0

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        """What an output unit reads of the input, per axis (``POINTWISE``: its own place, ``WHOLE``: everything)."""
        return POINTWISE

    def to_torch(self, *inputs: Shape) -> Call | None:
        """The PyTorch call; None for what only marks a place (Input, Output)."""
        raise NotImplementedError

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """The Keras layers, each applied to what the one before it gives; empty for what only marks a place.

        The first takes the input, or the list of inputs when there are several. ``inputs`` are
        channels first like everywhere; the layers work channels last.
        """
        raise NotImplementedError

    def describe(self, rank: int = 2) -> str:
        """The main settings in a few characters, for a card or a table: "5×5 · 6 filters".

        ``rank`` is the number of axes of the input, for sizes given as one number.
        """
        return ""

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        """The arithmetic of the output's sizes, one line for each axis that differs."""
        return ()

    def parameter_sum(self, *inputs: Shape) -> Words | None:
        """The arithmetic of the number of parameters, or None without parameters."""
        return None

    @property
    def is_trainable(self) -> bool:
        """Whether training may change the layer's parameters."""
        return True


class WeightedLayer(Layer):
    """Base of the kinds with parameters, which a person may freeze."""

    frozen: bool = flag(
        False, N_("Frozen"), help=N_("Keep the weights as they are while the rest is trained."), advanced=True
    )

    @property
    def is_trainable(self) -> bool:
        """Whether training may change the layer's parameters."""
        return not self.frozen


def per_axis(value: Size, rank: int, label: str) -> tuple[int, ...]:
    """A size for each of ``rank`` axes. Raises ShapeError when the size has another number of axes."""
    if type(value) is int:
        return (value,) * rank
    assert isinstance(value, tuple)
    if len(value) != rank:
        raise ShapeError(
            "axes",
            N_("{label} has {given} numbers ({value}), but the input has {rank} axes"),
            label=say(label),
            given=len(value),
            value=value,
            rank=rank,
        )
    return value


def require_maps(shape: Shape) -> int:
    """The rank of an input that must have axes. Raises ShapeError for a vector."""
    rank = len(shape.sizes)
    if rank == 0:
        raise ShapeError(
            "vector",
            N_("it needs maps, and gets a row of {values} numbers"),
            values=shape.channels,
        )
    return rank


def bounded(shape: Shape) -> Shape:
    """The same shape. Raises ShapeError when it holds more values than any machine."""
    if shape.values > MAX_VALUES:
        raise ShapeError(
            "too_large",
            N_("it would make {shape}: {values} values, more than any machine can hold"),
            shape=shape,
            values=shape.values,
        )
    return shape


def size_text(value: Size, rank: int) -> str:
    """A kernel or pool size on a card: 3 is "3×3" for pictures, (3, 5) is "3×5"."""
    return times(value if isinstance(value, tuple) else (value,) * max(rank, 1))


STRIDE = N_("stride {size}")
PADDING = N_("padding {size}")
DILATION = N_("dilation {size}")


def setting(template: str, value: Size) -> str:
    """A size with its name, for a card: "stride 2"."""
    return _(template).format(size=size_text(value, 1))


def dotted(*parts: str) -> str:
    """Settings on a card, those that are not empty, with dots between."""
    return " · ".join(part for part in parts if part)


def distinct_axes(rows: list[Words]) -> tuple[Words, ...]:
    """The lines of arithmetic without repeats: a square picture needs its sum once."""
    unique: dict[str, Words] = {}
    for row in rows:
        unique.setdefault(repr(row), row)
    return tuple(unique.values())


def check_groups(groups: int, shape: Shape) -> None:
    """Raises ShapeError when the groups do not divide the channels that come in."""
    if shape.channels % groups:
        raise ShapeError(
            "groups_input",
            N_(
                "its {groups} groups do not divide the {channels} channels that come in: "
                "{channels} / {groups} leaves {rest}"
            ),
            groups=groups,
            channels=shape.channels,
            rest=shape.channels % groups,
        )
