"""Contrast of every pair of colours that text is read in, and what the theme tells the program."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import DARK, LIGHT, Colors, Theme, ThemeChoice
from desktop_vlm.ui.theme import theme as theme_module

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


class _Styled:
    """A window with labels, and what becomes of them in each turn of the event loop."""

    def __init__(self, theme: Theme, monkeypatch: pytest.MonkeyPatch, n_labels: int) -> None:
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        self.labels = [QLabel(f"label {number}") for number in range(n_labels)]
        for label in self.labels:
            column.addWidget(label)
        self.window.show()
        clock = iter(range(1_000_000))
        monkeypatch.setattr(theme_module, "thread_time", lambda: next(clock))  # each step takes all of a turn's time
        self.turns: list[set[QLabel]] = []
        theme._restyle_soon.timeout.connect(self._look)
        self._theme = theme

    def _look(self) -> None:
        self.turns.append({one for one in self.labels if one.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)})

    def close(self) -> None:
        self._theme._restyle_soon.timeout.disconnect(self._look)

    @property
    def colors(self) -> set[str]:
        return {label.palette().color(label.foregroundRole()).name() for label in self.labels}


def test_no_turn_of_the_event_loop_styles_more_than_there_is_time_for(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled = _Styled(theme, monkeypatch, 12)
    qtbot.addWidget(styled.window)
    with qtbot.waitSignal(theme.changed):
        theme.apply(ThemeChoice.DARK, 14)
    styled.close()
    assert max(len(before ^ after) for before, after in pairwise(styled.turns)) == 1
    assert len(styled.turns[-1]) == 12
    assert styled.colors == {DARK.text}
    qtbot.waitUntil(styled.window.updatesEnabled)


def test_a_theme_that_comes_before_the_last_one_is_there(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled = _Styled(theme, monkeypatch, 12)
    qtbot.addWidget(styled.window)

    def interrupt() -> None:
        if len(styled.turns) == 5:  # some have a style, some have none
            theme.apply(ThemeChoice.LIGHT, 20)

    theme._restyle_soon.timeout.connect(interrupt)
    with qtbot.waitSignal(theme.changed):
        theme.apply(ThemeChoice.DARK, 14)
    theme._restyle_soon.timeout.disconnect(interrupt)
    styled.close()
    assert styled.colors == {LIGHT.text}
    assert {label.font().pixelSize() for label in styled.labels} == {20}
    qtbot.waitUntil(styled.window.updatesEnabled)
    qtbot.waitUntil(lambda: styled.labels[0].height() >= QFontMetricsF(styled.labels[0].font()).height())


def test_a_font_reaches_what_is_deep_in_others_whoever_is_styled_first(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled = _Styled(theme, monkeypatch, 1)
    qtbot.addWidget(styled.window)
    text, column = QPlainTextEdit(), styled.window.layout()
    assert column is not None
    column.addWidget(text)
    qtbot.wait(10)
    inner = text.findChildren(QWidget, "qt_scrollarea_vcontainer")[0]
    order: list[QWidget] = [inner, text, styled.window]
    all_widgets = QApplication.allWidgets
    monkeypatch.setattr(
        QApplication, "allWidgets", lambda _self=None: [*(one for one in all_widgets() if one not in order), *order]
    )
    for px in (18, 24, 14):
        with qtbot.waitSignal(theme.changed):
            theme.apply(ThemeChoice.LIGHT, px)
        assert (inner.font().pixelSize(), text.font().pixelSize()) == (px, px)
    styled.close()
    qtbot.waitUntil(styled.window.updatesEnabled)


def test_a_widget_that_goes_while_a_theme_comes_is_passed_over(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled = _Styled(theme, monkeypatch, 12)
    qtbot.addWidget(styled.window)

    def change() -> None:
        if len(styled.turns) == 5:
            shiboken6.delete(styled.labels.pop())
            styled.labels.append(QLabel("made meanwhile", styled.window))
            styled.labels[-1].show()

    theme._restyle_soon.timeout.connect(change)
    with qtbot.waitSignal(theme.changed):
        theme.apply(ThemeChoice.DARK, 14)
    theme._restyle_soon.timeout.disconnect(change)
    styled.close()
    assert len(styled.turns) > 5
    assert styled.colors == {DARK.text}
