"""Colours of terminals: the ground, the ink and the sixteen of a palette."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """`ground`, `ink` and 16 `colours`, each "#rrggbb"."""

    name: str
    ground: str
    ink: str
    colours: tuple[str, ...]

    @staticmethod
    def parts(colour: str) -> tuple[int, int, int]:
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

    @property
    def is_dark(self) -> bool:
        return sum(self.parts(self.ground)) < 380

    def sequences(self, program: str) -> bytes:
        """What sets the colours of an emulator that has not been view by its command."""
        if program == "pterm":
            return b""
        said = "".join(f"\x1b]4;{number};{colour}\x07" for number, colour in enumerate(self.colours))
        return (said + f"\x1b]10;{self.ink}\x07\x1b]11;{self.ground}\x07").encode()


def _scheme(name: str, ground: str, ink: str, colours: str) -> Scheme:
    found = tuple(f"#{colour}" for colour in colours.split())
    return Scheme(name, f"#{ground}", f"#{ink}", found + found[len(found) - 8 :] if len(found) == 8 else found)


_PLAIN = ("000000 cd0000 00cd00 cdcd00 3a6ae8 cd00cd 00cdcd e5e5e5"
          " 7f7f7f ff4040 00ff00 ffff00 6c8cff ff40ff 00ffff ffffff")  # fmt: skip
_TANGO = ("2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf"
          " 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec")  # fmt: skip
_SOFT = ("3b4252 bf616a a3be8c ebcb8b 81a1c1 b48ead 88c0d0 e5e9f0"
         " 6c7a96 d06f79 b1d196 f0d399 8cafd2 c895bf 93ccdc eceff4")  # fmt: skip
_SOLAR = ("073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5"
          " 657b83 cb4b16 7a9a00 a57800 3b8fc2 6c71c4 3aa198 fdf6e3")  # fmt: skip
_VIVID = ("282a36 ff5555 50fa7b f1fa8c bd93f9 ff79c6 8be9fd f8f8f2"
          " 6272a4 ff6e6e 69ff94 ffffa5 d6acff ff92df a4ffff ffffff")  # fmt: skip
_LIGHT = ("000000 b00000 007000 7a5c00 0040a0 8a008a 006a70 d2d2d2"
          " 444444 c82020 108020 806000 2050c0 a020a0 107880 ffffff")  # fmt: skip
_EARTH = ("282828 cc241d 98971a d79921 5590a5 b16286 689d6a a89984"
          " 928374 fb4934 b8bb26 fabd2f 83a598 d3869b 8ec07c ebdbb2")  # fmt: skip
SCHEMES = (
    _scheme("black", "000000", "e5e5e5", _PLAIN), _scheme("black soft", "000000", "c0c0c0", _TANGO),
    _scheme("white", "ffffff", "000000", _LIGHT), _scheme("white ink", "ffffff", "262626", _LIGHT),
    _scheme("paper", "fdf6e3", "4a5a62", _SOLAR), _scheme("ivory", "ffffdd", "101010", _LIGHT),
    _scheme("deep sea", "002b36", "aab6b8", _SOLAR), _scheme("aubergine", "300a24", "eeeeec", _TANGO),
    _scheme("graphite", "1e1e1e", "d4d4d4", _TANGO), _scheme("slate", "2e3440", "d8dee9", _SOFT),
    _scheme("night", "282a36", "f8f8f2", _VIVID), _scheme("brown", "282828", "ebdbb2", _EARTH),
    _scheme("navy", "101a3c", "e8e8e8", _PLAIN), _scheme("green", "001200", "30e060", _PLAIN),
    _scheme("amber", "140c00", "ffb000", _PLAIN), _scheme("grey", "eeeeee", "141414", _LIGHT),
    _scheme("mist", "f2f5f8", "24344a", _LIGHT), _scheme("cream", "fbf1c7", "3c3836", _LIGHT),
    _scheme("charcoal", "17191f", "c8d2f0", _SOFT), _scheme("steel", "dde3e8", "1b2733", _LIGHT),
)  # fmt: skip


def draw_scheme(rng: random.Random) -> Scheme:
    """A random one; two of five are light."""
    light = rng.random() < 0.42
    return rng.choice([one for one in SCHEMES if one.is_dark is not light])
