"""Versions and licences."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from cnn_studio import __version__
from cnn_studio.core import error_log
from cnn_studio.gui import theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _

LIBRARIES = {
    "PySide6-Essentials": "LGPL-3.0", "pyqtgraph": "MIT", "torch": "BSD-3-Clause", "numpy": "BSD-3-Clause",
    "pillow": "MIT-CMU", "pydantic": "MIT", "safetensors": "Apache-2.0", "pooch": "BSD-3-Clause",
    "platformdirs": "MIT", "qtawesome": "MIT", "fast-sugiyama": "MIT", "captum": "BSD-3-Clause",
}  # fmt: skip
"""What the studio is built on, with its licences."""


def versions() -> list[tuple[str, str, str]]:
    """Name, version and licence of the studio and of all that it stands on."""
    found = [
        ("CNN Studio", __version__, "MIT"),
        ("Python", platform.python_version(), "PSF-2.0"),
        ("Qt", qVersion(), "LGPL-3.0"),
    ]
    for name, licence in LIBRARIES.items():
        try:
            found.append((name, metadata.version(name), licence))
        except metadata.PackageNotFoundError:
            continue
    return found


class About(Sheet):
    """The studio, what it is for, and what it stands on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "about", _("About CNN Studio"))
        self.add_text(_("Build, train and look inside convolutional networks."))
        self.add_text(_("Nothing leaves this computer: no sign-in, no measuring, no service."), secondary=True)
        kept = _("Logs and crash reports stay in {folder}").format(folder=error_log.log_file().parent)
        self.add_text(kept, secondary=True).setObjectName("dialog.about.logs")
        table = QWidget()
        table.setObjectName("contents")
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GROUP_GAP)
        grid.setColumnStretch(0, 1)
        rows = versions()
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                grid.addWidget(QLabel(text), row, column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(table)
        area.setMinimumSize(420, 240)
        area.setAccessibleName(_("Versions and licences"))
        area.setObjectName("dialog.about.versions")
        self.body.addWidget(area)
        text = "\n".join(f"{name} {version} ({licence})" for name, version, licence in rows)
        self.add_button("copy", _("Copy the versions")).clicked.connect(
            lambda: QGuiApplication.clipboard().setText(f"{text}\n{platform.platform()}\n")
        )
        self.add_button("close", _("Close"), default=True).clicked.connect(self.accept)
