"""A line of text that gives way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.elided_label import ElidedButton, ElidedLabel


class _Drawn(QObject):
    """Notes how wide a button is when it is drawn."""

    def __init__(self, button: QPushButton, widths: list[int]) -> None:
        super().__init__(button)
        self._button, self._widths = button, widths

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._button and event.type() == QEvent.Type.Paint:
            self._widths.append(self._button.width())
        return False


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


def test_longer_words_have_their_room_before_a_progress_bar_has_them_drawn(qtbot: QtBot, theme: Theme) -> None:
    """Seen on Plasma: "Loading the... \u00b7 6 s left" for a frame, with half of the window free beside it."""
    assert theme
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    button, bar = ElidedButton("Loading"), QProgressBar()
    row.addWidget(button)
    row.addWidget(bar)
    row.addStretch(1)
    window.resize(600, 60)
    drawn: list[int] = []
    button.installEventFilter(_Drawn(button, drawn))
    window.show()
    qtbot.waitUntil(lambda: drawn[-1:] == [button.sizeHint().width()])
    drawn.clear()
    button.setText("Loading the model \u00b7 60 % \u00b7 6 s left")
    bar.setValue(60)  # which is drawn at once
    assert drawn == [button.sizeHint().width()]
