"""The guide in its window: reading, going back, searching, another language, and the ways that lead to it."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage, QKeySequence, QTextDocument
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from cnn_studio.core import guide, markdown
from cnn_studio.gui.actions import ACTIONS
from cnn_studio.gui.dialogs.guide import Guide, keys_of_system
from cnn_studio.i18n import languages
from tools.make_reference import KEYS


@pytest.fixture
def shown(window):
    window.actions_["help.guide"].trigger()
    return window.findChild(Guide)


def listed(shown) -> list[str]:
    return [shown.list.item(row).text() for row in range(shown.list.count())]


def heading_at_top(shown) -> str:
    """The heading that stands in the first lines that are seen."""
    cursor = shown.page.cursorForPosition(shown.page.viewport().rect().topLeft())
    block = cursor.block()
    while not block.text().strip():
        block = block.next()
    return str(block.text())


def test_it_opens_at_the_tour_with_all_pages_listed(shown):
    assert shown.here.page == "tour"
    assert shown.page.toPlainText().startswith("Five-minute tour")
    titles = listed(shown)
    assert titles[0] == "Guide"
    assert "Reference" in titles
    assert {guide.title(page) for page in guide.ALL} <= set(titles)
    assert shown.list.currentItem().text() == "Five-minute tour"


def test_there_is_one_for_a_window_and_it_keeps_its_place(shown, window):
    shown.open_at("data")
    window.actions_["help.guide"].trigger()
    assert window.findChildren(Guide) == [shown]
    assert shown.here.page == "data"


def test_a_click_in_the_contents_opens_a_page_and_back_returns(shown, qtbot):
    shown.list.setCurrentRow(listed(shown).index("Glossary"))
    assert shown.here.page == "glossary"
    assert shown.back.isEnabled()
    qtbot.mouseClick(shown.back, Qt.MouseButton.LeftButton)
    assert shown.here.page == "tour"
    assert not shown.back.isEnabled()
    qtbot.mouseClick(shown.on, Qt.MouseButton.LeftButton)
    assert shown.here.page == "glossary"
    assert not shown.on.isEnabled()


def test_links_lead_to_their_heading_and_back_to_the_same_line(shown, qtbot):
    shown.page.go_to(0.5)
    before = shown.page.verticalScrollBar().value()
    shown.page.followed.emit("problems.md#softmax-twice")
    assert shown.here[:2] == ("problems", "softmax-twice")
    assert heading_at_top(shown) == "Softmax twice"
    shown.go_back()
    assert abs(shown.page.verticalScrollBar().value() - before) <= 1


def test_links_within_a_page_and_to_pages_that_are_not_there(shown):
    shown.open_at("building")
    shown.page.followed.emit("#groups")
    assert shown.here[:2] == ("building", "groups")
    shown.page.followed.emit("nowhere.md")
    assert shown.here[:2] == ("building", "groups")


def test_links_out_of_it_open_in_the_browser(shown, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    shown.page.anchorClicked.emit(QUrl("https://pytorch.org/docs"))
    assert opened == ["https://pytorch.org/docs"]
    assert shown.here.page == "tour"


def test_search_lists_sections_and_enter_opens_the_first(shown, qtbot):
    shown.field.setFocus()
    qtbot.keyClicks(shown.field, "receptive")
    assert listed(shown)[:2] == ["Glossary", "Receptive field"]
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.here[:2] == ("glossary", "receptive-field")
    assert heading_at_top(shown) == "Receptive field"
    qtbot.keyClick(shown.field, Qt.Key.Key_Escape)
    assert shown.isVisible()
    assert shown.field.text() == ""
    assert "Five-minute tour" in listed(shown)
    shown.field.setText("zyzzyva")
    assert listed(shown) == ["Nothing was found."]
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.here.page == "glossary"


def test_another_language_shows_the_same_place_at_once(shown, studio):
    shown.open_at("building", "settings")
    studio.change_settings(language="es")
    assert shown.windowTitle() == "Guía"
    assert shown.page.toPlainText().startswith("Construir")
    assert shown.here[:2] == ("building", "ajustes")
    shown.go_back()
    assert shown.page.toPlainText().startswith("Recorrido")


def test_another_theme_shows_other_colours_and_pictures(shown, studio):
    light = shown.page.loadResource(
        QTextDocument.ResourceType.ImageResource.value, QUrl("../pictures/draw-light-en.png")
    )
    studio.change_settings(theme="dark")
    dark = shown.page.loadResource(
        QTextDocument.ResourceType.ImageResource.value, QUrl("../pictures/draw-light-en.png")
    )
    assert QColor(light.pixel(8, 20)).lightness() > 200
    assert QColor(dark.pixel(8, 20)).lightness() < 60


@pytest.mark.parametrize("code", list(languages()))
def test_all_pages_are_shown_whole(shown, studio, code):
    studio.change_settings(language=code)
    for page in guide.ALL:
        shown.open_at(page)
        words = " ".join(shown.page.toPlainText().replace("\ufffc", " ").split())
        for block in guide.blocks(page):
            if block.kind not in (markdown.PICTURE, markdown.CODE, markdown.TABLE):
                assert " ".join(block.plain.split()) in words, (page, block)
        assert shown.page.document().size().width() <= shown.page.viewport().width() + 1, page


def test_nothing_is_fetched_and_what_is_missing_is_left_out(shown):
    kind = QTextDocument.ResourceType.ImageResource.value
    assert shown.page.loadResource(kind, QUrl("https://example.org/picture.png")) is None
    assert shown.page.loadResource(kind, QUrl("../pictures/none-light-en.png")) is None
    assert shown.page.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("any.css")) is None


# -- the ways that lead to it ------------------------------------------------------------------------------------------


def more(window) -> None:
    (sheet,) = [dialog for dialog in window.findChildren(QDialog, "dialog.help") if dialog.isVisible()]
    sheet.findChild(QPushButton, "dialog.help.more").click()


def test_help_on_a_layer_leads_to_its_section(lenet):
    lenet.workspace.select(["conv1"])
    lenet.actions_["help.chosen"].trigger()
    more(lenet)
    assert lenet.findChild(Guide).here[:2] == ("layers", "convolution")


def test_help_on_nothing_leads_to_building(lenet):
    lenet.workspace.select()
    lenet.actions_["help.chosen"].trigger()
    more(lenet)
    assert lenet.findChild(Guide).here.page == "building"


def test_help_on_a_layer_with_a_problem_leads_to_the_problem(lenet):
    lenet.workspace.select(["flatten"])
    lenet.actions_["edit.delete"].trigger()
    lenet.workspace.select(["dense1"])
    lenet.actions_["help.chosen"].trigger()
    lenet.findChild(QLabel, "dialog.help.needs_vector").linkActivated.emit("#")
    assert lenet.findChild(Guide).here[:2] == ("problems", "maps-before-a-dense-layer")


def test_the_first_page_leads_to_it(window, qtbot):
    qtbot.mouseClick(window.welcome.guide_button, Qt.MouseButton.LeftButton)
    assert window.findChild(Guide).isVisible()


# -- keys --------------------------------------------------------------------------------------------------------------


def keys_named(code: str, page: str) -> list[str]:
    """Every shortcut of actions that a page names."""
    text = guide.folder().joinpath(code, f"{page}.md").read_text(encoding="utf-8")
    return [one for one in markdown.code(text) if re.fullmatch(r"(Ctrl|Shift|Mayús|Alt)\+.+|F\d+", one)]


@pytest.mark.parametrize("code", list(languages()))
@pytest.mark.parametrize("page", guide.PAGES)
def test_keys_that_are_named_do_something(code, page):
    there = {QKeySequence(keys).toString() for action in ACTIONS.values() for keys in action.keys} | {"Shift+Tab"}
    for named in keys_named(code, page):
        portable = named
        for key, written in KEYS[code].items():
            portable = portable.replace(written, key)
        assert portable in there, named


def test_a_narrow_window_makes_the_column_and_its_pictures_narrower(shown):
    shown.resize(1000, 600)
    wide = shown.page.column
    shown.page.go_to(0.3)
    shown.resize(640, 600)
    assert shown.page.column < wide
    assert shown.page.document().size().width() <= shown.page.viewport().width() + 1
    assert shown.page.place() == pytest.approx(0.3, abs=0.02)


def test_a_large_picture_is_as_wide_as_the_column(shown):
    picture = QImage(4000, 1000, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    framed = shown.page._framed(picture)
    assert framed.width() / framed.devicePixelRatio() == shown.page.column - 2
    assert abs(framed.height() - framed.width() / 4) <= 1


def test_a_mac_has_keys_of_its_own():
    page = "<p><code>Ctrl+Shift+Z</code> or <code>Mayús+F8</code>, <code>Ctrl</code>, <code>python3 run.py</code></p>"
    assert keys_of_system(page, "linux") == page
    on_mac = "<p><code>⌘⇧Z</code> or <code>⇧F8</code>, <code>⌘</code>, <code>python3 run.py</code></p>"
    assert keys_of_system(page, "darwin") == on_mac
