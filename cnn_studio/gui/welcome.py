"""The first page: a new network, recent files, and the networks that come with the studio, drawn small."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family
from cnn_studio.core.project import Project
from cnn_studio.core.settings import Settings
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.gui import icons, theme
from cnn_studio.gui.lead_cards import DrawCard, TourCard
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.widgets.thumbnail import Drawing, draw
from cnn_studio.i18n import _, count_short, language, languages, ngettext

WIDEST = 1180
"""Pixels of the page's contents, at most."""
CARD = QSize(208, 152)
MOST_RECENT = 5


def drawing_of(graph: Graph) -> Drawing:
    """The boxes and lines of a network as the canvas first shows it: a folded group is one box."""
    seen = {node_id: graph.top_group_of(node_id) if graph.groups else None for node_id in graph.nodes}
    shown = {node_id: group.id if group is not None else node_id for node_id, group in seen.items()}
    places: dict[str, list[str]] = {}
    for node_id, name in shown.items():
        places.setdefault(name, []).append(node_id)
    boxes: dict[str, tuple[float, float, object]] = {}
    for name, members in places.items():
        nodes = [graph.nodes[member] for member in members]
        family = nodes[0].layer.family if len(nodes) == 1 else Family.FEATURES
        boxes[name] = (sum(n.x for n in nodes) / len(nodes), sum(n.y for n in nodes) / len(nodes), family)
    lines = {(shown[edge.source], shown[edge.target]) for edge in graph.edges()}
    return Drawing(boxes, [(one, other) for one, other in sorted(lines) if one != other])


class StarterCard(QAbstractButton):
    """One starter: its drawing, its name, its size."""

    def __init__(self, name: str, project: Project) -> None:
        super().__init__()
        self.setObjectName(f"welcome.starter.{name}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(CARD.height())
        self.setMinimumWidth(CARD.width())
        self._title, self._story = project.name or name, project.story
        self._drawing = drawing_of(project.graph)
        self._parameters = analyse(project.graph).totals.parameters
        self._layers = len(project.graph.nodes)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts of the moment."""
        layers = ngettext("{n} layer", "{n} layers", self._layers).format(n=self._layers)
        self._size = _("{layers} · {parameters} parameters").format(
            layers=layers, parameters=count_short(self._parameters)
        )
        story = self._story.get(language(), self._story.get("en", ""))
        self.setText(self._title)
        self.setAccessibleName(_("Open the starter {name}").format(name=self._title))
        self.setAccessibleDescription(story)
        self.setToolTip(f"<p>{story.replace('&', '&amp;').replace('<', '&lt;')}</p>" if story else "")
        self.update()

    def sizeHint(self) -> QSize:
        """The same for all."""
        return CARD

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card with the drawing above the words."""
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.setPen(now.accent if self.hasFocus() or self.underMouse() else now.line)
            painter.setBrush(now.hover if self.isDown() else now.panel)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
            inner = frame.adjusted(theme.PADDING, theme.PADDING, -theme.PADDING, -theme.PADDING)
            colours: dict[object, object] = {family: now.family(family) for family in Family}
            draw(painter, inner.adjusted(0, 0, 0, -44), self._drawing, colours, now.edge)  # type: ignore[arg-type]
            font = theme.text_font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(now.text)
            painter.drawText(inner.adjusted(0, 0, 0, -18), Qt.AlignmentFlag.AlignBottom, self._title)
            painter.setFont(theme.small_font())
            painter.setPen(now.secondary)
            painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, self._size)


class Welcome(QScrollArea):
    """The page. It knows no window: what is chosen is told.

    Signals:
        new_chosen, open_chosen, guide_chosen, sample_chosen, tour_chosen: the buttons; the last but one is for the pad.
        starter_chosen(str), recent_chosen(Path): one of the lists.
        setting_chosen(str, str): name of a setting and its value.
    """

    new_chosen = Signal()
    open_chosen = Signal()
    guide_chosen = Signal()
    sample_chosen = Signal()
    tour_chosen = Signal()
    starter_chosen = Signal(str)
    recent_chosen = Signal(object)
    setting_chosen = Signal(str, str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("welcome")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settings = settings
        self._cards: list[StarterCard] = []
        self._waiting = list(starter_names())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._add_card)
        self._title, self._subtitle = QLabel("CNN Studio"), QLabel()
        self._recent_heading, self._starters_heading = QLabel(), QLabel()
        self.new_button, self.open_button, self.guide_button = QPushButton(), QPushButton(), QPushButton()
        self.draw_card, self.tour_card = DrawCard(), TourCard()
        self.draw_card.clicked.connect(self.sample_chosen)
        self.tour_card.clicked.connect(self.tour_chosen)
        self.tour_card.declined.connect(lambda: self.setting_chosen.emit("tour", "declined"))
        self._language, self._theme = QComboBox(), QComboBox()
        self._recent = QVBoxLayout()
        self._starters = FlowLayout(gap=theme.PADDING, even=True)
        self._build()
        self.retranslate(settings)

    def _build(self) -> None:
        page = QWidget()
        page.setObjectName("contents")
        page.setMaximumWidth(WIDEST)
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(40, 32, 40, 32)
        layout.setSpacing(theme.GAP)
        head = QGridLayout()
        head.setHorizontalSpacing(theme.GAP)
        head.setColumnStretch(0, 1)
        head.addWidget(self._title, 0, 0)
        head.addWidget(self._subtitle, 1, 0)
        for column, (name, box) in enumerate((("language", self._language), ("theme", self._theme)), 1):
            box.setObjectName(f"welcome.{name}")
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(lambda _index, name=name, box=box: self._choose(name, box))
            head.addWidget(box, 0, column, 2, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addSpacing(theme.GROUP_GAP)
        row = QHBoxLayout()
        for name, button, signal in (
            ("new", self.new_button, self.new_chosen),
            ("open", self.open_button, self.open_chosen),
            ("guide", self.guide_button, self.guide_chosen),
        ):
            button.setObjectName(f"welcome.{name}")
            button.setIcon(icons.icon(name))
            button.setMinimumHeight(34)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addSpacing(theme.GAP)
        leads = FlowLayout(gap=theme.PADDING)
        for card in (self.tour_card, self.draw_card):
            leads.addWidget(card)
        layout.addLayout(leads)
        layout.addSpacing(theme.GAP)
        self._recent.setSpacing(2)
        for part in (self._recent_heading, self._recent, self._starters_heading, self._starters):
            layout.addWidget(part) if isinstance(part, QWidget) else layout.addLayout(part)
            if part is self._recent:
                layout.addSpacing(theme.GAP)
        layout.addStretch(1)
        outside = QWidget()
        outside.setObjectName("contents")
        centring = QHBoxLayout(outside)
        centring.setContentsMargins(0, 0, 0, 0)
        centring.addStretch(1)
        centring.addWidget(page, 1000)
        centring.addStretch(1)
        self.setWidget(outside)

    # -- contents ------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Bring in the starters, one at a time, so that the window answers meanwhile."""
        if self._waiting:
            self._timer.start()

    @property
    def is_loaded(self) -> bool:
        """Whether all starters are there."""
        return not self._waiting

    def _add_card(self) -> None:
        name = self._waiting.pop(0)
        card = StarterCard(name, open_starter(name))
        card.clicked.connect(lambda _checked=False: self.starter_chosen.emit(name))
        self._starters.addWidget(card)
        self._cards.append(card)
        if not self._waiting:
            self._timer.stop()

    def hideEvent(self, event: QEvent) -> None:
        """Starters that nobody sees need not be brought in."""
        self._timer.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def showEvent(self, event: QEvent) -> None:
        """Go on bringing in starters."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._set_fonts()
        if self._cards:
            self.load()

    def _choose(self, name: str, box: QComboBox) -> None:
        self.setting_chosen.emit(name, box.currentData())

    # -- texts ---------------------------------------------------------------------------------------------------------

    def retranslate(self, settings: Settings) -> None:
        """Texts, recent files and colours of the moment."""
        self._settings = settings
        self._set_fonts()
        self._subtitle.setText(_("Build, train and look inside convolutional networks."))
        self._subtitle.setStyleSheet(f"color: {theme.current().secondary.name()}")
        for heading, text in ((self._recent_heading, _("Recent")), (self._starters_heading, _("Open a starter"))):
            heading.setText(text)
        self.new_button.setText(_("New network"))
        self.open_button.setText(_("Open..."))
        self.guide_button.setText(_("Guide"))
        for button in (self.new_button, self.open_button, self.guide_button):
            button.setAccessibleName(button.text())
        self._fill(self._language, _("Language"), settings.language, {
            "": _("Language of the system"), **{code: name.capitalize() for code, name in languages().items()},
        })  # fmt: skip
        self._fill(self._theme, _("Theme"), settings.theme, {
            "system": _("Theme as the system"), "light": _("Light theme"), "dark": _("Dark theme"),
        })  # fmt: skip
        self._show_recent(settings)
        self.tour_card.setVisible(not settings.tour)
        for lead in (self.draw_card, self.tour_card):
            lead.retranslate()
        for card in self._cards:
            card.retranslate()

    def _set_fonts(self) -> None:
        """Larger letters for titles. Qt forgets them where a style sheet meets a widget that is put into another."""
        big = theme.title_font()
        big.setPointSizeF(big.pointSizeF() * 1.6)
        self._title.setFont(big)
        for heading in (self._recent_heading, self._starters_heading):
            heading.setFont(theme.title_font())

    def _fill(self, box: QComboBox, name: str, value: str, choices: dict[str, str]) -> None:
        box.clear()
        for key, text in choices.items():
            box.addItem(text, key)
        box.setCurrentIndex(list(choices).index(value))
        box.setAccessibleName(name)
        box.setToolTip(name)

    def _show_recent(self, settings: Settings) -> None:
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        recent = [Path(name) for name in settings.recent[:MOST_RECENT]]
        self._recent_heading.setVisible(bool(recent))
        for number, path in enumerate(recent):
            button = QPushButton(f"{path.stem}   {path.parent}".replace("&", "&&"))
            button.setObjectName(f"welcome.recent.{number}")
            button.setAccessibleName(_("Open {file}").format(file=path))
            button.setFlat(True)
            button.setIcon(icons.icon("recent"))
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, path=path: self.recent_chosen.emit(path))
            self._recent.addWidget(button)
