"""One problem as a card: its sentence, why it is so, and the edits that mend it as buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.problems import Fix, Problem, impact
from cnn_studio.gui import theme
from cnn_studio.gui.labels import MARK, SMALL, STRONG, Message, Text, retheme
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.widgets.main_button import MainButton
from cnn_studio.gui.widgets.scroller import make_room
from cnn_studio.i18n import _

INDENT = MARK + 6
"""Pixels by which everything stands under the sentence, not under its mark."""


class FixButton(MainButton):
    """Carries out a fix; pointing at it, or giving it the focus, shows beforehand what it would do.

    Signals:
        pointed(bool): the pointer or the focus has come, or has gone.
    """

    pointed = Signal(bool)

    def __init__(self, fix: Fix, name: str, *, first: bool) -> None:
        super().__init__()
        self.fix = fix
        self.setObjectName(name)
        self.setDefault(first)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Its text in the language of the moment."""
        label = str(self.fix.label)
        self.setText(label[:1].upper() + label[1:])
        self.setToolTip(_("Points out on the canvas what it would change; a click does it"))
        self.setAccessibleName(self.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.pointed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointed.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class ProblemCard(QWidget):
    """Shows a problem. It is used again for another one that has the same key.

    Signals:
        chosen: a click or Enter on the card.
        tried(Fix or None): a fix is to be shown beforehand, or no longer.
        applied(Fix): a fix is to be carried out.
        moved(int): the arrow keys go to the card above or below.
    """

    chosen = Signal()
    tried = Signal(object)
    applied = Signal(object)
    moved = Signal(int)

    def __init__(self, problem: Problem, name: str) -> None:
        super().__init__()
        self.problem = problem
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.active = False
        self.has_fixes = False
        self.buttons: list[FixButton] = []
        self.message = Message(problem.severity, f"{name}.message", STRONG)
        self.detail = Text("secondary", SMALL, f"{name}.detail")
        self.fixes = QWidget()
        self.impact = Text("secondary", SMALL, f"{name}.impact")
        self.impact.setMinimumHeight(self.impact.fontMetrics().lineSpacing())
        self._flow = FlowLayout(self.fixes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self.message)
        below = QVBoxLayout()
        below.setContentsMargins(INDENT, 0, 0, 0)
        below.setSpacing(6)
        for widget in (self.detail, self.fixes, self.impact):
            below.addWidget(widget)
            widget.hide()
        layout.addLayout(below)
        self.show_problem(problem)

    def show_problem(self, problem: Problem) -> None:
        """Show this one; the fixes of the one before stay until ``show_fixes`` brings others."""
        self.problem = problem
        self.has_fixes = False
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
        self.message.say(self._sentence())
        detail = str(self.problem.detail) if self.problem.detail else ""
        self.detail.setText(detail[:1].upper() + detail[1:])
        self.detail.setVisible(bool(detail))
        kind = _("Error") if self.problem.severity == "error" else _("Warning")
        self.setAccessibleName(_("{kind}: {sentence}").format(kind=kind, sentence=self.message.text))
        self.setAccessibleDescription(self.detail.text())
        self.setToolTip(_("A click shows the layers concerned"))
        for button in self.buttons:
            button.retranslate()

    def _sentence(self) -> str:
        """The problem's sentence with a capital, unless it begins with the name of a layer."""
        sentence, diagnosis = self.problem.message, self.problem.diagnosis
        nodes = diagnosis.scene.graph.nodes if diagnosis else {}
        names = [nodes[node_id].name for node_id in self.problem.nodes if node_id in nodes]
        if any(sentence.startswith(name) for name in names):
            return sentence
        return sentence[:1].upper() + sentence[1:]

    def show_fixes(self) -> None:
        """Work out the fixes and offer them; buttons that would be the same stay."""
        self.has_fixes = True
        fixes = self.problem.fixes
        if [str(button.fix.label) for button in self.buttons] == [str(fix.label) for fix in fixes]:
            for button, fix in zip(self.buttons, fixes, strict=True):
                button.fix = fix
            return
        for button in self.buttons:
            button.blockSignals(True)
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for index, fix in enumerate(fixes):
            button = FixButton(fix, f"{self.objectName()}.fix.{fix.code}.{index}", first=index == 0)
            button.pointed.connect(lambda there, button=button: self.tried.emit(button.fix if there else None))
            button.clicked.connect(lambda _checked=False, button=button: self.applied.emit(button.fix))
            self._flow.addWidget(button)
            self.buttons.append(button)
        self.fixes.setVisible(bool(fixes))
        self.show_impact("")

    def try_out(self, fix: Fix | None) -> Graph | None:
        """Say what a fix would change; the network as it would make it, or None where it cannot be carried out."""
        diagnosis = self.problem.diagnosis
        if fix is None or diagnosis is None:
            self.show_impact("")
            return None
        try:
            graph = fix.apply(diagnosis.scene.graph)
        except EditError as error:
            self.show_impact(str(error))
            return None
        sentence = str(impact(diagnosis, graph).words)
        self.show_impact(sentence[:1].upper() + sentence[1:])
        return graph

    def show_impact(self, sentence: str) -> None:
        """Say what the fix that is pointed at would change; the room for it stays when it goes."""
        self.impact.setText(sentence)
        if sentence or not self.buttons:
            self.impact.setVisible(bool(sentence))
        make_room(self)  # before anything else happens: the button that is pointed at may be clicked next

    def set_active(self, active: bool) -> None:
        """Whether this is the one that was gone to last."""
        if active != self.active:
            self.active = active
            self.update()

    # -- hands and looks ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            if self.active:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.hover)
                painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
            if self.hasFocus():
                painter.setPen(colours.accent)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)

    def retheme(self) -> None:
        """Colours of the moment."""
        retheme(self)
        self.update()
