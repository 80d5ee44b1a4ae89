"""What holds for every panel: names, texts in both languages, both themes, keys, nothing cut, nothing done unseen."""

import gc
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)

from cnn_studio import i18n
from cnn_studio.core import edits, grouping
from cnn_studio.core.document import Document
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.starters import open_starter
from cnn_studio.gui import icons, theme
from cnn_studio.gui.docks import WORKSPACES
from cnn_studio.gui.labels import Text
from cnn_studio.gui.panels import PLACES, panels
from cnn_studio.gui.panels.base import Panel
from cnn_studio.gui.panels.live import LivePanel

OURS = tuple(panels)
CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QAbstractScrollArea)
LANGUAGES = ("en", "es")


def scenes(workspace):
    """Different things chosen, so that every part of a panel is seen."""
    yield "nothing", workspace.select
    yield "a layer", lambda: workspace.select(["conv1"])
    yield "layers", lambda: workspace.select(["conv1", "dense1"])
    yield "a connection", lambda: workspace.select(edges=[Edge("conv1", "tanh1")])
    yield "a group", lambda: workspace.select(groups=["group1"])
    yield "an input", lambda: workspace.select(["input"])
    yield "a misfit", lambda: workspace.select(["dense1"])


def wrong(graph: Graph) -> Graph:
    return edits.remove(grouping.group(graph, ["conv1", "tanh1"], "first"), ["flatten"])


@pytest.fixture(params=OURS)
def panel(request, open_panel, quick_data):
    shown = open_panel(request.param, size=(300, 640))
    shown.workspace.edit(wrong)
    settle(shown)
    return shown


def settle(panel):
    panel.settle()
    for card in getattr(panel, "cards", {}).values():
        card.show_fixes()


def speak(panel, code):
    i18n.set_language(code)
    panel.workspace.set_settings(panel.workspace.settings)
    settle(panel)


def inside(panel):
    """The widgets that are ours: those that Qt makes for itself inside others are not."""
    found = []
    for widget in panel.findChildren(QWidget):
        parent = widget.parent()
        own = not widget.objectName().startswith("qt_") and not isinstance(parent, (QComboBox, QLineEdit, QTabBar))
        part = isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea)
        if own and not part and widget.window() is panel.window():
            found.append(widget)
    return found


def is_control(widget):
    return isinstance(widget, CONTROLS) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_every_panel_has_its_place():
    assert sorted(place.name for place in PLACES) == sorted(panels)
    for place in PLACES:
        panel = panels[place.name]
        assert issubclass(panel, Panel)
        assert panel.name == place.name
        assert panel.__module__ == f"cnn_studio.gui.panels.{place.name}"
        assert place.title
        assert place.area in ("left", "right", "bottom")
        assert place.icon in icons.ICONS
        assert set(place.workspaces) <= set(WORKSPACES)


def test_a_module_is_loaded_no_sooner_than_its_panel_is_asked_for():
    code = "import sys; from cnn_studio.gui.panels import panels; panels['pad']; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = [place.name for place in PLACES if f"cnn_studio.gui.panels.{place.name}" in found]
    assert ours == ["pad"]


def test_every_control_is_named_in_both_languages(panel):
    texts: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    for code in LANGUAGES:
        speak(panel, code)
        for _what, choose in scenes(panel.workspace):
            choose()
            settle(panel)
            for widget in filter(is_control, inside(panel)):
                place = widget.objectName()
                assert place.startswith(f"panel.{panel.name}"), (place, widget)
                if widget.isHidden() or not widget.isVisibleTo(panel):
                    continue
                assert widget.accessibleName(), (code, place)
                if not isinstance(widget, QAbstractScrollArea):
                    assert widget.toolTip(), (code, place)
                texts[code][place] = widget.toolTip() or widget.accessibleName()
    assert texts["en"].keys() == texts["es"].keys()
    same = [place for place, text in texts["en"].items() if texts["es"][place] == text]
    assert len(same) <= len(texts["en"]) // 4, f"these are not translated: {same}"


def test_names_are_told_apart(panel):
    for _what, choose in scenes(panel.workspace):
        choose()
        names = [widget.objectName() for widget in filter(is_control, inside(panel)) if widget.isVisibleTo(panel)]
        assert len(set(names)) == len(names), sorted(names)


def test_tab_reaches_every_control(qtbot, panel):
    panel.workspace.select(["conv1"])
    settle(panel)
    wanted = {
        widget
        for widget in inside(panel)
        if is_control(widget) and widget.isVisible() and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.objectName() != "contents"
    }  # fmt: skip
    found = set()
    panel.setFocus()
    panel.focusNextChild()
    for _step in range(120):
        here = QApplication.focusWidget()
        if here is None:
            break
        found.add(here)
        panel.focusNextChild()
    proxies = {widget for widget in wanted if widget.focusProxy() is not None}
    missing = {widget.objectName() for widget in wanted - proxies - found if not isinstance(widget, QTabBar)}
    assert not missing


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [280, 360])
def test_nothing_is_cut(qtbot, panel, code, width):
    speak(panel, code)
    panel.resize(width, 640)
    workspace = panel.workspace
    for what, choose in scenes(workspace):
        choose()
        settle(panel)
        qtbot.waitUntil(lambda: not workspace.slow.is_busy and not workspace.quick.is_busy)
        for _time in ("what was answered", "what that moved"):
            QApplication.processEvents()
        assert panel.minimumSizeHint().width() <= 280, what
        for widget in inside(panel):
            if not widget.isVisible() or not widget.width():
                continue
            where = (code, what, widget.objectName())
            if isinstance(widget, (QLabel, QAbstractButton)) and not isinstance(widget.parent(), QTabBar):
                right = widget.mapTo(panel, widget.rect().topRight()).x()
                assert right <= panel.width(), where
            if isinstance(widget, QComboBox):
                room = widget.fontMetrics().horizontalAdvance(widget.currentText())
                assert room + 28 <= widget.width(), (*where, widget.currentText())
            if isinstance(widget, (QLabel, QAbstractButton)):
                if isinstance(widget, Text) and widget.wordWrap():
                    assert widget.height() >= widget.heightForWidth(widget.width()), where
                elif isinstance(widget, QAbstractButton) and len(widget.text()) > 1:
                    assert widget.width() >= widget.minimumSizeHint().width(), where


def test_both_themes(qapp, panel):
    pictures = []
    for name in ("light", "dark"):
        theme.set_theme(name)
        theme.apply(qapp)
        speak(panel, "en")
        for text in panel.findChildren(Text):
            assert text.palette().windowText().color() == getattr(theme.current(), text.shade)
        pictures.append(panel.grab().toImage())
    assert pictures[0] != pictures[1]


def test_another_document_is_shown(panel):
    for name in ("mlp", "tiny-resnet"):
        panel.workspace.replace_document(Document(open_starter(name)))
        settle(panel)
    panel.workspace.replace_document(Document())
    settle(panel)


def test_unseen_nothing_is_painted_or_timed(panel):
    assert isinstance(panel, LivePanel)
    painted = []

    class Watch(QWidget):
        def eventFilter(self, watched, event):
            painted.append(event.type() == QEvent.Type.Paint)
            return False

    panel.hide()
    watch = Watch()
    for widget in panel.findChildren(QWidget):
        widget.installEventFilter(watch)
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 9))
    panel.workspace.select(["conv1"])
    QApplication.processEvents()
    assert not any(painted)
    assert not panel._timer.isActive()


def test_it_goes_without_a_trace(qtbot, open_panel, quick_data):
    for name in OURS:
        shown = open_panel(name)
        workspace = shown.workspace
        shown.close()
        shown.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del shown
        gc.collect()
        workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 9))
        workspace.select(["conv1"])
        workspace.set_settings(workspace.settings)
        workspace.end()
