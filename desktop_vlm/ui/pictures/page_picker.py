"""Which pages of a document or frames of an animation are meant, and the password of a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_vlm.images.open import MAX_PAGES
from desktop_vlm.images.page_list import read_page_numbers
from desktop_vlm.ui.pictures.page_grid import PageGrid
from desktop_vlm.ui.pictures.page_thumbnails import PageThumbnails
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_MOST_LETTERS = 400
_ACROSS = 5
"""Thumbnails beside each other, if the screen has room for them."""


@dataclass(frozen=True)
class PageQuestion:
    """A file about which the person has to be asked, or may be.

    Attributes:
        data, name: the file.
        count: of its pages; 0 while it is locked.
        frame: of an animation the one that was taken, and `taken` the SHA-256 of its picture; 0 for a document, of
            which nothing is taken before the question is answered.
        password: that opened it; "" where it needs none.
        was_wrong: a password was given, and it was not the right one.
    """

    data: bytes
    name: str
    count: int
    password: str = ""
    was_wrong: bool = False
    frame: int = 0
    taken: str = ""

    @property
    def is_locked(self) -> bool:
        return self.count == 0


class PagePicker(QDialog):
    """One question: a password, or which pages, chosen from thumbnails or typed.

    Attributes:
        question: what is asked about.
        field: what the person types: it is the answer, and shows what is chosen in the grid.
        grid: the thumbnails; None for a password.

    Signals:
        answered: the password, or the numbers as a tuple.
    """

    answered = Signal(object)

    def __init__(self, question: PageQuestion, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        text = QLabel(self._text())
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setMinimumWidth(340)
        column.addWidget(text)
        self.field = QLineEdit()
        use_text_menu(self.field)
        self.field.setAccessibleName(text.text())
        self.grid: PageGrid | None = None
        if question.is_locked:
            self._ask_for_password(column)
        else:
            self._offer_pages(column, theme)
        self.field.textChanged.connect(self._update)
        self._update()
        size = None if question.is_locked else QSize(_ACROSS * 136 + 76, 600)
        if size is None:
            self.adjustSize()
        keep_on_screen(self, size)

    def _ask_for_password(self, column: QVBoxLayout) -> None:
        self.setWindowTitle(self.tr("Password"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        column.addWidget(self.field)
        column.addLayout(self._buttons(self.tr("Open")))

    def _offer_pages(self, column: QVBoxLayout, theme: Theme) -> None:
        question = self.question
        self.setWindowTitle(self.tr("Frames") if question.frame else self.tr("Pages"))
        title = self.tr("Frame {0}") if question.frame else self.tr("Page {0}")
        thumbnails = PageThumbnails(question.data, question.name, question.password, self)
        self.grid = PageGrid(theme, thumbnails, question.count, title)
        self.grid.setAccessibleName(self.windowTitle())
        column.addWidget(self.grid, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.field.setMaximumWidth(180)
        self.field.setMaxLength(_MOST_LETTERS)
        self._note = QLabel()
        set_kind(self._note, "muted")
        row.addWidget(self.field)
        row.addWidget(self._note, 1)
        row.addLayout(self._buttons(self.tr("Add frames") if question.frame else self.tr("Add pages")))
        column.addLayout(row)
        self.field.setText(_spread(question.count) if question.frame else f"1-{min(question.count, MAX_PAGES)}")
        self.field.textEdited.connect(lambda _text: self._show_typed())
        self.grid.chosen.connect(self._show_chosen)
        self.grid.accepted.connect(self._accept)
        self._show_typed()
        self.grid.setFocus()

    def _buttons(self, words: str) -> QHBoxLayout:
        self.add = dialog_button(words, self._accept, "primary")
        return button_row(dialog_button(self.tr("Cancel"), self.reject), self.add)

    @property
    def answer(self) -> str | tuple[int, ...] | None:
        """What the field holds; None while it is no answer."""
        if self.question.is_locked:
            return self.field.text() or None
        numbers = self._typed()
        fits = 0 < len(numbers) <= MAX_PAGES and max(numbers) <= self.question.count
        return numbers if fits else None

    def _typed(self) -> tuple[int, ...]:
        """The numbers in the field, also too many; none where it holds anything else."""
        text = self.field.text().replace(" ", "").replace("\u2013", "-")
        try:
            return tuple(read_page_numbers(text, self.question.count))
        except ValueError:
            return ()

    def _text(self) -> str:
        name, count = self.question.name, self.question.count
        if self.question.was_wrong:
            return self.tr("That is not the password of {0}. Try again:").format(name)
        if self.question.is_locked:
            return self.tr("{0} is protected. Its password:").format(name)
        if self.question.frame:
            several = "{0} has {n} frames. Which do you want to add, at most {1} at once (1,3 or 2-5)?"
        else:
            several = "{0} has {n} pages. Which do you want to add, at most {1} at once (1,3 or 2-5)?"
        return plural("PagePicker", count, several, several).format(name, MAX_PAGES)

    def _show_typed(self) -> None:
        if self.grid is not None:
            self.grid.choose(self._typed())

    def _show_chosen(self, numbers: tuple[int, ...]) -> None:
        self.field.setText(_as_text(numbers))

    def _update(self) -> None:
        self.add.setEnabled(self.answer is not None)
        if self.grid is not None:
            count = len(self._typed())
            several = "{n} are chosen; at most {0} can be added at once."
            too_many = plural("PagePicker", count, several, several).format(MAX_PAGES)
            chosen = self.tr("{0} of {1} chosen").format(count, self.question.count)
            self.note = too_many if count > MAX_PAGES else chosen
            self._note.setText(self.note)
            set_kind(self._note, "error" if count > MAX_PAGES else "muted")

    def _accept(self) -> None:
        if (answer := self.answer) is not None:
            self.accept()
            self.answered.emit(answer)


def _as_text(numbers: Sequence[int]) -> str:
    """As people write it: 1-3,7. The numbers are in order."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)


def _spread(count: int) -> str:
    """Four frames from an animation's beginning to its end, or all of fewer."""
    return ",".join(map(str, sorted({1 + round(at * (count - 1) / 3) for at in range(4)})))
