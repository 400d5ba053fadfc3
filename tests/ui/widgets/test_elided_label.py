"""A line of text that gives way."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.elided_label import ElidedLabel


def test_what_is_cut_off_is_in_the_tooltip(qtbot: QtBot, theme: Theme) -> None:
    assert theme
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("3 not found in the picture, 15 found")
    label.resize(label.sizeHint())
    whole = label.grab().toImage()
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() == 0

    label.resize(60, label.height())

    assert label.grab().toImage() != whole.copy(0, 0, 60, label.height())  # its end is dots
    assert label.toolTip() == label.text()
