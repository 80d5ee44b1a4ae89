"""Asks for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _

Judge = Callable[[str], str]
"""What is wrong with a name, or "" when nothing is."""


class NameQuestion(Sheet):
    """A field with a name; what is wrong with it stands below while one types."""

    def __init__(self, parent: QWidget, title: str, name: str, judge: Judge, use: Callable[[str], object]) -> None:
        super().__init__(parent, "name", title)
        self._judge, self._use = judge, use
        self.field = QLineEdit(name)
        self.field.setObjectName("dialog.name.field")
        self.field.setAccessibleName(title)
        self.field.setMinimumWidth(320)
        self.field.selectAll()
        self.body.addWidget(self.field)
        self._problem = self.add_text("")
        self._problem.setStyleSheet(f"color: {theme.current().error_text.name()}")
        self.add_button("cancel", _("Cancel")).clicked.connect(self.reject)
        self._good = self.add_button("rename", _("Rename"), default=True)
        self._good.clicked.connect(self._take)
        self.field.textChanged.connect(self._look)
        self._look(name)
        self.field.setFocus()

    def _look(self, name: str) -> None:
        problem = self._judge(name)
        self._problem.setText(problem)
        self._good.setEnabled(not problem)

    def _take(self) -> None:
        self.accept()
        self._use(self.field.text())
