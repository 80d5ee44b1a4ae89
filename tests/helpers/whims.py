"""Somebody who does anything at all to the windows of the studio, one thing after another, chosen by a seed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from cnn_studio.core import clipboard
from cnn_studio.core.document import Document
from cnn_studio.core.project import from_bytes, to_bytes, write_project
from cnn_studio.core.starters import open_starter
from cnn_studio.gui.actions import ACTIONS
from cnn_studio.gui.catalogue import entries
from cnn_studio.gui.editors.boxes import NumberBox
from cnn_studio.gui.main_window import MainWindow
from cnn_studio.gui.studio import Studio
from tests.helpers.invariants import check_invariants

MOST_WINDOWS = 3
MOST_LAYERS = 70
PATIENCE = 500
"""Milliseconds after which a menu that holds everything up is put away."""
SELDOM = {"file.new", "file.window", "help.welcome", "file.quit", "file.close", "view.reset"}
"""What would otherwise fill the time with windows that open and close."""
TEXTS = (
    "", "0", "-1", "3", "64", "1.5", "1e400", "99999999999999999999999", "2147483648", "conv1", "abc", "NaN", "a" * 200,
    "input", "conv", "relu",
)  # fmt: skip
RUBBISH = (
    "", "ñandú × 層 🙂", "\u202eטקסט\u202c", "x\ny\tz\r", "\x00\x01\x7f", "７", "a" * 10_000, "é\u0301" * 3_000, "{", "[]", "null",
    '{"format": 1}', '{"cnn-studio": {"nodes": 7}}', "[" * 5_000, '{"a":' * 2_000, "<svg onload='x'>", "%s %n {name} {0}",
    "../../etc/passwd", "\ud83d", "999999999999999999999999999999", "&&&&amp;",
)  # fmt: skip
KEYS = [
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Escape,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_C, Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Space, Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_F8, Qt.Key.Key_F10,
    Qt.Key.Key_Z, Qt.Key.Key_A, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_G, Qt.Key.Key_D, Qt.Key.Key_K, Qt.Key.Key_Plus,
    Qt.Key.Key_F1, Qt.Key.Key_Menu, Qt.Key.Key_Y, Qt.Key.Key_L, Qt.Key.Key_Slash, Qt.Key.Key_1, Qt.Key.Key_F6,
]  # fmt: skip
HELD = [Qt.KeyboardModifier.NoModifier] * 3 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
]
DRAGGING_TEXT = (QPlainTextEdit, QTextEdit, QLabel, QLineEdit)
"""Controls in which a movement with the button held may begin a drag of text, which waits for a real mouse."""
LEFT = Qt.MouseButton.LeftButton


def odd_files(folder: Path) -> list[Path]:
    """Files as people drop them, good and bad."""
    folder.mkdir()
    for name in ("lenet5", "mlp", "quick-digits"):
        write_project(open_starter(name), folder / f"{name}.cnnstudio")
    good = (folder / "mlp.cnnstudio").read_bytes()
    contents = {
        "empty.cnnstudio": b"", "half.cnnstudio": good[: len(good) // 2], "zip.cnnstudio": b"PK\x05\x06" + bytes(18),
        "noise.cnnstudio": bytes(range(256)) * 40, "text.txt": b"a letter", "picture.png": b"\x89PNG\r\n\x1a\n",
        "層 ñ \u202e.cnnstudio": good, "l" * 200 + ".cnnstudio": good, "no suffix": good, "json.cnnstudio": b"{}",
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder.cnnstudio").mkdir()
    (folder / "loop.cnnstudio").symlink_to(folder / "loop.cnnstudio")
    (folder / "dangling.cnnstudio").symlink_to(folder / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.cnnstudio")
    return [*sorted(folder.iterdir()), folder / "gone.cnnstudio", Path("/dev/null"), Path("/"), Path("/nowhere/at/all")]


def _put_popup_away() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


class Someone:
    """Does anything. ``steps`` tells what was done.

    Attributes:
        trains: whether training is among it; threads then make each time a little different.
    """

    def __init__(self, studio: Studio, seed: int, folder: Path, *, trains: bool = False) -> None:
        self.studio, self.random = studio, Random(seed)
        self.folder = folder
        self.files = odd_files(folder / "files")
        self.trains = trains
        self.steps: list[str] = []
        self._starts: dict[int, tuple[Document, bytes]] = {}
        print(f"seed {seed}")
        if not studio.windows:
            self._open_window()

    # -- one thing -----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One thing, wherever it may be done now."""
        if not self.studio.windows:
            self._open_window()
        while len(self.studio.windows) > MOST_WINDOWS:
            self.random.choice(self.studio.windows).close_unasked()
        patience = QTimer()  # the menu of a number's box holds everything up until somebody chooses
        patience.timeout.connect(_put_popup_away)
        patience.start(PATIENCE)
        try:
            self._step()
        finally:
            patience.stop()

    def _step(self) -> None:
        popup, window = QApplication.activePopupWidget(), self.random.choice(self.studio.windows)
        dialogs = [one for one in window.findChildren(QDialog) if one.isVisible()]
        if popup is not None:
            self._in_popup(popup)
        elif dialogs and self.random.random() < 0.95:
            self._in_dialog(self.random.choice(dialogs))
        elif dialogs:
            self._note("close", window)
            window.close()
        else:
            self._whim()(window)
        QApplication.processEvents()
        self._look_after()

    def _whim(self) -> Callable[[MainWindow], None]:
        whims: dict[Callable[[MainWindow], None], int] = {
            self._act: 30, self._mouse_on_canvas: 26, self._key: 14, self._mouse: 14, self._click: 8, self._type: 8, self._paste: 4,
            self._drop_entry: 5, self._pick: 3, self._wheel: 3, self._choose: 4, self._workspace: 2, self._menu: 2,
            self._drop_files: 1, self._resize: 1, self._disturb: 1, self._burst: 2, self._welcome: 4,
        }  # fmt: skip
        return self.random.choices(list(whims), list(whims.values()))[0]

    def _note(self, *words: object) -> None:
        said = " ".join(one.objectName() or type(one).__name__ if isinstance(one, QWidget) else repr(one)[:80] for one in words)  # fmt: skip
        self.steps.append(said)
        print(len(self.steps), said)

    def _open_window(self) -> None:
        self.studio.new_window().fill()

    # -- actions -------------------------------------------------------------------------------------------------------

    def _act(self, window: MainWindow) -> None:
        name = self.random.choice(list(window.actions_.made))
        if name in SELDOM and self.random.random() < 0.85:
            name = self.random.choice(["edit.undo", "edit.redo", "edit.undo"])
        if name.startswith("train.") and not self.trains and ACTIONS[name].menu == "train":
            name = "edit.undo"
        self._note("action", name)
        window.actions_[name].trigger()

    def _menu(self, window: MainWindow) -> None:
        action = self.random.choice(window.menuBar().actions())
        menu: Any = action.menu()
        self._note("menu", menu)
        menu.popup(window.mapToGlobal(QPoint(40, 40)))

    def _workspace(self, window: MainWindow) -> None:
        shown = [button for button in window.rail.buttons.values() if button.isVisible()]
        if shown:
            button = self.random.choice(shown)
            self._note("click", button)
            QTest.mouseClick(button, LEFT)

    def _welcome(self, window: MainWindow) -> None:
        """On the welcome page, begin with something now and then; else nothing would ever happen."""
        if window.is_welcoming and len(self.studio.windows) <= MOST_WINDOWS:
            name = self.random.choice(["lenet5", "tiny-inception", "quick-digits", "tiny-resnet", ""])
            self._note("begin with", name)
            window.open_starter(name) if name else window.new_network()

    # -- the mouse -----------------------------------------------------------------------------------------------------

    def _mouse_on_canvas(self, window: MainWindow) -> None:
        view = window.canvas
        if view is None or not view.isVisible():
            return
        pixel = QPoint(self.random.randint(-20, view.width() + 20), self.random.randint(-20, view.height() + 20))
        if view.scene.cards and self.random.random() < 0.6:
            box = self.random.choice(list(view.scene.cards.values())).box
            spot = (self.random.choice([box.right, box.middle[0], box.left - 10]), box.middle[1])
            x, y = view.view.to_screen(spot)
            pixel = QPoint(round(x), round(y))
        self._mouse_at(view, pixel)

    def _mouse_at(self, target: QWidget, pixel: QPoint) -> None:
        button = self.random.choice([LEFT] * 5 + [Qt.MouseButton.MiddleButton])
        held = self.random.choice(HELD)
        what = self.random.choice([QTest.mousePress, QTest.mouseMove, QTest.mouseMove, QTest.mouseRelease, QTest.mouseClick, QTest.mouseDClick, "right"])  # fmt: skip
        self._note(getattr(what, "__name__", what), target, (pixel.x(), pixel.y()), str(button), str(held))
        if what is QTest.mouseMove:
            QTest.mouseMove(target, pixel)
        elif what == "right":
            QTest.mouseClick(target, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, pixel)
            QApplication.postEvent(target, _context_event(target, pixel))
        else:
            what(target, button, held, pixel)  # type: ignore[operator]

    def _mouse(self, window: MainWindow) -> None:
        shown = [one for one in window.findChildren(QWidget) if one.isVisible() and one.isEnabled() and one.width() > 2]
        target = self.random.choice(shown)
        if isinstance(target, DRAGGING_TEXT) or isinstance(target.parent(), DRAGGING_TEXT):
            return
        pixel = QPoint(self.random.randint(0, target.width()), self.random.randint(0, target.height()))
        self._mouse_at(target, pixel)

    def _wheel(self, window: MainWindow) -> None:
        shown = [one for one in window.findChildren(QWidget) if one.isVisible()]
        target = self.random.choice([*shown, window.canvas] if window.canvas is not None else shown)
        at = QPointF(self.random.randint(0, target.width()), self.random.randint(0, target.height()))
        delta = QPoint(self.random.choice([0, 120, -120]), self.random.choice([120, -120, 3, 12_000]))
        self._note("wheel", target, (delta.x(), delta.y()))
        event = QWheelEvent(at, target.mapToGlobal(at), QPoint(), delta, Qt.MouseButton.NoButton, self.random.choice(HELD), Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(target, event)

    def _any(self, around: QWidget, *kinds: type[QWidget]) -> Any:
        found = [one for kind in kinds for one in around.findChildren(kind) if one.isVisible() and one.isEnabled()]
        return self.random.choice(found) if found else None

    def _click(self, window: MainWindow) -> None:
        button = self._any(window, QAbstractButton)
        if button is not None and (self.trains or "train" not in button.objectName().lower()):
            times = self.random.choice([1, 1, 2, 3])
            self._note("click", button, times)
            for _time in range(times):
                if _is_there(button):
                    QTest.mouseClick(button, LEFT)

    def _pick(self, window: MainWindow) -> None:
        box = self._any(window, QComboBox, QAbstractItemView)
        if isinstance(box, QComboBox) and box.count():
            box.setFocus()
            box.setCurrentIndex(self.random.randrange(box.count()))
            self._note("pick", box, box.currentText())
            box.activated.emit(box.currentIndex())
        elif isinstance(box, QAbstractItemView) and box.model() is not None and box.model().rowCount():
            index = box.model().index(self.random.randrange(box.model().rowCount()), 0)
            self._note("row", box, index.data())
            QTest.mouseClick(box.viewport(), LEFT, pos=box.visualRect(index).center())

    # -- the keyboard --------------------------------------------------------------------------------------------------

    def _key(self, window: MainWindow) -> None:
        focus = QApplication.focusWidget()
        target = focus if focus is not None and window.isAncestorOf(focus) else window
        key, held = self.random.choice(KEYS), self.random.choice(HELD)
        self._note("key", target, str(key), str(held))
        QTest.keyClick(target, key, held)

    def _type(self, window: MainWindow) -> None:
        self._type_into(self._any(window, NumberBox, QLineEdit, QPlainTextEdit))

    def _type_into(self, field: Any) -> None:
        if field is None:
            return
        field.setFocus()
        if hasattr(field, "selectAll"):
            field.selectAll()
        text = self.random.choice(TEXTS)
        self._note("type", field, text)
        QTest.keyClicks(field, text)

    def _paste(self, window: MainWindow) -> None:
        if self.random.random() < 0.3:
            graph = open_starter(self.random.choice(["mlp", "tiny-inception", "lenet5"])).graph
            text = clipboard.copied(graph, self.random.sample(sorted(graph.nodes), 5))
            if self.random.random() < 0.5:  # damaged on its way
                place = self.random.randrange(len(text))
                text = text[:place] + self.random.choice(["", "7", '"', "null", "-", "{"]) + text[place + 1 :]
        else:
            text = self.random.choice(RUBBISH)
        QApplication.clipboard().setText(text)
        field = self._any(window, QLineEdit, QPlainTextEdit)
        if field is not None and self.random.random() < 0.5:
            self._note("paste into", field, text)
            field.setFocus()
            if not isinstance(field, QPlainTextEdit):
                field.selectAll()
            field.paste()
            QTest.keyClick(field, Qt.Key.Key_Return)
        else:
            self._note("paste", text)
            window.actions_["edit.paste"].trigger()

    # -- dropping ------------------------------------------------------------------------------------------------------

    def _drop_entry(self, window: MainWindow) -> None:
        view = window.canvas
        if view is not None and view.isVisible():
            key = self.random.choice([*(one.key for one in entries() if ":" not in one.key), "nonsense", ""])
            self._note("drop", key)
            view.drop(key, (self.random.uniform(-500, 1500), self.random.uniform(-500, 900)))

    def _drop_files(self, window: MainWindow) -> None:
        files = self.random.sample(self.files, self.random.choice([1, 1, 2]))
        data = QMimeData()
        urls = [QUrl.fromLocalFile(str(path)) for path in files]
        data.setUrls([*urls, *self.random.choices([QUrl("https://example.org/a.cnnstudio"), QUrl()], k=1)])
        if self.random.random() < 0.1:
            data = QMimeData()
            data.setText(self.random.choice(RUBBISH))
        self._note("drop files", [path.name for path in files])
        at, none = QPoint(200, 200), Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, none)
        QApplication.sendEvent(window, enter)
        if enter.isAccepted():
            QApplication.sendEvent(window, QDropEvent(at.toPointF(), Qt.DropAction.CopyAction, data, LEFT, none))

    # -- other things --------------------------------------------------------------------------------------------------

    def _choose(self, window: MainWindow) -> None:
        graph = window.workspace.document.graph
        count = min(len(graph.nodes), self.random.choice([0, 1, 1, 2, 5]))
        nodes = self.random.sample(sorted(graph.nodes), count)
        groups = self.random.sample(sorted(graph.groups), min(len(graph.groups), self.random.choice([0, 0, 1])))
        edges = self.random.sample(list(graph.edges()), 1) if graph.inputs and self.random.random() < 0.2 else []
        self._note("choose", nodes, groups, edges)
        window.workspace.select(nodes, groups, edges)

    def _resize(self, window: MainWindow) -> None:
        size = self.random.choice([(720, 480), (1280, 720), (300, 200), (2600, 1400)])
        self._note("resize", size)
        window.resize(*size)

    def _disturb(self, window: MainWindow) -> None:
        """Another program writes, takes away or replaces the file that is open."""
        path = window.workspace.document.path
        if path is not None and path.is_relative_to(self.folder) and path.is_file():
            content = self.random.choice([b"", b"rubbish", None, to_bytes(open_starter("mlp"))])
            self._note("another program", path.name, content and len(content))
            path.unlink() if content is None else path.write_bytes(content)

    def _burst(self, window: MainWindow) -> None:
        """Several clicks and keys faster than anything is shown."""
        view = window.canvas
        if view is None or not view.isVisible():
            return
        self._note("burst", window)
        for _count in range(self.random.randint(2, 6)):
            if not _is_there(view) or QApplication.activePopupWidget() is not None:
                return
            at = QPoint(self.random.randint(0, view.width()), self.random.randint(0, view.height()))
            self.random.choice([QTest.mouseDClick, QTest.mouseClick, QTest.mousePress])(view, LEFT, pos=at)
            QTest.keyClick(
                view, self.random.choice([Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_D, Qt.Key.Key_Return])
            )

    def _in_popup(self, popup: QWidget) -> None:
        if isinstance(popup, QMenu) and self.random.random() < 0.6:
            usable = [one for one in popup.actions() if one.isEnabled() and not one.isSeparator()]
            usable = [one for one in usable if self.trains or not one.objectName().startswith("train.")]
            if usable:
                action = self.random.choice(usable)
                self._note("entry", action.text())
                QTest.mouseClick(popup, LEFT, pos=popup.actionGeometry(action).center())
                return
        self._note("escape", popup)
        QTest.keyClick(popup, Qt.Key.Key_Escape)
        if QApplication.activePopupWidget() is popup:
            popup.close()

    def _in_dialog(self, dialog: QDialog) -> None:
        what = self.random.random()
        field, button = self._any(dialog, QLineEdit), self._any(dialog, QAbstractButton)
        if field is not None and what < 0.4:
            if what < 0.2:
                QApplication.clipboard().setText(self.random.choice(RUBBISH))
                field.selectAll()
                self._note("paste into", field)
                field.paste()
            else:
                self._type_into(field)
        elif button is not None and what < 0.7:
            self._note("click", button)
            QTest.mouseClick(button, LEFT)
        else:
            key = self.random.choice(
                [Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down]
            )
            self._note("key", dialog, str(key))
            focus = dialog.focusWidget()
            QTest.keyClick(focus if focus is not None else dialog, key)

    # -- what must be so -----------------------------------------------------------------------------------------------

    def _look_after(self) -> None:
        """Know how each document began; keep networks small enough to be quick."""
        for window in self.studio.windows:
            for view in window.findChildren(QAbstractItemView):
                view.setDragEnabled(False)  # a drag waits for a real mouse
            document = window.workspace.document
            known = self._starts.get(id(document))
            if document.undo_name is None and (known is None or known[0] is not document):
                self._starts[id(document)] = document, _content(document)
            if len(document.graph.nodes) > MOST_LAYERS:
                document.undo()

    def check(self, *, travel: bool = False) -> None:
        """Every document is valid, can be saved and read again; ``travel``: undo and redo lead there and back."""
        for window in list(self.studio.windows):
            document = window.workspace.document
            check_invariants(document.graph)
            assert from_bytes(to_bytes(document.project)).graph == document.project.graph
            window.grab()
            if travel:
                self._travel(window, document)

    def _travel(self, window: MainWindow, document: Document) -> None:
        if window.canvas is not None:
            window.canvas.cancel_gesture()
        document.commit()
        while document.redo():
            pass
        last = _content(document)
        while document.undo():
            pass
        assert self._starts[id(document)][0] is document
        assert _content(document) == self._starts[id(document)][1]
        while document.redo():
            pass
        assert _content(document) == last


def _content(document: Document) -> bytes:
    """The file of a document, but for what it has learned, which is no step."""
    return to_bytes(replace(document.project, weights=b""))


def _is_there(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.isEnabled()


def _context_event(target: QWidget, pixel: QPoint) -> QEvent:

    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, target.mapToGlobal(pixel))
