"""A line of text that gives way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.elided_label import ElidedButton, ElidedLabel


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


def test_a_button_gives_way_and_keeps_both_ends_of_its_words(qtbot: QtBot, theme: Theme) -> None:
    assert theme
    button = ElidedButton("Rindfleischetikettierung.gguf could not be loaded: press to choose another")
    qtbot.addWidget(button)
    assert button.minimumSizeHint().width() == 0
    button.resize(240, button.sizeHint().height())
    plain = QPushButton(button.text())
    qtbot.addWidget(plain)
    plain.resize(button.size())
    for one in (button, plain):
        one.ensurePolished()
    shown = button.grab().toImage()
    assert shown != plain.grab().toImage()

    option = QStyleOptionButton()
    button.initStyleOption(option)
    inside = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
    plain.setText(button.fontMetrics().elidedText(button.text(), Qt.TextElideMode.ElideMiddle, inside))
    assert plain.text().startswith("Rindf")
    assert plain.text().endswith("another")
    assert shown == plain.grab().toImage()
