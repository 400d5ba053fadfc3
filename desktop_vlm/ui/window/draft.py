"""The question being written: pictures come in, text is typed, and it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QTextCursor

from desktop_vlm.images.pointing import Pointer
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.drafts import EMPTY, DraftState
from desktop_vlm.ui.pictures.intake import Intake, NewPicture
from desktop_vlm.ui.pictures.page_picker import PagePicker, PageQuestion
from desktop_vlm.ui.pictures.sources import picture_beside_text, read_mime, read_paths
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.quick_actions.sentences import why_not
from desktop_vlm.ui.widgets.text_dialog import show_text
from desktop_vlm.ui.window.composer import Composer

_NO_TEXT = ("describe", "check-safety")
"""The quick actions that are meant when pictures are sent without a word: the first that suits the model."""

_MOST_LISTED = 6
"""Sentences in one message over the window; a longer list is one click away."""


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
        self._drafts = self._assistant.drafts
        self._intake = self._make_intake()
        composer.text.textChanged.connect(self._typed)
        composer.asked_with_dropped.connect(lambda: self._drafts.change(asked=None))
        self._drafts.shown.connect(self._show)
        composer.sent.connect(self.send)
        composer.hurried.connect(self._assistant.go_on)
        composer.pasted.connect(self.take_mime)
        composer.pasted_text.connect(self._offer_picture)
        composer.attach_requested.connect(self.choose_files)
        composer.picture_removed.connect(self._remove)
        composer.picture_moved.connect(self._move)
        composer.picture_included.connect(self._assistant.include)
        composer.pictures_cleared.connect(self._remove_all)
        composer.number_of = self._assistant.pictures.badge
        composer.is_included = self._assistant.pictures.is_included
        self._assistant.pictures.changed.connect(composer.show_numbers)
        composer.action_chosen.connect(self.run_action)

    def _make_intake(self) -> _Intake:
        """Reads pictures for the conversation that is open now."""
        made = _Intake(self._drafts.ref, self)
        made.ready.connect(partial(self._came, made))
        made.refused.connect(made.refusals.append)
        made.busy_changed.connect(partial(self._say_what_was_refused, made))
        made.busy_changed.connect(partial(self._intake_changed, made))
        made.asked.connect(partial(self._ask_for_pages, made))
        made.offered.connect(partial(self._offer_frames, made))
        return made

    def _show(self, state: DraftState) -> None:
        """Another draft is on the screen; what is still being read goes to the one that it was taken for."""
        if not self._intake.ref.is_same(self._drafts.ref):
            self._intake = self._make_intake()
        self._composer.show_draft(state.text, state.pictures, state.asked.action if state.asked else "")

    def _typed(self) -> None:
        self._drafts.change(text=self._composer.text.toPlainText())

    def _came(self, intake: _Intake, picture: NewPicture) -> None:
        if picture.page is not None:
            self._services.text_layers.note_page(picture.sha256, picture.page)
        if intake.ref.is_same(self._drafts.ref):
            self.add(picture)
        else:
            self._drafts.add(intake.ref, picture)

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
            self.offered.emit(sentence, self.tr("Add the picture"), partial(self._intake.take, sources))

    def _ask_for_pages(self, intake: _Intake, question: PageQuestion) -> None:
        picker = PagePicker(question, self._services.theme, self._composer.window())
        picker.answered.connect(partial(self._pages_chosen, intake, question))
        picker.rejected.connect(partial(intake.answer, question, None))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def _pages_chosen(self, intake: _Intake, question: PageQuestion, answer: str | tuple[int, ...]) -> None:
        if question.taken and intake.ref.is_same(self._drafts.ref):  # the chosen frames come instead
            self._set([picture for picture in self._composer.pictures if picture.sha256 != question.taken])
        intake.answer(question, answer)

    def _offer_frames(self, intake: _Intake, sentence: str, question: PageQuestion) -> None:
        self.offered.emit(sentence, self.tr("Choose frames"), partial(self._ask_for_pages, intake, question))

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

    def point(self, sha256: str, pointers: Sequence[Pointer]) -> None:
        """The question is about these places of one of its pictures."""
        self._set([one.pointed_at(pointers) if one.sha256 == sha256 else one for one in self._composer.pictures])

    def write_again(self) -> None:
        """Write the question once more that a person wrote last, where nothing is being written."""
        last = next((one for one in reversed(self._assistant.messages) if one.role == "user"), None)
        if last is not None and not last.action and not self._composer.text.toPlainText().strip():
            self._composer.text.setPlainText(last.text)
            self._composer.text.moveCursor(QTextCursor.MoveOperation.End)

    def remove(self, sha256: str) -> None:
        """One of its pictures leaves the question."""
        self._set([one for one in self._composer.pictures if one.sha256 != sha256])

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
        removed = "The picture was removed from the question.", "{n} pictures were removed from the question."
        sentence = plural("Draft", len(before), *removed)
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
        if self._intake.busy:
            self._wait(None)
        else:
            self._send(self._drafts.ref, self._drafts.state)

    def _wait(self, action: QuickAction | None) -> None:
        """Ask once all pictures are read, in the folder that is open now."""
        self._intake.waiting = action, True
        self._intake.ref.folder_id = self._assistant.folder_id

    def _send(self, ref: ConversationRef, state: DraftState) -> bool:
        if state.text.strip():
            return self._ask(ref, state, state.text, None)
        action = next((action for action in self._services.offered_actions if action.id in _NO_TEXT), None)
        if action is None:
            self.noticed.emit(self.tr("Write a question about the picture first."))
            return False
        return self._run(ref, state, action)

    def ask_about(self, text: str, files: Sequence[Path]) -> None:
        """Ask at once, as soon as the files are read."""
        self.take_files(files)
        self._composer.text.setPlainText(text)
        self.send()

    def run_action(self, action: QuickAction) -> None:
        """Ask a quick action's question about the pictures; what was typed is added to it."""
        if self._intake.busy:
            self._wait(action)
        else:
            self._run(self._drafts.ref, self._drafts.state, action)

    def _run(self, ref: ConversationRef, state: DraftState, action: QuickAction) -> bool:
        is_here = ref.is_same(self._drafts.ref)
        view, written = self._assistant.pictures.view, state.pictures
        included = len(view.included) if is_here else sum(one.sha256 not in state.excluded for one in written)
        total = len(view.pictures if is_here else written)
        has_something = bool(state.text.strip() or total or (is_here and self._assistant.messages))
        if problem := why_not(action, included=included, total=total, has_something=has_something):
            self.noticed.emit(problem)
            return False
        return self._ask(ref, state, action.question(state.text), action)

    def try_example(self, question: str) -> None:
        """Ask about the bundled screenshot; what is being written stays."""
        if self._example is None:
            return
        data = self._example.read_bytes()
        size = QImage.fromData(QByteArray(data)).size()
        example = NewPicture(data, self._example.name, size.width(), size.height())
        if self._assistant.send(question, [example], draft=EMPTY):
            self._drafts.save()  # in the conversation that has begun with it

    def _say_what_was_refused(self, intake: _Intake, busy: bool) -> None:
        """Once all is read: one message, however many files could not be used."""
        if busy or not intake.refusals:
            return
        sentences, intake.refusals[:] = list(intake.refusals), []
        if len(sentences) == 1:
            self.noticed.emit(sentences[0])
            return
        listed = "\n".join(f"\u2022 {sentence}" for sentence in sentences[:_MOST_LISTED])
        heading = plural("Draft", len(sentences), "About what you added:", "About what you added ({n}):")
        if len(sentences) <= _MOST_LISTED:
            self.noticed.emit(f"{heading}\n{listed}")
            return
        more = plural("Draft", len(sentences) - _MOST_LISTED, "and 1 more", "and {n} more")
        window, every = self._composer.window(), "\n".join(sentences)
        show = partial(show_text, window, self.tr("What could not be added"), every)
        self.offered.emit(f"{heading}\n{listed}\n{more}", self.tr("Show all"), show)

    def _intake_changed(self, intake: _Intake, busy: bool) -> None:
        """What was asked while pictures were read is asked now, in the conversation where that was."""
        (action, is_waiting), intake.waiting = intake.waiting, (None, False)
        if busy or not is_waiting:
            intake.waiting = action, is_waiting
            return
        ask = self._send if action is None else partial(self._run, action=action)
        if intake.ref.is_same(self._drafts.ref):
            ask(self._drafts.ref, self._drafts.state)
        else:
            self._drafts.take_from(intake.ref, lambda state: ask(intake.ref, state))

    def _ask(self, ref: ConversationRef, state: DraftState, text: str, action: QuickAction | None) -> bool:
        back = partial(self._drafts.give_back, ref, state)
        is_asked = self._assistant.send(text, state.pictures, action, ref=ref, draft=state, failed=back)
        if ref.is_same(self._drafts.ref):
            if is_asked:
                self._drafts.take()
                self._composer.clear()
        elif not is_asked:
            back()
        return is_asked


class _Intake(Intake):
    """Reads pictures for one conversation.

    Attributes:
        ref: that one.
        waiting: a QuickAction or None, and whether it is to be asked once all is read.
        refusals: sentences that are still to be said.
    """

    def __init__(self, ref: ConversationRef, parent: QObject) -> None:
        super().__init__(parent)
        self.ref = ref
        self.asks = True
        self.waiting: tuple[QuickAction | None, bool] = (None, False)
        self.refusals: list[str] = []
