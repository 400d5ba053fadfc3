"""What the viewer does with the text of its picture: having it read, finding in it, copying it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.matching import Match, find_exact
from desktop_vlm.images.text_layer.selection import Copied, SelectableText, TextRange, Unit
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.canvas import PictureCanvas
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers
from desktop_vlm.ui.text_layer.to_clipboard import offer_selected, put_text, text_to_copy
from desktop_vlm.ui.theme import Theme

_ASK_AFTER_MS = 120
"""Pictures that are only passed on the way to another one are not read."""
_MOST_SPOKEN = 20_000
"""Characters of a picture's text that are given to screen readers."""

_MOST_SHOWN = 40
"""Of a code's text in the menu."""

_Action = Callable[[], None]


class ViewerText(QObject):
    """The text of the picture that the viewer shows.

    Signals:
        noted: a word or two on what was done.
        refused: a sentence, where the person asked for text and there is none to be had.
        state_changed: `is_reading` is another.
    """

    noted = Signal(str)
    refused = Signal(str)
    state_changed = Signal()

    def __init__(self, canvas: PictureCanvas, bar: FindBar, layers: TextLayers, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._text = canvas.text
        self._bar = bar
        self._layers = layers
        self._background = Background(self)
        self._sha256 = ""
        self._data: PictureData = b""
        self._hits: Sequence[TextRange] = ()
        self._current = -1
        self._search = 0
        self._then: _Action | None = None
        self._soon = QTimer(self, interval=_ASK_AFTER_MS, singleShot=True)
        self._soon.timeout.connect(self._request)
        layers.changed.connect(self._changed)
        bar.searched.connect(self._find)
        bar.stepped.connect(self.step)
        bar.close_asked.connect(self.close_bar)
        self._text.ended.connect(self._offer)

    @property
    def is_reading(self) -> bool:
        """Whether the text is on its way."""
        return bool(self._sha256) and self._layers.state(self._sha256) is LayerState.READING

    def show(self, sha256: str, data: PictureData) -> None:
        """Another picture; the SHA-256 is "" for one whose text is not read."""
        if sha256 == self._sha256:
            return
        self._sha256, self._data, self._then = sha256, data, None
        self._text.show_text(None)
        self._canvas.setAccessibleDescription("")
        self._soon.stop()
        if sha256 and self._layers.layer(sha256) is not None:
            self._take()
        elif sha256 and not self._is_hopeless():
            self._soon.start()
        self._find(self._bar.field.text())
        self.state_changed.emit()

    # What the person asks for

    def actions(self, event: QKeyEvent) -> _Action | None:
        """What a key does; None where it has nothing to do with text."""
        standard: list[tuple[QKeySequence.StandardKey, _Action]] = [
            (QKeySequence.StandardKey.Find, self.open_bar),
            (QKeySequence.StandardKey.FindNext, partial(self.step, 1)),
            (QKeySequence.StandardKey.FindPrevious, partial(self.step, -1)),
            (QKeySequence.StandardKey.SelectAll, self.select_all),
        ]
        if event.key() == Qt.Key.Key_Escape and self._bar.isVisible():
            return self.close_bar
        found = next((do for keys, do in standard if event.matches(keys)), None)
        if found is not None or not isinstance(self._text.selection, TextRange):
            return found
        moves: list[tuple[QKeySequence.StandardKey, Unit, int]] = [
            (QKeySequence.StandardKey.SelectNextChar, Unit.CHARACTER, 1),
            (QKeySequence.StandardKey.SelectPreviousChar, Unit.CHARACTER, -1),
            (QKeySequence.StandardKey.SelectNextWord, Unit.WORD, 1),
            (QKeySequence.StandardKey.SelectPreviousWord, Unit.WORD, -1),
            (QKeySequence.StandardKey.SelectNextLine, Unit.LINE, 1),
            (QKeySequence.StandardKey.SelectPreviousLine, Unit.LINE, -1),
        ]
        return next((partial(self._text.extend, unit, step) for keys, unit, step in moves if event.matches(keys)), None)

    def copy_selection(self) -> bool:
        """Copy what is selected; whether something was."""
        copied = self._text.copied()
        if copied is None:
            return False
        self._put(copied)
        return True

    def copy_all(self) -> None:
        """Copy all text of the picture, once it is read."""
        self._when_read(self._copy_all)

    def select_all(self) -> None:
        """Select all text of the picture, once it is read."""
        self._when_read(self._text.select_all)

    def open_bar(self, text: str = "") -> None:
        """Search for a text; "" is what is selected, or what was searched last."""
        if self._text.text is None and self._is_hopeless():
            self._when_read(partial(self.open_bar, text))
            return
        selected = self._text.copied()
        of_selection = selected.text if selected is not None and "\n" not in selected.text else ""
        self._bar.open_bar(text or of_selection)
        self._when_read(lambda: self._find(self._bar.field.text()))

    def close_bar(self) -> None:
        """Close the bar; the hit that was shown last is selected, for copying."""
        self._search += 1
        self._bar.hide()
        hit = self._hits[self._current] if 0 <= self._current < len(self._hits) else None
        self._show_hits((), -1)
        if hit is not None:
            self._text.select(hit)
        viewer = self.parent()
        assert isinstance(viewer, QWidget)
        viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """To the next hit or the one before; from the last to the first."""
        if not self._bar.isVisible():
            self.open_bar()
        elif self._hits:
            self._show_hit((self._current + by) % len(self._hits))

    def add_entries(self, menu: QMenu, theme: Theme, at: QPoint | None) -> None:
        """What can be done with text, at a place of the canvas or anywhere."""
        if at is not None:
            self._canvas.take_word(QPointF(at))
        code = self._canvas.code_at(QPointF(at)) if at is not None else None
        if code is not None:
            label = self.tr("Copy \u201c{0}\u201d").format(_beginning(code.text))
            menu.addAction(theme.icon("qr-code"), label, partial(self._put, Copied(code.text)))
        copy = menu.addAction(theme.icon("text-cursor"), self.tr("Copy text"), self.copy_selection)
        copy.setEnabled(self._text.copied() is not None)
        menu.addAction(theme.icon("scan-text"), self.tr("Copy all text"), self.copy_all)
        find = menu.addAction(theme.icon("text-search"), self.tr("Find\u2026"))
        find.triggered.connect(lambda _=False: self.open_bar())

    # Reading

    def _when_read(self, do: _Action) -> None:
        """Do this now or once the text is there; where it cannot be read, the failure says why."""
        self._then = None
        if self._text.text is not None:
            self._do(do)
        elif self._sha256:
            self._then = do
            self._request()

    def _do(self, do: _Action) -> None:
        if self._text.text is not None and not self._text.has_lines and not self._text.text.layer.codes:
            self.noted.emit(self.tr("No text"))
        do()

    def _is_hopeless(self) -> bool:
        """Whether the text will hardly come: what is asked for then starts with the attempt."""
        return bool(self._layers.refusal) or self._layers.state(self._sha256) is LayerState.FAILED

    def _request(self) -> None:
        if self._layers.state(self._sha256) is not LayerState.READ:
            self._layers.request(self._sha256, self._data, urgent=True)
            self.state_changed.emit()
            self._show_count()

    def _changed(self, sha256: str) -> None:
        if sha256 != self._sha256:
            return
        then, self._then = self._then, None
        if self._layers.layer(sha256) is not None:
            self._take()
        self.state_changed.emit()
        self._find(self._bar.field.text())
        problem = self._layers.problem(sha256)
        if problem and (then is not None or self._bar.isVisible()):
            self._bar.hide()
            self.refused.emit(problem)
        elif then is not None and self._text.text is not None:
            self._do(then)

    def _take(self) -> None:
        layer = self._layers.layer(self._sha256)
        if layer is not None and (self._text.text is None or self._text.text.layer is not layer):
            text = SelectableText(layer)
            self._background.run(text.prepare, lambda _none: None)
            self._text.show_text(text)
            self._canvas.setAccessibleDescription(plain_text(layer)[:_MOST_SPOKEN])

    # Finding

    def _find(self, text: str) -> None:
        self._search += 1
        if self._text.text is not None and self._bar.isVisible() and text.strip():
            work = partial(find_exact, self._text.text.layer, text)
            self._background.run(work, partial(self._found, self._search))
        else:
            self._show_hits((), -1)

    def _found(self, search: int, matches: Sequence[Match]) -> None:
        if search == self._search and self._text.text is not None:
            hits = [self._text.text.of_match(match) for match in matches]
            if hits:
                self._text.clear()
            self._show_hits(hits, 0 if hits else -1)

    def _show_hits(self, hits: Sequence[TextRange], current: int) -> None:
        self._hits = hits
        self._text.show_hits(hits)
        self._show_hit(current)

    def _show_hit(self, current: int) -> None:
        self._current = current
        self._text.show_hit(current)
        box = self._text.box_of_hit(current) if current >= 0 else None
        if box is not None:
            self._canvas.reveal(box)
        self._show_count()

    def _show_count(self) -> None:
        if not self._bar.isVisible():
            return
        if self.is_reading:
            self._bar.say(self.tr("Reading text\u2026"))
        elif self._hits:
            count = self.tr("{number} of {count}").format(number=self._current + 1, count=len(self._hits))
            self._bar.say(count, can_step=len(self._hits) > 1)
            self._say(count)
        else:
            self._bar.say(self.tr("Not found") if self._bar.field.text().strip() else "")

    # Copying

    def _copy_all(self) -> None:
        text = text_to_copy(self._text.text.layer) if self._text.text is not None else ""
        if text:
            self._put(Copied(text))

    def _put(self, copied: Copied) -> None:
        put_text(copied)
        self.noted.emit(self.tr("Copied"))
        self._say(self.tr("Text copied"))

    def _offer(self) -> None:
        copied = self._text.copied()
        if copied is not None:
            offer_selected(copied)

    def _say(self, text: str) -> None:
        """For screen readers."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, text))


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= _MOST_SHOWN else line[: _MOST_SHOWN - 1].rstrip() + "\u2026").replace("&", "&&")
