"""A pad to draw on with mouse, finger, tablet or cursor keys. It keeps the strokes; what is seen of them is a picture.

Everything is measured in units: the pad has 280 of them in width and height, however large it is on the screen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QInputDevice,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnn_studio.gui.widgets.movements import AllMovements
from cnn_studio.gui.widgets.strokes import Line, Paper, Point, paint_piece, tinted

UNITS = 280
"""Units of the pad's side."""
SMALLEST, WANTED = 140, 280
"""Pixels of its side, at least and where there is room."""
FAR_STEP, NEAR_STEP = 10, 2
"""Units that a cursor key moves the pen, and with Shift."""


class SketchPad(AllMovements):
    """The pad.

    Attributes:
        lines: the strokes.
        below: a picture that lies below them, or None.

    Signals:
        changed: something was drawn, rubbed out, undone or cleared.
        finished: the pen was lifted.
        confirmed: Enter was pressed.
        files_dropped(list): paths of files that were dropped.
        image_dropped(QImage): a picture that was dropped.
    """

    changed = Signal()
    finished = Signal()
    confirmed = Signal()
    files_dropped = Signal(list)
    image_dropped = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.pen_width = 18.0
        self.is_erasing = False
        self._ground, self._ink, self._frame, self._accent = (QColor(c) for c in ("white", "black", "grey", "blue"))
        self._faint = QColor("grey")
        self.below: Paper | None = None
        self._image = QImage()
        self._line: Line | None = None
        self._undone: list[tuple[list[Line], Paper | None]] = []
        self._pen = QPointF(UNITS / 2, UNITS / 2)
        self._pen_shown = False
        self._hint = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # -- what is on it -------------------------------------------------------------------------------------------------

    def set_colors(self, ground: QColor, ink: QColor, frame: QColor, accent: QColor) -> None:
        """Colours of the theme; the hint is written in a lighter ink."""
        self._ground, self._ink, self._frame, self._accent = ground, ink, frame, accent
        self._faint = QColor(ink)
        self._faint.setAlphaF(0.62)
        self._redraw()

    def set_hint(self, hint: str) -> None:
        """What stands on an empty pad."""
        self._hint = hint
        self.update()

    def set_below(self, paper: Paper | None) -> None:
        """Another picture lies below the strokes, or none."""
        self.below = paper
        self._redraw()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not self.lines and self.below is None

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return self._line is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undone or self.lines)

    def strokes(self) -> list[Line]:
        """The strokes as they count: without trembling."""
        return [line.steady() for line in self.lines]

    def show_lines(self, lines: list[Line]) -> None:
        """Show these strokes in place of what is there; undo brings that back."""
        self._lift()
        self._undone.append((self.lines, self.below))
        self.lines = list(lines)
        self._redraw()
        self.changed.emit()

    def undo(self) -> None:
        """Take the last stroke back, or the clearing of the pad."""
        self._lift()
        if self.lines:
            self.lines = self.lines[:-1]
        elif self._undone:
            self.lines, self.below = self._undone.pop()
        else:
            return
        self._redraw()
        self.changed.emit()

    def clear(self) -> None:
        """An empty pad; undo brings back what was there."""
        self._lift()
        if not self.is_empty:
            self._undone = [(self.lines, self.below)]
        self.lines, self.below = [], None
        self._redraw()
        self.changed.emit()

    # -- the pen -------------------------------------------------------------------------------------------------------

    def press(self, x: float, y: float, pressure: float = 1.0, *, erases: bool | None = None) -> None:
        """The pen touches the pad at a place in units."""
        self._lift()
        if not self.lines:
            self._undone = []
        self._line = Line(self.pen_width, self.is_erasing if erases is None else erases)
        self.lines.append(self._line)
        self._add(x, y, pressure)

    def move_to(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The pen moves on."""
        if self._line is not None and self._line.points[-1] != (x, y, pressure):
            self._add(x, y, pressure)

    def lift(self) -> None:
        """The pen leaves the pad."""
        if self._line is not None:
            self._lift()
            self.finished.emit()

    def _add(self, x: float, y: float, pressure: float) -> None:
        assert self._line is not None
        points = self._line.points
        points.append((x, y, pressure))
        was_hint = len(points) == 1 and len(self.lines) == 1
        with QPainter(self._image) as painter:
            reach = self._paint_piece(painter, self._line, points[-2] if len(points) > 1 else points[-1], points[-1])
        self.update() if was_hint else self.update(reach)
        self.changed.emit()

    def _lift(self) -> None:
        if self._line is not None:
            self._line = None
            self._redraw()

    # -- painting ------------------------------------------------------------------------------------------------------

    def _field(self) -> QRectF:
        """The square of the pad inside the widget."""
        side = max(1, min(self.width(), self.height()) - 2)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    @property
    def _scale(self) -> float:
        """Pixels of a unit, as on the widget."""
        return self._field().width() / UNITS

    def to_units(self, place: QPointF) -> tuple[float, float]:
        """A place on the widget in units."""
        area = self._field()
        return (place.x() - area.x()) / self._scale, (place.y() - area.y()) / self._scale

    def to_widget(self, x: float, y: float) -> QPointF:
        """A place in units on the widget."""
        area = self._field()
        return QPointF(area.x() + x * self._scale, area.y() + y * self._scale)

    def _redraw(self) -> None:
        """Paint all strokes anew."""
        ratio, side = self.devicePixelRatioF(), self._field().width()
        size = max(1, round(side * ratio))
        if self._image.width() != size:
            self._image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(Qt.GlobalColor.transparent)
        with QPainter(self._image) as painter:
            if self.below is not None:
                painter.drawImage(QRectF(0, 0, side, side), tinted(self.below.ink, self._ink))
            for line in self.strokes():
                for before, after in zip([line.points[0], *line.points], line.points, strict=False):
                    self._paint_piece(painter, line, before, after)
        self.update()

    def _paint_piece(self, painter: QPainter, line: Line, before: Point, after: Point) -> QRect:
        """Paint a piece of a stroke into the picture; the part of the widget that it covers."""
        area = paint_piece(painter, line, (before, after), self._scale, self._ink)
        return area.translated(self._field().topLeft()).toAlignedRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, the ink, and where the keyboard's pen is."""
        area = self._field()
        with QPainter(self) as painter:
            painter.fillRect(area, self._ground)
            if self.is_empty and self._hint:
                painter.setPen(self._faint)
                painter.setFont(self.font())
                painter.drawText(area.adjusted(24, 24, -24, -24), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)  # fmt: skip
            painter.drawImage(area.topLeft(), self._image)
            painter.setPen(QPen(self._accent if self.hasFocus() else self._frame, 1))
            painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
            if self._pen_shown and self.hasFocus():
                self._paint_pen(painter)

    def _paint_pen(self, painter: QPainter) -> None:
        place, size = self.to_widget(self._pen.x(), self._pen.y()), 9
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._accent, 2 if self.is_drawing else 1.2))
        painter.drawEllipse(place, size / 2, size / 2)
        for dx, dy in ((size, 0), (-size, 0), (0, size), (0, -size)):
            painter.drawLine(place + QPointF(dx / 2, dy / 2), place + QPointF(dx, dy))

    # -- mouse, finger, tablet -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button draws, the right one rubs out."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        self._show_pen(False)
        self.press(
            *self.to_units(event.position()), erases=True if event.button() == Qt.MouseButton.RightButton else None
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """On with the stroke."""
        if event.buttons():
            self.move_to(*self.to_units(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of the stroke, where the button was let go."""
        if self._line is not None:
            self.move_to(*self.to_units(event.position()), self._line.points[-1][2])
        self.lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen with pressure; its other end rubs out."""
        place, pressure = self.to_units(event.position()), max(0.0, min(1.0, event.pressure()))
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
            has_pressure = bool(event.device().capabilities() & QInputDevice.Capability.Pressure)
            self.press(*place, pressure if has_pressure else 1.0, erases=True if rubber else None)
        elif kind == QEvent.Type.TabletMove and self.is_drawing:
            self.move_to(*place, pressure)
        elif kind == QEvent.Type.TabletRelease:
            self.lift()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """A finger draws; Ctrl+Z on the pad takes strokes back, not edits of the network."""
        if isinstance(event, QTouchEvent) and event.points():
            self._touched(event)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _is_own(event: QKeyEvent) -> bool:
        """Whether a key means something else here than in the rest of the window."""
        return event.matches(QKeySequence.StandardKey.Undo) or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space)

    def _touched(self, event: QTouchEvent) -> None:
        point = event.points()[0]
        place = self.to_units(point.position())
        if event.type() == QEvent.Type.TouchBegin:
            self.press(*place)
        elif event.type() == QEvent.Type.TouchUpdate:
            self.move_to(*place)
        else:
            self.lift()
        event.accept()

    # -- keyboard ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cursor keys move the pen, the space bar sets it down and lifts it, Delete clears."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = Qt.Key(event.key())
        if key in steps:
            step = NEAR_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else FAR_STEP
            x = max(0.0, min(UNITS, self._pen.x() + step * steps[key][0]))
            y = max(0.0, min(UNITS, self._pen.y() + step * steps[key][1]))
            self._pen = QPointF(x, y)
            self.move_to(x, y)
        elif key == Qt.Key.Key_Space:
            self.lift() if self.is_drawing else self.press(self._pen.x(), self._pen.y())
        elif key == Qt.Key.Key_Escape and self.is_drawing:
            self.lift()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.lift()
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)
            return
        self._show_pen(True)

    def _show_pen(self, shown: bool) -> None:
        self._pen_shown = shown
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        self._show_pen(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The pen is lifted."""
        self.lift()
        self._show_pen(False)

    # -- files ---------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped."""
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A picture was dropped."""
        data = event.mimeData()
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if paths:
            self.files_dropped.emit(paths)
        elif data.hasImage():
            self.image_dropped.emit(QImage(data.imageData()))
        event.acceptProposedAction()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight the pen is lifted."""
        self.lift()
        super().hideEvent(event)

    # -- size ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The strokes are painted as large as the pad is now."""
        self._redraw()

    def hasHeightForWidth(self) -> bool:
        """It is a square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as wide."""
        return min(width, WANTED + 2)

    def sizeHint(self) -> QSize:
        """A square on which a digit can be written."""
        return QSize(WANTED + 2, WANTED + 2)

    def minimumSizeHint(self) -> QSize:
        """Small, but not too small to draw on."""
        return QSize(SMALLEST, SMALLEST)
