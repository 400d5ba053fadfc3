"""Windows that Qt draws for training: what is selected is seen, and asked for as it is."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QListWidget, QPlainTextEdit, QTabWidget

from training.screens.phrases import Writer
from training.screens.themes import THEMES
from training.screens.typefaces import fonts_folder
from training.toolkit_pack import _palette
from training.toolkit_windows import message_box, pages, terminal

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_selected_row_differs_from_the_list(qapp: QApplication) -> None:
    assert qapp
    for number, theme in enumerate(THEMES):
        palette = _palette(random.Random(number), theme)
        list_, row = (palette.color(role) for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Highlight))
        apart = (list_.red() - row.red(), list_.green() - row.green(), list_.blue() - row.blue())
        assert max(map(abs, apart)) > 25, theme


def test_pages_are_listed_and_one_is_open() -> None:
    tabbed = 0
    for seed in range(30):
        rng = random.Random(seed)
        window = pages(rng, Writer(rng, "train"))
        asked = {kind: answer for kind, answer, *_ in window.asker.asked}
        side = window.widget.findChildren(QListWidget)[0]
        names = [side.item(row).text() for row in range(side.count())]
        assert asked["list_all"] == ", ".join(names)
        assert asked["list_selected"] == side.currentItem().text()
        ticks = {box.text(): box.isChecked() for box in window.widget.findChildren(QCheckBox)}
        for kind, answer, _, slots in window.asker.asked:
            if kind == "is_checked":
                assert ticks[slots["label"].replace("&", "&&")] == (answer == "Yes")
        for tabs in window.widget.findChildren(QTabWidget):
            tabbed += 1
            assert asked["tool_tab"] == tabs.tabText(tabs.currentIndex())
            assert asked["tool_tab"] not in names
    assert 4 < tabbed < 26


def test_more_text_of_a_message_box_is_shown_as_it_is_asked() -> None:
    several = 0
    for seed in range(60):
        rng = random.Random(seed)
        window = message_box(rng, Writer(rng, "train"))
        more = window.widget.findChild(QLabel, "qt_msgbox_informativelabel")
        if not isinstance(more, QLabel):
            continue
        asked = {kind: answer for kind, answer, *_ in window.asker.asked}
        assert more.textFormat() == Qt.TextFormat.PlainText
        assert asked["message"].endswith(" ".join(more.text().split()))
        several += "\n" in more.text()
    assert several > 3


@pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)
def test_a_terminal_is_as_high_as_its_lines() -> None:
    for seed in range(8):
        rng = random.Random(seed)
        window = terminal(rng, Writer(rng, "train"))
        text = window.widget
        assert isinstance(text, QPlainTextEdit)
        layout, block, high = text.document().documentLayout(), text.document().begin(), 0.0
        while block.isValid():
            high += layout.blockBoundingRect(block).height()
            block = block.next()
        assert text.document().blockCount() == len(window.lines)
        assert text.height() >= high + 2 * text.document().documentMargin()
