"""What the panel "What the model sees" shows, and how it says it; no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from desktop_vlm.images.collage import Layout, Placement
from desktop_vlm.ui.pictures.legibility import is_too_small, smallest_readable_px
from desktop_vlm.ui.pictures.wording import percent_text, size_text, tr


@dataclass(frozen=True)
class Entry:
    """A picture of the conversation.

    Attributes:
        sha256: of its file.
        name: as a person would call it.
        width, height: in pixels.
        included: whether the model sees it.
        image: a thumbnail, None while it loads.
    """

    sha256: str
    name: str
    width: int
    height: int
    included: bool
    image: QImage | None = None


@dataclass(frozen=True)
class CompositeState:
    """Everything the panel shows.

    Attributes:
        entries: all pictures of the conversation, in order.
        tile_size: side of a tile of the model, px.
        max_tiles: most tiles of one picture.
        composite: `Composition.preview`; None while there is none.
        layout: `Composition.layout`, whose pictures are the included entries in order.
        cost: a sentence about what a change takes; may be empty.
        busy: a new composite is being made, the one here is old.
    """

    entries: tuple[Entry, ...] = ()
    tile_size: int = 560
    max_tiles: int = 4
    composite: QImage | None = None
    layout: Layout | None = None
    cost: str = ""
    busy: bool = False

    @property
    def canvas_size(self) -> tuple[int, int]:
        """Width and height of the tiles in use together, px; (0, 0) without a layout."""
        if self.layout is None:
            return 0, 0
        high, wide = self.layout.tiles
        return wide * self.tile_size, high * self.tile_size

    def placement(self, index: int) -> Placement | None:
        """Where entry `index` is in the layout; None if it is left out or not placed yet."""
        entry = self.entries[index]
        place = sum(other.included for other in self.entries[:index])
        if self.layout is None or not entry.included or place >= len(self.layout.placements):
            return None
        return self.layout.placements[place]


@dataclass(frozen=True)
class Fact:
    """A number and what it is."""

    value: str
    label: str


def facts(state: CompositeState) -> tuple[Fact, ...]:
    """Size sent, tiles and scale, as numbers to read at a glance; dots while they are not known yet."""
    if state.layout is None:
        return ()
    high, wide = state.layout.tiles
    tiles = tr("{used} of {most}").format(used=high * wide, most=state.max_tiles)
    scale = tr("smallest scale") if len(state.layout.placements) > 1 else tr("scale")
    found = (
        Fact(f"{size_text(*state.layout.size)} px", tr("size sent")),
        Fact(tiles, tr("tiles used")),
        Fact(percent_text(state.layout.scale), scale),
    )
    return tuple(Fact("\u2026", fact.label) for fact in found) if state.busy else found


def summary(state: CompositeState) -> str:
    """One sentence about what is sent."""
    count = len(state.entries)
    included = sum(entry.included for entry in state.entries)
    if not count:
        return tr("Pictures that you add appear here as the model will see them.")
    if not included:
        return tr("Every picture is left out: the model gets only the text.")
    if state.layout is None:
        return tr("The pictures are being put together.") if state.busy else ""
    if included == 1:
        high, wide = state.layout.tiles
        return tr("One picture: sent as it is, {size}, scaled to {scale}, {used} of {most} tiles.").format(
            size=size_text(*state.layout.size),
            scale=percent_text(state.layout.scale),
            used=high * wide,
            most=state.max_tiles,
        )
    if included == count:
        return tr("{count} pictures are sent as one, numbered in this order.").format(count=count)
    return tr("{included} of {count} pictures are sent as one, numbered in this order.").format(
        included=included, count=count
    )


def entry_facts(state: CompositeState, index: int) -> str:
    """A picture's own size, and what became of it."""
    entry = state.entries[index]
    size = f"{size_text(entry.width, entry.height)} px"
    if not entry.included:
        return tr("{size}, left out").format(size=size)
    placement = state.placement(index)
    if placement is None or state.busy:
        return size
    return tr("{size}, shown at {scale}").format(size=size, scale=percent_text(placement.scale))


def entry_warning(state: CompositeState, index: int) -> str:
    """A sentence if text in the picture gets too small to read, else empty."""
    placement = state.placement(index)
    if placement is None or state.busy or not is_too_small(placement.scale):
        return ""
    size = smallest_readable_px(placement.scale)
    return tr("Text smaller than {size}\u00a0px will be unreadable").format(size=size)


def advice(state: CompositeState) -> str:
    """What to do about such warnings, empty if there are none."""
    if not any(entry_warning(state, index) for index in range(len(state.entries))):
        return ""
    if sum(entry.included for entry in state.entries) == 1:
        return tr("Small text gets lost: crop this picture to what matters.")
    return tr("Small text gets lost: leave out other pictures, or crop the marked ones.")
