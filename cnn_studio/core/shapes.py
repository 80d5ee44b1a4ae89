"""Shapes, the sliding-window arithmetic behind them, and how far a unit sees.

Everything here is plain arithmetic on whole numbers, in the order channels first, without the batch.
PyTorch's rules are followed exactly; tests put torch's meta device beside them as a judge.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

from cnn_studio.core.words import Words, say, shape_words

MAX_VALUES = 2**40
"""More values than this in one sample are refused: no machine could hold them."""


class Shape(NamedTuple):
    """What one sample is at some point of a network: channels, and the sizes of its axes.

    A vector has no axes: ``Shape(10)``. Sound has one, pictures two (height, width), video three.
    """

    channels: int
    sizes: tuple[int, ...] = ()

    @property
    def rank(self) -> int:
        """Number of axes besides the channels."""
        return len(self.sizes)

    @property
    def values(self) -> int:
        """How many numbers one sample holds."""
        return self.channels * prod(self.sizes)

    def __str__(self) -> str:
        return shape_words(self.channels, self.sizes)


class ShapeError(Exception):
    """A layer cannot take what it is given. Carries a code, a sentence and every number in it."""

    def __init__(self, code: str, template: str, /, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words: Words = say(template, **values)

    @property
    def values(self) -> dict[str, Any]:
        """The numbers of the sentence, by name."""
        return self.words.values

    def __str__(self) -> str:
        return str(self.words)


def reach_of(kernel: int, dilation: int) -> int:
    """Length that a kernel covers: its taps and the gaps between them."""
    return dilation * (kernel - 1) + 1


def window_size(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """Output length of a sliding window; ``padding`` is the sum of both sides. Not positive: does not fit."""
    return (size + padding - reach_of(kernel, dilation)) // stride + 1


def pool_size(size: int, kernel: int, stride: int, padding: int, ceil: bool) -> int:
    """Output length of a pooling window with ``padding`` on each side.

    With ``ceil`` a last, partial window counts if it starts inside the input or its left padding,
    as PyTorch has it.
    """
    span = size + 2 * padding - kernel
    if not ceil:
        return span // stride + 1
    out = -(-span // stride) + 1
    if (out - 1) * stride >= size + padding:
        out -= 1
    return out


def same_padding(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Zeros before and after that make the output ``ceil(size / stride)`` long; an odd one goes to the end."""
    out = -(-size // stride)
    total = max((out - 1) * stride + reach_of(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


def transposed_size(size: int, kernel: int, stride: int, *, padding: int, extra: int, dilation: int) -> int:
    """Output length of a transposed convolution."""
    return (size - 1) * stride - 2 * padding + reach_of(kernel, dilation) + extra


ROUNDING = 1e-6
"""Positions between pixels (behind layers that enlarge) are sums of fractions, exact to less than this."""


class Step(NamedTuple):
    """Along one axis, output unit ``o`` reads the inputs from ``o * jump + low`` to ``o * jump + high``."""

    low: float
    high: float
    jump: float


WHOLE: tuple[Step, ...] = (Step(0, 0, 0),)
"""Marks a layer whose every output reads the whole input (compare with ``is``)."""

POINTWISE: tuple[Step, ...] = ()
"""Marks a layer whose every output reads the same place of its input."""


class Reach(NamedTuple):
    """What part of the picture a unit depends on.

    Per axis of the Input: the unit at index ``o`` sees the pixels from ``o * jump + low`` to
    ``o * jump + high``. ``picture`` are the sizes of the Input; ``whole`` that everything is seen.
    Pixels beyond the picture count as seen, whatever the padding puts there. Behind layers that enlarge, where
    units lie between pixels, these are bounds: no unit sees beyond them.
    """

    steps: tuple[Step, ...]
    picture: tuple[int, ...]
    whole: bool = False

    @property
    def receptive_field(self) -> tuple[int, ...]:
        """Pixels seen along each axis; may exceed the picture, as zeros around it are seen too."""
        if self.whole:
            return self.picture
        return tuple(int(step.high - step.low + ROUNDING) + 1 for step in self.steps)

    @property
    def jump(self) -> tuple[float, ...]:
        """Pixels between what neighbouring units see, per axis; empty when the whole picture is seen."""
        return () if self.whole else tuple(step.jump for step in self.steps)


def input_reach(sizes: tuple[int, ...]) -> Reach:
    """The reach of the Input itself: one pixel."""
    return Reach((Step(0, 0, 1),) * len(sizes), sizes)


def extend_reach(reach: Reach, steps: tuple[Step, ...]) -> Reach:
    """The reach after one more layer that reads its input as ``steps`` say."""
    if not steps or reach.whole:
        return reach
    if steps is WHOLE or len(steps) != len(reach.steps):
        return Reach(reach.steps, reach.picture, True)
    return Reach(
        tuple(
            [
                Step(low + step_low * jump, high + step_high * jump, jump * step_jump)
                for (low, high, jump), (step_low, step_high, step_jump) in zip(reach.steps, steps, strict=True)
            ]
        ),
        reach.picture,
    )


def merge_reach(reaches: tuple[Reach, ...]) -> Reach:
    """The reach of a unit that joins several branches: all that any of them sees.

    Where neighbours of the branches lie at different distances in the picture, units drift apart and no
    one distance tells what they see: the whole picture is said.
    """
    first = reaches[0]
    if any(reach.whole or len(reach.steps) != len(first.steps) for reach in reaches):
        return Reach(first.steps, first.picture, True)
    joined = []
    for (low, high, jump), *others in zip(*[reach.steps for reach in reaches], strict=True):
        for other_low, other_high, other_jump in others:
            if abs(other_jump - jump) > ROUNDING:
                return Reach(first.steps, first.picture, True)
            low, high = min(low, other_low), max(high, other_high)  # noqa: PLW2901
        joined.append(Step(low, high, jump))
    return Reach(tuple(joined), first.picture)
