"""The guide in a window of its own: contents and search at the left, the page at the right."""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core import guide, markdown
from cnn_studio.core.guide import Found
from cnn_studio.gui import icons, theme
from cnn_studio.gui.theme import Theme
from cnn_studio.gui.widgets.page_view import PageView
from cnn_studio.i18n import _, language

SIZE = QSize(980, 680)
SMALLEST = QSize(640, 400)
CONTENTS = 252
"""Pixels of the list at the left."""
_PLACE = Qt.ItemDataRole.UserRole


class Place(NamedTuple):
    """Where one reads: a page, a heading in it, and how far it is scrolled where no heading is meant."""

    page: str
    anchor: str = ""
    scrolled: float = 0.0


class Guide(QDialog):
    """The guide. It stays open beside the window while one tries what it says."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("dialog.guide")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(SMALLEST)
        self.resize(SIZE)
        self.here = Place(guide.PAGES[0])
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._language = language()
        self.field, self.list = QLineEdit(), QListWidget()
        self.back, self.on = self._button("back", "left"), self._button("on", "right")
        self.page = PageView(_picture)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.page.setFocus()

    def _button(self, name: str, icon: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dialog.guide.{name}")
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        return button

    def _lay_out(self) -> None:
        for widget, name in ((self.field, "search"), (self.list, "contents"), (self.page, "page")):
            widget.setObjectName(f"dialog.guide.{name}")
        self.field.setClearButtonEnabled(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        left = QVBoxLayout(side := QWidget())
        side.setFixedWidth(CONTENTS)
        left.setContentsMargins(*[theme.PADDING] * 4)
        left.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.back)
        row.addWidget(self.on)
        row.addWidget(self.field, 1)
        left.addLayout(row)
        left.addWidget(self.list, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(self.page, 1)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda item, _before: self._chosen(item))
        self.page.followed.connect(self._follow)
        self.back.clicked.connect(self.go_back)
        self.on.clicked.connect(self.go_on)
        keys = QKeySequence.StandardKey
        for key, do in ((keys.Back, self.go_back), (keys.Forward, self.go_on), (keys.Find, self._search)):
            QShortcut(key, self).activated.connect(do)

    # -- where one reads -----------------------------------------------------------------------------------------------

    def open_at(self, page: str, anchor: str = "") -> None:
        """Show a page, and a heading in it."""
        if page not in guide.ALL:
            return
        self._behind.append(self.here._replace(scrolled=self.page.place()))
        self._ahead.clear()
        self._go(Place(page, anchor))

    def go_back(self) -> None:
        """Where one was before."""
        if self._behind:
            self._ahead.append(self.here._replace(scrolled=self.page.place()))
            self._go(self._behind.pop(), again=True)

    def go_on(self) -> None:
        """Where one was before going back."""
        if self._ahead:
            self._behind.append(self.here._replace(scrolled=self.page.place()))
            self._go(self._ahead.pop(), again=True)

    def _go(self, place: Place, *, again: bool = False) -> None:
        other = place.page != self.here.page
        self.here = place
        if other or not self.page.toPlainText():
            self._show()
        if again:
            self.page.go_to(place.scrolled)
        elif place.anchor:
            self.page.scrollToAnchor(place.anchor)
        else:
            self.page.go_to(0.0)
        self._mark()

    def _follow(self, link: str) -> None:
        """A link: to another place of the guide, or out of it into the browser."""
        if ":" in link:
            QDesktopServices.openUrl(QUrl(link))
            return
        page, _hash, anchor = link.partition("#")
        self.open_at(page.removesuffix(".md") or self.here.page, QUrl.fromPercentEncoding(anchor.encode()))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Another language or theme: the same place."""
        place = self.page.place()
        if language() != self._language:
            moved = [
                one._replace(anchor=guide.same_place(one.page, one.anchor, self._language)) for one in self._behind
            ]
            self._behind, self._ahead = moved, []
            self.here = self.here._replace(anchor=guide.same_place(self.here.page, self.here.anchor, self._language))
            self._language = language()
        self.setWindowTitle(_("Guide"))
        self.setAccessibleName(_("Guide"))
        for widget, words in (
            (self.field, _("Search the guide")), (self.list, _("Contents")), (self.page, _("Page of the guide")),
            (self.back, _("Back")), (self.on, _("Forward")),
        ):  # fmt: skip
            widget.setAccessibleName(words)
        self.field.setPlaceholderText(_("Search the guide"))
        for button, key in ((self.back, QKeySequence.StandardKey.Back), (self.on, QKeySequence.StandardKey.Forward)):
            keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{button.accessibleName()} ({keys})")
        now = theme.current()
        names = ("panel", "window", "line", "hover", "selection", "text", "secondary")
        self.setStyleSheet(_SHEET.format(**{name: getattr(now, name).name() for name in names}))
        self._show()
        self.page.go_to(place)
        self._fill(self.field.text())

    def _show(self) -> None:
        now = theme.current()
        self.page.setFont(theme.text_font())
        page = keys_of_system(markdown.html(guide.blocks(self.here.page)), sys.platform)
        self.page.show_page(page, page_style(now), now.line)

    def _fill(self, text: str) -> None:
        """The contents, or what was found."""
        with QSignalBlocker(self.list):
            self.list.clear()
            if text.strip():
                self._list_found(guide.search(text))
            else:
                for heading, pages in ((_("Guide"), guide.PAGES), (_("Reference"), guide.REFERENCE)):
                    self._add_heading(heading)
                    for page in pages:
                        self._add(guide.title(page), Place(page))
        self._mark()

    def _list_found(self, found: list[Found]) -> None:
        if not found:
            self._add_heading(_("Nothing was found."))
        for page in dict.fromkeys(one.page for one in found):  # the page with the best first
            self._add_heading(guide.title(page))
            for one in found:
                if one.page == page:
                    self._add(one.heading.title, Place(page, one.heading.anchor)).setToolTip(one.excerpt)

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.small_font())
        self.list.addItem(item)

    def _add(self, words: str, place: Place) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(_PLACE, place)
        self.list.addItem(item)
        return item

    def _mark(self) -> None:
        """Show in the contents where one reads."""
        self.back.setEnabled(bool(self._behind))
        self.on.setEnabled(bool(self._ahead))
        places = self._places()
        exact = [row for row, one in places.items() if one[:2] == self.here[:2]]
        near = [row for row, one in places.items() if one.page == self.here.page and not self.field.text()]
        with QSignalBlocker(self.list):
            self.list.setCurrentRow((exact or near or [-1])[0])

    def _places(self) -> dict[int, Place]:
        """Where each row of the list leads."""
        rows = {row: self.list.item(row).data(_PLACE) for row in range(self.list.count())}
        return {row: Place(*place) for row, place in rows.items() if place}

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _chosen(self, item: QListWidgetItem | None) -> None:
        place = item.data(_PLACE) if item else None
        if place:
            self.open_at(*place[:2])

    def _search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the field, Enter opens what was found first, an arrow goes into the list, Esc empties it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                if (row := self.list.currentRow()) < 0:
                    row = next(iter(self._places()), -1)
                self.list.setCurrentRow(row)
                (self.list if key == Qt.Key.Key_Down else self.page).setFocus()
                return True
            if key == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)


def keys_of_system(html: str, platform: str) -> str:
    """A page with the keys as they are on the keyboards of a system."""
    if platform != "darwin":
        return html
    return re.sub(r"<code>(?:Ctrl|Shift|Mayús|Alt)\b[^<]*</code>", lambda found: _on_mac(found[0]), html)


def _on_mac(keys: str) -> str:
    for name, sign in {"Ctrl": "⌘", "Shift": "⇧", "Mayús": "⇧", "Alt": "⌥"}.items():
        keys = keys.replace(f"{name}+", sign).replace(f"<code>{name}<", f"<code>{sign}<")
    return keys


def _picture(name: str) -> QImage:
    """A picture of the guide, in the theme of the moment."""
    file = guide.folder().joinpath("pictures", name.rpartition("/")[2].replace("-light-", f"-{theme.current().name}-"))
    return QImage.fromData(file.read_bytes()) if file.is_file() else QImage()


_SHEET = """
Guide {{ background: {window}; }}
QTextBrowser {{ background: {panel}; border: none; border-left: 1px solid {line}; border-radius: 0; padding: 0; }}
QListWidget {{ background: transparent; border: none; }}
QListWidget::item {{ padding: 5px 8px; border-radius: 4px; }}
QListWidget::item:hover {{ background: {hover}; }}
QListWidget::item:selected {{ background: {selection}; color: {text}; }}
QListWidget::item:disabled {{ background: transparent; color: {secondary}; }}
"""


def page_style(now: Theme) -> str:
    """The style of a page in a theme."""
    size, code = theme.text_font().pointSizeF(), theme.code_font()
    return _STYLE.format(
        text=now.text.name(), secondary=now.secondary.name(), accent=now.accent.name(), line=now.line.name(),
        raised=(now.raised if now.is_dark else now.window).name(), mono=code.family(), large=round(size * 1.7, 1),
        medium=round(size * 1.3, 1), small=round(size * 1.08, 1), code=round(size * 0.95, 1),
    )  # fmt: skip


_STYLE = """
body, p, li, td, th {{ color: {text}; line-height: 140%; }}
p {{ margin-top: 0; margin-bottom: 10px; }}
h1 {{ font-size: {large}pt; font-weight: 600; margin-top: 0; margin-bottom: 14px; }}
h2 {{ font-size: {medium}pt; font-weight: 600; margin-top: 22px; margin-bottom: 8px; }}
h3 {{ font-size: {small}pt; font-weight: 600; margin-top: 16px; margin-bottom: 4px; }}
b {{ font-weight: 600; }}
a {{ color: {accent}; text-decoration: none; }}
a.heading {{ color: {text}; }}
ul, ol {{ margin-top: 0; margin-bottom: 10px; margin-left: 0; }}
li {{ margin-bottom: 4px; }}
code {{ font-family: "{mono}"; font-size: {code}pt; background-color: {raised}; }}
pre {{ font-family: "{mono}"; font-size: {code}pt; margin: 0; white-space: pre-wrap; }}
table {{ margin-top: 4px; margin-bottom: 14px; border-collapse: collapse; }}
table.code td {{ background-color: {raised}; padding: 10px 12px; }}
table.quote td {{ color: {text}; background-color: {raised}; padding: 8px 12px; }}
table.data th {{ color: {secondary}; font-weight: normal; padding: 3px 10px 3px 0; border-bottom: 1px solid {line}; }}
table.data td {{ padding: 3px 10px 3px 0; border-bottom: 1px solid {line}; }}
p.picture {{ margin-top: 6px; margin-bottom: 16px; line-height: 100%; }}
"""
