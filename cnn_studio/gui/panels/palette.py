"""The palette: every kind of layer, block and starter, found by a few letters, added by a click or dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import icons, theme
from cnn_studio.gui.adding import add_entry
from cnn_studio.gui.catalogue import STARTERS, Entry, entries, found, help_of, sketch
from cnn_studio.gui.labels import CODE, SMALL, STRONG, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.shelf import ENTRY, Shelf, entry_of
from cnn_studio.gui.widgets.kind_picture import Dot, KindPicture
from cnn_studio.gui.widgets.pencil import Inks
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _

CARD = 236
"""Pixels of the help card's height at first, where there is room."""
PAUSE = 60
"""Milliseconds that the pointer rests on an entry before it is explained."""


class HelpCard(QScrollArea):
    """What an entry does: a picture, a sentence, a formula."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("contents")
        self.picture = KindPicture(f"{name}.picture")
        self.title = Text("text", STRONG, f"{name}.title")
        self.family = Text("secondary", SMALL, f"{name}.family")
        self.help = Text("secondary", SMALL, f"{name}.text")
        self.formula = Text("text", CODE, f"{name}.formula")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        for widget in (self.picture, self.title, self.help, self.formula):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inside)
        self.entry: Entry | None = None

    def explain(self, entry: Entry | None) -> None:
        """Show what an entry does, or how to use the palette."""
        self.entry = entry
        for widget in (self.picture, self.title, self.formula):
            widget.setVisible(entry is not None)
        if entry is None:
            self.help.setText(_("A click adds a layer after the chosen one; dragging puts it where you like."))
            return
        colours = theme.current()
        color = colours.family(entry.family) if entry.family else colours.secondary
        inks = Inks(color, colours.edge, colours.text, colours.panel)
        drawn = sketch(entry.key)
        if drawn is None:
            self.picture.show_kind(entry.key, inks)
        else:
            self.picture.show_network([Dot(x, y, colours.family(one)) for x, y, one in drawn.dots], drawn.edges, inks)
        self.title.setText(_(entry.label))
        self.help.setText(help_of(entry))
        self.formula.setText(entry.formula)
        self.formula.setVisible(bool(entry.formula))
        self.picture.setAccessibleName(_("Picture of {name}").format(name=_(entry.label)))
        self.setAccessibleDescription(self.help.text())
        self.verticalScrollBar().setValue(0)


@panels.declare("palette")
class PalettePanel(LivePanel):
    """Search, list and help card."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.search = QLineEdit()
        self.search.setObjectName(f"{name}.search")
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.shelf = Shelf(f"{name}.list")
        self.nothing = Text("secondary", SMALL, f"{name}.nothing")
        self.nothing.setContentsMargins(theme.PADDING, 0, theme.PADDING, theme.GAP)
        self.nothing.hide()
        self.card = HelpCard(f"{name}.help")
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(theme.UNIT)
        upper.addWidget(self.nothing)
        upper.addWidget(self.shelf, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName(f"{name}.splitter")
        self.splitter.addWidget(top)
        self.splitter.addWidget(self.card)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.splitterMoved.connect(self._moved)
        self._own_sizes = True
        self.splitter.setCollapsible(0, False)
        field = QVBoxLayout()
        field.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.GAP)
        field.addWidget(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(field)
        layout.addWidget(self.splitter, 1)
        self._folded = {STARTERS}
        self._pointed: Entry | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(lambda: self.card.explain(self._pointed))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.shelf.picked.connect(self._add)
        self.shelf.pointed.connect(self._point)
        self.shelf.went_up.connect(self.search.setFocus)
        self.shelf.collapsed.connect(lambda index: self._fold(index.data(ENTRY), True))
        self.shelf.expanded.connect(lambda index: self._fold(index.data(ENTRY), False))
        self.retranslate()

    def retranslate(self) -> None:
        self.search.setPlaceholderText(_("Find a layer"))
        self.search.setAccessibleName(_("Find a layer"))
        self.search.setToolTip(_("Some letters of the name, in English or Spanish"))
        self.shelf.setAccessibleName(_("Layers, blocks and starters"))
        self.shelf.setToolTip(_("A click adds it after the chosen layer; it can be dragged to the canvas"))
        self.nothing.setText(_("Nothing has this name."))
        self.card.setAccessibleName(_("What it does"))
        self.card.setToolTip(_("What it does"))

    def refresh(self) -> None:
        self._glass.setIcon(icons.icon("search", theme.current().secondary))
        self._fill()
        self.card.explain(self.card.entry)

    def follow(self, change: Change) -> None:
        """The palette is the same whatever the document holds."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._own_sizes:  # until a person chooses other ones
            card = min(CARD, int(0.4 * event.size().height()))
            self.splitter.setSizes([event.size().height() - card, card])

    def _moved(self) -> None:
        self._own_sizes = False

    def focus_search(self) -> None:
        """Begin to search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        text = self.search.text()
        shown = found(text)
        searching = bool(text.strip())
        self.shelf.shown.fill(shown if searching else entries(), headings=not searching)
        self.nothing.setVisible(not shown)
        if searching:
            self.shelf.setCurrentIndex(self.shelf.shown.index(0, 0))
            return
        for row in range(self.shelf.shown.rowCount()):
            index = self.shelf.shown.index(row, 0)
            if index.data(ENTRY) not in self._folded:
                self.shelf.setExpanded(index, True)

    def _fold(self, heading: object, folded: bool) -> None:
        if folded:
            self._folded.add(str(heading))
        else:
            self._folded.discard(str(heading))

    def _point(self, entry: Entry | None) -> None:
        if entry is not None:
            self._pointed = entry
            self._pause.start(PAUSE)

    def _add(self, entry: Entry) -> None:
        add_entry(self.workspace, entry.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search field, Enter adds the best, the arrow goes down to the list, Esc empties the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.search:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                entry = entry_of(self.shelf.currentIndex())
                if entry is not None and self.search.text().strip():
                    self._add(entry)
                return True
            if event.key() == Qt.Key.Key_Down:
                self.shelf.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.shelf.currentIndex().isValid():
                    self.shelf.setCurrentIndex(self.shelf.shown.index(0, 0))
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
