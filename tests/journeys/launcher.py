"""Runs the ordinary program, and answers what a journey asks about it.

    python -m tests.journeys.launcher DESCRIPTOR [arguments of cnn-studio]

The descriptor is that of an open socket. Questions and answers are lines of JSON. The program itself is what a person
starts: only its event loop is entered through here, so that questions are answered between two events.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from cnn_studio.__main__ import main
from tests.journeys import answers


class Listener:
    """Reads questions from a socket and answers them in the thread of the window."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._read = b""
        self._notifier = QSocketNotifier(line.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        heard = self._line.recv(65_536)
        if not heard:  # the journey is gone
            self._notifier.setEnabled(False)
            QApplication.exit(3)
            return
        *questions, self._read = (self._read + heard).split(b"\n")
        for question in questions:
            asked = json.loads(question)
            if asked["later"]:
                QTimer.singleShot(asked["later"], lambda asked=asked: self._answer(asked))
            else:
                self._answer(asked)

    def _answer(self, asked: dict[str, Any]) -> None:
        try:
            answer = {"answer": getattr(answers, asked["ask"])(**asked["about"])}
        except answers.NotThereError as error:
            answer = {"missing": str(error)}
        self._line.sendall(json.dumps(answer).encode("utf-8") + b"\n")


def start() -> int:
    """The program, with an ear at its event loop; its exit status."""
    line = socket.socket(fileno=int(sys.argv.pop(1)))
    enter = QApplication.exec
    listeners = []

    def listen_and_enter(*_application: QApplication) -> int:
        listeners.append(Listener(line))
        return int(enter())

    QApplication.exec = listen_and_enter  # type: ignore[method-assign]
    return main()


if __name__ == "__main__":
    sys.exit(start())
