"""What the panel "What the model sees" shows, and how it says it; no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from desktop_vlm.images.collage import Layout, PlacedImage
from desktop_vlm.images.legibility import is_lost, is_too_small, smallest_readable_px
from desktop_vlm.ui.pictures.composer import NativeImage
from desktop_vlm.ui.pictures.wording import percent_text, size_text, tr
from desktop_vlm.ui.plural import plural


@dataclass(frozen=True)
class EntryText:
    """The small text of a picture that goes along with questions.

    Attributes:
        lines: "" stands for lines that are left out there; none while it is being read.
        left_out: how many lines there is no room for.
        is_on: whether it goes along.
    """

    lines: tuple[str, ...] = ()
    left_out: int = 0
    is_on: bool = True


@dataclass(frozen=True)
class Entry:
    """A picture of the conversation.

    Attributes:
        sha256: of its file.
        name: as a person would call it.
        width, height: in pixels.
        included: whether the model sees it.
        image: a thumbnail, None while it loads.
        font_px: size of the smallest text in the picture; 0 where there is none, None while that is not known.
        text: what of its text goes along; None where none does.
        is_marked: whether the question points at a place in it.
    """

    sha256: str
    name: str
    width: int
    height: int
    included: bool
    image: QImage | None = None
    font_px: float | None = None
    text: EntryText | None = None
    is_marked: bool = False

    @property
    def is_text_sent(self) -> bool:
        """Whether small text reaches the model in writing."""
        return self.text is not None and self.text.is_on and bool(self.text.lines)


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
        images: for a model that takes pictures as they are, those that are sent, in order; None for any other model.
        max_images: how many of them such a model takes.
        note: why no picture reaches the model, a sentence; "" where they do.
        part: words that stand in the part of a picture which the question is about; "" where that is not known.
    """

    entries: tuple[Entry, ...] = ()
    tile_size: int = 560
    max_tiles: int = 4
    composite: QImage | None = None
    layout: Layout | None = None
    cost: str = ""
    busy: bool = False
    images: tuple[NativeImage, ...] | None = None
    max_images: int = 1
    note: str = ""
    part: str = ""

    @property
    def is_native(self) -> bool:
        """Whether pictures are sent as they are, each in its own message."""
        return self.images is not None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show of what is sent."""
        return not self.images if self.is_native else self.composite is None or self.layout is None

    def image(self, index: int) -> NativeImage | None:
        """What is sent of entry `index`; None if it is left out, not prepared yet, or part of a composite."""
        sha256 = self.entries[index].sha256
        return next((image for image in self.images or () if image.picture == sha256 and not image.is_part), None)

    def scale(self, index: int) -> float | None:
        """The scale at which entry `index` reaches the model; None where that is not known."""
        image, placement = self.image(index), self.placement(index)
        return image.scale if image else placement.scale if placement else None

    @property
    def canvas_size(self) -> tuple[int, int]:
        """Width and height of the tiles in use together, px; (0, 0) without a layout."""
        if self.layout is None:
            return 0, 0
        high, wide = self.layout.tiles
        return wide * self.tile_size, high * self.tile_size

    def placement(self, index: int) -> PlacedImage | None:
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
    if state.is_native:
        return _native_facts(state)
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


def _native_facts(state: CompositeState) -> tuple[Fact, ...]:
    images = state.images or ()
    if not images:
        return ()
    n_tokens = sum(image.encoded.n_tokens for image in images)
    scales = [image.scale for image in images if image.scale]
    found = (
        Fact(tr("{used} of {most}").format(used=len(images), most=state.max_images), tr("pictures sent")),
        Fact(f"{n_tokens:,}" if n_tokens else "?", tr("tokens")),
        Fact(percent_text(min(scales)) if scales else "?", tr("smallest scale") if len(images) > 1 else tr("scale")),
    )
    return tuple(Fact("\u2026", fact.label) for fact in found) if state.busy else found


def summary(state: CompositeState) -> str:
    """One sentence about what is sent."""
    if state.note and state.entries:
        return state.note
    count = len(state.entries)
    included = sum(entry.included for entry in state.entries)
    if not count:
        return tr("Pictures that you add appear here as the model will see them.")
    if not included:
        return tr("Every picture is left out: the model gets only the text.")
    return _native_summary(state, included) if state.is_native else _composite_summary(state, included)


def _composite_summary(state: CompositeState, included: int) -> str:
    count = len(state.entries)
    if state.layout is None:
        return tr("The pictures are being put together.") if state.busy else ""
    if included == 1:
        high, wide = state.layout.tiles
        words = tr("One picture: sent with its marks, {size}, scaled to {scale}, {tiles}.")
        if not any(entry.is_marked and entry.included for entry in state.entries):
            words = tr("One picture: sent as it is, {size}, scaled to {scale}, {tiles}.")
        tiles = plural("Pictures", state.max_tiles, "{used} of 1 tile", "{used} of {n} tiles")
        return words.format(
            size=size_text(*state.layout.size),
            scale=percent_text(state.layout.scale),
            tiles=tiles.format(used=high * wide),
        )
    words = "{n} pictures are sent as one, numbered in this order."
    if included < count:
        words = "{included} of {n} pictures are sent as one, numbered in this order."
    return plural("Pictures", count, words, words).format(included=included)


def _native_summary(state: CompositeState, included: int) -> str:
    sent = len(state.images or ())
    if state.busy or not sent:
        return tr("The pictures are being prepared.") if state.busy else ""
    if included > sent:
        latest = "The latest {sent} of {n} pictures are sent: the model takes no more."
        if sent == 1:
            latest = "Only the latest of {n} pictures is sent: the model takes no more."
        return plural("Pictures", included, latest, latest).format(sent=sent)
    if sent == 1:
        return tr("One picture, sent as it is: above, as the model sees it.")
    count = len(state.entries)
    if sent < count:
        some = "{sent} of {n} pictures, each sent as it is with its own question."
        return plural("Pictures", count, some, some).format(sent=sent)
    words = "{n} pictures, each sent as it is with its own question."
    return plural("Pictures", count, words, words)


def entry_facts(state: CompositeState, index: int) -> str:
    """A picture's own size, and what became of it, in one line or two."""
    entry = state.entries[index]
    size = f"{size_text(entry.width, entry.height)} px"
    if not entry.included:
        return tr("{size}, left out").format(size=size)
    if state.is_native:
        return _native_entry_facts(state, index)
    placement = state.placement(index)
    if placement is None or state.busy:
        return size
    return tr("{size}, shown at {scale}").format(size=size, scale=percent_text(placement.scale))


def _native_entry_facts(state: CompositeState, index: int) -> str:
    entry, image = state.entries[index], state.image(index)
    if image is None or state.busy:
        size = f"{size_text(entry.width, entry.height)} px"
        return size if state.busy or state.note else tr("{size}, not sent").format(size=size)
    if not image.encoded.n_tokens:
        return tr("{size} px, scaled by the engine").format(size=size_text(*image.size))
    return tr("{size} \u2192 {seen} px\n{scale}, {tokens}").format(
        size=size_text(*image.size),
        seen=size_text(image.encoded.width, image.encoded.height),
        scale=percent_text(image.scale or 1.0),
        tokens=plural("Pictures", image.encoded.n_tokens, "1 token", "{n} tokens"),
    )


def entry_warning(state: CompositeState, index: int) -> str:
    """A sentence if text in the picture gets too small to read and does not go along in writing, else empty."""
    scale, entry = state.scale(index), state.entries[index]
    if scale is None or state.busy or entry.is_text_sent:
        return ""
    if not (is_too_small(scale) if entry.font_px is None else is_lost(entry.font_px, scale)):
        return ""
    size = smallest_readable_px(scale)
    return tr("Text smaller than {size}\u00a0px will be unreadable").format(size=size)


def text_summary(text: EntryText) -> str:
    """How much of a picture's text goes along."""
    if not text.lines:
        return tr("Reading the text\u2026")
    count = sum(bool(line) for line in text.lines)
    if not text.is_on:
        return plural("Pictures", count, "1 line of text stays here", "{n} lines of text stay here")
    if text.left_out:
        return tr("{0} of {1} lines go along as text").format(count, count + text.left_out)
    return plural("Pictures", count, "1 line goes along as text", "{n} lines go along as text")


@dataclass(frozen=True)
class Advice:
    """What to do about such warnings.

    Attributes:
        sentence: "" where there are none.
        words: of the button that does it; "" for none.
        entry: index of the picture that is meant, -1 for the part that the question names.
        is_marked: crop it to the places that are marked in it, not to what the person chooses.
    """

    sentence: str = ""
    words: str = ""
    entry: int = -1
    is_marked: bool = False


def advice(state: CompositeState) -> Advice:
    """What to do about such warnings, in one click where that is possible."""
    warned = [index for index in range(len(state.entries)) if entry_warning(state, index)]
    if not warned:
        return Advice()
    marked = next((index for index in warned if state.entries[index].is_marked), None)
    if marked is not None:
        return Advice(tr("Small text gets lost: crop to the marked part."), tr("Crop"), marked, is_marked=True)
    if state.part:
        return Advice(
            tr("Small text gets lost: crop to the part with \u201c{0}\u201d.").format(state.part), tr("Add it")
        )
    if sum(entry.included for entry in state.entries) == 1:
        return Advice(tr("Small text gets lost: crop this picture to what matters."), tr("Crop\u2026"), warned[0])
    if state.is_native:  # each has its own size, whatever the others do
        return Advice(
            tr("Small text gets lost: crop the marked pictures to what matters."), tr("Crop\u2026"), warned[0]
        )
    sentence = tr("Small text gets lost: leave out other pictures, or crop the marked ones.")
    return Advice(sentence, tr("Crop\u2026"), warned[0])
