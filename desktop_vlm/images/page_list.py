"""Which pages or frames a file has, and which of them are meant."""

from __future__ import annotations

from PIL import Image

from desktop_vlm.api.errors import UserError

MAX_LOOKED_AT = 200
"""Pages or frames that are counted at most: a file can say that it has millions."""

_SUBFILE, _OLD_SUBFILE = 254, 255
_REDUCED, _MASK = 1, 4
_LOOKED_AT_FOR_VISIBLE = 20


class Pages:
    """The pages of an open file; they are numbered without thumbnails and masks.

    Attributes:
        name: how sentences call the file.
        kind: "page", or "frame" of an animation.
        count: of the pages.
    """

    def __init__(self, image: Image.Image, name: str) -> None:
        self.name = name
        self._image = image
        self.kind = "page" if image.format == "TIFF" else "frame"
        self._positions, self._n_thumbnails, self._is_cut = _positions(image)
        self.count = len(self._positions)

    def at(self, number: int | None) -> Image.Image:
        """The file at this page; without a number, at the first that is suggested.

        Raises:
            UserError: there is no such page.
        """
        number = self.suggested()[0] if number is None else number
        if not 1 <= number <= self.count:
            has = "it has one" if self.count == 1 else f"it has {self.count}"
            raise UserError(f"{self.name} has no {self.kind} {number}; {has}.")
        if self._positions[number - 1] != self._image.tell():
            self._image.seek(self._positions[number - 1])
        return self._image

    def suggested(self) -> list[int]:
        """All pages of a document; of an animation the first frame on which there is something."""
        if self.kind == "page":
            return list(range(1, self.count + 1))
        if self.count > 1 and self._image.format in {"GIF", "WEBP", "PNG"}:
            for number in range(1, min(self.count, _LOOKED_AT_FOR_VISIBLE) + 1):
                if _is_visible(self.at(number)):
                    return [number]
        return [1]

    def left_out(self, numbers: tuple[int, ...]) -> tuple[str, ...]:
        """A sentence for what is not among these pages."""
        said = []
        if len(numbers) < self.count:
            more = "more than " if self._is_cut else ""
            taken = _ranges(numbers)
            word = self.kind if len(numbers) == 1 else f"{self.kind}s"
            said.append(f"{self.name} has {more}{self.count} {self.kind}s; {word} {taken} {_is(numbers)} used.")
        if self._n_thumbnails:
            many = "a thumbnail or mask" if self._n_thumbnails == 1 else f"{self._n_thumbnails} thumbnails or masks"
            said.append(f"{self.name} also holds {many}, which {_is(range(self._n_thumbnails))} left out.")
        return tuple(said)


def read_page_numbers(text: str, most: int = MAX_LOOKED_AT) -> list[int]:
    """Numbers from 1 in the order given: "1,3" or "2-5".

    Args:
        text: as it was typed.
        most: pages of one range; as many as an image's file is looked at for, if nothing else is given.

    Raises:
        ValueError: it is none of these.
    """
    numbers: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start, end = int(first), int(last if dash else first)
        if not 1 <= start <= end < 1_000_000:
            raise ValueError
        numbers += range(start, min(end, start + most) + 1)
    return numbers


def _is(things: tuple[int, ...] | range) -> str:
    return "is" if len(things) == 1 else "are"


def _ranges(numbers: tuple[int, ...]) -> str:
    if len(numbers) > 2 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def _positions(image: Image.Image) -> tuple[list[int], int, bool]:
    """Where pages are, how many thumbnails lie between them, and whether there are more than were looked at."""
    if image.format == "MPO":  # a phone's photo with a gain map or a second view, which nobody misses
        return [0], 0, False
    if image.format != "TIFF":
        count = int(getattr(image, "n_frames", 1)) if getattr(image, "is_animated", False) else 1
        return list(range(min(count, MAX_LOOKED_AT))), 0, count > MAX_LOOKED_AT
    found: list[int] = []
    reduced: list[int] = []
    is_cut = False
    for position in range(MAX_LOOKED_AT + 1):
        try:
            image.seek(position)
        except EOFError:
            break
        if position == MAX_LOOKED_AT:
            is_cut = True
            break
        (reduced if _is_reduced(image) else found).append(position)
    if not found:  # a file of nothing but thumbnails shows its first
        found, reduced = reduced[:1], reduced[1:]
    image.seek(found[0])
    return found, len(reduced), is_cut


def _is_reduced(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(_SUBFILE, 0)) & (_REDUCED | _MASK)) or tags.get(_OLD_SUBFILE) == 2


def _is_visible(image: Image.Image) -> bool:
    """Whether anything is on a frame: not all of it is transparent."""
    if not image.has_transparency_data:
        return True
    return bool(image.convert("RGBA").getchannel("A").getbbox())
