"""The bar above a conversation: its title, and what gives way to it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX
from desktop_vlm.ui.window.top_bar import TopBar


def test_words_on_buttons_give_way_to_the_title(qtbot: QtBot, theme: Theme) -> None:
    bar = TopBar(theme, [])
    qtbot.addWidget(bar)
    bar.show_export(True)
    bar.show_title("What is the title of picture 1?")
    bar.show_pictures(3, 3, shown=True, warning=False)
    bar.resize(900, 50)
    bar.show()
    assert (bar._models.text(), bar._panel.text()) == (" Models", " What the model sees · 3/3")

    texts = []
    for width in (540, 400):
        bar.resize(width, 50)
        bar.layout().activate()  # type: ignore[union-attr]  # it has one
        assert bar._title.width() >= 9 * theme.text_px, width
        texts.append((bar._models.text(), bar._panel.text()))
        assert bar._panel.geometry().right() < width
    assert texts == [("", " What the model sees · 3/3"), ("", " 3/3")]

    bar.show_title("No")  # a short one leaves room
    bar.resize(540, 51)
    assert bar._models.text() == " Models"


def test_words_on_buttons_give_way_to_larger_text(qtbot: QtBot, theme: Theme) -> None:
    bar = TopBar(theme, [])
    qtbot.addWidget(bar)
    bar.show_pictures(2, 2, shown=True, warning=False)
    bar.resize(560, 60)
    bar.show()
    assert (bar._models.text(), bar._panel.text()) == (" Models", " What the model sees · 2/2")

    try:
        theme.apply_now(ThemeChoice.LIGHT, 24)
        bar.layout().activate()  # type: ignore[union-attr]  # it has one
        assert bar._models.text() == ""
        assert bar._panel.width() >= bar._panel.sizeHint().width()
        assert bar._panel.geometry().right() < 560
    finally:
        theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    assert bar._models.text() == " Models"
