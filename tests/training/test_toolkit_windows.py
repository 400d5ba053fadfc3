"""Windows that Qt draws for training: what is selected is seen, and asked for as it is."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QListWidget, QTabWidget

from training.screens.phrases import Writer
from training.screens.themes import THEMES
from training.toolkit_pack import _palette
from training.toolkit_windows import pages

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
