"""Contrast of every pair of colours that text is read in, and what the theme tells the program."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import DARK, LIGHT, Colors, Theme, ThemeChoice

AA_TEXT = 4.5
AA_CONTROL = 3.0


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_surface(colors: Colors) -> None:
    backgrounds = ("window", "sidebar", "surface", "hover", "bubble", "code", "accent_soft", "selection")
    pairs = [("text", name) for name in (*backgrounds, "pressed", "found", "raised")]
    pairs += [("muted", name) for name in backgrounds if name != "selection"] + [("muted", "track")]
    pairs += [("faint", name) for name in ("window", "sidebar", "surface", "code")]
    pairs += [("link", "window"), ("link", "surface"), ("on_accent", "accent"), ("on_accent", "accent_hover")]
    pairs += [(tone, where) for tone in ("danger", "warning", "success") for where in ("window", f"{tone}_soft")]
    poor = {
        pair: round(contrast(getattr(colors, pair[0]), getattr(colors, pair[1])), 2)
        for pair in pairs
        if contrast(getattr(colors, pair[0]), getattr(colors, pair[1])) < AA_TEXT
    }
    assert poor == {}


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_and_focus_stand_out(colors: Colors) -> None:
    for tone in ("control", "accent"):
        for where in ("window", "sidebar", "surface"):
            assert contrast(getattr(colors, tone), getattr(colors, where)) >= AA_CONTROL, (tone, where)


def test_a_window_keeps_what_it_shows_until_all_of_it_has_the_theme(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    was_shown: list[bool] = []

    def tell() -> None:
        was_shown.append(window.updatesEnabled())

    theme.changed.connect(tell)
    theme.apply(ThemeChoice.DARK, 14)
    assert not window.updatesEnabled()
    theme.apply(ThemeChoice.LIGHT, 14)
    qtbot.waitUntil(window.updatesEnabled)
    theme.changed.disconnect(tell)
    assert was_shown == [False]
    assert not theme.is_dark


def test_a_change_reaches_palette_sheet_and_listeners(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.apply(ThemeChoice.DARK, 18)

    assert theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    assert DARK.bubble in qapp.styleSheet()
    assert qapp.font().pixelSize() == 18


def test_icons_are_drawn_in_the_colour_asked_for(theme: Theme) -> None:
    image = theme.icon("square", "danger").pixmap(64, 64).toImage()

    inked = [image.pixelColor(x, 32) for x in range(64) if image.pixelColor(x, 32).alpha() == 255]
    assert {color.name() for color in inked} == {LIGHT.danger}


def test_what_is_read_is_what_was_written(theme: Theme) -> None:
    """Inter has forms for x between digits and for arrows; texts of screens hold both as they are."""
    without = QFont(theme.font())
    without.clearFeatures()
    for font, mono in ((theme.font(), False), (theme.mono_font(), True)):
        assert font.featureValue(QFont.Tag("calt")) == 0
        assert font.isFeatureSet(QFont.Tag("calt")), mono
    if theme.font().family() == "Inter":
        assert QFontMetricsF(without).horizontalAdvance("a->b") < QFontMetricsF(theme.font()).horizontalAdvance("a->b")
    assert QApplication.font().featureValue(QFont.Tag("calt")) == 0
