"""The language of the window: our texts, and those of Qt's own dialogs and menus."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from cnn_studio import i18n

_translators: list[QTranslator] = []


def apply(app: QApplication, code: str) -> None:
    """Speak this language ("" for that of the system) from now on. Texts already on the screen are shown anew by
    whoever shows them."""
    chosen = code or i18n.system_language()
    i18n.set_language(chosen)
    QLocale.setDefault(QLocale(chosen))
    while _translators:
        app.removeTranslator(_translators.pop())
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if chosen != "en" and translator.load(f"qtbase_{chosen}", folder):
        app.installTranslator(translator)
        _translators.append(translator)
