"""Pictures of what layers do, by their kind: a kernel that slides, windows that are pooled, a sum of two maps.

Each is drawn on a field of 200 by 80.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, tanh

from PySide6.QtCore import QRectF

from cnn_studio.gui.widgets.pencil import Draw, Pencil

FIELD = 200.0, 80.0

SEVEN = ("......", ".####.", "....#.", "...#..", "..#...", "......")
"""A digit of few pixels."""


def seven(row: int, column: int) -> float:
    """How light a pixel of the digit is."""
    return 0.85 if SEVEN[row][column] == "#" else 0.06


def draw_convolution(pencil: Pencil) -> None:
    """A kernel over the digit, and the pixel that it gives."""
    pencil.grid(22, 7, 6, 6, 11, seven)
    pencil.grid(130, 18, 4, 4, 11, lambda row, column: 0.9 if (row, column) == (1, 2) else 0.12)
    for start, end in (((77, 18), (152, 29)), ((77, 51), (152, 40))):
        pencil.line(start, end, color=pencil.inks.main)
    pencil.frame(44, 18, 33, 33)
    pencil.frame(152, 29, 11, 11)


def draw_transposed(pencil: Pencil) -> None:
    """A pixel that is spread over a patch."""
    pencil.grid(34, 26, 2, 2, 14, lambda row, column: 0.9 if (row, column) == (0, 1) else 0.12)
    pencil.grid(122, 12, 4, 4, 14, lambda row, column: 0.55 if row < 2 and column > 1 else 0.06)
    for start, end in (((62, 26), (150, 12)), ((62, 40), (150, 40))):
        pencil.line(start, end, color=pencil.inks.main)
    pencil.frame(48, 26, 14, 14)
    pencil.frame(150, 12, 28, 28)


def draw_depthwise(pencil: Pencil) -> None:
    """Each map with a kernel of its own."""
    for index in range(3):
        x, y = 30 + 9 * index, 8 + 9 * index
        pencil.sheet(x, y, 44, 44, 0.15 + 0.2 * index)
        pencil.frame(x + 5, y + 5, 14, 14)
        pencil.sheet(118 + 9 * index, y + 4, 36, 36, 0.15 + 0.2 * index)
    pencil.arrow(93, 40)


def draw_separable(pencil: Pencil) -> None:
    """Each map with a kernel of its own, then all maps mixed."""
    for index in range(3):
        pencil.sheet(10 + 7 * index, 14 + 7 * index, 34, 34, 0.15 + 0.2 * index)
        pencil.frame(13 + 7 * index, 17 + 7 * index, 10, 10)
        pencil.sheet(82 + 7 * index, 16 + 7 * index, 28, 28, 0.15 + 0.2 * index)
    pencil.arrow(62, 40, 14)
    pencil.text(QRectF(125, 22, 26, 12), "1×1", 10)
    pencil.arrow(128, 40, 18)
    for index in range(5):
        pencil.sheet(154 + 5 * index, 18 + 5 * index, 22, 22, 0.7 - 0.1 * index)


NUMBERS = ((1, 3, 2, 0), (5, 2, 1, 4), (0, 1, 7, 3), (2, 1, 2, 0))
CORNERS = ((0.75, 0.5), (0.25, 0.12))


def _pool(pencil: Pencil, result: Sequence[Sequence[str]]) -> None:
    pencil.grid(34, 8, 4, 4, 16, lambda row, column: CORNERS[row // 2][column // 2],
                [[str(value) for value in row] for row in NUMBERS])  # fmt: skip
    for row in range(2):
        for column in range(2):
            pencil.frame(34 + 32 * column, 8 + 32 * row, 32, 32)
    pencil.arrow(108, 40)
    pencil.grid(136, 20, 2, 2, 20, lambda row, column: CORNERS[row][column], result)


def draw_max_pool(pencil: Pencil) -> None:
    """The largest of each window."""
    _pool(pencil, (("5", "4"), ("2", "7")))


def draw_average_pool(pencil: Pencil) -> None:
    """The mean of each window."""
    _pool(pencil, (("2.8", "1.8"), ("1", "3")))


def _global(pencil: Pencil, text: str) -> None:
    for index in range(3):
        pencil.sheet(34 + 9 * index, 6 + 9 * index, 46, 46, 0.15 + 0.25 * index)
    pencil.arrow(108, 40)
    pencil.grid(142, 16, 3, 1, 16, lambda row, _column: 0.15 + 0.25 * row)
    pencil.text(QRectF(98, 20, 38, 14), text, 10)


def draw_global_average(pencil: Pencil) -> None:
    """One mean for each map."""
    _global(pencil, "x̄")


def draw_global_max(pencil: Pencil) -> None:
    """One largest value for each map."""
    _global(pencil, "max")


def draw_adaptive(pencil: Pencil) -> None:
    """Windows made to fit the size that is wanted."""
    pencil.grid(34, 8, 5, 5, 13, lambda _row, _column: 0.2)
    for x, width in ((34, 39), (60, 39)):
        pencil.frame(x, 8, width, 39)
    pencil.arrow(112, 40)
    pencil.grid(142, 22, 2, 2, 18, lambda row, _column: 0.7 if row == 0 else 0.2)


def curve(function: Callable[[float], float], low: float = -0.35) -> Draw:
    """The graph of an activation, from -3 to 3."""

    def draw(pencil: Pencil) -> None:
        top = 12.0
        zero = 64.0 + 44.0 * low
        pencil.line((40, zero), (160, zero))
        pencil.line((100, 6), (100, 74))
        points = [(100 + 20 * x, zero - 18 * function(x)) for x in (step / 10 - 3 for step in range(61))]
        pencil.line(*[point for point in points if top - 8 <= point[1] <= 76], width=2.2, color=pencil.inks.main)

    return draw


def draw_softmax(pencil: Pencil) -> None:
    """Scores become shares that add up to one."""
    pencil.bars(28, (18, 34, 10, 26, 14))
    pencil.arrow(91, 44)
    pencil.bars(124, (5, 48, 2, 16, 3))
    pencil.text(QRectF(118, 4, 62, 14), "Σ = 1", 10)


def normal(chosen: Callable[[int, int], bool]) -> Draw:
    """Samples by channels, and which of them are brought to mean 0 and deviation 1 together."""

    def draw(pencil: Pencil) -> None:
        pencil.grid(52, 12, 4, 6, 14, lambda row, column: 0.8 if chosen(row, column) else 0.08)
        pencil.text(QRectF(24, 30, 24, 20), "N", 12)
        pencil.text(QRectF(84, 66, 24, 14), "C", 12)
        pencil.text(QRectF(146, 22, 44, 14), "μ = 0", 11)
        pencil.text(QRectF(146, 42, 44, 14), "σ = 1", 11)

    return draw


def draw_dropout(pencil: Pencil) -> None:
    """Some values are left out at random."""
    out = {(0, 1), (1, 3), (2, 0), (2, 4), (1, 6), (0, 5)}
    for row in range(3):
        for column in range(7):
            left_out = (row, column) in out
            x, y = 46 + 18 * column, 18 + 22 * row
            pencil.dot(x, y, 6, pencil.tint(0.18) if left_out else None)
            if left_out:
                pencil.cross(x, y, 5)


def draw_spatial_dropout(pencil: Pencil) -> None:
    """Whole maps are left out at random."""
    for index in range(4):
        left_out = index == 1
        pencil.sheet(20 + 42 * index, 22, 34, 36, 0.08 if left_out else 0.6)
        if left_out:
            pencil.cross(37 + 42 * index, 40, 14)


def draw_noise(pencil: Pencil) -> None:
    """Small random numbers are added."""
    shake = (3, -4, 6, -2, -5, 4, 2, -6, 5, -3, 4, -5, 2, 6, -4, 3, -2, 5, -6, 2, 4, -3, 1)
    pencil.line((20, 55), (60, 50), (100, 26), (140, 30), (180, 44))
    spots = [(20 + 7.2 * index, 42 - 14 * tanh((index - 8) / 4) + 1.6 * value) for index, value in enumerate(shake)]
    pencil.line(*spots, width=1.8, color=pencil.inks.main)


def draw_flatten(pencil: Pencil) -> None:
    """Rows laid one after another."""
    pencil.grid(14, 16, 3, 3, 16, lambda row, _column: 0.15 + 0.3 * row)
    pencil.arrow(70, 40, 14)
    pencil.grid(90, 34, 1, 9, 11.5, lambda _row, column: 0.15 + 0.3 * (column // 3))


def draw_reshape(pencil: Pencil) -> None:
    """The same values in another arrangement."""
    pencil.grid(22, 24, 2, 6, 13, lambda row, column: 0.1 + 0.07 * (6 * row + column))
    pencil.arrow(108, 40, 16)
    pencil.grid(134, 16, 4, 3, 13, lambda row, column: 0.1 + 0.07 * (3 * row + column))


def draw_padding(pencil: Pencil) -> None:
    """Zeros around a map."""
    pencil.grid(30, 22, 3, 3, 12, lambda _row, _column: 0.5)
    pencil.arrow(82, 40)
    edge = [["0" if row in (0, 4) or column in (0, 4) else "" for column in range(5)] for row in range(5)]
    pencil.grid(114, 10, 5, 5, 12, lambda row, column: 0.0 if edge[row][column] else 0.5, edge)
    pencil.frame(126, 22, 36, 36)


def draw_crop(pencil: Pencil) -> None:
    """The edges are cut away."""
    pencil.grid(26, 10, 5, 5, 12, lambda row, column: 0.5 if 0 < row < 4 and 0 < column < 4 else 0.06)
    pencil.frame(38, 22, 36, 36)
    pencil.arrow(98, 40)
    pencil.grid(130, 22, 3, 3, 12, lambda _row, _column: 0.5)


def draw_upsample(pencil: Pencil) -> None:
    """Every pixel several times."""
    pencil.grid(36, 26, 2, 2, 14, lambda row, column: CORNERS[row][column])
    pencil.arrow(82, 40)
    pencil.grid(118, 12, 4, 4, 14, lambda row, column: CORNERS[row // 2][column // 2])


def merge(sign: str) -> Draw:
    """Two maps become one, value by value."""

    def draw(pencil: Pencil) -> None:
        pencil.grid(14, 20, 3, 3, 13, lambda row, column: 0.7 if row == column else 0.08)
        pencil.text(QRectF(56, 28, 22, 22), sign, 18)
        pencil.grid(80, 20, 3, 3, 13, lambda row, _column: 0.45 if row == 1 else 0.08)
        pencil.text(QRectF(122, 28, 22, 22), "=", 18)
        if sign == "+":
            pencil.grid(
                146, 20, 3, 3, 13, lambda row, column: min(0.08 + 0.6 * (row == column) + 0.4 * (row == 1), 1.0)
            )
        else:
            pencil.grid(146, 20, 3, 3, 13, lambda row, column: 0.6 if row == column == 1 else 0.04)

    return draw


def draw_concatenate(pencil: Pencil) -> None:
    """The maps of one behind those of the other."""
    for index in range(2):
        pencil.sheet(22 + 7 * index, 6 + 6 * index, 22, 22, 0.75)
    for index in range(3):
        pencil.sheet(22 + 7 * index, 42 + 6 * index, 22, 22, 0.25)
    pencil.line((62, 24), (92, 40), color=pencil.inks.text)
    pencil.line((66, 58), (92, 40), color=pencil.inks.text)
    pencil.arrow(92, 40, 14)
    for index in range(5):
        pencil.sheet(118 + 9 * index, 14 + 6 * index, 26, 26, 0.75 if index < 2 else 0.25)


def draw_dense(pencil: Pencil) -> None:
    """Everything is connected with everything."""
    left, right = [(62, 10 + 15 * row) for row in range(5)], [(138, 18 + 22 * row) for row in range(3)]
    for start in left:
        for end in right:
            pencil.line(start, end, color=pencil.tint(0.45))
    for x, y in (*left, *right):
        pencil.dot(x, y, 5)


def draw_input(pencil: Pencil) -> None:
    """A picture of pixels."""
    pencil.grid(68, 8, 6, 6, 10.8, seven)


def draw_output(pencil: Pencil) -> None:
    """A number for each class, one of them large."""
    pencil.bars(52, (6, 4, 10, 3, 5, 8, 4, 52, 6, 4))


def draw_auxiliary(pencil: Pencil) -> None:
    """A second answer on the way."""
    for x in (20, 60, 100, 140):
        pencil.sheet(x, 12, 24, 22, 0.3)
        if x < 140:
            pencil.arrow(x + 25, 23, 14)
    pencil.line((72, 34), (72, 58), (92, 58), width=1.3, color=pencil.inks.text)
    pencil.bars(104, (6, 18, 4, 8), base=74)


def silu(x: float) -> float:
    """x times its sigmoid."""
    return x / (1 + exp(-x))


PICTURES: dict[str, Draw] = {
    "convolution": draw_convolution,
    "transposed_convolution": draw_transposed,
    "depthwise_convolution": draw_depthwise,
    "separable_convolution": draw_separable,
    "max_pool": draw_max_pool,
    "average_pool": draw_average_pool,
    "global_average_pool": draw_global_average,
    "global_max_pool": draw_global_max,
    "adaptive_average_pool": draw_adaptive,
    "relu": curve(lambda x: max(x, 0.0)),
    "leaky_relu": curve(lambda x: max(x, 0.0) + 0.12 * min(x, 0.0)),
    "prelu": curve(lambda x: max(x, 0.0) + 0.3 * min(x, 0.0), -0.6),
    "elu": curve(lambda x: x if x > 0 else exp(x) - 1, -0.5),
    "gelu": curve(lambda x: x * 0.5 * (1 + tanh(0.79788456 * (x + 0.044715 * x**3))), -0.4),
    "silu": curve(silu, -0.4),
    "sigmoid": curve(lambda x: 2 / (1 + exp(-2 * x)), -0.35),
    "tanh": curve(lambda x: 1.5 * tanh(x), -0.55),
    "softmax": draw_softmax,
    "batch_norm": normal(lambda _row, column: column == 2),
    "layer_norm": normal(lambda row, _column: row == 1),
    "instance_norm": normal(lambda row, column: (row, column) == (1, 2)),
    "group_norm": normal(lambda row, column: row == 1 and 2 <= column < 4),
    "local_response_norm": normal(lambda row, column: row == 1 and 1 <= column < 4),
    "dropout": draw_dropout,
    "spatial_dropout": draw_spatial_dropout,
    "gaussian_noise": draw_noise,
    "flatten": draw_flatten,
    "reshape": draw_reshape,
    "zero_padding": draw_padding,
    "crop": draw_crop,
    "upsample": draw_upsample,
    "add": merge("+"),
    "multiply": merge("×"),
    "concatenate": draw_concatenate,
    "dense": draw_dense,
    "input": draw_input,
    "output": draw_output,
    "auxiliary_output": draw_auxiliary,
}  # fmt: skip
"""By the kind of layer."""
