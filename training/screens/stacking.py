"""Windows that lie on each other: what is seen of each, which is seen to be in front, and where each of them is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PIL import Image, ImageDraw

from training.screens.covered import whole_texts
from training.screens.neighbours import Text
from training.screens.records import Box, Glyph, Question, Screen, Unlocated
from training.screens.several_windows import names_by_contents
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Colour

Bounds = tuple[int, int, int, int]
"""(left, top, right, bottom) of a window, px on the screen."""

_SHADOW_SHARE, _LINE_SHARE = 0.35, 0.4
"""Of the screens to train on whose windows cast shadows, and whose windows have a line round them."""
_MOST_COVERED = 0.75
"""Of a window to train on, by one other."""
_LARGER = 1.8
"""Times the area of the other of two windows: it is the large one."""


@dataclass
class Window:
    """A window on the desktop.

    Attributes:
        drawn: all its characters, in the screen's pixels.
        glyphs: those that no other window covers.
        whole: whether all of it is seen.
        covers: the boxes of the windows in front of it.
    """

    screen: Screen
    title: str
    box: Bounds
    drawn: list[Glyph]
    glyphs: list[Glyph] = field(init=False)
    whole: bool = True
    covers: list[Bounds] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.glyphs = self.drawn

    def cut(self) -> None:
        """Without characters that its own edges cut off."""
        left, top, right, bottom = self.box
        self.glyphs = [glyph for glyph in self.drawn if left <= glyph.box[0] and glyph.box[2] <= right
                       and top <= glyph.box[1] and glyph.box[3] <= bottom]  # fmt: skip
        self.whole = len(self.glyphs) == len(self.drawn)

    @property
    def texts(self) -> list[Glyph]:
        """The characters of texts that are seen from end to end."""
        return self.glyphs if self.whole else whole_texts(self.drawn, self.glyphs)

    @property
    def boxed(self) -> list[Text]:
        """Texts, with the boxes of their controls, that no other window covers and whose characters aren't located."""
        return [Text(text, box) for one in self.screen.unlocated for text, box in one.texts
                if not any(meet(box, cover) for cover in self.covers)]  # fmt: skip

    @property
    def heights(self) -> list[float]:
        """Of letters that are seen, px: of all that are located, and of the lowest and highest of the others."""
        heights = [glyph.box[3] - glyph.box[1] for glyph in self.glyphs]
        return heights + [height for one in self.screen.unlocated for height in one.letters]

    def answers(self, question: Question) -> bool:
        """Whether what a question is about is known to be seen."""
        return bool(question.needs) and not any(meet(need, cover) for need in question.needs for cover in self.covers)


def with_window(windows: list[Window], new: Window) -> list[Window]:
    """The windows that are still seen with a new one in front of them, which comes last."""
    for behind in windows:
        kept = [glyph for glyph in behind.glyphs if not meet(glyph.box, new.box)]
        behind.whole = behind.whole and len(kept) == len(behind.glyphs)
        behind.whole = behind.whole and not any(meet(one.box, new.box) for one in behind.screen.unlocated)
        behind.covers.append(new.box)
        behind.glyphs = kept
    return [*(behind for behind in windows if not _inside(behind.box, new.box)), new]


def markable_texts(window: Window, least_px: float) -> list[tuple[str, Box]]:
    """Short texts of a window whose characters are not located, to be marked: letters have `least_px` at least."""
    return [one.texts[place] for one in window.screen.unlocated if one.letters[0] >= least_px for place in one.marked
            if not any(meet(one.texts[place][1], cover) for cover in window.covers)]  # fmt: skip


def unlocated_parts(windows: Sequence[Window]) -> list[Unlocated]:
    """What is seen of the parts of windows, from back to front, whose characters are not located."""
    found: list[Unlocated] = []
    for window in windows:
        left, top, right, bottom = window.box
        for one in window.screen.unlocated:
            parts = [(max(one.box[0], left), max(one.box[1], top), min(one.box[2], right), min(one.box[3], bottom))]
            for cover in window.covers:
                parts = [rest for part in parts for rest in _without(part, cover)]
            found += [Unlocated(part) for part in parts]
    return found


def _without(box: Box, cover: Bounds) -> list[Box]:
    """What a window in front of a box leaves of it, in up to four boxes."""
    if not meet(box, cover):
        return [box]
    left, top, right, bottom = box
    upper, lower = max(top, cover[1]), min(bottom, cover[3])
    parts = [(left, top, right, upper), (left, lower, right, bottom), (left, upper, max(left, cover[0]), lower),
             (min(right, cover[2]), upper, right, lower)]  # fmt: skip
    return [part for part in parts if part[0] < part[2] and part[1] < part[3]]


def meet(a: Box | Bounds, b: Bounds) -> bool:
    """Whether two boxes have a part in common."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(a: Bounds, b: Bounds) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


def free_place(rng: random.Random, room: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """A random upper left corner, px, from which a window of this size does not hang out of the room."""
    return rng.randint(0, room[0] - size[0]), rng.randint(0, room[1] - size[1])


def leaves_in_sight(new: Window, window: Window) -> bool:
    """Whether enough of a window is beside a new one in front of it to notice it."""
    box, over = window.box, new.box
    across, down = (min(box[n + 2], over[n + 2]) - max(box[n], over[n]) for n in (0, 1))
    return min(across, down) <= 0 or across * down < _MOST_COVERED * _area(box)


def front_is_seen(windows: Sequence[Window]) -> bool:
    """Whether the last is seen to be in front: others all have something on them, or there are none."""
    boxes = [window.box for window in windows]
    return all(any(meet(box, other) for other in boxes[place + 1 :]) for place, box in enumerate(boxes[:-1]))


def covering(windows: Sequence[Window], place: int) -> list[int]:
    """The places of the windows that cover a part of that one."""
    box = windows[place].box
    return [other for other in range(place + 1, len(windows)) if meet(box, windows[other].box)]


def place_names(windows: Sequence[Window], place: int, apart: float) -> list[str]:
    """What one of several windows may be called by where it is, such as "window on the left", or what it shows.

    It is on one side where both its edges are `apart` px further to that side than those of all others.
    """
    box, others = windows[place].box, [one.box for n, one in enumerate(windows) if n != place]
    if not others:
        return []
    sides = [(_beyond(box, other, 0, apart), _beyond(box, other, 1, apart)) for other in others]
    names = [name for (axis, side), some in _SIDES.items() if all(one[axis] == side for one in sides) for name in some]
    if len(others) == 2 and sorted(across for across, _ in sides) == [-1, 1]:
        names.append("window in the middle")
    names += _names_by_corner(sides) + names_by_contents([one.screen for one in windows], place)
    return names + _names_by_size(box, others) + _names_by_depth(windows, place)


_SIDES: dict[tuple[int, int], tuple[str, ...]] = {
    (0, -1): ("window on the left", "left window", "window at the left"),
    (0, 1): ("window on the right", "right window", "window at the right"),
    (1, -1): ("upper window", "window at the top", "top window"),
    (1, 1): ("lower window", "window at the bottom", "bottom window"),
}
"""By axis and side."""


def is_place(name: str) -> bool:
    """Whether a window's name is its place and says nothing of what it is."""
    return any(name in names for names in (*_SIDES.values(), *_CORNERS.values())) or name in _DEPTHS


_DEPTHS = frozenset({"window in front", "front window", "window on top", "topmost window", "window behind",
                     "window in the background", "window at the back", "window in the middle"})  # fmt: skip


def _names_by_corner(sides: Sequence[tuple[int, int]]) -> list[str]:
    """`sides` says where a window is before (-1) or after (1) each other, across and down."""
    return [name for (across, down), names in _CORNERS.items() for name in names
            if all(one[0] in (across, 0) and one[1] in (down, 0) and any(one) for one in sides)
            and {one[0] for one in sides} == {across, 0} and {one[1] for one in sides} == {down, 0}]  # fmt: skip


_CORNERS: dict[tuple[int, int], tuple[str, ...]] = {
    (-1, -1): ("window at the top left", "upper left window", "top left window"),
    (1, -1): ("window at the top right", "upper right window", "top right window"),
    (-1, 1): ("window at the bottom left", "lower left window", "bottom left window"),
    (1, 1): ("window at the bottom right", "lower right window", "bottom right window"),
}
"""By side across and down."""


def _names_by_size(box: Bounds, others: Sequence[Bounds]) -> list[str]:
    if len(others) != 1:
        return []
    if _area(box) > _LARGER * _area(others[0]):
        return ["large window", "larger window", "big window"]
    return ["small window", "smaller window", "little window"] if _area(others[0]) > _LARGER * _area(box) else []


def _names_by_depth(windows: Sequence[Window], place: int) -> list[str]:
    if not front_is_seen(windows):
        return []
    if place == len(windows) - 1:
        return ["window in front", "front window", "window on top", "topmost window"]
    return ["window behind", "window in the background", "window at the back"] * (len(windows) == 2)


def _beyond(box: Bounds, other: Bounds, axis: int, apart: float) -> int:
    """-1 where a window is before another along an axis with both its edges, 1 where it is after it, else 0."""
    near, far = box[axis] - other[axis], box[axis + 2] - other[axis + 2]
    if max(near, far) < -apart:
        return -1
    return 1 if min(near, far) > apart else 0


def _area(box: Bounds) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def inactive(style: Style) -> Style:
    """How windows look that do not have the focus: their titles are pale."""
    theme = style.theme
    title = _mixed(theme.title, theme.window, 0.6)
    ink = _mixed(theme.ink if title == theme.window else theme.title_ink, title, 0.25)
    if abs(sum(ink) - sum(title)) < 200:
        return style
    return replace(style, theme=replace(theme, title=title, title_ink=ink))


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def said_place(window: Window, windows: Sequence[Window]) -> str:
    """How a question begins that is about the window furthest to one side; "" where it is not."""
    middles = [(one.box[0] + one.box[2]) / 2 for one in windows]
    middle, apart = (window.box[0] + window.box[2]) / 2, (window.box[2] - window.box[0]) / 3
    others = [other for one, other in zip(windows, middles, strict=True) if one is not window]
    if middle + apart < min(others):
        return "In the window on the left, "
    return "In the window on the right, " if middle - apart > max(others) else ""


def paste_windows(rng: random.Random, sketch: Sketch, windows: Sequence[Window], style: Style, scale: float) -> None:
    """Draw windows from back to front with edges that set them apart; `scale` is that of the model's canvas."""
    draw = rng.random()
    thick = max(1, round(rng.choice((1.0, 1.0, 2.0)) / scale))
    line = style.theme.line if rng.random() < 0.6 else (rng.randrange(100),) * 3
    for window in windows:
        left, top, right, bottom = window.box
        if draw < _SHADOW_SHARE:
            _cast_shadow(sketch, window.box, round(rng.uniform(4, 9) / scale))
        elif draw < _SHADOW_SHARE + _LINE_SHARE:
            sketch.draw.rectangle((left - thick, top - thick, right + thick - 1, bottom + thick - 1), line)
        sketch.image.paste(window.screen.image, window.box[:2])


def _cast_shadow(sketch: Sketch, box: Bounds, wide: int) -> None:
    """A dark rim round a window, darkest beside it."""
    left, top, right, bottom = box
    strips = ((left - wide, top - wide, right + wide, top), (left - wide, bottom, right + wide, bottom + wide),
              (left - wide, top, left, bottom), (right, top, right + wide, bottom))  # fmt: skip
    for strip in strips:
        area = (max(0, strip[0]), max(0, strip[1]), min(sketch.image.width, strip[2]),
                min(sketch.image.height, strip[3]))  # fmt: skip
        if area[0] >= area[2] or area[1] >= area[3]:
            continue
        mask = Image.new("L", (area[2] - area[0], area[3] - area[1]), 0)
        pen = ImageDraw.Draw(mask)
        for step in range(wide):
            far = wide - step
            pen.rectangle((left - far - area[0], top - far - area[1], right + far - 1 - area[0],
                           bottom + far - 1 - area[1]), round(110 * ((step + 1) / wide) ** 2))  # fmt: skip
        sketch.image.paste((0, 0, 0), area, mask)
