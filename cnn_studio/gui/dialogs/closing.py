"""The questions before something would be lost: edits, or a run in progress."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _


class CloseQuestion(Sheet):
    """Save, close without saving, or stay.

    Signals:
        save: save, and close when that succeeds.
        discard: close without saving.
    """

    save = Signal()
    discard = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, "close", _("Save “{name}” before closing?").format(name=name))
        self.add_text(_("Without saving, the edits since the last time are lost."))
        drop = self.add_button("discard", _("Close without saving"))
        stay = self.add_button("cancel", _("Cancel"))
        keep = self.add_button("save", _("Save"), default=True)
        stay.clicked.connect(self.reject)
        for button, signal in ((drop, self.discard), (keep, self.save)):
            button.clicked.connect(self.accept)
            button.clicked.connect(signal)
        keep.setFocus()


class StopQuestion(Sheet):
    """End the run in progress and close, or stay.

    Signals:
        stop: end the run, keep what was learned, and close.
    """

    stop = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "stop", _("Stop the training and close?"))
        self.add_text(
            _("The network is still learning. What it has learned is kept, and the run can be continued later.")
        )
        stay = self.add_button("cancel", _("Go on training"))
        end = self.add_button("stop", _("Stop and close"), default=True)
        stay.clicked.connect(self.reject)
        end.clicked.connect(self.accept)
        end.clicked.connect(self.stop)
        end.setFocus()
