"""Which pages of a document or frames of an animation are meant, and the password of a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_vlm.images.open import MAX_PAGES
from desktop_vlm.images.page_list import read_page_numbers
from desktop_vlm.ui.widgets.on_screen import keep_on_screen


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
    """One question: a password, or numbers of pages.

    Attributes:
        question: what is asked about.
        field: what the person types.

    Signals:
        answered: the password, or the numbers as a tuple.
    """

    answered = Signal(object)

    def __init__(self, question: PageQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        text = QLabel(self._text())
        text.setWordWrap(True)
        text.setMinimumWidth(340)
        column.addWidget(text)
        self.field = QLineEdit()
        self.field.setAccessibleName(text.text())
        text.setBuddy(self.field)
        column.addWidget(self.field)
        buttons = QDialogButtonBox()
        pages = self.tr("Add frames") if question.frame else self.tr("Add pages")
        add = self.tr("Open") if question.is_locked else pages
        self.add = buttons.addButton(add, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        if question.is_locked:
            self.setWindowTitle(self.tr("Password"))
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
        else:
            self.setWindowTitle(self.tr("Frames") if question.frame else self.tr("Pages"))
            self.field.setText(_spread(question.count) if question.frame else f"1-{min(question.count, MAX_PAGES)}")
            self.field.selectAll()
        self.field.textChanged.connect(self._update)
        self._update()
        self.adjustSize()
        keep_on_screen(self)

    @property
    def answer(self) -> str | tuple[int, ...] | None:
        """What the field holds; None while it is no answer."""
        text = self.field.text()
        if self.question.is_locked:
            return text or None
        try:
            numbers = tuple(read_page_numbers(text.replace(" ", "").replace("–", "-")))  # noqa: RUF001 - a dash
        except ValueError:
            return None
        fits = len(numbers) <= MAX_PAGES and max(numbers) <= self.question.count
        return numbers if fits else None

    def _text(self) -> str:
        name, count = self.question.name, self.question.count
        if self.question.was_wrong:
            return self.tr("That is not the password of {0}. Try again:").format(name)
        if self.question.is_locked:
            return self.tr("{0} is protected. Its password:").format(name)
        if self.question.frame:
            sentence = self.tr("{0} has {1} frames. Which do you want to add, at most {2} at once (1,3 or 2-5)?")
        else:
            sentence = self.tr("{0} has {1} pages. Which do you want to add, at most {2} at once (1,3 or 2-5)?")
        return sentence.format(name, count, MAX_PAGES)

    def _update(self) -> None:
        self.add.setEnabled(self.answer is not None)

    def _accept(self) -> None:
        if (answer := self.answer) is not None:
            self.accept()
            self.answered.emit(answer)


def _spread(count: int) -> str:
    """Four frames from an animation's beginning to its end, or all of fewer."""
    return ",".join(map(str, sorted({1 + round(at * (count - 1) / 3) for at in range(4)})))
