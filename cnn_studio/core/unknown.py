"""A layer of a kind that this version does not know: kept as it came, shown, and written back unchanged."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.calls import Call
from cnn_studio.core.layers.base import ANY, Family, Layer
from cnn_studio.core.shapes import Shape, ShapeError
from cnn_studio.i18n import N_


class Unknown(Layer):
    """A kind from a later version. It belongs to no registry, so that nobody can add one.

    Attributes:
        original: the kind as the file names it.
        raw: its settings as JSON text; written back byte for byte.
    """

    kind: ClassVar[str] = "unknown"
    label: ClassVar[str] = N_("Unknown layer")
    stem: ClassVar[str] = "unknown"
    family: ClassVar[Family] = Family.RESHAPING
    help: ClassVar[str] = N_("This version of CNN Studio does not know this kind of layer. It is kept as it came.")
    arity: ClassVar[tuple[int, int]] = (0, ANY)

    original: str
    raw: str = "{}"

    def output_shape(self, *inputs: Shape) -> Shape:
        raise ShapeError(
            "unknown_kind", N_("this version of CNN Studio does not know the kind “{kind}”"), kind=self.original
        )

    def to_torch(self, *inputs: Shape) -> Call | None:
        raise ShapeError(
            "unknown_kind", N_("this version of CNN Studio does not know the kind “{kind}”"), kind=self.original
        )

    def describe(self, rank: int = 2) -> str:
        return self.original
