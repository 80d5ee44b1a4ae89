"""What the window says without a box in the way: a sentence that vanishes by itself, and notes that offer an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.words import Words
from cnn_studio.gui import icons, theme
from cnn_studio.i18n import _

SHOWN_FOR = 6000
"""Milliseconds that a sentence stays."""
MOST_NOTES = 4
"""Notes at a time; an older one makes room."""

Text = Words | str


class Answer(NamedTuple):
    """A button under a note.

    Attributes:
        text: Words, so that it follows the language.
        do: what it does; the note goes away.
    """

    text: Words
    do: Callable[[], object]


class Toast(QFrame):
    """One sentence above the lower edge of a widget. The next one takes its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setObjectName("toast")
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        self._layout.addWidget(self._label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is said at the moment, or ""."""
        return self._label.text() if not self.isHidden() else ""

    def say(self, text: str) -> None:
        """Show a sentence for some seconds."""
        now = theme.current()
        self.setStyleSheet(
            f"#toast {{ background: {now.panel.name()}; border: 1px solid {now.line.name()};"
            f" border-radius: {theme.RADIUS}px; }}"
        )
        self._label.setText(text)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_FOR)

    def be_quiet(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay above the lower edge."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        around = self._around.rect()
        most = max(200, around.width() - 4 * theme.GROUP_GAP)
        wanted = self._label.fontMetrics().horizontalAdvance(self._label.text()) + 2 * theme.PADDING + 4
        width = min(wanted, most, 640)
        height = self._layout.heightForWidth(width)
        self.setGeometry(
            (around.width() - width) // 2, around.height() - height - 2 * theme.GROUP_GAP, width, max(height, 32)
        )


class Note(QFrame):
    """A sentence that waits for an answer, or to be put away.

    Signals:
        left(Note): it goes away.
    """

    left = Signal(object)

    def __init__(self, key: str, text: Text, answers: Sequence[Answer], kind: str) -> None:
        super().__init__()
        self.key = key
        self.setObjectName("note")
        self._text, self._answers, self._kind = text, answers, kind
        self._icon = QLabel()
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.buttons = [QPushButton() for _answer in answers]
        self.close_button = QToolButton()
        self.close_button.setIcon(icons.icon("close"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.GAP, theme.GAP, theme.GAP)
        layout.addWidget(self._icon)
        layout.addWidget(self._label, 1)
        for button, answer in zip(self.buttons, answers, strict=True):
            button.clicked.connect(lambda _checked=False, do=answer.do: self._answer(do))
            layout.addWidget(button)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(self.leave)
        self.retranslate()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def retranslate(self) -> None:
        """Texts and colours of the moment."""
        now = theme.current()
        colour = {"error": now.error, "warning": now.warning}.get(self._kind, now.accent)
        self.setStyleSheet(
            f"#note {{ background: {now.panel.name()}; border: none; border-bottom: 1px solid {now.line.name()};"
            f" border-left: 3px solid {colour.name()}; }}"
        )
        self._icon.setPixmap(
            icons.pixmap(self._kind if self._kind in icons.ICONS else "info", 18, colour, self.devicePixelRatioF())
        )
        self._label.setText(str(self._text))
        self.setAccessibleName(str(self._text))
        for number, (button, answer) in enumerate(zip(self.buttons, self._answers, strict=True)):
            button.setText(str(answer.text))
            button.setAccessibleName(button.text())
            button.setObjectName(f"note.{self.key}.{number}")
        self.close_button.setObjectName(f"note.{self.key}.close")
        self.close_button.setToolTip(_("Put this note away"))
        self.close_button.setAccessibleName(_("Put this note away"))

    def _answer(self, do: Callable[[], object]) -> None:
        self.leave()
        do()

    def leave(self) -> None:
        """Go away, once."""
        if self.isHidden():
            return
        self.hide()
        self.left.emit(self)
        self.deleteLater()


class Notes(QWidget):
    """The notes at the upper edge of a window, one under another."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Note] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def all(self) -> list[Note]:
        """The notes that are shown, the oldest first."""
        return list(self._shown)

    def add(self, key: str, text: Text, answers: Sequence[Answer] = (), kind: str = "info") -> Note:
        """Show a note; one of the same key makes room.

        Args:
            kind: "info", "warning" or "error".
        """
        self.remove(key)
        for old in self.all()[: -(MOST_NOTES - 1)]:
            old.leave()
        note = Note(key, text, answers, kind)
        self._shown.append(note)
        note.left.connect(self._shown.remove)
        self._layout.addWidget(note)
        note.show()
        return note

    def remove(self, key: str) -> None:
        """Put the note of that key away, if there is one."""
        for note in self.all():
            if note.key == key:
                note.leave()

    def retranslate(self) -> None:
        """Texts and colours of the moment."""
        for note in self.all():
            note.retranslate()
