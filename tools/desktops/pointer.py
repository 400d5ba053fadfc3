"""Real input into a compositor: `python -m tools.desktops.pointer KIND move X Y press move X Y release key 29+42+57`.

KIND is `kwin` (org_kde_kwin_fake_input) or `wlroots` (zwlr_virtual_pointer_manager_v1, the mouse only); the latter is
followed by the size of all screens together, 1280x800. Keys are numbers of Linux' input-event-codes.h, held together
with +. `menu` clicks the right button, `sleep S` waits.
"""

from __future__ import annotations

import sys
import time
from typing import Protocol

from tools.desktops.wire import Wire, fixed, number, text

_LEFT, _RIGHT = 0x110, 0x111
_PAUSE_S = 0.05
FAKE_INPUT = "org_kde_kwin_fake_input"
"""What KWin offers to those that may; others get an error with this name."""


class Input(Protocol):
    """What sends input."""

    def move(self, x: float, y: float) -> None:
        """Put the pointer somewhere."""

    def button(self, *, is_down: bool, code: int = _LEFT) -> None:
        """Press or release one, the left one if it is not said."""

    def key(self, code: int, *, is_down: bool) -> None:
        """Press or release a key."""


class KWinInput:
    """KWin's fake input; a .desktop file has to name this Python, see `plasma`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._object = wire.bind(FAKE_INPUT, 4)
        wire.send(self._object, 0, text("Desktop VLM"), text("tests"))

    def move(self, x: float, y: float) -> None:
        self._wire.send(self._object, 9, fixed(x), fixed(y))

    def button(self, *, is_down: bool, code: int = _LEFT) -> None:
        self._wire.send(self._object, 2, number(code), number(is_down))

    def key(self, code: int, *, is_down: bool) -> None:
        self._wire.send(self._object, 10, number(code), number(is_down))


class WlrootsInput:
    """A virtual mouse; keys come from wtype."""

    def __init__(self, wire: Wire, size: tuple[int, int]) -> None:
        self._wire, self._size = wire, size
        manager = wire.bind("zwlr_virtual_pointer_manager_v1", 1)
        self._object = wire.new_id()
        wire.send(manager, 0, number(0), number(self._object))

    def move(self, x: float, y: float) -> None:
        width, height = self._size
        self._send(1, number(_now_ms()), number(round(x)), number(round(y)), number(width), number(height))

    def button(self, *, is_down: bool, code: int = _LEFT) -> None:
        self._send(2, number(_now_ms()), number(code), number(is_down))

    def key(self, code: int, *, is_down: bool) -> None:
        raise NotImplementedError("use wtype")

    def _send(self, opcode: int, *arguments: bytes) -> None:
        self._wire.send(self._object, opcode, *arguments)
        self._wire.send(self._object, 4)  # a frame


def _now_ms() -> int:
    return round(time.monotonic() * 1000) & 0xFFFFFFFF


def play(made: Input, wire: Wire, words: list[str]) -> None:
    """Do what the words say, one after the other."""
    rest = iter(words)
    for word in rest:
        if word == "move":
            made.move(float(next(rest)), float(next(rest)))
        elif word in {"press", "release"}:
            made.button(is_down=word == "press")
        elif word in {"click", "menu"}:
            code = _LEFT if word == "click" else _RIGHT
            made.button(is_down=True, code=code)
            made.button(is_down=False, code=code)
        elif word == "key":
            codes = [int(code) for code in next(rest).split("+")]
            for code in codes:
                made.key(code, is_down=True)
            for code in reversed(codes):
                made.key(code, is_down=False)
        elif word == "sleep":
            time.sleep(float(next(rest)))
        wire.roundtrip()
        time.sleep(_PAUSE_S)


def main(arguments: list[str]) -> None:
    """Send the input that the command line says."""
    kind, display, *words = arguments
    wire = Wire(display)
    if kind == "kwin":
        play(KWinInput(wire), wire, words)
    else:
        width, height = (int(side) for side in words[0].split("x"))
        play(WlrootsInput(wire, (width, height)), wire, words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
