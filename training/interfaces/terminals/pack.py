"""Terminals as training images: `python -m training.interfaces.terminals.pack OUT.zip --count 300 --disposable`.

Real commands run in a pseudo-terminal, as users that are made for it in a container (so it must be root who starts
this), and `pyte` keeps the grid of what stands on the screen. The same bytes are shown by a terminal emulator under
Xvfb, and only images whose pixels agree with the grid are kept.

Needs Debian's `xvfb`, `x11-utils`, one of `stterm`, `mlterm`, `pterm`, `alacritty`, `kitty`, the commands of
`sessions.py`, `projects.py` and `programs.py` as far as they are installed,
and `pyte`. FONTCONFIG_FILE may name the fonts.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from training.interfaces.pack import write_pack
from training.interfaces.questions.asking import clear, fewer
from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Interface
from training.interfaces.terminals import programs, sessions
from training.interfaces.terminals.about import ask_all
from training.interfaces.terminals.agreeing import agrees
from training.interfaces.terminals.emulators import PROGRAMS, Emulator, EmulatorError, Look
from training.interfaces.terminals.long_texts import draw_text
from training.interfaces.terminals.maker import Maker
from training.interfaces.terminals.people import draw_person
from training.interfaces.terminals.recording import ShellError
from training.interfaces.terminals.schemes import draw_scheme
from training.interfaces.terminals.view import Place, View
from training.screens.phrases import Writer

_FAMILIES = (
    "DejaVu Sans Mono", "Liberation Mono", "Hack", "Fira Code", "Noto Mono", "Noto Sans Mono", "FreeMono", "Cousine",
    "Bitstream Vera Sans Mono", "Courier Prime Code", "Fantasque Sans Mono", "IBM 3270", "Agave", "mononoki",
    "monofur",
    "Oxygen Mono", "B612 Mono", "Aerial Mono", "Nimbus Mono PS", "DejaVu Sans Mono", "Liberation Mono", "Hack",
)  # fmt: skip
_SHOWN_BY_ONE = 10
"""Screens that one emulator shows."""
_FULL_SHARE = 0.28
"""Of screens: programs that have the whole terminal."""
_LEAST_ASKED = 8
_MOST_DRILLED = 26
"""Questions of a kind where lines are counted."""
_SLOW, _SLOW_SHARE = ("alacritty", "kitty"), 0.3
"""Emulators that need a GPU to be quick; how often one of them is taken, to once for each other."""
_LARGE_SHARE, _SHORT_SHARE = 0.72, 0.2
"""Of windows: large ones with small letters; of those in which lines are counted: some with few lines."""
_LARGE = ((1900, 1000), (1900, 1000), (1900, 1000), (1750, 960), (1590, 840), (1590, 840), (1430, 840), (1350, 940))
"""Of large windows, px."""
_LOW_SHARE, _LOW = 0.55, (20, 45)
"""Of large windows: those with so many lines only."""
_FILLED_SHARE, _TEXT_SHARE, _MOST_TRIED = 0.85, 0.35, 14
"""Of large windows: full ones, and of what is shown in those, texts; how often something is run to fill one."""
_WIDEST, _HIGHEST = 1910, 1150
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terminal(Interface):
    """A terminal's window with its questions."""

    asked: tuple[Asked, ...] = ()


def draw_geometry(rng: random.Random, size: int) -> tuple[int, int]:
    """Columns and rows for letters of so many px."""
    wide, high = rng.choice(((80, 24), (80, 24), (80, 25), (100, 30), (120, 36), (132, 43), (90, 20), (110, 28),
                             (160, 45),
                             (200, 60), (1920, 1040), (1366, 700), (1600, 840), (1280, 660),
                             (960, 1000)))  # fmt: skip
    if wide > 300:
        wide, high = int(wide / (size * 0.6)), int(high / (size * 1.25))
    elif rng.random() < 0.5:
        wide, high = wide + rng.randint(-14, 24), high + rng.randint(-5, 10)
    return (max(60, min(wide, int(_WIDEST / (size * 0.62)))), max(14, min(high, int(_HIGHEST / (size * 1.3)))))


def draw_large(rng: random.Random, size: int) -> tuple[int, int]:
    """Columns and rows of a large window for letters of so many px; half of them are wide and low."""
    wide, high = rng.choice(_LARGE)
    rows = int(high / (size * 1.3))
    if rng.random() < _LOW_SHARE:
        rows = min(rows, rng.randint(*_LOW))
    return int(wide / math.ceil(size * 0.61)), rows


def _draw_program(rng: random.Random, installed: list[str]) -> str:
    """One of the emulators; those that are slow without a GPU seldom."""
    return rng.choices(installed, [_SLOW_SHARE if one in _SLOW else 1.0 for one in installed])[0]


def draw_look(rng: random.Random, installed: list[str], *, large: bool = False, short: bool = False) -> Look:
    """How an emulator looks: its program, font, colours, size; large ones have small letters, short ones few rows."""
    if large:
        size = rng.choices((9, 10, 11, 12, 13), (2, 4, 6, 6, 5))[0]
        return Look(_draw_program(rng, installed), rng.choice(_FAMILIES), size, draw_scheme(rng), draw_large(rng, size))
    if short:
        size, cells = rng.randint(10, 16), (rng.randint(60, 110), rng.randint(6, 16))
        return Look(_draw_program(rng, installed), rng.choice(_FAMILIES), size, draw_scheme(rng), cells)
    size = rng.choices((10, 11, 12, 13, 14, 15, 16, 17, 18, 20), (3, 5, 9, 12, 14, 12, 11, 6, 5, 3))[0]
    program = _draw_program(rng, installed)
    return Look(program, rng.choice(_FAMILIES), size, draw_scheme(rng), draw_geometry(rng, size))


def make_screen(rng: random.Random, maker: Maker, *, drill: bool = False) -> None:
    """Run commands until a part of the screen is filled, or start a program that fills it.

    `drill`: a text, a log or a list whose lines can be counted.
    """
    filled = maker.filled
    if drill:
        maker.kind, make = draw_text(rng)
        make(maker)
        return
    if rng.random() < _FULL_SHARE:
        maker.kind, make = programs.draw(rng)
        make(maker)
        return
    target, tries = rng.uniform(0.9, 1.6) if filled else rng.uniform(0.25, 1.3), 0
    kinds: list[str] = []
    while tries < (_MOST_TRIED if filled else 6) and (not kinds or maker.shell.lines_written < target * maker.rows):
        tries += 1
        maker.filled = filled and rng.random() < 0.5
        kind, make = draw_text(rng, full=False) if filled and rng.random() < _TEXT_SHARE else sessions.draw(rng)
        make(maker)
        kinds.append(kind)
        if not filled and rng.random() < 0.2:
            break
    maker.kind = kinds[0]


def shots(rng: random.Random, display: str, count: int, seen: Counter[str],
          drilled: float = 0.0, seconds: float = math.inf) -> Iterator[tuple[Image.Image, Terminal]]:  # fmt: skip
    """So many screens with what is known of them, or what there is after so long; in a share lines are counted."""
    writer = Writer(rng, "train")
    installed = [one for one in PROGRAMS if shutil.which(one)]
    made, end = 0, time.monotonic() + seconds
    while made < count and time.monotonic() < end:
        try:
            large = rng.random() < _LARGE_SHARE
            short = rng.random() < _SHORT_SHARE / (1 - _LARGE_SHARE) * drilled
            emulator = Emulator.start(draw_look(rng, installed, large=large, short=short), display, rng)
        except EmulatorError as error:
            _log.warning("%s", error)
            seen["no emulator"] += 1
            continue
        try:
            if emulator.window[2] > _WIDEST or emulator.window[3] > _HIGHEST:
                seen[f"{emulator.look.program}: too large"] += 1
                continue
            for _ in range(_SHOWN_BY_ONE):
                if time.monotonic() > end:
                    break
                filled = large and rng.random() < _FILLED_SHARE
                shot = _shot(rng, writer, emulator, seen, drill=rng.random() < drilled, filled=filled)
                if shot:
                    made += 1
                    yield shot
        except EmulatorError as error:
            _log.warning("%s", error)
        finally:
            emulator.close()


def _shot(
    rng: random.Random, writer: Writer, emulator: Emulator, seen: Counter[str], *, drill: bool, filled: bool
) -> tuple[Image.Image, Terminal] | None:
    maker = Maker(rng, writer, draw_person(rng, root=rng.random() < 0.05), emulator.geometry, filled=filled)
    try:
        make_screen(rng, maker, drill=drill)
        grid, data = maker.shell.grid(), maker.shell.data
    except (ShellError, subprocess.SubprocessError, OSError, ValueError, IndexError, KeyError) as error:
        _log.info("%s: %s", maker.kind, error)
        seen[f"failed: {maker.kind}"] += 1
        return None
    finally:
        maker.close()
        if maker.kind == "tmux":
            programs.close_panes(maker)
    place = emulator.write(b"\x1b[m\x0f\x1b(B\x1b[r\x1b#8\x1b[?7h\x1b[4l\x1b[?25h\x1b[H\x1b[2J\x1b[3J" + data)
    image = emulator.image()
    cells = emulator.cells
    where = Place(cells.left, cells.top, cells.width, cells.height, cells.up, cells.down)
    reason = "cursor" if place != grid.cursor else agrees(image, grid, where)
    if reason:
        seen[f"{emulator.look.program}: {reason}"] += 1
        return None
    view = View(rng, writer, grid, where)
    ask_all(view, maker.kind, maker.notes, drill=drill)
    asked = fewer(rng, clear(view.asked), _MOST_DRILLED) if drill else fewer(rng, clear(view.asked))
    if len(asked) < _LEAST_ASKED:
        seen["too few questions"] += 1
        return None
    seen[maker.kind] += 1
    title = _title(rng, maker)
    return image, Terminal("terminal", title, False, "", tuple(view.rows.values()), tuple(view.texts()), True,
                           asked=tuple(asked))  # fmt: skip


def _title(rng: random.Random, maker: Maker) -> str:
    """What a title bar would say: the folder, the program, or the terminal's own name."""
    person = maker.person
    folder = maker.shell.folder_now
    tilde = "~" + folder[len(str(person.home)) :] if folder.startswith(str(person.home)) else folder
    full = maker.shell.full
    options = [f"{person.name}@{person.host}: {tilde}", f"{person.name}@{person.host}:{tilde}", tilde, "Terminal",
               f"{tilde} - Terminal", "bash"]  # fmt: skip
    return rng.choice([full.split()[0], full, full] if full and len(full) < 40 else options)


def asked_of(interface: Interface, contrasts: Mapping[int, float]) -> list[Asked]:
    """The questions of a terminal whose rows can all be read."""
    del contrasts
    known = {id(one) for one in interface.controls}
    asked = interface.asked if isinstance(interface, Terminal) else ()
    return [one for one in asked if all(id(need) in known for need in one.needs)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--display", type=int, default=120, help="the number of the X server that is started")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--disposable", action="store_true", help="this computer may be spoilt: users are made on it, "
                        "and commands are run that remove and change files")  # fmt: skip
    parser.add_argument("--drilled", type=float, default=0.0, help="share of the screens in which lines are counted, "
                        "most of them large and with small letters")  # fmt: skip
    parser.add_argument("--minutes", type=float, default=math.inf, help="the pack ends with what there is then")
    options = parser.parse_args()
    if not options.disposable:
        parser.error("this makes users and runs commands that remove files: run it in a container, with --disposable")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    display, seen, began = f":{options.display}", Counter[str](), time.monotonic()
    with subprocess.Popen(["Xvfb", display, "-screen", "0", "2000x1300x24", "-br", "-nolisten", "tcp"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # fmt: skip
        try:
            time.sleep(1.0)
            os.environ["DISPLAY"] = display
            rng = random.Random(options.seed)
            made = shots(rng, display, options.count, seen, options.drilled, 60 * options.minutes)
            count = write_pack(options.out, made, options.seed, ask=asked_of)
        finally:
            server.terminate()
    _log.info("%s terminals in %.0f s", count, time.monotonic() - began)
    for reason, number in seen.most_common():
        _log.info("%5d %s", number, reason)


if __name__ == "__main__":
    main()
