"""Colours, sizes and fonts of the window: one light and one dark theme, and the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyle

from cnn_studio.core.layers.base import Family

LIGHT, DARK, SYSTEM = "light", "dark", "system"

UNIT = 4
"""Pixels of the grid on which everything stands."""
GAP, PADDING, GROUP_GAP = 2 * UNIT, 3 * UNIT, 4 * UNIT
"""Pixels between controls, inside panels, and between groups of controls."""
RADIUS = 6
"""Pixels by which corners are rounded."""
ICON_SIZE = 18
"""Pixels of an icon in a toolbar or a list."""
MOTION = 150
"""Milliseconds that a movement takes; see ``motion``."""

_SMALLEST_TEXT = 11
_ARROWS = Path(__file__).parents[1] / "resources" / "icons"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme.

    Attributes:
        name: "light" or "dark".
        window: behind everything; canvas: behind the network; grid: its points.
        panel: docks, cards, menus; raised: fields and buttons on a panel; hover: what the pointer is over.
        line: borders of one pixel; text, secondary: what is read; disabled: what cannot be used now.
        accent: selection, focus, running; on_accent: text on it; selection: a chosen row.
        error, warning, success: fills and icons; error_text, warning_text: words in that colour.
        edge: connections on the canvas.
        families: by family of layers.
    """

    name: str
    window: QColor
    canvas: QColor
    grid: QColor
    panel: QColor
    raised: QColor
    hover: QColor
    line: QColor
    text: QColor
    secondary: QColor
    disabled: QColor
    accent: QColor
    on_accent: QColor
    selection: QColor
    error: QColor
    warning: QColor
    success: QColor
    error_text: QColor
    warning_text: QColor
    edge: QColor
    families: dict[Family, QColor]

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self.name == DARK

    def family(self, family: Family) -> QColor:
        """The colour of a family of layers."""
        return self.families[family]


_DARK = {
    "window": "#1e1f24", "canvas": "#17181b", "grid": "#2a2b31", "panel": "#26272d", "raised": "#2e2f37",
    "hover": "#363842", "line": "#3a3c44", "text": "#e6e6ea", "secondary": "#a6a8b1", "disabled": "#6f727c",
    "accent": "#4c8dff", "on_accent": "#0b1020", "selection": "#2c4370", "error": "#e5484d", "warning": "#f5a623",
    "success": "#58b368", "error_text": "#ff8a8d", "warning_text": "#f7bd5c", "edge": "#8a8d97",
}  # fmt: skip
_LIGHT = {
    "window": "#f6f6f8", "canvas": "#fbfbfc", "grid": "#e3e4e9", "panel": "#ffffff", "raised": "#ffffff",
    "hover": "#eceef3", "line": "#dcdde3", "text": "#1d1e22", "secondary": "#5b5d66", "disabled": "#a3a5ad",
    "accent": "#2f6fe4", "on_accent": "#ffffff", "selection": "#d6e4ff", "error": "#e5484d", "warning": "#e8940c",
    "success": "#3c9a50", "error_text": "#b4232a", "warning_text": "#8a5300", "edge": "#858893",
}  # fmt: skip
_DARK_FAMILIES = {
    Family.INPUT: "#2aa198", Family.FEATURES: "#4c8dff", Family.POOLING: "#9a6cff", Family.ACTIVATION: "#e0a030",
    Family.NORMALIZATION: "#35b5d0", Family.REGULARIZATION: "#8a8f9c", Family.RESHAPING: "#58b368",
    Family.MERGING: "#e0679b", Family.DENSE: "#ef7d43", Family.OUTPUT: "#c25b4e",
}  # fmt: skip
_LIGHT_FAMILIES = _DARK_FAMILIES | {
    Family.FEATURES: "#2f6fe4", Family.ACTIVATION: "#b97a10", Family.NORMALIZATION: "#1d8fa8",
    Family.REGULARIZATION: "#747986", Family.RESHAPING: "#3c9a50", Family.MERGING: "#cf4f86", Family.DENSE: "#d9652a",
    Family.INPUT: "#1f8a82", Family.POOLING: "#7f50ea",
}  # fmt: skip


@cache
def palette(name: str) -> Theme:
    """The theme of that name, "light" or "dark"."""
    colours, families = (_DARK, _DARK_FAMILIES) if name == DARK else (_LIGHT, _LIGHT_FAMILIES)
    return Theme(
        name=DARK if name == DARK else LIGHT,
        families={family: QColor(colour) for family, colour in families.items()},
        **{part: QColor(colour) for part, colour in colours.items()},
    )


_wanted = SYSTEM


def set_theme(name: str) -> None:
    """Choose "light", "dark" or "system"; ``apply`` shows it."""
    global _wanted  # noqa: PLW0603 - one theme for the whole program, like the language
    if name not in (LIGHT, DARK, SYSTEM):
        raise ValueError(name)
    _wanted = name


def wanted() -> str:
    """What was chosen: "light", "dark" or "system"."""
    return _wanted


def current() -> Theme:
    """The theme in use."""
    if _wanted != SYSTEM:
        return palette(_wanted)
    hints = QGuiApplication.styleHints() if QGuiApplication.instance() else None
    is_dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return palette(DARK if is_dark else LIGHT)


def apply(app: QApplication) -> None:
    """Show the chosen theme in every window of the program."""
    schemes = {LIGHT: Qt.ColorScheme.Light, DARK: Qt.ColorScheme.Dark, SYSTEM: Qt.ColorScheme.Unknown}
    app.styleHints().setColorScheme(schemes[_wanted])  # frames and dialogs of the system follow
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    theme = current()
    app.setPalette(qt_palette(theme))
    sheet = style_sheet(theme)
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def qt_palette(theme: Theme) -> QPalette:
    """The theme as Qt's own controls read it."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in {
        roles.Window: theme.window, roles.WindowText: theme.text, roles.Base: theme.raised,
        roles.AlternateBase: theme.panel, roles.Text: theme.text, roles.Button: theme.raised,
        roles.ButtonText: theme.text, roles.BrightText: theme.error, roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent, roles.Link: theme.accent, roles.LinkVisited: theme.accent,
        roles.ToolTipBase: theme.panel, roles.ToolTipText: theme.text, roles.PlaceholderText: theme.secondary,
        roles.Accent: theme.accent, roles.Light: theme.hover, roles.Midlight: theme.raised, roles.Mid: theme.line,
        roles.Dark: theme.line, roles.Shadow: theme.line,
    }.items():  # fmt: skip
        made.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.disabled)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, theme.line)
    return made


def style_sheet(theme: Theme) -> str:
    """What the palette cannot say."""
    names = {
        part: getattr(theme, part).name()
        for part in ("window", "panel", "raised", "hover", "line", "text", "secondary", "disabled", "accent",
                     "on_accent", "selection", "edge")
    }  # fmt: skip
    arrows = {f"arrow_{way}": (_ARROWS / f"{way}-{theme.name}.png").as_posix() for way in ("up", "down", "check")}
    return _SHEET.format(radius=RADIUS, **names, **arrows)


# A spin box without buttons is left to the style: with a border of a sheet Qt leaves no room for its number.
_SHEET = """
QToolTip {{ color: {text}; background: {panel}; border: 1px solid {line}; padding: 4px 6px; }}
QMenuBar {{ background: {window}; color: {text}; padding: 2px 6px; border: none; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {panel}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 8px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selection}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 6px; }}
QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {line}; padding: 4px 8px; spacing: 6px; }}
QToolBar#rail {{ border: none; border-right: 1px solid {line}; padding: 6px 0; spacing: 2px; }}
QStatusBar {{ background: {window}; color: {secondary}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: none; }}
QMainWindow::separator {{ background: {line}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QDockWidget {{ color: {text}; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {radius}px; padding: 4px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {selection}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {radius}px;
  padding: 5px 12px; min-height: 16px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {selection}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:default {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton:disabled {{ color: {disabled}; background: {panel}; border-color: {line}; font-weight: normal; }}
QPushButton:flat {{ background: transparent; border-color: transparent; }}
QPushButton:flat:hover {{ background: {hover}; }}
QPushButton:flat:focus {{ border-color: {accent}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ background: {raised}; color: {text}; border: 1px solid {line};
  border-radius: {radius}px; padding: 3px 6px; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border-color: {accent}; }}
QComboBox, QAbstractSpinBox[buttonSymbols="UpDownArrows"] {{ background: {raised}; color: {text}; border: 1px solid {line};
  border-radius: {radius}px; padding: 3px 2px 3px 6px; min-height: 16px; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QComboBox:hover, QAbstractSpinBox[buttonSymbols="UpDownArrows"]:hover {{ background: {hover}; }}
QComboBox:focus, QAbstractSpinBox[buttonSymbols="UpDownArrows"]:focus {{ border-color: {accent}; }}
QComboBox:disabled, QAbstractSpinBox[buttonSymbols="UpDownArrows"]:disabled {{ color: {disabled}; background: {panel}; }}
QCheckBox::indicator {{ width: 12px; height: 12px; border: 1px solid {edge}; border-radius: 3px; background: {raised}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; image: url("{arrow_check}"); }}
QCheckBox::indicator:indeterminate {{ background: {edge}; border-color: {accent}; }}
QCheckBox::indicator:disabled {{ border-color: {line}; background: {panel}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url("{arrow_down}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {panel}; color: {text}; border: 1px solid {line}; outline: none;
  selection-background-color: {selection}; selection-color: {text}; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::up-button, QAbstractSpinBox[buttonSymbols="UpDownArrows"]::down-button {{ border: none; width: 14px; background: transparent; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::up-button {{ subcontrol-position: top right; margin: 1px 1px 0 0; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::down-button {{ subcontrol-position: bottom right; margin: 0 1px 1px 0; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::up-button:hover, QAbstractSpinBox[buttonSymbols="UpDownArrows"]::down-button:hover {{ background: {selection}; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::up-arrow {{ image: url("{arrow_up}"); width: 10px; height: 10px; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::down-arrow {{ image: url("{arrow_down}"); width: 10px; height: 10px; }}
QAbstractSpinBox[buttonSymbols="UpDownArrows"]::up-arrow:off, QAbstractSpinBox[buttonSymbols="UpDownArrows"]::down-arrow:off {{ image: none; }}
QAbstractSpinBox > QLineEdit, QComboBox > QLineEdit {{ border: none; padding: 0; background: transparent; }}
QTabBar {{ background: {window}; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {secondary}; padding: 7px 12px; border: none;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; font-weight: 600; }}
QTabBar::tab:focus {{ background: {hover}; }}
QScrollArea, QScrollArea > QWidget > QWidget#contents {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: 3px; margin: 2px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {secondary}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::sub-page:horizontal:disabled {{ background: {line}; }}
QSlider::handle:horizontal {{ background: {accent}; border: 2px solid {panel}; width: 12px; height: 12px;
  margin: -6px 0; border-radius: 8px; }}
QSlider::handle:horizontal:disabled {{ background: {disabled}; }}
QSlider::handle:horizontal:focus {{ border-color: {text}; }}
QHeaderView::section {{ background: {panel}; color: {secondary}; border: none; border-bottom: 1px solid {line};
  padding: 4px 8px; }}
QTableView, QTreeView, QListView {{ background: {panel}; border: none; outline: none;
  selection-background-color: {selection}; selection-color: {text}; }}
"""


# -- type -------------------------------------------------------------------------------------------------------------


def text_font() -> QFont:
    """The system's interface font, with figures of one width where the font has them."""
    font = QFont(QApplication.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def title_font() -> QFont:
    """One step larger and semibold."""
    font = _scaled(text_font(), 1.2)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def small_font() -> QFont:
    """One step smaller, for what is second in importance."""
    return _scaled(text_font(), 0.9)


def code_font() -> QFont:
    """Letters of one width, for code."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(max(font.pointSizeF(), 1.0))
    return font


def _scaled(font: QFont, factor: float) -> QFont:
    if font.pixelSize() > 0:
        font.setPixelSize(max(round(font.pixelSize() * factor), _SMALLEST_TEXT))
    else:
        smallest = _SMALLEST_TEXT * 72 / 96
        font.setPointSizeF(max(font.pointSizeF() * factor, smallest))
    return font


# -- motion -----------------------------------------------------------------------------------------------------------

_still = False


def set_still(still: bool) -> None:
    """Show the end of every movement at once, as pictures for the manual and some people need it."""
    global _still  # noqa: PLW0603 - one choice for the whole program
    _still = still


def motion() -> int:
    """Milliseconds for a movement; 0 where the system or the person asks for none."""
    style = QApplication.style()
    if _still or style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0:
        return 0
    return MOTION
