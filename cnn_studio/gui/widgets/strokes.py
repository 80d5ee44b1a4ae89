"""Strokes of a pen, as a pad keeps and paints them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import acos, degrees, hypot
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

CLOSE = 6.0
"""Points nearer to each other than so many units tremble; those further apart are corners of a quick hand."""
STRAIGHT = 60.0
"""Degrees: a sharper bend is meant."""
LIGHTEST = 0.35
"""Share of the width that is left at no pressure."""

Point = tuple[float, float, float]
"""x, y and pressure 0..1."""


@dataclass(eq=False)
class Line:
    """One stroke: points (x, y, pressure 0..1) in units, the pen's width in units, and whether it rubs out."""

    width: float
    erases: bool = False
    points: list[Point] = field(default_factory=list)

    def steady(self) -> Line:
        """The same stroke without the trembling of the hand and the steps of pixels; corners stay."""
        return replace(self, points=steadied(list(self.points)))


@dataclass(frozen=True, eq=False)
class Paper:
    """A picture that lies below the strokes: its ink (Format_Alpha8), and what whoever laid it there knows it by."""

    ink: QImage
    source: Any = None


def steadied(points: list[Point]) -> list[Point]:
    """Points between two that are close are drawn a little towards their middle, where the way is nearly straight."""
    found = points[:1]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        ax, ay, bx, by = here[0] - before[0], here[1] - before[1], after[0] - here[0], after[1] - here[1]
        one, other = hypot(ax, ay), hypot(bx, by)
        if max(one, other) > CLOSE or not one or not other:
            found.append(here)
            continue
        bend = degrees(acos(max(-1.0, min(1.0, (ax * bx + ay * by) / (one * other)))))
        if bend > STRAIGHT and one + other > 3:  # shorter ones are the steps of pixels
            found.append(here)
            continue
        mean = [(before[axis] + 2 * here[axis] + after[axis]) / 4 for axis in range(3)]
        found.append((mean[0], mean[1], mean[2]))
    return found + points[1:][-1:]


def paint_piece(painter: QPainter, line: Line, ends: tuple[Point, Point], scale: float, ink: QColor) -> QRectF:
    """Paint a straight piece of a stroke, ``scale`` pixels for a unit; what it covers."""
    before, after = ends
    width = line.width * scale * (LIGHTEST + (1 - LIGHTEST) * (before[2] + after[2]) / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    mode = QPainter.CompositionMode
    painter.setCompositionMode(mode.CompositionMode_Clear if line.erases else mode.CompositionMode_SourceOver)
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    one, other = (QPointF(point[0] * scale, point[1] * scale) for point in ends)
    if one == other:
        painter.drawPoint(one)
    else:
        painter.drawLine(one, other)
    reach = width / 2 + 2
    return QRectF(one, other).normalized().adjusted(-reach, -reach, reach, reach)


def tinted(alpha: QImage, ink: QColor) -> QImage:
    """Ink (Format_Alpha8) in a colour."""
    image = QImage(alpha.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(ink)
    with QPainter(image) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, alpha)
    return image
