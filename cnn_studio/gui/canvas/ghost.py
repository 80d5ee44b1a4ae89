"""What a fix would make of the network, shown faintly over the network as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from cnn_studio.core.analysis import Report
from cnn_studio.gui.canvas import paint
from cnn_studio.gui.canvas.faces import face_of, group_shape
from cnn_studio.gui.canvas.scene import Card, Link, Scene
from cnn_studio.gui.theme import Theme

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.view import CanvasBase


def paint_ghost(painter: QPainter, now: Theme, canvas: CanvasBase, ghost: Scene, report: Report) -> None:
    """New layers and connections in green, and the shapes that would be others."""
    scene, document = canvas.scene, canvas.workspace.document
    painter.save()
    pen = QPen(now.success, 2.2, Qt.PenStyle.DashLine)
    known = links_of(scene)
    for link, cable in ghost.cables.items():
        if any((edge.source, edge.target) not in known for edge in cable.edges):
            way = ghost.path(link)
            paint.draw_cable(painter, paint.qt_path(way, 4), way.end, pen)
    for key, card in ghost.cards.items():
        if key not in scene.cards:
            painter.setOpacity(0.85)
            painter.translate(card.box.left, card.box.top)
            face = face_of(card, report, document.diagnosis)
            paint.draw_card(painter, face, now, is_group=card.is_group)
            painter.translate(-card.box.left, -card.box.top)
            painter.setOpacity(1.0)
            painter.setPen(pen)
            painter.setBrush(paint.faded(now.success, 0.12))
            painter.drawRoundedRect(paint.rect(card.box), 6, 6)
        else:
            _paint_change(painter, now, canvas, card, ghost, report)
    for key, card in scene.cards.items():
        if key not in ghost.cards:
            painter.setPen(QPen(now.error, 2, Qt.PenStyle.DashLine))
            painter.setBrush(paint.faded(now.canvas, 0.6))
            painter.drawRoundedRect(paint.rect(card.box), 6, 6)
    painter.restore()


def _paint_change(  # noqa: PLR0917 - one step of paint_ghost, apart for its length only
    painter: QPainter, now: Theme, canvas: CanvasBase, card: Card, ghost: Scene, report: Report
) -> None:
    here = canvas.scene.cards[card.key]
    before = canvas.workspace.document.report
    new, old = _shape(card, report), _shape(here, before)
    if card.box != here.box:
        painter.setPen(QPen(paint.faded(now.success, 0.7), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(paint.rect(card.box), 6, 6)
    other = not card.is_group and ghost.graph.nodes[card.key].layer != canvas.scene.graph.nodes[card.key].layer
    if other:
        painter.setPen(QPen(now.success, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(paint.rect(here.box.grown(3)), 8, 8)
    if new != old and new is not None:
        text = f"{old} → {new}" if old else f"→ {new}"
        paint.draw_label(painter, now, (here.box.middle[0], here.box.bottom + 10), text, now.success)


def links_of(scene: Scene) -> set[Link]:
    """Which layers are connected, inside of cards too."""
    return {(edge.source, edge.target) for edge in scene.graph.edges()}


def _shape(card: Card, report: Report) -> object:
    return group_shape(card, report) if card.is_group else report.facts[card.key].shape
