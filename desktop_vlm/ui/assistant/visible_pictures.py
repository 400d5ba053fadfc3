"""Which pictures of a conversation the model sees, and the composite that they become.

The model attends only to the last image of a conversation, so every question carries one composite of all the
pictures that are switched on, earlier ones too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop_vlm.history.records import Message
from desktop_vlm.images.collage import MAX_PICTURES, plan
from desktop_vlm.service.frames import LoadedModel
from desktop_vlm.ui.pictures.composer import CompositeBuilder, Composition
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.legibility import is_too_small
from desktop_vlm.ui.pictures.library import PictureLibrary


@dataclass(frozen=True)
class VisiblePicture:
    """A picture of the conversation or of the question being written.

    Attributes:
        message_id: the message that holds it; None while the question is being written.
        included: whether the model sees it.
    """

    sha256: str
    name: str
    width: int
    height: int
    included: bool
    message_id: int | None


@dataclass(frozen=True)
class ModelView:
    """What the model would see now.

    Attributes:
        pictures: all, in the order of the conversation; each picture once.
        tile_size: px; None while no model that sees pictures is loaded, as is `max_tiles`.
        composition: what is sent; None while it is being made or when there is no picture.
        problem: a sentence when the pictures cannot be composed.
    """

    pictures: tuple[VisiblePicture, ...] = ()
    tile_size: int | None = None
    max_tiles: int | None = None
    composition: Composition | None = None
    problem: str = ""

    @property
    def included(self) -> tuple[VisiblePicture, ...]:
        return tuple(picture for picture in self.pictures if picture.included)


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
        self._waiting: list[Callable[[Composition | None, str], None]] = []
        self._builder = CompositeBuilder(self)
        self._builder.built.connect(self._built)
        self._builder.failed.connect(self._build_failed)

    @property
    def view(self) -> ModelView:
        return self._view

    def set_model(self, model: LoadedModel | None) -> None:
        """Another model has other tiles."""
        tile_size = model.tile_size if model else None
        max_tiles = model.max_tiles if model else None
        if (tile_size, max_tiles) != (self._view.tile_size, self._view.max_tiles):
            self._view = replace(self._view, tile_size=tile_size, max_tiles=max_tiles)
            self._update(force=True)

    def set_thread(self, thread: Sequence[Message]) -> None:
        """The conversation as it is now."""
        self._thread = thread
        self._update()

    def question_kept(self, thread: Sequence[Message]) -> None:
        """The pictures of the question being written are in the conversation now; what is composed stays."""
        self._new = {}
        self._new_excluded.clear()
        self._library.set_new([])
        self.set_thread(thread)

    def set_new(self, pictures: Sequence[NewPicture]) -> None:
        """The pictures of the question being written."""
        self._new = {picture.sha256: picture for picture in pictures}
        self._new_excluded &= set(self._new)
        self._library.set_new(pictures)
        self._update()

    def include_new(self, sha256: str, included: bool) -> None:
        """Switch a picture of the question being written."""
        self._new_excluded.discard(sha256)
        if not included:
            self._new_excluded.add(sha256)
        self._update()

    def to_leave_out(self, coming: Sequence[NewPicture]) -> list[VisiblePicture]:
        """The oldest pictures that should be left out so that text stays readable beside new ones."""
        if self._view.tile_size is None or self._view.max_tiles is None:
            return []
        old = [picture for picture in self._view.included if picture.message_id is not None]
        new = [(picture.width, picture.height) for picture in (*self._new.values(), *coming)]
        for first in range(len(old) + 1):
            sizes = [(picture.width, picture.height) for picture in old[first:]] + new
            if len(sizes) <= 1:
                return old[:first]
            if len(sizes) > MAX_PICTURES:
                continue
            layout = plan(sizes, tile_size=self._view.tile_size, max_tiles=self._view.max_tiles)
            if not is_too_small(layout.scale):
                return old[:first]
        return old

    def composed(self, then: Callable[[Composition | None, str], None]) -> None:
        """Call `then` with what is to be sent (None without pictures), and "" or why it cannot be made."""
        if not self._view.included or self._view.composition or self._view.problem:
            then(self._view.composition, self._view.problem)
        else:
            self._waiting.append(then)

    def _update(self, *, force: bool = False) -> None:
        pictures: dict[str, VisiblePicture] = {}
        for message in self._thread:
            for held in message.pictures:
                # A picture that was given twice is shown once, where it came last.
                pictures.pop(held.sha256, None)
                pictures[held.sha256] = VisiblePicture(
                    held.sha256, held.name, held.width, held.height, held.included, message.id
                )
        for sha256, new in self._new.items():
            pictures.pop(sha256, None)
            included = sha256 not in self._new_excluded
            pictures[sha256] = VisiblePicture(sha256, new.name, new.width, new.height, included, None)
        before = [picture.sha256 for picture in self._view.included]
        self._view = replace(self._view, pictures=tuple(pictures.values()))
        wanted = [picture.sha256 for picture in self._view.included]
        if force or wanted != before:
            self._view = replace(self._view, composition=None, problem="")
            if wanted and self._view.tile_size and self._view.max_tiles:
                data = [self._library.data(sha256) for sha256 in wanted]
                self._builder.request(data, self._view.tile_size, self._view.max_tiles)
            elif not wanted:
                self._settle()
        self.changed.emit(self._view)

    def _built(self, composition: Composition) -> None:
        self._view = replace(self._view, composition=composition, problem="")
        self._settle()
        self.changed.emit(self._view)

    def _build_failed(self, problem: str) -> None:
        self._view = replace(self._view, composition=None, problem=problem)
        self._settle()
        self.changed.emit(self._view)

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(self._view.composition, self._view.problem)
