"""Real input into a compositor: `python -m tools.desktops.pointer KIND move X Y press move X Y release key 29+42+57`.

KIND is `kwin` (org_kde_kwin_fake_input) or `wlroots` (zwlr_virtual_pointer_manager_v1, the mouse only). Keys are
numbers of Linux' input-event-codes.h, held together with +. `sleep S` waits.
"""

from __future__ import annotations

import sys
import time
from typing import Protocol

from tools.desktops.wire import Wire, fixed, number, text

_LEFT = 0x110
_PAUSE_S = 0.05


class Input(Protocol):
    """What sends input."""

    def move(self, x: float, y: float) -> None:
        """Put the pointer somewhere."""

    def button(self, *, is_down: bool) -> None:
        """Press or release the left one."""

    def key(self, code: int, *, is_down: bool) -> None:
        """Press or release a key."""


class KWinInput:
    """KWin's fake input; a .desktop file has to name this Python, see `plasma`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._object = wire.bind("org_kde_kwin_fake_input", 4)
        wire.send(self._object, 0, text("Desktop VLM"), text("tests"))

    def move(self, x: float, y: float) -> None:
        self._wire.send(self._object, 9, fixed(x), fixed(y))

    def button(self, *, is_down: bool) -> None:
        self._wire.send(self._object, 2, number(_LEFT), number(is_down))

    def key(self, code: int, *, is_down: bool) -> None:
        self._wire.send(self._object, 10, number(code), number(is_down))


class WlrootsInput:
    """A virtual mouse; keys come from wtype."""

    def __init__(self, wire: Wire, size: tuple[int, int] = (1280, 800)) -> None:
        self._wire, self._size = wire, size
        manager = wire.bind("zwlr_virtual_pointer_manager_v1", 1)
        self._object = wire.new_id()
        wire.send(manager, 0, number(0), number(self._object))

    def move(self, x: float, y: float) -> None:
        width, height = self._size
        self._send(1, number(_now_ms()), number(round(x)), number(round(y)), number(width), number(height))

    def button(self, *, is_down: bool) -> None:
        self._send(2, number(_now_ms()), number(_LEFT), number(is_down))

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
        elif word == "click":
            made.button(is_down=True)
            made.button(is_down=False)
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
    play(KWinInput(wire) if kind == "kwin" else WlrootsInput(wire), wire, words)


if __name__ == "__main__":
    main(sys.argv[1:])
