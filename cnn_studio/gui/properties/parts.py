"""Parts that the views of the properties have in common: a name to edit, a note, a list of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cnn_studio.core.layers.base import Family
from cnn_studio.core.words import Words
from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap
from cnn_studio.gui.labels import SMALL, Message, Text
from cnn_studio.gui.workspace import Workspace

Figure = tuple[str, Sequence[str]]
"""A heading and its lines, translated."""

HEAD_ICON = 20


def column(owner: QWidget, gap: int = theme.GAP) -> QVBoxLayout:
    """A layout of one thing below another, without margins."""
    layout = QVBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    return layout


class NameField(QWidget):
    """A name that can be edited: judged and tried out while it is typed, one step when done.

    Signals:
        left: whether what is typed was kept; the owner shows the name as it is.
    """

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.icon = QLabel()
        self.line = QLineEdit()
        self.line.setObjectName(f"{name}.line")
        self.line.setFont(theme.title_font())
        self.problem = Message("error", f"{name}.problem")
        self._judge: Callable[[str], Words | str | None] = lambda _text: None
        self._keep: Callable[[str], object] = lambda _text: None
        self._shown = ""
        self._dirty = False
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.icon)
        head.addWidget(self.line, 1)
        layout = column(self, theme.UNIT)
        layout.addLayout(head)
        layout.addWidget(self.problem)
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)

    def bind(self, judge: Callable[[str], Words | str | None], keep: Callable[[str], object]) -> None:
        """Who says why a name cannot be (and may try it out), and who keeps it."""
        self._judge, self._keep = judge, keep

    def show_name(self, name: str, icon: str, color: Family | None = None) -> None:
        """Show a name and its icon; what was being typed is forgotten."""
        self._shown, self._dirty = name, False
        if self.line.text() != name:
            self.line.setText(name)
            self.line.setCursorPosition(0)
        self.problem.say("")
        self.icon.setPixmap(pixmap(icon, HEAD_ICON, color, self.devicePixelRatioF()))

    def _typed(self, text: str) -> None:
        self._dirty = True
        problem = self._judge(text)
        self.problem.say(str(problem) if problem else "")

    def finish(self) -> None:
        """Keep the name that is typed, or forget one that cannot be."""
        if self._dirty:
            self._dirty = False
            if not self.problem.text:
                self._keep(self.line.text())
            else:
                self.line.setText(self._shown)
                self.problem.say("")
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and leaving keep the name, Esc forgets it."""
        if event.type() == QEvent.Type.FocusOut:
            self.finish()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not self.problem.text:
                    self.finish()
                    self.line.selectAll()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._dirty = False
                self.line.setText(self._shown)
                self.problem.say("")
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


class NoteField(QPlainTextEdit):
    """Some lines of free text, kept when the focus leaves.

    Signals:
        written(str): another text is to be kept.
    """

    written = Signal(str)

    def __init__(self, name: str, lines: int = 3) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 16)
        self._shown = ""

    def show_note(self, text: str) -> None:
        """Show a text; what was being typed is forgotten."""
        self._shown = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def finish(self) -> None:
        """Keep what is typed."""
        if self.toPlainText() != self._shown:
            self._shown = self.toPlainText()
            self.written.emit(self._shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._shown)
        else:
            super().keyPressEvent(event)


class Figures(QFrame):
    """Headings on the left, figures on the right; the texts can be selected and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.UNIT)
        self._grid.setColumnStretch(1, 1)
        self._pairs: list[tuple[Text, Text]] = []

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these, and nothing else."""
        while len(self._pairs) < len(figures):
            line = len(self._pairs)
            head = Text("secondary", SMALL, f"{self.objectName()}.head{line}", wrap=False)
            value = Text("text", name=f"{self.objectName()}.value{line}")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(head, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, line, 1)
            self._pairs.append((head, value))
        for line, (head, value) in enumerate(self._pairs):
            used = line < len(figures)
            if used:
                title, lines = figures[line]
                head.setText(title)
                value.setText("\n".join(lines))
                value.setAccessibleName(f"{title}: {'; '.join(lines)}")
            head.setVisible(used)
            value.setVisible(used)

    def texts(self) -> dict[str, str]:
        """What is shown, by heading."""
        return {head.text(): value.text() for head, value in self._pairs if not head.isHidden()}


class Rule(QFrame):
    """A thin line between groups."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.HLine)
        self.setFrameShadow(QFrame.Shadow.Plain)
        self.setForegroundRole(self.foregroundRole().Mid)
        self.setFixedHeight(1)


class View(QWidget):
    """Base of the views: shows one thing of a workspace's document."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.is_withdrawing = False
        self.setObjectName(name)
        self.box = column(self, theme.PADDING)

    def withdraw(self) -> None:
        """Take back what is tried out, as what is typed cannot be; it stays in its field, with the reason beside it."""
        self.is_withdrawing = True
        try:
            self.workspace.document.cancel()
        finally:
            self.is_withdrawing = False

    def show_kept(self) -> None:
        """Show the values of the document's last step."""
        raise NotImplementedError

    def show_figures(self) -> None:
        """Show what follows from the network as it is at the moment."""
        raise NotImplementedError

    def finish(self) -> None:
        """Keep what is being typed."""

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
