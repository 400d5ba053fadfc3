"""Editing pictures from the main window: of the question being written, and of conversations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.records import PictureEdit
from desktop_vlm.history.store import History
from desktop_vlm.images.pointing import parts_of
from desktop_vlm.ui.annotate.editor import PictureEditor
from desktop_vlm.ui.annotate.subject import Subject, cropped_to
from desktop_vlm.ui.app.hiding import hide_where_kept
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.picture_actions import PictureActions

_SAID_EVERY_MS = 500
"""That a picture is being cropped, from the first time on; most are before that."""


class EditActions(QObject):
    """Opens the editor, and puts what was made into the question being written.

    Attributes:
        editor: the one that is open.
    """

    def __init__(
        self, window: QWidget, services: Services, draft: Draft, pictures: PictureActions, toast: Toast
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._draft = draft
        self._pictures = pictures
        self._toast = toast
        self.editor: PictureEditor | None = None
        self._background = Background(self)
        self._crops = QTimer(self, interval=_SAID_EVERY_MS)
        self._crops.timeout.connect(lambda: toast.say(self.tr("Making the picture\u2026")))
        pictures.editing_requested.connect(self.edit)

    def crop(self, sha256: str, is_marked: bool) -> None:
        """Have a picture cropped: at once to the places that are marked in it, else in the editor."""
        pictures = self._services.assistant.pictures.view.pictures
        picture = next((one for one in pictures if one.sha256 == sha256), None)
        if picture is None or not (is_marked and picture.pointers):
            self.edit(sha256, crops=True)
            return
        parts = parts_of(picture.pointers, (picture.width, picture.height))
        self._find(sha256, partial(self._crop_to, parts), crops=True)

    def _crop_to(self, parts: list[Box], subject: Subject) -> None:
        if self._crops.isActive():  # pressed once more
            return
        self._crops.start()
        self._background.run(partial(cropped_to, subject, parts), partial(self._cropped, subject), self._not_cropped)

    def _cropped(self, subject: Subject, new: NewPicture) -> None:
        self._stop_saying()
        self._take(subject, new)

    def _not_cropped(self, sentence: str) -> None:
        self._stop_saying()
        self._toast.say(sentence)

    def _stop_saying(self) -> None:
        self._crops.stop()
        self._toast.hide()

    def edit(self, sha256: str, *, crops: bool = False) -> None:
        """Open a picture in the editor; `crops` begins with the tool for cropping."""
        if self.editor is None:
            self._find(sha256, self._open, crops=crops)

    def _find(self, sha256: str, then: Callable[[Subject], None], *, crops: bool = False) -> None:
        """A picture with what was done to it already."""
        new = self._new(sha256)
        if new is not None:
            then(Subject.of(new, crops=crops))
            return

        def found(kept: tuple[int, PictureEdit | None]) -> None:
            n_messages, edit = kept
            data = self._services.library.data(edit.original if edit else sha256)
            document = edit.document if edit else ""
            then(Subject(sha256, self._pictures.name_of(sha256), data, document, n_messages, crops))

        self._services.history.call(partial(_kept, sha256), found)

    def _new(self, sha256: str) -> NewPicture | None:
        """Of the question being written."""
        return next((one for one in self._draft.composer.pictures if one.sha256 == sha256), None)

    def _open(self, subject: Subject) -> None:
        if self.editor is not None:
            return
        self.editor = PictureEditor(self._services.theme, subject, self._window)
        self.editor.applied.connect(self._applied)
        self.editor.closed.connect(self._closed)

    def _closed(self) -> None:
        self.editor = None

    # What was made

    def _applied(self, new: NewPicture) -> None:
        editor = self.editor
        if editor is None:
            return
        subject, hides = editor.subject, editor.session.document.hides
        hidden = new.edit.original if new.edit and not subject.document else new
        if hides:  # also where it is a recent capture
            self._services.captures.replaced(subject.sha256, hidden)
        if not subject.messages or not hides:
            self._take(subject, new)
            return
        # What else was done is for the new one only.
        kept = Subject(hidden.sha256, subject.name, hidden.data, messages=1)
        hide_where_kept(self._services, subject.sha256, hidden, partial(self._take, kept, new), editor.report)

    def _take(self, subject: Subject, new: NewPicture) -> None:
        """Ask about the new picture; the one before leaves the question, or what the model sees."""
        was_viewing = self._pictures.is_viewing
        if (old := self._new(subject.sha256)) is not None:
            self._draft.replace(subject.sha256, new.with_pointers_of(old))
        elif new.sha256 != subject.sha256:
            self._draft.add(new)
            self._services.assistant.include(subject.sha256, False)
            if subject.crops:  # without words it would be described, and not what was asked be answered
                self._draft.write_again()
            self._toast.say(self.tr("Your next question is about the edited picture; the one before stays as it was."))
        if was_viewing:
            self._pictures.view(new.sha256)
        if self.editor is not None:
            self.editor.close_editor()


def _kept(sha256: str, history: History) -> tuple[int, PictureEdit | None]:
    return history.users_of_picture(sha256)[0], history.edits.of(sha256)
