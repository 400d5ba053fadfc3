"""Words without end for training images, beside the generator's own English, so that nothing is learned by heart.

Two sources are mixed: the word lists of the system that draws (`python -m training.screens.lexicon OUT.txt` collects
them into the file that DESKTOP_VLM_WORDS names; without it this part is left out), and invented words, spelled from
syllables. Held-out words are neither drawn nor invented.
"""

# ruff: noqa: SIM905 - lists of syllables are easier to read and to extend without quotes

from __future__ import annotations

import argparse
import functools
import os
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import overload

from training.screens.words import held_out

_ONSETS = (
    " b c d f g h j k l m n p qu r s t v w y z bl br ch cl cr dr fl fr gl gr ph pl pr sc sh sk sl sm sn sp st str sw th"
    " tr tw wh wr scr spl b c d l m n p r s t"
).split(" ")
_NUCLEI = "a e i o u a e i o u ai ea ee ie oa oo ou au ei io ia y ue".split()
_CODAS = "  n r s t l m d k p n r s ck nd nt ng st rd rm rt ss ll sh ch ct ft mp lt rk x ze ve gh th b g".split(" ")
_JOINTS = "    n r l s m c t".split(" ")
_ENDINGS = " s ed ing er ly tion ness ment able al ic ous ive or ist ism y e a o us is um en et on".split(" ")
_MANY = 1 << 44
_SPREAD = 0x9E3779B97F4A7C15
_BITS = (1 << 64) - 1
_SYSTEM_LISTS = Path("/usr/share/dict")
_ENGLISH = "american-english-large"
_PLAIN = re.compile("[A-Za-z]{2,16}")


def invented(number: int) -> str:
    """The word with this number: one to three syllables, and perhaps an ending."""

    def take(parts: Sequence[str]) -> str:
        nonlocal number
        number, place = divmod(number, len(parts))
        return parts[place]

    syllables = take("11122223")
    inner = "".join(take(_ONSETS) + take(_NUCLEI) + take(_JOINTS) for _ in range(int(syllables) - 1))
    word = inner + take(_ONSETS) + take(_NUCLEI) + take(_CODAS)
    return word + (take(_ENDINGS) if syllables != "3" else "")


class Lexicon(Sequence[str]):
    """An endless list for `random.choice`: shares of known entries, of a word list, and of invented words.

    An entry that is held out gives way to an invented one.
    """

    def __init__(self, known: Sequence[str], listed: Sequence[str], *, share: float, capital: bool = False) -> None:
        self._known, self._listed, self._capital = known, listed, capital
        rest = (1 - share) / 2
        self._bounds = (int(_MANY * share), int(_MANY * (share + (rest if listed else 0))))

    def __len__(self) -> int:
        return _MANY

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(_MANY))]
        number = (index + 1) * _SPREAD & _BITS
        if index < self._bounds[0]:
            return self._known[(number >> 20) % len(self._known)]
        number ^= number >> 29
        word = self._listed[number % len(self._listed)] if index < self._bounds[1] else invented(number)
        while held_out(word) or len(word) < 2:
            number = (number + 1) * _SPREAD & _BITS
            word = invented(number ^ number >> 31)
        return word.capitalize() if self._capital else word


@functools.cache
def listed_words() -> tuple[str, ...]:
    """The words of the file that DESKTOP_VLM_WORDS names; empty without it."""
    path = os.environ.get("DESKTOP_VLM_WORDS")
    return tuple(Path(path).read_text(encoding="ascii").split()) if path else ()


def collect(folder: Path, most_foreign: int, seed: int = 1) -> list[str]:
    """Plain words of installed word lists: all English ones, some of each other language; none that is held out."""
    rng = random.Random(seed)
    found: set[str] = set()
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith("README") or path.suffix:
            continue
        lines = path.read_text(encoding="utf-8", errors="ignore").splitlines()
        words = sorted({line for line in lines if _PLAIN.fullmatch(line) and not held_out(line)})
        found.update(words if path.name == _ENGLISH else rng.sample(words, min(most_foreign, len(words))))
    return sorted(found)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lists", type=Path, default=_SYSTEM_LISTS, help="a folder of word lists, one word a line")
    parser.add_argument("--foreign", type=int, default=15_000, help="at most so many words of another language")
    options = parser.parse_args()
    words = collect(options.lists, options.foreign)
    options.out.write_text("\n".join(words) + "\n", encoding="ascii")
    print(f"{len(words):,} words")


if __name__ == "__main__":
    main()
