"""What a journey may ask the running program: where something stands on the screen, and what is so. Nothing is done."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QMenu,
    QStyle,
    QStyleOptionSpinBox,
    QTabBar,
    QWidget,
)

from cnn_studio.core.graph_json import graph_text
from cnn_studio.gui.canvas.routing import in_port, middle, out_port
from cnn_studio.gui.main_window import MainWindow
from cnn_studio.gui.studio import Studio
from cnn_studio.gui.widgets.image_grid import ImageGrid

Place = dict[str, Any]


class NotThereError(Exception):
    """What was asked for is not on the screen."""


# -- what is so --------------------------------------------------------------------------------------------------------


def facts() -> dict[str, Any]:
    """The state of the program and of the window that is in front."""
    window, focus = _window(), QApplication.focusWidget()
    document = window.workspace.document
    selection = window.workspace.selection
    nodes, sample = document.graph.nodes, window.workspace.look.sample
    return {
        "active": QApplication.activeWindow() is not None,
        "windows": [one.windowTitle() for one in _studio().windows],
        "title": window.windowTitle(),
        "modified": window.isWindowModified(),
        "welcoming": window.is_welcoming,
        "dialogs": [top.objectName() or type(top).__name__ for top in _others(window)],
        "focus": focus.objectName() if focus is not None else "",
        "name": document.name,
        "path": str(document.path or ""),
        "undo": str(document.undo_name or ""),
        "redo": str(document.redo_name or ""),
        "typing": document.is_previewing,
        "chosen": [nodes[one].name for one in selection.nodes] + sorted(selection.groups),
        "layers": [nodes[one].name for one in document.report.in_order()],
        "kinds": [nodes[one].layer.kind for one in document.report.in_order()],
        "shapes": [str(document.report.facts[one].shape or "") for one in document.report.in_order()],
        "parameters": document.report.totals.parameters,
        "problems": [[one.severity, one.code] for one in document.diagnosis.problems],
        "folded": sorted(one.id for one in document.graph.groups.values() if one.folded),
        "panels": [name for name, dock in window.docks.docks.items() if dock.isVisible()],
        "notes": [note.text for note in window.notes.all()],
        "toast": window.toast.text,
        "run": _run(window),
        "looked": [window.workspace.look.subject.kind, window.workspace.look.subject.epoch],
        "sample": sample.label if sample is not None else "",
        "data": [window.workspace.data_name, window.workspace.data.state],
        "moving": window.canvas is not None and _is_moving(window.canvas),
    }


def _run(window: MainWindow) -> dict[str, Any]:
    """The run of the window: its state, how far it is, and how it ended."""
    training = window.workspace.training
    return {
        "state": training.state,
        "epochs": len(training.history.epochs),
        "steps": len(training.history.steps),
        "ended": training.run.finished if training.run is not None else "",
        "weights": len(window.workspace.document.weights),
    }


def network() -> str:
    """The network as its file holds it."""
    return graph_text(_window().workspace.document.graph)


def picture(path: str) -> None:
    """Keep a picture of the whole screen."""
    screen = QApplication.primaryScreen()
    screen.grabWindow(0).save(path)


def _is_moving(canvas: Any) -> bool:
    return canvas.is_in_motion or canvas.gesture is not None or canvas.workspace.ghost is not None


# -- where something is ------------------------------------------------------------------------------------------------


def place(name: str, text: str = "", number: int = 0) -> Place:
    """The control of that object name (``*`` stands for anything), from the top the one of that number."""
    found = [one for one in _shown() if fnmatchcase(one.objectName(), name) and (not text or _text(one) == text)]
    found.sort(key=lambda one: (one.mapToGlobal(QPoint()).y(), one.mapToGlobal(QPoint()).x()))
    if number >= len(found):
        raise NotThereError(f"no control {name} {text}")
    return _place(found[number], found[number].rect())


def names(name: str) -> list[str]:
    """The object names of the controls that are like this, from the top."""
    found = [one for one in _shown() if fnmatchcase(one.objectName(), name)]
    found.sort(key=lambda one: (one.mapToGlobal(QPoint()).y(), one.mapToGlobal(QPoint()).x()))
    return [one.objectName() for one in found]


def has_arrows(name: str) -> bool:
    """Whether a number's box has arrows to be clicked."""
    return bool(_box(name).buttonSymbols() != QAbstractSpinBox.ButtonSymbols.NoButtons)


def arrow(name: str, up: bool) -> Place:
    """The small arrow of a number's box."""
    box = _box(name)
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_SpinBoxUp if up else QStyle.SubControl.SC_SpinBoxDown
    return _place(box, box.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, box))


def _box(name: str) -> QAbstractSpinBox:
    for one in _shown():
        if one.objectName() == name and isinstance(one, QAbstractSpinBox):
            return one
    raise NotThereError(f"no box {name}")


def number(name: str) -> str:
    """What stands in a field."""
    for one in _shown():
        if one.objectName() == name:
            return _text(one)
    raise NotThereError(f"no field {name}")


def row(name: str, text: str) -> Place:
    """The row of a list that says this (``*`` stands for anything); headings do not count."""
    view = next((one for one in _shown() if one.objectName() == name and isinstance(one, QAbstractItemView)), None)
    if view is None:
        raise NotThereError(f"no list {name}")
    for index in _rows(view, QModelIndex()):
        if index.data() == text or fnmatchcase(str(index.data()), text):
            return _place(view.viewport(), view.visualRect(index))
    raise NotThereError(f"no row {text} in {name}")


def tab(text: str) -> Place:
    """The tab of a panel that stands behind others."""
    bars = [one for one in _shown() if isinstance(one, QTabBar)]
    for bar in bars:
        for number in range(bar.count()):
            if bar.tabText(number).replace("&", "") == text:
                return _place(bar, bar.tabRect(number))
    raise NotThereError(f"no tab {text}")


def picture_of(name: str, number: int) -> Place:
    """A picture of a grid of pictures."""
    for one in _shown():
        if one.objectName() == name and isinstance(one, ImageGrid) and number < len(one):
            return _place(one.viewport(), one.cell(number))
    raise NotThereError(f"no picture {number} in {name}")


def caption(name: str, number: int) -> str:
    """What stands below a picture of a grid."""
    for one in _shown():
        if one.objectName() == name and isinstance(one, ImageGrid) and number < len(one.captions):
            return one.captions[number]
    raise NotThereError(f"no picture {number} in {name}")


def entry(name: str) -> Place:
    """The entry of an open menu, by object name or by its words; or the title of a menu in the bar."""
    for menu in _shown():
        for action in menu.actions() if isinstance(menu, QMenu) else ():
            inner = action.menu()
            names = (action.objectName(), action.text().replace("&", ""), inner.objectName() if inner else "")
            if name in names:
                part = menu.actionGeometry(action)  # type: ignore[attr-defined]
                return _place(menu, part, enabled=action.isEnabled())
    bar = _window().menuBar()
    for action in bar.actions():
        if name == action.menu().objectName():
            return _place(bar, bar.actionGeometry(action))
    raise NotThereError(f"no entry {name}")


def card(name: str, port: str = "") -> Place:
    """A layer's card on the canvas, by its name; ``port`` is "" for its middle, or "in" or "out"."""
    canvas = _window().canvas
    graph = canvas.scene.graph
    key = next((one.id for one in graph.nodes.values() if one.name == name), "")
    box = canvas.scene.cards[canvas.scene.card_of[key]].box if key else _group_box(canvas, name)
    spot = {"": box.middle, "in": in_port(box), "out": out_port(box)}[port]
    return _canvas_place(canvas, spot)


def cable(source: str, target: str) -> Place:
    """The middle of a connection between two layers, by their names."""
    canvas = _window().canvas
    keys = {node.name: canvas.scene.card_of[node.id] for node in canvas.scene.graph.nodes.values()}
    link = keys.get(source), keys.get(target)
    if link not in canvas.scene.cables:
        raise NotThereError(f"no connection from {source} to {target}")
    return _canvas_place(canvas, middle(canvas.scene.path(link)))


def beside(name: str, dx: float, dy: float) -> Place:
    """A point of the canvas away from the middle of a layer's card."""
    canvas = _window().canvas
    key = next((one.id for one in canvas.scene.graph.nodes.values() if one.name == name), "")
    if not key:
        raise NotThereError(f"no layer {name}")
    x, y = canvas.scene.cards[canvas.scene.card_of[key]].box.middle
    return _canvas_place(canvas, (x + dx, y + dy))


def _group_box(canvas: Any, name: str) -> Any:
    for group in canvas.scene.graph.groups.values():
        if name in (group.name, group.id):
            if group.id in canvas.scene.cards:
                return canvas.scene.cards[group.id].box
            if group.id in canvas.scene.frames:
                from cnn_studio.gui.canvas.geometry import title_box

                return title_box(canvas.scene.frames[group.id].box)
    raise NotThereError(f"nothing on the canvas is called {name}")


def _canvas_place(canvas: QWidget, point: tuple[float, float]) -> Place:
    x, y = canvas.view.to_screen(point)  # type: ignore[attr-defined]
    return _place(canvas, QRect(round(x) - 2, round(y) - 2, 5, 5))


def _place(widget: QWidget, part: QRect, *, enabled: bool = True) -> Place:
    """The middle of a part of a widget, on the screen; ``seen``: a click there comes to the widget."""
    visible = part.intersected(widget.visibleRegion().boundingRect())
    spot = (visible if visible.height() >= min(part.height(), 8) and visible.width() > 3 else part).center()
    at = widget.mapToGlobal(spot)
    hit = QApplication.widgetAt(at)
    return {
        "at": [at.x(), at.y()],
        "seen": hit is not None and (hit is widget or widget.isAncestorOf(hit)),
        "enabled": enabled and widget.isEnabled(),
        "scroll": _scroller(widget, at),
    }


def _scroller(widget: QWidget, at: QPoint) -> list[int] | None:
    """Where to turn the wheel so that a place comes into view, and in which direction."""
    above: QWidget | None = widget
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            port = above.viewport()
            inside = QRect(port.mapToGlobal(QPoint()), port.size())
            if above.verticalScrollBar().maximum() and not inside.contains(at):
                middle_of = inside.center()
                return [middle_of.x(), middle_of.y(), 1 if at.y() > middle_of.y() else -1]
        above = above.parentWidget()
    return None


# -- the program -------------------------------------------------------------------------------------------------------


def _studio() -> Studio:
    app = QApplication.instance()
    assert app is not None
    return next(child for child in app.children() if isinstance(child, Studio))


def _window() -> MainWindow:
    front: Any = QApplication.activeWindow()
    while front is not None and not isinstance(front, MainWindow):
        front = front.parentWidget()
    windows = _studio().windows
    if front in windows:
        return front
    if not windows:
        raise NotThereError("no window is open")
    return windows[-1]


def _others(window: MainWindow) -> list[QWidget]:
    """What stands over a window: dialogs and menus."""
    return [top for top in QApplication.topLevelWidgets() if top.isVisible() and not isinstance(top, MainWindow)]


def _shown() -> Iterator[QWidget]:
    """Every widget that is seen: first of what stands over the window, then of the window itself."""
    window = _window()
    for top in (*_others(window), window):
        yield from (one for one in (top, *top.findChildren(QWidget)) if one.isVisible())


def _rows(view: QAbstractItemView, parent: QModelIndex) -> Iterator[QModelIndex]:
    model = view.model()
    if isinstance(model, QAbstractListModel):  # it does not let itself be asked for columns and children
        yield from (model.index(line, 0) for line in range(model.rowCount()))
        return
    for line in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(line, column, parent)
            if not model.hasChildren(index) and view.visualRect(index).isValid():
                yield index
        yield from _rows(view, model.index(line, 0, parent))


def _text(widget: Any) -> str:
    """What a button or a field says."""
    for part in ("text", "currentText"):
        if hasattr(widget, part):
            return str(getattr(widget, part)()).replace("&", "")
    return str(widget.lineEdit().text()) if hasattr(widget, "lineEdit") else ""


# -- the pad -----------------------------------------------------------------------------------------------------------


def side(name: str) -> int:
    """Pixels of the shorter side of a control."""
    found = next((one for one in _shown() if one.objectName() == name), None)
    if found is None:
        raise NotThereError(f"no control {name}")
    return min(found.width(), found.height())


def drawn() -> dict[str, Any]:
    """What is drawn, what the network says of it, and what was kept."""
    window = _window()
    drawing, kept, pad = window.workspace.drawing, *map(window.docks.panel, ("drawings", "pad"))
    seen = drawing.seen
    return {
        "points": [len(line.points) for line in drawing.lines],
        "waiting": drawing.is_waiting,
        "class": None if seen is None else seen.classes[int(seen.probabilities.argmax())],
        "classes": [] if seen is None else list(seen.classes),
        "problem": pad.problem.text,  # type: ignore[attr-defined]
        "kept": dict(kept.counts),  # type: ignore[attr-defined]
        "training": window.workspace.training.state,
    }
