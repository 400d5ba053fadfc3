"""The panel "What the model sees"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.pictures.composite_preview import CompositePreview
from desktop_vlm.ui.pictures.composite_state import Advice, CompositeState, Entry, Fact, advice, facts, summary
from desktop_vlm.ui.pictures.entry_row import EntryRow
from desktop_vlm.ui.pictures.native_preview import NativePreview
from desktop_vlm.ui.pictures.text_row import TextRow
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.escape import Claim

__all__ = ["CompositePanel", "CompositeState", "Entry"]

_ROWS_AT_ONCE = 12
"""Rows made before the window gets its turn again: about 15 ms with their first layout and painting."""


class CompositePanel(QFrame):
    """The exact composite, or each picture as it is sent, with numbers and a switch for each picture of a conversation.

    Signals:
        inclusion_changed: SHA-256 of a picture, and whether the model shall see it.
        part_asked: the part that the advice names is to be added as a picture of its own.
        crop_asked: SHA-256 of a picture that is to be cropped, and whether to the places that are marked in it.
        text_switched: SHA-256 of a picture, and whether its small text shall go along with questions.
        picture_opened: SHA-256 of a picture to be shown at full size.
        picture_entry_chosen: SHA-256 of a picture, and the id of one of `PICTURE_ENTRIES`.
        picture_pointed: SHA-256 of a picture, and the Pointer at a place in it.
        composite_opened: the composite is to be shown at full size.
        close_asked: the button in the corner.
    """

    inclusion_changed = Signal(str, bool)
    part_asked = Signal()
    crop_asked = Signal(str, bool)
    text_switched = Signal(str, bool)
    picture_opened = Signal(str)
    picture_entry_chosen = Signal(str, str)
    picture_pointed = Signal(str, object)
    composite_opened = Signal()
    close_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = CompositeState()
        self._rows: list[EntryRow] = []
        self._texts: dict[EntryRow, TextRow] = {}
        self.setProperty("kind", "panel")
        self.setAccessibleName(self.tr("What the model sees"))
        self.setMinimumWidth(280)
        self._more = QTimer(self, interval=0, singleShot=True)
        self._more.timeout.connect(self._show_rows)

        self.preview = CompositePreview(theme, self)
        self.preview.hovered.connect(self._highlight)
        self.preview.opened.connect(self.composite_opened)
        self.preview.pointed.connect(self._point)
        self.natives = NativePreview(theme, self)
        self.natives.hovered.connect(self._highlight)
        self.natives.opened.connect(self.picture_opened)
        self.natives.pointed.connect(self._point)
        self._summary = self._label("muted")
        self._cost = self._label("caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addSpacing(12)
        body = QVBoxLayout()
        body.setContentsMargins(16, 0, 16, 0)
        body.setSpacing(12)
        body.addWidget(self.preview)
        body.addWidget(self.natives)
        body.addWidget(self._fact_row())
        body.addWidget(self._summary)
        body.addWidget(self._banner())
        column.addLayout(body)
        column.addSpacing(12)
        column.addWidget(self._list(), 1)
        column.addWidget(self._foot())
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_state(self._state)

    # --- parts

    def _head(self) -> QHBoxLayout:
        title = QLabel(self.tr("What the model sees"), self)
        title.setProperty("kind", "heading")
        self.grid_button = QToolButton(self)
        self.grid_button.setCheckable(True)
        self.grid_button.setChecked(True)
        self.grid_button.setAccessibleName(self.tr("Show the model's tiles"))
        self.grid_button.setToolTip(self.tr("Show the tiles in which the model looks at the picture"))
        self.grid_button.toggled.connect(self.preview.set_grid)
        self.close_button = QToolButton(self)
        self.close_button.setAccessibleName(self.tr("Close the panel"))
        self.close_button.setToolTip(self.tr("Close"))
        self.close_button.clicked.connect(self.close_asked)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(title, 1)
        for button in (self.grid_button, self.close_button):
            row.addWidget(button)
        return row

    def _fact_row(self) -> QWidget:
        self._facts = QWidget(self)
        row = QHBoxLayout(self._facts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._fact_labels: list[tuple[QLabel, QLabel]] = []
        for _ in range(3):
            pair = QVBoxLayout()
            pair.setSpacing(0)
            value, label = QLabel(self._facts), QLabel(self._facts)
            value.setProperty("kind", "heading")
            label.setProperty("kind", "caption")
            pair.addWidget(value)
            pair.addWidget(label)
            row.addLayout(pair)
            self._fact_labels.append((value, label))
        row.addStretch(1)
        return self._facts

    def _banner(self) -> QWidget:
        self._advice_frame = QFrame(self)
        self._advice_frame.setProperty("kind", "banner-warning")
        self._advice_icon = QLabel(self._advice_frame)
        self._advice = self._label("warning")
        row = QHBoxLayout(self._advice_frame)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._advice_icon, 0, Qt.AlignmentFlag.AlignTop)
        self.add_part = QPushButton(self._advice_frame)
        self.add_part.clicked.connect(self._take_advice)
        row.addWidget(self._advice, 1)
        row.addWidget(self.add_part)
        return self._advice_frame

    def _list(self) -> QWidget:
        self._line = QFrame(self)
        self._line.setProperty("kind", "line")
        inside = QWidget()
        inside.setProperty("kind", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(4, 8, 4, 8)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        both = QWidget(self)
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addWidget(self._scroll, 1)
        return both

    def _foot(self) -> QWidget:
        self._footer = QWidget(self)
        line = QFrame(self._footer)
        line.setProperty("kind", "line")
        self._cost_icon = QLabel(self._footer)
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 16, 12)
        row.setSpacing(8)
        row.addWidget(self._cost_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._cost, 1)
        column = QVBoxLayout(self._footer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(row)
        return self._footer

    def _label(self, kind: str) -> QLabel:
        made = QLabel(self)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        set_kind(made, kind)
        return made

    def _restyle(self) -> None:
        self.grid_button.setIcon(self._theme.icon("grid-2x2"))
        self.close_button.setIcon(self._theme.icon("x"))
        ratio, unit = self.devicePixelRatioF(), QSize(1, 1)
        clock, warning = self._theme.icon("clock", "faint"), self._theme.icon("triangle-alert", "warning")
        self._cost_icon.setPixmap(clock.pixmap(unit * self._theme.scaled(16), ratio))
        self._advice_icon.setPixmap(warning.pixmap(unit * self._theme.scaled(18), ratio))

    # --- state

    @property
    def state(self) -> CompositeState:
        return self._state

    @property
    def rows(self) -> list[EntryRow]:
        """Of the entries, in order; the last ones of a long list follow in a moment."""
        return self._rows

    @property
    def texts(self) -> tuple[str, tuple[Fact, ...], str, str]:
        """Summary, facts, advice and cost as they are shown."""
        shown = tuple(Fact(value.text(), label.text()) for value, label in self._fact_labels if value.text())
        return self._summary.text(), shown, self._advice.text(), self._cost.text()

    def claim_escape(self) -> Claim:
        self.close_asked.emit()
        return Claim.LEAVE

    def show_places(self, places: Mapping[str, Sequence[Box]]) -> None:
        """Light up places in the pictures: SHA-256 -> boxes, px of the picture."""
        self.preview.show_places(places)
        self.natives.show_places(places)

    def set_state(self, state: CompositeState) -> None:
        """Show this. While something new is being made, the old one stays, dimmed."""
        old = self._state
        nothing_new = state.busy and state.is_empty and any(entry.included for entry in state.entries)
        if nothing_new and state.is_native == old.is_native:
            state = replace(state, composite=old.composite, layout=old.layout, images=old.images)
        self._state = state
        shows_natives = state.is_native and not state.is_empty
        self.preview.setVisible(not shows_natives)
        self.natives.setVisible(shows_natives)
        self.preview.set_state(state)
        self.natives.set_state(state)
        self._summary.setText(summary(state))
        shown = facts(state) or (Fact("", ""),) * len(self._fact_labels)
        for (value, label), fact in zip(self._fact_labels, shown, strict=True):
            value.setText(fact.value)
            label.setText(fact.label)
        self._facts.setVisible(not state.is_empty)
        self._show_advice(advice(state))
        self._cost.setText(state.cost)
        self._footer.setVisible(bool(state.cost and state.entries))
        self._line.setVisible(bool(state.entries))
        self.grid_button.setVisible(state.layout is not None)
        while len(self._rows) > len(state.entries):
            gone = self._rows.pop()
            self._drop(self._texts.pop(gone, None))
            self._drop(gone)
        for index, row in enumerate(self._rows):
            row.show_entry(state, index)
            self._show_text(index)
        self._show_rows()
        self._highlight(-1)

    def _show_advice(self, given: Advice) -> None:
        self._advice.setText(given.sentence)
        self._advice_frame.setVisible(bool(given.sentence))
        self.add_part.setText(given.words)
        self.add_part.setAccessibleName(given.words)
        self.add_part.setVisible(bool(given.words))
        as_own = self.tr("Add this part as a picture of its own; the whole one stays")
        self.add_part.setToolTip(as_own if given.entry < 0 else self.tr("The original is kept"))

    def _take_advice(self) -> None:
        given = advice(self._state)
        if given.entry < 0:
            self.part_asked.emit()
        else:
            self.crop_asked.emit(self._state.entries[given.entry].sha256, given.is_marked)

    def _show_rows(self) -> None:
        """Make rows that are missing, a few at a time."""
        missing = range(len(self._rows), len(self._state.entries))
        for index in missing[:_ROWS_AT_ONCE]:
            row = EntryRow(self._theme)
            row.show_entry(self._state, index)
            row.clicked.connect(lambda _checked, index=index: self._switch(index))
            row.hovered.connect(partial(self._hover, index))
            row.opened.connect(partial(self._open, index))
            row.entry_chosen.connect(partial(self._choose, index))
            self._rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
            row.show()
            self._show_text(index)
        if len(missing) > _ROWS_AT_ONCE:
            self._more.start()

    def _show_text(self, index: int) -> None:
        """Show what of a picture's text goes along, below its row."""
        row, entry = self._rows[index], self._state.entries[index]
        shown = self._texts.get(row)
        if entry.text is None or not entry.included:
            self._drop(self._texts.pop(row, None))
            return
        if shown is None:
            shown = self._texts[row] = TextRow(self._theme, entry.name)
            shown.switched.connect(lambda on: self._switch_text(row, on))
            self._column.insertWidget(self._column.indexOf(row) + 1, shown)
        shown.show_text(entry.text)

    def _drop(self, gone: QWidget | None) -> None:
        if gone is not None:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()

    def _switch_text(self, row: EntryRow, on: bool) -> None:
        self.text_switched.emit(self._state.entries[self._rows.index(row)].sha256, on)

    def text_row(self, index: int) -> TextRow | None:
        """Of an entry; None where none of its text goes along."""
        return self._texts.get(self._rows[index])

    def _switch(self, index: int) -> None:
        self.inclusion_changed.emit(self._state.entries[index].sha256, self._rows[index].isChecked())

    def _open(self, index: int) -> None:
        self.picture_opened.emit(self._state.entries[index].sha256)

    def _point(self, index: int, pointer: object) -> None:
        self.picture_pointed.emit(self._state.entries[index].sha256, pointer)

    def _choose(self, index: int, entry: str) -> None:
        self.picture_entry_chosen.emit(self._state.entries[index].sha256, entry)

    def _hover(self, index: int, on: bool) -> None:
        self._highlight(index if on else -1)

    def _highlight(self, index: int) -> None:
        self.preview.highlight(index)
        self.natives.highlight(index)
        for row_index, row in enumerate(self._rows):
            row.set_highlighted(row_index == index)
