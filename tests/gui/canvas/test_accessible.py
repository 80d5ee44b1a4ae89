"""The canvas beside a screen reader, which asks about everything and keeps what it is told."""

import os
import subprocess
import sys

READER = """
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from cnn_studio.gui.studio import Studio

app = QApplication([])
QAccessible.setActive(True)
studio = Studio(app)
for _again in range(3):
    window = studio.new_window()
    window.open_starter("lenet5")
    QApplication.processEvents()
    canvas = QAccessible.queryAccessibleInterface(window.canvas)
    cards = [QAccessible.uniqueId(canvas.child(place)) for place in range(canvas.childCount())]
    del canvas
    window.close_unasked()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    print(len(cards), sum(QAccessible.accessibleInterface(card) is not None for card in cards))
"""


def test_a_window_that_a_screen_reader_has_seen_closes(tmp_path):
    environment = {**os.environ, "CNN_STUDIO_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", READER], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["14 0"] * 3
