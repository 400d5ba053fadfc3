"""The question being written: pictures come in, text is typed, and it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.intake import Intake, NewPicture
from desktop_vlm.ui.pictures.page_picker import PagePicker, PageQuestion
from desktop_vlm.ui.pictures.sources import picture_beside_text, read_mime, read_paths
from desktop_vlm.ui.quick_actions.sentences import why_not
from desktop_vlm.ui.window.composer import Composer

_NO_TEXT = ("describe", "check-safety")
"""The quick actions that are meant when pictures are sent without a word: the first that suits the model."""


class Draft(QObject):
    """Brings pictures and text of the composer to the assistant.

    Signals:
        noticed: why something was not done, one sentence.
        offered: a sentence, the words of a button, and what that does.
    """

    noticed = Signal(str)
    offered = Signal(str, str, object)

    def __init__(
        self,
        composer: Composer,
        services: Services,
        example: Path | None,
        choose_pictures: Callable[[], list[Path]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._assistant = services.assistant
        self._services = services
        self._example = example
        self._choose_pictures = choose_pictures
        self._intake = Intake(self)
        self._intake.ready.connect(self.add)
        self._intake.refused.connect(self.noticed)
        self._intake.busy_changed.connect(self._intake_changed)
        self._intake.asks = True
        self._intake.asked.connect(self._ask_for_pages)
        self._intake.offered.connect(self._offer_frames)
        self._waiting: Callable[[], None] | None = None
        composer.sent.connect(self.send)
        composer.hurried.connect(self._assistant.go_on)
        composer.pasted.connect(self.take_mime)
        composer.pasted_text.connect(self._offer_picture)
        composer.attach_requested.connect(self.choose_files)
        composer.picture_removed.connect(self._remove)
        composer.picture_moved.connect(self._move)
        composer.pictures_cleared.connect(self._remove_all)
        composer.number_of = self._assistant.pictures.badge
        self._assistant.pictures.changed.connect(composer.show_numbers)
        composer.action_chosen.connect(self.run_action)

    # Pictures

    @property
    def composer(self) -> Composer:
        """What shows them."""
        return self._composer

    def take_mime(self, mime: QMimeData) -> None:
        """Add the pictures of a drop or paste."""
        self._intake.take(read_mime(mime))

    def _offer_picture(self, mime: QMimeData) -> None:
        """A text was pasted that has a picture beside it, as cells of an office program have."""
        if sources := picture_beside_text(mime):
            sentence = self.tr("The text was pasted; there is a picture of it, too.")
            self.offered.emit(sentence, self.tr("Add the picture"), lambda: self._intake.take(sources))

    def _ask_for_pages(self, question: PageQuestion) -> None:
        picker = PagePicker(question, self._services.theme, self._composer.window())
        picker.answered.connect(partial(self._pages_chosen, question))
        picker.rejected.connect(partial(self._intake.answer, question, None))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def _pages_chosen(self, question: PageQuestion, answer: str | tuple[int, ...]) -> None:
        if question.taken:  # the chosen frames come instead
            self._set([picture for picture in self._composer.pictures if picture.sha256 != question.taken])
        self._intake.answer(question, answer)

    def _offer_frames(self, sentence: str, question: PageQuestion) -> None:
        self.offered.emit(sentence, self.tr("Choose frames"), partial(self._ask_for_pages, question))

    def take_files(self, files: Sequence[Path]) -> None:
        """Add files."""
        self._intake.take(read_paths(files))

    def paste(self) -> None:
        """Add the pictures of the clipboard."""
        self.take_mime(QGuiApplication.clipboard().mimeData())
        self._composer.text.setFocus()

    def choose_files(self) -> None:
        """Have the person choose files."""
        if files := self._choose_pictures():
            self.take_files(files)
        self._composer.text.setFocus()

    def add(self, picture: NewPicture) -> None:
        """Add a picture that is read already."""
        if all(picture.sha256 != other.sha256 for other in self._composer.pictures):
            if picture.page is not None:
                self._services.text_layers.note_page(picture.sha256, picture.page)
            self._set([*self._composer.pictures, picture])

    def replace(self, sha256: str, new: NewPicture) -> None:
        """Another picture takes the place of one."""
        others = [picture for picture in self._composer.pictures if picture.sha256 != new.sha256]
        self._set([new if picture.sha256 == sha256 else picture for picture in others])

    def _remove(self, number: int) -> None:
        self._set([picture for at, picture in enumerate(self._composer.pictures) if at != number])
        self._composer.text.setFocus()

    def _move(self, number: int, to: int) -> None:
        pictures = list(self._composer.pictures)
        pictures.insert(to, pictures.pop(number))
        self._set(pictures)

    def _remove_all(self) -> None:
        before = list(self._composer.pictures)
        self._set([])
        self._composer.text.setFocus()
        sentence = self.tr("{0} pictures were removed from the question.").format(len(before))
        self.offered.emit(sentence, self.tr("Undo"), partial(self._bring_back, before))

    def _bring_back(self, pictures: list[NewPicture]) -> None:
        known = {picture.sha256 for picture in pictures}
        self._set([*pictures, *(one for one in self._composer.pictures if one.sha256 not in known)])

    def _set(self, pictures: list[NewPicture]) -> None:
        self._assistant.set_new_pictures(pictures)
        self._composer.set_pictures(pictures)

    # Questions

    def send(self) -> None:
        """Ask what is written; pictures without a word are to be described."""
        if self._wait_for_pictures(self.send):
            return
        text = self._composer.text.toPlainText()
        if text.strip():
            self._ask(text, None)
            return
        action = next((action for action in self._services.offered_actions if action.id in _NO_TEXT), None)
        if action is None:
            self.noticed.emit(self.tr("Write a question about the picture first."))
        else:
            self.run_action(action)

    def ask_about(self, text: str, files: Sequence[Path]) -> None:
        """Ask at once, as soon as the files are read."""
        self.take_files(files)
        self._composer.text.setPlainText(text)
        self.send()

    def run_action(self, action: QuickAction) -> None:
        """Ask a quick action's question about the pictures; what was typed is added to it."""
        if self._wait_for_pictures(partial(self.run_action, action)):
            return
        typed, view = self._composer.text.toPlainText(), self._assistant.pictures.view
        is_about_something = bool(typed.strip() or view.pictures or self._assistant.messages)
        counts = {"included": len(view.included), "total": len(view.pictures)}
        if problem := why_not(action, **counts, has_something=is_about_something):
            self.noticed.emit(problem)
            return
        self._ask(action.question(typed), action)

    def try_example(self, question: str) -> None:
        """Ask about the bundled screenshot."""
        if self._example is None:
            return
        data = self._example.read_bytes()
        size = QImage.fromData(QByteArray(data)).size()
        self._set([NewPicture(data, self._example.name, size.width(), size.height())])
        self._ask(question, None)

    def _wait_for_pictures(self, ask: Callable[[], None]) -> bool:
        """Whether pictures are still being read, so that `ask` will be called when they are there."""
        self._waiting = ask if self._intake.busy else None
        return self._intake.busy

    def _intake_changed(self, busy: bool) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting and not busy:
            waiting()

    def _ask(self, text: str, action: QuickAction | None) -> None:
        if self._assistant.send(text, self._composer.pictures, action):
            self._composer.clear()
