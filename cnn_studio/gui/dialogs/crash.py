"""What is shown when the studio itself made a mistake."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _


class CrashReport(Sheet):
    """Says that edits are kept, and shows a report that can be copied. More mistakes are added below."""

    def __init__(self, parent: QWidget, report: str, kept: bool, log: str) -> None:
        super().__init__(parent, "crash", _("Something went wrong inside the studio"))
        if kept:
            text = _("Your edits are safe: a copy of them is kept. You can go on; save under another name to be sure.")
        else:
            text = _("No copy of your edits could be kept. Save them now under another name.")
        self.add_text(text)
        self.add_text(_("The report below helps to mend the mistake. It is also in {file}.").format(file=log))
        self._report = QPlainTextEdit(report)
        self._report.setObjectName("dialog.crash.report")
        self._report.setAccessibleName(_("Report"))
        self._report.setReadOnly(True)
        self._report.setFont(theme.code_font())
        self._report.setMinimumSize(560, 220)
        self.body.addWidget(self._report)
        copy = self.add_button("copy", _("Copy the report"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report.toPlainText()))
        self.add_button("close", _("Go on"), default=True).clicked.connect(self.accept)

    def add(self, report: str) -> None:
        """Another mistake while this is shown."""
        self._report.appendPlainText(f"\n{report}")
