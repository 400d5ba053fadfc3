"""A picture over the whole window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.ui.pictures.background import Background, free_elsewhere
from desktop_vlm.ui.pictures.canvas import PictureCanvas
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.pictures.loading import PictureData, levels_of, read_data
from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES, add_picture_entries
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.pictures.viewer_bar import ViewerBar, bar_button, fit_round_buttons, on_dark_label
from desktop_vlm.ui.pictures.viewer_text import ViewerText
from desktop_vlm.ui.pictures.wording import percent_text, size_text
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.menu import passing_menu

_KEPT = 3
"""Decoded pictures kept: the one shown and its neighbours."""

_BACKDROP = QColor(14, 14, 16)
"""Dark in both themes: a picture's colours are judged best against it."""


@dataclass(frozen=True)
class ViewedPicture:
    """A picture of the conversation.

    Attributes:
        name: as people know it.
        data: its file.
        sha256: of its file.
        places: of it, px, that are lit up.
        is_kept: whether the library knows it; else it is only made to be looked at.
        pointers: places in it that the question is about.
        was_asked: whether that question was asked already.
    """

    name: str
    data: PictureData
    sha256: str = ""
    places: tuple[Box, ...] = ()
    is_kept: bool = True
    pointers: tuple[Pointer, ...] = ()
    was_asked: bool = False


class PictureViewer(QWidget):
    """Covers its parent while open; hidden otherwise.

    Arrows change the picture (or move a zoomed one with Shift), + and - zoom, 0 fits, 1 is 100 %, Escape closes. Its
    text is selected with the mouse (Alt or Ctrl: a rectangle); Ctrl+A takes all of it, Ctrl+F finds in it.

    Signals:
        closed: the window's own content can take the focus again.
        failed: a sentence, from copying, saving or reading.
        current_changed: index of the picture shown.
        entry_chosen: SHA-256 of a picture, and the id of one of `PICTURE_ENTRIES` that is not done here.
        pointed: SHA-256 of a picture, and all that the question is to point at in it, a tuple of Pointers.
    """

    closed = Signal()
    failed = Signal(str)
    current_changed = Signal(int)
    entry_chosen = Signal(str, str)
    pointed = Signal(str, object)

    def __init__(self, theme: Theme, layers: TextLayers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: list[ViewedPicture] = []
        self._index = 0
        self._decoded: OrderedDict[int, list[QImage]] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._refused: dict[int, str] = {}
        self._round = 0
        self._background = Background(self)
        self._export = PictureExport(self)
        self._export.failed.connect(self.failed)
        self._export.copied.connect(lambda: self._note(self.tr("Copied")))
        self._export.saved.connect(lambda _path: self._note(self.tr("Saved")))
        self._before: QWidget | None = None

        self.canvas = PictureCanvas(self)
        self.canvas.zoomed.connect(self._show_zoom)
        self.canvas.outside_clicked.connect(self.close_viewer)
        self.canvas.pointing.changed.connect(self._pointed)
        self._pointing_hint = on_dark_label("on-dark-note", self)
        self._pointing_hint.hide()
        self._message = on_dark_label("on-dark-message", self)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._bar = ViewerBar(self)
        self._find_bar = FindBar(self, theme, on_dark=True)
        self.text = ViewerText(self.canvas, self._find_bar, layers, self)
        self.text.noted.connect(self._note)
        self.text.refused.connect(self.failed)
        self.text.state_changed.connect(self._show_facts)
        self._add_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._find_bar)
        column.addWidget(self.canvas, 1)
        self._previous = bar_button("chevron-left", self.tr("Previous picture (Left)"), lambda: self.step(-1), self)
        self._following = bar_button("chevron-right", self.tr("Next picture (Right)"), lambda: self.step(1), self)
        for side_button in (self._previous, self._following):
            set_kind(side_button, "on-dark-round")
        self._note_timer = QTimer(self, interval=1600, singleShot=True)
        self._note_timer.timeout.connect(self._show_zoom)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Picture viewer"))
        theme.changed.connect(self._show_current)
        self.hide()
        if parent is not None:
            parent.installEventFilter(self)

    def _add_buttons(self) -> None:
        bar, canvas = self._bar, self.canvas
        bar.add_button("zoom-out", self.tr("Zoom out (-)"), canvas.zoom_out)
        bar.add_zoom()
        bar.add_button("zoom-in", self.tr("Zoom in (+)"), canvas.zoom_in)
        bar.add_button("maximize", self.tr("Fit to the window (0)"), canvas.fit)
        bar.add_written("1:1", self.tr("Actual size, 100 % (1)"), canvas.actual_size)
        bar.add_gap()
        bar.add_button("text-search", self.tr("Find text (Ctrl+F)"), self.text.open_bar)
        bar.add_button("scan-text", self.tr("Copy all text"), self.text.copy_all)
        bar.add_gap()
        self._point_button = bar.add_button("crosshair", self.tr("Point at it (P)"), self.toggle_pointing)
        self._point_button.setCheckable(True)
        bar.add_button("square-pen", self.tr("Edit (E)"), self.edit)
        bar.add_button("copy", self.tr("Copy (Ctrl+C)"), self.copy)
        bar.add_button("download", self.tr("Save as\u2026 (Ctrl+S)"), self.save)
        bar.add_gap()
        bar.add_button("x", self.tr("Close (Esc)"), self.close_viewer)

    @property
    def index(self) -> int:
        return self._index

    def open_pictures(self, pictures: Sequence[ViewedPicture], index: int = 0) -> None:
        """Show one of these; the others are next to it."""
        if not pictures:
            return
        self._pictures = list(pictures)
        self._decoded.clear()
        self._asked.clear()
        self._refused.clear()
        self._round += 1
        self._index = min(max(index, 0), len(pictures) - 1)
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._show_current()

    def point(self, on: bool = True) -> None:
        """Have the mouse point at places of the picture, for the question, or no longer."""
        on = on and self._pictures[self._index].is_kept
        self.canvas.pointing.turn(on)
        self._point_button.setChecked(on)
        hint = self.tr("Click or drag over what you mean. A click on a mark takes it away.")
        self._pointing_hint.setText(hint if on else "")
        self._pointing_hint.setVisible(on)
        self._arrange()

    def toggle_pointing(self) -> None:
        """The other way."""
        self.point(not self.canvas.pointing.is_on)

    def _pointed(self, pointers: tuple[Pointer, ...]) -> None:
        picture = replace(self._pictures[self._index], pointers=pointers, was_asked=False)
        self._pictures[self._index] = picture
        self.pointed.emit(picture.sha256, pointers)

    def close_viewer(self) -> None:
        """Hide, forget the pixels, and give the focus back."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        elif (parent := self.parentWidget()) is not None:
            parent.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        pixels = [*self._decoded.values()]
        self._decoded.clear()
        self._round += 1
        self.canvas.show_levels([])
        free_elsewhere(pixels)
        self.point(False)
        self.text.show("", b"")
        self._find_bar.hide()
        self.closed.emit()

    def step(self, by: int) -> None:
        """To the next (1) or previous (-1) picture, if there is one."""
        index = min(max(self._index + by, 0), len(self._pictures) - 1)
        if index != self._index:
            self._index = index
            self._show_current()
            self.current_changed.emit(index)

    def copy(self) -> None:
        """What is selected into the clipboard, else the picture."""
        if not self.text.copy_selection():
            self.copy_picture()

    def copy_picture(self) -> None:
        """The picture into the clipboard."""
        picture = self._pictures[self._index]
        self._export.copy(picture.data, picture.name)

    def edit(self) -> None:
        """Have it drawn on, cropped or turned."""
        picture = self._pictures[self._index]
        if picture.is_kept:
            self.entry_chosen.emit(picture.sha256, "edit")

    def save(self) -> None:
        """Ask where, and write the picture's own bytes."""
        picture = self._pictures[self._index]
        self._export.ask_and_save(self.window(), picture.data, picture.name)

    # --- loading

    def _show_current(self) -> None:
        if not self._pictures or self.isHidden():
            return
        levels = self._decoded.get(self._index, [])
        self.canvas.show_levels(levels)
        picture = self._pictures[self._index]
        self.canvas.show_places(picture.places)
        self._show_pointers()
        self.text.show(picture.sha256, picture.data)
        self._message.setText("" if levels else self._refused.get(self._index) or self.tr("Opening\u2026"))
        self._show_facts()
        for index in (self._index, self._index + 1, self._index - 1):
            if 0 <= index < len(self._pictures):
                self._load(index)
        self._previous.setVisible(self._index > 0)
        self._following.setVisible(self._index < len(self._pictures) - 1)
        self._arrange()

    def _load(self, index: int) -> None:
        target = (self._round, index)
        if index in self._decoded:
            self._decoded.move_to_end(index)
        elif target not in self._asked and index not in self._refused:
            self._asked.add(target)
            work = partial(_levels, self._pictures[index])
            self._background.run(work, partial(self._came, target), partial(self._went, target))

    def _came(self, target: tuple[int, int], levels: list[QImage]) -> None:
        self._asked.discard(target)
        made_for, index = target
        if made_for != self._round or abs(index - self._index) > 1:
            return
        self._decoded[index] = levels
        while len(self._decoded) > _KEPT:
            free_elsewhere([self._decoded.popitem(last=False)])
        if index == self._index:
            self._message.setText("")
            self.canvas.show_levels(levels)
            self._show_pointers()
            self._show_facts()

    def _show_pointers(self) -> None:
        picture, image = self._pictures[self._index], self.canvas.image
        size = (image.width(), image.height()) if image is not None else (0, 0)
        self.canvas.pointing.show(picture.pointers, size, are_old=picture.was_asked)

    def _went(self, target: tuple[int, int], sentence: str) -> None:
        made_for, index = target
        self._asked.discard(target)
        if made_for != self._round:
            return
        self._refused[index] = sentence  # a neighbour may be refused before it is looked at
        if index == self._index:
            self._message.setText(sentence)

    # --- what is written

    def _show_facts(self) -> None:
        if not self._pictures:
            return
        image = self.canvas.image
        facts = [f"{size_text(image.width(), image.height())} px"] if image is not None else []
        if len(self._pictures) > 1:
            place = self.tr("{number} of {count}").format(number=self._index + 1, count=len(self._pictures))
            facts.insert(0, place)
        if self.text.is_reading:
            facts.append(self.tr("Reading text\u2026"))
        self._bar.show_facts(self._pictures[self._index].name, facts, self._theme)
        self._show_zoom()

    def _show_zoom(self) -> None:
        if not self._note_timer.isActive():
            self._bar.zoom.setText(percent_text(self.canvas.viewport.zoom) if self.canvas.image is not None else "")

    def _note(self, text: str) -> None:
        self._note_timer.start()
        self._bar.zoom.setText(text)

    # --- the menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.canvas.mapFrom(self, event.pos())
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self.make_menu().popup(self.canvas.mapToGlobal(self.canvas.rect().center()))
        elif self.canvas.rect().contains(at):
            self.make_menu(at).popup(event.globalPos())

    def make_menu(self, at: QPoint | None = None) -> QMenu:
        """What can be done with the picture, and with what is at a place of the canvas."""
        menu = passing_menu(self)
        picture = self._pictures[self._index]
        own: dict[str, Callable[[], object]] = {"copy": self.copy_picture, "save": self.save}
        self.text.add_entries(menu, self._theme, at)
        menu.addSeparator()

        def chosen(entry: str) -> None:
            if entry in own:
                own[entry]()
            else:
                self.entry_chosen.emit(picture.sha256, entry)

        others = [entry for entry in PICTURE_ENTRIES if entry.id != "copy-text"]  # it is with the other texts
        entries = [entry for entry in others if picture.is_kept or entry.id in own]
        add_picture_entries(menu, self._theme, chosen, entries)
        return menu

    # --- events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and parent is not None and watched is parent and self.isVisible():
            self.setGeometry(parent.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._action(event):
            event.accept()  # before shortcuts of the window behind
            return True
        if event.type() == QEvent.Type.Resize:
            self._arrange()
            self._show_facts()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if action := self._action(event):
            action()
        else:
            super().keyPressEvent(event)

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        if found := self.text.actions(event):
            return found
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy
        if event.matches(QKeySequence.StandardKey.Save):
            return self.save
        pan = 80
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            moves: dict[Qt.Key, Callable[[], None]] = {
                Qt.Key.Key_Left: lambda: self.canvas.pan(pan, 0),
                Qt.Key.Key_Right: lambda: self.canvas.pan(-pan, 0),
            }
            if key in moves:
                return moves[key]
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Escape: self.close_viewer,
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Up: lambda: self.canvas.pan(0, pan),
            Qt.Key.Key_Down: lambda: self.canvas.pan(0, -pan),
            Qt.Key.Key_Plus: self.canvas.zoom_in,
            Qt.Key.Key_Equal: self.canvas.zoom_in,
            Qt.Key.Key_Minus: self.canvas.zoom_out,
            Qt.Key.Key_0: self.canvas.fit,
            Qt.Key.Key_1: self.canvas.actual_size,
            Qt.Key.Key_E: self.edit,
            Qt.Key.Key_P: self.toggle_pointing,
        }
        if self.canvas.pointing.is_on:
            actions |= {
                Qt.Key.Key_Escape: partial(self.point, False),
                Qt.Key.Key_Delete: self.canvas.pointing.clear,
                Qt.Key.Key_Backspace: self.canvas.pointing.clear,
                Qt.Key.Key_Space: self.canvas.point_at_middle,
                Qt.Key.Key_Return: self.close_viewer,
                Qt.Key.Key_Enter: self.close_viewer,
            }
        return actions.get(key)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in here: what is behind cannot be seen."""
        if self.isHidden():
            return super().focusNextPrevChild(forward)
        children = (one for one in self.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        stops = [one for one in children if one.isVisible() and one.isEnabled()]
        focused = self.focusWidget()
        here = next((i for i, stop in enumerate(stops) if stop is focused), -1 if forward else 0)
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _arrange(self) -> None:
        area = self.canvas.geometry()
        fit_round_buttons(self._theme, self._previous, self._following)
        middle = area.center().y() - self._previous.height() // 2
        self._previous.move(16, middle)
        self._following.move(self.width() - 16 - self._following.width(), middle)
        self._message.setGeometry(area.adjusted(80, 0, -80, 0))
        self._pointing_hint.adjustSize()
        hint = self._pointing_hint.rect()
        hint.moveCenter(QPoint(area.center().x(), area.bottom() - 30))
        self._pointing_hint.setGeometry(hint)
        for one in (self._message, self._previous, self._following, self._pointing_hint):
            one.raise_()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), _BACKDROP)


def _levels(picture: ViewedPicture) -> list[QImage]:
    """The picture and its copies of half the size each, largest first."""
    return levels_of(open_image(read_data(picture.data), name=picture.name))
