"""Hiding private text of pictures: of the question being written, and of conversations."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_vlm.history.replacing import NewFile
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.redaction.dialog import RedactionDialog, Subject
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.picture_actions import PictureActions


class RedactionActions(QObject):
    """Points out private text in new pictures, and replaces pictures by ones in which it is covered.

    Attributes:
        dialog: the one that is open.
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
        self.dialog: RedactionDialog | None = None
        draft.composer.private_text = services.private_texts.pointed_out
        services.private_texts.changed.connect(draft.composer.show_private_text)
        services.text_layers.changed.connect(draft.composer.show_private_text)
        pictures.hiding_requested.connect(self.hide)

    def hide(self, sha256: str) -> None:
        """Propose what to hide in a picture."""
        self._services.history.call(
            lambda history: (history.drafts.has_picture(sha256), *history.users_of_picture(sha256)),
            lambda users: self._open(sha256, *users),
        )

    def _open(self, sha256: str, is_in_draft: bool, n_messages: int, n_conversations: int) -> None:
        if self.dialog is not None:
            return
        subject = Subject(
            sha256,
            self._name(sha256),
            self._services.library.data(sha256),
            self._consequence(n_messages, n_conversations),
            self._obstacle if n_messages else str,
        )
        services = self._services
        self.dialog = RedactionDialog(
            services.theme, subject, services.text_layers, services.private_texts, self._window
        )
        self.dialog.applied.connect(partial(self._apply, sha256, is_in_draft or n_messages > 0))
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _name(self, sha256: str) -> str:
        pictures = self._services.assistant.pictures.view.pictures
        capture = self._services.captures.get(sha256)
        other = capture.picture.name if capture else self.tr("Picture")
        return next((picture.name for picture in pictures if picture.sha256 == sha256), other)

    def _consequence(self, n_messages: int, n_conversations: int) -> str:
        if not n_messages:
            return self.tr("The boxes become part of the picture: only the new one is sent, kept and exported.")
        where = self.tr("The picture is replaced where it is kept, and so is what was read in it.")
        if n_messages > 1:
            messages = plural("RedactionActions", n_messages, "1 message", "{n} messages")
            if n_conversations > 1:
                of = plural("RedactionActions", n_conversations, "1 conversation", "{n} conversations")
                messages = self.tr("{0} of {1}").format(messages, of)
            where = self.tr(
                "The picture is in {0}: it is replaced in all of them, and so is what was read in it."
            ).format(messages)
        rest = self.tr("Answers that are its text are blotted out; what else messages say stays as it is.")
        return f"{where} {rest} {self.tr('This cannot be undone.')}"

    def _obstacle(self) -> str:
        if self._services.assistant.busy:
            return self.tr("The model is still answering; stop it or wait for the end, and then hide this.")
        return ""

    def _apply(self, sha256: str, is_kept: bool, new: NewPicture) -> None:
        if is_kept:
            file = NewFile(new.data, new.width, new.height)
            assistant = self._services.assistant
            assistant.replace_picture(sha256, file, partial(self._replaced, sha256, new), self._failed)
        else:
            self._replaced(sha256, new, [])

    def _failed(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.report(sentence)

    def _replaced(self, sha256: str, new: NewPicture, beside: list[Path]) -> None:
        services = self._services
        services.private_texts.forget(sha256)
        services.text_layers.image_gone(sha256)
        services.captures.replaced(sha256, new)
        if any(picture.sha256 == sha256 for picture in self._draft.composer.pictures):
            self._draft.replace(sha256, new)
        services.assistant.pictures.forget(sha256)
        services.text_layers.read_ahead(new.sha256, services.library.data(new.sha256))
        self._pictures.close_viewer()
        if self.dialog is not None:
            self.dialog.accept()
        if beside:
            names = ", ".join(str(path) for path in beside)
            self._toast.say(
                self.tr("Hidden. A damaged history that was kept may still hold the picture: {0}").format(names)
            )
        else:
            self._toast.say(self.tr("Hidden in the picture"))
