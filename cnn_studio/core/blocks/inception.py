"""Inception modules: several sizes of kernel side by side."""

from __future__ import annotations

from typing import Any, ClassVar

from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import MOST_FILTERS, SOURCE, Fragment, OptionalNorm, Sketch
from cnn_studio.core.fields import number
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.merging import Concatenate
from cnn_studio.core.layers.pooling import MaxPool
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_

_SAME_POOL = MaxPool(size=3, stride=1, padding=1)


def _filters(default: int, label: str) -> Any:
    return number(default, label, ge=1, le=MOST_FILTERS)


@blocks.declare("inception_naive")
class InceptionNaive(OptionalNorm):
    """Kernels of three sizes and a pool side by side (Szegedy et al. 2014, arXiv:1409.4842, figure 2a)."""

    kind: ClassVar[str] = "inception_naive"
    label: ClassVar[str] = N_("Inception, naive")
    stem: ClassVar[str] = "inception"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "Kernels of 1, 3 and 5 pixels and a max-pooling side by side, their maps one after the other: the network "
        "chooses the scale. Costly, as every kernel sees all channels."
    )

    ones: int = _filters(16, N_("Filters of 1×1"))
    threes: int = _filters(32, N_("Filters of 3×3"))
    fives: int = _filters(8, N_("Filters of 5×5"))

    def build(self, input_shape: Shape | None) -> Fragment:
        sketch = Sketch()
        branches = [
            sketch.convolve("1", SOURCE, self.ones, 1, norm=self.norm),
            sketch.convolve("3", SOURCE, self.threes, 3, norm=self.norm),
            sketch.convolve("5", SOURCE, self.fives, 5, norm=self.norm),
            sketch.add(_SAME_POOL, "pool", SOURCE),
        ]
        return sketch.finish(sketch.add(Concatenate(), "concat", *branches))


@blocks.declare("inception")
class Inception(OptionalNorm):
    """Inception with 1×1 reductions (Szegedy et al. 2014, arXiv:1409.4842, figure 2b); the defaults are its 3a."""

    kind: ClassVar[str] = "inception"
    label: ClassVar[str] = N_("Inception")
    stem: ClassVar[str] = "inception"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "Kernels of 1, 3 and 5 pixels and a max-pooling side by side; 1×1 kernels first bring the channels down, "
        "which makes it cheap. GoogLeNet is made of it."
    )

    ones: int = _filters(64, N_("Filters of 1×1"))
    threes_reduced: int = _filters(96, N_("1×1 before the 3×3"))
    threes: int = _filters(128, N_("Filters of 3×3"))
    fives_reduced: int = _filters(16, N_("1×1 before the 5×5"))
    fives: int = _filters(32, N_("Filters of 5×5"))
    pooled: int = _filters(32, N_("1×1 after the pooling"))

    def build(self, input_shape: Shape | None) -> Fragment:
        sketch = Sketch()
        ones = sketch.convolve("1", SOURCE, self.ones, 1, norm=self.norm)
        threes = sketch.convolve("3_reduce", SOURCE, self.threes_reduced, 1, norm=self.norm)
        threes = sketch.convolve("3", threes, self.threes, 3, norm=self.norm)
        fives = sketch.convolve("5_reduce", SOURCE, self.fives_reduced, 1, norm=self.norm)
        fives = sketch.convolve("5", fives, self.fives, 5, norm=self.norm)
        pooled = sketch.convolve("_pool", sketch.add(_SAME_POOL, "pool", SOURCE), self.pooled, 1, norm=self.norm)
        return sketch.finish(sketch.add(Concatenate(), "concat", ones, threes, fives, pooled))
