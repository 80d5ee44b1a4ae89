"""Colours can be read, icons can be drawn, in both themes."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cnn_studio.core.blocks import blocks
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family
from cnn_studio.gui import icons, theme

THEMES = ["light", "dark"]


def luminance(colour):
    parts = [(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4) for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["window", "panel", "raised", "hover", "canvas"])
def test_words_have_contrast(name, ground):
    colours = theme.palette(name)
    for words in ("text", "secondary", "error_text", "warning_text"):
        found = contrast(getattr(colours, words), getattr(colours, ground))
        assert found >= 4.5, (name, words, ground, found)


@pytest.mark.parametrize("name", THEMES)
def test_words_on_colour_have_contrast(name):
    colours = theme.palette(name)
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.text, colours.selection) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_families_are_told_apart_from_the_ground_and_from_one_another(name):
    colours = theme.palette(name)
    for family in Family:
        assert contrast(colours.family(family), colours.panel) >= 3.0, family
    assert len({colours.family(family).name() for family in Family}) == len(Family)


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_shown_at_once(qapp, name):
    theme.set_theme(name)
    theme.apply(qapp)
    assert theme.current() is theme.palette(name)
    assert QApplication.palette().window().color() == theme.palette(name).window
    assert theme.palette(name).is_dark == (name == "dark")


def test_a_theme_that_there_is_not():
    with pytest.raises(ValueError, match="pink"):
        theme.set_theme("pink")


def test_fonts_are_never_tiny(qapp):
    for font in (theme.text_font(), theme.title_font(), theme.small_font(), theme.code_font()):
        assert font.pixelSize() >= 11 or font.pointSizeF() * 96 / 72 >= 11 - 1e-6


@pytest.mark.parametrize("name", [*icons.ICONS, *layers, *blocks, *(family.value for family in Family)])
def test_every_icon_draws_something_within_its_field(qapp, name):
    image = icons.pixmap(name, 24, ratio=2.0).toImage()
    assert image.size() == QSize(48, 48)
    marked = [(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 0]
    assert len(marked) > 20
    for x in range(48):
        for y in (0, 47):
            assert image.pixelColor(x, y).alpha() < 128, "it leaves the field"


def test_an_icon_follows_the_theme(qapp):
    made = icons.icon("undo")
    for name in THEMES:
        theme.set_theme(name)
        image = made.pixmap(QSize(32, 32), 1.0).toImage()
        strongest = max(
            (image.pixelColor(x, y) for x in range(32) for y in range(32)), key=lambda colour: colour.alpha()
        )
        assert contrast(strongest, theme.palette(name).text) < 1.3
    disabled = made.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Disabled).toImage()
    assert disabled != made.pixmap(QSize(32, 32), 1.0).toImage()


def test_a_family_gives_its_colour(qapp):
    image = icons.pixmap("dense", 24, Family.DENSE).toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
    }
    assert theme.current().family(Family.DENSE).name() in colours
