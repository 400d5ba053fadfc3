"""Which pictures of a conversation the model sees, and what it gets of them.

A model that attends only to the last image of a conversation gets one composite of all the pictures that are switched
on, earlier ones too; one that takes many images gets each in its own turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.history.details import POINTERS
from desktop_vlm.history.records import Message
from desktop_vlm.images.collage import MAX_IMAGES, plan
from desktop_vlm.images.legibility import is_too_small
from desktop_vlm.images.pointing import Pointer, kept_pointers
from desktop_vlm.ui.pictures.composer import Composition, PictureSource, Prepared, with_pointing
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.pictures.preparer import Preparer


@dataclass(frozen=True)
class VisiblePicture:
    """A picture of the conversation or of the question being written.

    Attributes:
        message_id: the message that holds it; None while the question is being written.
        included: whether the model sees it.
        number: among all of the conversation, from 1: it stays when another is left out.
        pointers: places in it that the question which holds it is about.
    """

    sha256: str
    name: str
    width: int
    height: int
    included: bool
    message_id: int | None
    number: int = 0
    pointers: tuple[Pointer, ...] = ()


Then: TypeAlias = Callable[[Prepared, str], None]
"""Gets what is to be sent, and "" or why it cannot be made."""


@dataclass(frozen=True)
class ModelView:
    """What the model would see now.

    Attributes:
        pictures: all, in the order of the conversation; each picture once.
        capabilities: of the loaded model; None while none was loaded yet.
        prepared: what is sent; None while it is being made.
        problem: a sentence when the pictures cannot be sent.
    """

    pictures: tuple[VisiblePicture, ...] = ()
    capabilities: Capabilities | None = None
    prepared: Prepared | None = None
    problem: str = ""

    @property
    def included(self) -> tuple[VisiblePicture, ...]:
        """Those that are switched on."""
        return tuple(picture for picture in self.pictures if picture.included)

    @property
    def sent(self) -> tuple[VisiblePicture, ...]:
        """Those that reach the model."""
        return reaching(self.included, self.capabilities)

    @property
    def is_preparing(self) -> bool:
        """Whether what is sent is still being made."""
        return self.prepared is None and bool(self.sent) and self.capabilities is not None and not self.problem

    @property
    def composition(self) -> Composition | None:
        return self.prepared.composition if self.prepared else None


def reaching(included: Sequence[VisiblePicture], capabilities: Capabilities | None) -> tuple[VisiblePicture, ...]:
    """The pictures that a model of these capabilities gets: all, none, or the latest where it takes no more."""
    if capabilities is None or capabilities.composes_images:
        return tuple(included)
    return tuple(included[max(0, len(included) - capabilities.max_images) :])


def pictures_of(thread: Sequence[Message]) -> dict[str, VisiblePicture]:
    """The pictures of a conversation, numbered; one that was given twice is there once, where it came last."""
    found: dict[str, VisiblePicture] = {}
    for message in thread:
        pointers = kept_pointers(message.details.get(POINTERS, {})) if message.pictures else {}
        for held in message.pictures:
            found.pop(held.sha256, None)
            facts = (held.sha256, held.name, held.width, held.height, held.included, message.id)
            found[held.sha256] = VisiblePicture(*facts, number=len(found) + 1, pointers=pointers.get(held.sha256, ()))
    return _numbered(found)


def _numbered(pictures: dict[str, VisiblePicture]) -> dict[str, VisiblePicture]:
    return {
        sha256: one if one.number == number else replace(one, number=number)
        for number, (sha256, one) in enumerate(pictures.items(), 1)
    }


def _seen(pictures: Sequence[VisiblePicture]) -> list[tuple[object, ...]]:
    """What decides on the pixels that are sent."""
    return [(picture.sha256, picture.number, picture.pointers) for picture in pictures]


def _latest_pointers(pictures: Sequence[VisiblePicture]) -> list[tuple[Pointer, ...]]:
    """In one image for a whole conversation only what the latest question points at is shown."""
    pointing = [picture for picture in pictures if picture.pointers]
    is_written = any(picture.message_id is None for picture in pointing)
    latest = None if is_written else max((one.message_id for one in pointing if one.message_id), default=None)
    return [picture.pointers if picture.message_id == latest else () for picture in pictures]


class VisiblePictures(QObject):
    """Keeps `ModelView` true while pictures, switches and models change.

    Signals:
        changed: carries the new ModelView.
    """

    changed = Signal(object)

    def __init__(self, library: PictureLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._view = ModelView()
        self._new: dict[str, NewPicture] = {}
        self._new_excluded: set[str] = set()
        self._thread: Sequence[Message] = ()
        self._point_with = "draw"
        self._numbers: tuple[Sequence[VisiblePicture], dict[str, str]] = (), {}  # of those pictures, by SHA-256
        self._preparer = Preparer(self)
        self._preparer.built.connect(self._built)
        self._preparer.failed.connect(self._build_failed)
        # Questions wait for the view where that is what they need, and else for what is made for them alone.
        self._waiting: list[tuple[Sequence[Message], Then]] = []
        self._apart: tuple[Sequence[Message], Then] | None = None
        self._preparer_apart = Preparer(self)
        self._preparer_apart.built.connect(lambda prepared: self._end_apart(prepared, ""))
        self._preparer_apart.failed.connect(lambda problem: self._end_apart(Prepared(), problem))

    @property
    def view(self) -> ModelView:
        return self._view

    def badge(self, sha256: str) -> str:
        """The number of a picture; "" for the only one, which needs none."""
        pictures = self._view.pictures
        if self._numbers[0] is not pictures:
            self._numbers = pictures, {picture.sha256: str(picture.number) for picture in pictures}
        return self._numbers[1].get(sha256, "") if len(pictures) > 1 else ""

    def is_included(self, sha256: str) -> bool:
        """Whether a picture is switched on; one that is not known will be."""
        return all(picture.included for picture in self._view.pictures if picture.sha256 == sha256)

    def set_model(self, model: LoadedModel | None) -> None:
        """Another model sees in another way."""
        capabilities = model.capabilities if model else None
        if capabilities != self._view.capabilities:
            self._view = replace(self._view, capabilities=capabilities)
            self._update(force=True)
            apart, self._apart = self._apart, None
            if apart:
                self.prepare(*apart)

    def point_with(self, way: str) -> None:
        """How what is pointed at is shown to the model: the setting of that name."""
        if way != self._point_with:
            self._point_with = way
            self._update(force=any(picture.pointers for picture in self._view.pictures))

    def set_thread(self, thread: Sequence[Message]) -> None:
        """The conversation as it is now."""
        self._thread = thread
        self._update()

    def question_kept(
        self, thread: Sequence[Message], left: Sequence[NewPicture], excluded: Collection[str] = ()
    ) -> None:
        """A question that was written is in the conversation now, and these are left; what is prepared stays."""
        self._take_new(left, excluded)
        self.set_thread(thread)

    def set_new(self, pictures: Sequence[NewPicture], excluded: Collection[str] = ()) -> None:
        """The pictures of the question being written, and the SHA-256s of those that are switched off."""
        if not (pictures or excluded or self._new or self._new_excluded):
            return
        self._take_new(pictures, excluded)
        self._update()

    def _take_new(self, pictures: Sequence[NewPicture], excluded: Collection[str]) -> None:
        self._new = {picture.sha256: picture for picture in pictures}
        self._new_excluded = set(excluded)
        self._library.set_new(pictures)

    def forget(self, sha256: str) -> None:
        """A picture is gone: nothing of it is kept in memory, prepared or not."""
        for preparer in (self._preparer, self._preparer_apart):
            preparer.forget(sha256)
        self._library.forget(sha256)

    def include_new(self, sha256: str, included: bool) -> None:
        """Switch a picture of the question being written."""
        self._new_excluded.discard(sha256)
        if not included:
            self._new_excluded.add(sha256)
        self._update()

    def to_leave_out(self, coming: Sequence[NewPicture]) -> list[VisiblePicture]:
        """The oldest pictures that should give way to new ones: so that text stays readable, or the model takes all."""
        capabilities = self._view.capabilities
        if capabilities is None or capabilities.sizing is None:
            return []
        given_again = {picture.sha256 for picture in coming}
        old = [one for one in self._view.included if one.message_id is not None and one.sha256 not in given_again]
        new = [(picture.width, picture.height) for picture in (*self._new.values(), *coming)]
        if not capabilities.composes_images:
            return old[: max(0, len(old) + len(new) - capabilities.max_images)]
        tile_size, max_tiles = capabilities.sizing.canvas
        for first in range(len(old) + 1):
            sizes = [(picture.width, picture.height) for picture in old[first:]] + new
            if len(sizes) <= 1:
                return old[:first]
            if len(sizes) > MAX_IMAGES:
                continue
            if not is_too_small(plan(sizes, tile_size=tile_size, max_tiles=max_tiles).scale):
                return old[:first]
        return old

    def prepare(self, thread: Sequence[Message], then: Then) -> None:
        """Call `then`, once and whatever happens meanwhile, with what a conversation's pictures become."""
        capabilities = self._view.capabilities
        included = [picture for picture in pictures_of(thread).values() if picture.included]
        sent = reaching(included, capabilities)
        if not sent:
            then(Prepared(), "")
        elif capabilities is None:
            then(Prepared(), self.tr("No model is loaded; choose one first."))
        elif _seen(sent) != _seen(self._view.sent):
            if self._apart:  # only one question is asked at a time: the older one is not waited for any more
                self._end_apart(Prepared(), self.tr("Another question was asked meanwhile."))
            self._apart = thread, then
            self._preparer_apart.request(self._sources(sent), capabilities)
        elif self._view.problem or self._view.prepared is not None:
            then(self._view.prepared or Prepared(), self._view.problem)
        else:
            self._waiting.append((thread, then))

    def _end_apart(self, prepared: Prepared, problem: str) -> None:
        apart, self._apart = self._apart, None
        if apart:
            apart[1](prepared, problem)

    def _sources(self, pictures: Sequence[VisiblePicture]) -> list[PictureSource]:
        capabilities = self._view.capabilities
        every = [one.pointers for one in pictures]
        pointers = _latest_pointers(pictures) if capabilities and capabilities.composes_images else every
        sources = [
            PictureSource(one.sha256, one.name, self._library.data(one.sha256), one.number, places)
            for one, places in zip(pictures, pointers, strict=True)
        ]
        return with_pointing(sources, capabilities, self._point_with) if capabilities else sources

    def _update(self, *, force: bool = False) -> None:
        pictures = pictures_of(self._thread)
        for sha256, new in self._new.items():
            pictures.pop(sha256, None)
            included = sha256 not in self._new_excluded
            facts = (sha256, new.name, new.width, new.height, included, None)
            pictures[sha256] = VisiblePicture(*facts, pointers=new.pointers)
        before = _seen(self._view.sent)
        self._view = replace(self._view, pictures=tuple(_numbered(pictures).values()))
        sent = self._view.sent
        if force or _seen(sent) != before:
            self._view = replace(self._view, prepared=None, problem="")
            if sent and self._view.capabilities:
                self._preparer.request(self._sources(sent), self._view.capabilities)
            else:
                self._preparer.cancel()
            self._settle()  # whoever waits may need something else now
        self.changed.emit(self._view)

    def _built(self, prepared: Prepared) -> None:
        self._view = replace(self._view, prepared=prepared, problem="")
        self._settle()
        self.changed.emit(self._view)

    def _build_failed(self, problem: str) -> None:
        self._view = replace(self._view, prepared=None, problem=problem)
        self._settle()
        self.changed.emit(self._view)

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        for thread, then in waiting:
            self.prepare(thread, then)
