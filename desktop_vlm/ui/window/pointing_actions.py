"""Pointing at places of pictures, wherever the window shows one: they become part of the question being written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from desktop_vlm.history.store import History
from desktop_vlm.images.pointing import MAX_POINTERS, Pointer
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.pictures.composite_panel import CompositePanel
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.picture_actions import PictureActions


class PointingActions(QObject):
    """Takes what is pointed at. A picture of the conversation is given again for that, with the question it is for."""

    def __init__(
        self,
        services: Services,
        draft: Draft,
        pictures: PictureActions,
        panel: CompositePanel,
        pane: ConversationPane,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._draft = draft
        self._given_again: set[str] = set()
        self._coming: dict[str, Sequence[Pointer]] = {}
        pictures.pointed.connect(self.point)
        for place in (panel, pane, draft.composer):
            place.picture_pointed.connect(self.add)
        self.settings_changed()

    def settings_changed(self) -> None:
        """It may be shown to the model in another way."""
        self._services.assistant.pictures.point_with(self._services.settings.current.composer.point_with)

    def add(self, sha256: str, pointer: Pointer) -> None:
        """One place more, and then what is asked about it."""
        new = self._new(sha256)
        others = new.pointers if new is not None else self._coming.get(sha256, ())
        self.point(sha256, (*others, pointer)[-MAX_POINTERS:])
        self._draft.composer.text.setFocus()

    def point(self, sha256: str, pointers: Sequence[Pointer]) -> None:
        """These places of a picture, and no others."""
        new = self._new(sha256)
        if new is not None and not pointers and sha256 in self._given_again:
            self._given_again.discard(sha256)
            self._draft.remove(sha256)
        elif new is not None:
            self._draft.point(sha256, pointers)
        elif sha256 in self._coming:
            self._coming[sha256] = pointers
        elif pointers and (held := self._held(sha256)) is not None:
            self._coming[sha256] = pointers
            self._services.history.call(partial(_again, held), self._came, partial(self._did_not_come, sha256))

    def _did_not_come(self, sha256: str, _sentence: str) -> None:
        self._coming.pop(sha256, None)

    def _came(self, picture: NewPicture) -> None:
        pointers = self._coming.pop(picture.sha256, ())
        if pointers and self._new(picture.sha256) is None:
            self._given_again.add(picture.sha256)
            self._draft.add(picture.pointed_at(pointers))

    def _new(self, sha256: str) -> NewPicture | None:
        return next((one for one in self._draft.composer.pictures if one.sha256 == sha256), None)

    def _held(self, sha256: str) -> VisiblePicture | None:
        pictures = self._services.assistant.pictures.view.pictures
        return next((one for one in pictures if one.sha256 == sha256), None)


def _again(held: VisiblePicture, history: History) -> NewPicture:
    """In the history's thread: a picture as it is given with a question."""
    return NewPicture(history.picture(held.sha256), held.name, held.width, held.height)
