"""Small versions of a file's pages, made as somebody looks at them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import small_pages
from desktop_vlm.ui.pictures.loading import to_qimage

SIDE_PX = 300
"""The longer side of what is made: sharp at twice the size that is shown."""
KEPT = 240
"""Of a longer file those that were seen last; each takes a quarter of a megabyte."""

_AT_ONCE = 6
"""Pages of one job, after which what is looked at by then comes first."""


class PageThumbnails(QObject):
    """Makes what is requested, in the decoder's process, one job after the other.

    Signals:
        came: the number of a page; `image` has it now.
        lost: the number of a page that cannot be shown.
    """

    came = Signal(int)
    lost = Signal(int)

    def __init__(self, data: bytes, name: str, password: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = data, name, password
        self._background = Background(self)
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._lost: set[int] = set()
        self._requested: Sequence[int] = ()
        self._asked: tuple[int, ...] = ()

    def image(self, number: int) -> QImage | None:
        """The page's small version; None while there is none."""
        return self._kept.get(number)

    def is_lost(self, number: int) -> bool:
        """Whether the page cannot be shown."""
        return number in self._lost

    def request(self, numbers: Sequence[int]) -> None:
        """These are looked at now, the most important first; others are made no more."""
        self._requested = numbers
        for number in reversed(numbers):
            if number in self._kept:
                self._kept.move_to_end(number)
        self._go_on()

    def _go_on(self) -> None:
        if self._asked:
            return
        missing = [one for one in self._requested if one not in self._kept and one not in self._lost]
        if missing:
            self._start(missing[:_AT_ONCE])

    def _start(self, numbers: Sequence[int]) -> None:
        self._asked = tuple(numbers)
        self._background.stream(partial(_make, *self._file, self._asked), self._came, self._done, self._failed)

    def _came(self, made: tuple[int, QImage]) -> None:
        number, image = made
        self._kept[number] = image
        while len(self._kept) > max(KEPT, len(self._requested)):
            self._kept.popitem(last=False)
        self.came.emit(number)

    def _done(self) -> None:
        self._give_up([one for one in self._asked if one not in self._kept])

    def _failed(self, _sentence: str) -> None:
        """One of several pages may have cost all of them: the first that is missing is tried alone."""
        missing = [one for one in self._asked if one not in self._kept]
        if len(self._asked) == 1 or not missing:
            self._give_up(missing)
        else:
            self._start(missing[:1])

    def _give_up(self, missing: Sequence[int]) -> None:
        self._asked = ()
        for number in missing:
            self._lost.add(number)
            self.lost.emit(number)
        self._go_on()


def _make(data: bytes, name: str, password: str, numbers: Sequence[int]) -> Iterator[tuple[int, QImage]]:
    for number, image in small_pages(data, name, numbers, SIDE_PX, password):
        yield number, to_qimage(image)
