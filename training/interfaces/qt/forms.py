"""Windows laid out by real programs' Qt Designer forms.

    python -m training.interfaces.qt.forms FORMS OUT.zip --count 2000 --seed 1

FORMS is a folder with .ui files, in a folder for each program. Needs PySide6 and the fonts of `training.fonts`, both
collected (DESKTOP_VLM_FONTS) and installed. Every form is drawn in several looks and with other contents each time. Qt
runs without a screen, in a process of its own, since some forms end it. `--sheets FOLDER` writes images with the
characters' and the controls' boxes, to be looked at.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QRect, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QMainWindow, QMenu, QWidget, QWizard

from training.interfaces.qt.controls import Reader
from training.interfaces.qt.life import bring_to_life
from training.interfaces.qt.loading import load_form
from training.interfaces.qt.looks import dress, some_icons
from training.interfaces.qt.menus import beside, meet, open_menu
from training.interfaces.qt.settling import settle
from training.interfaces.qt.texts import lines_of, overlap, photograph, texts_of
from training.interfaces.qt.together import load_together
from training.interfaces.qt.values import is_placeholder
from training.interfaces.qt.views import FILLED, fill_blanks, fill_docks, fill_rooms
from training.interfaces.records import Control, Interface
from training.screens.phrases import Writer
from training.screens.webpages import Line

_LEAST, _MOST = (380, 220), (1800, 1040)
"""Sizes of windows, px."""
_LEAST_CONTROLS = 5
_LEAST_PARTS = 6
"""Widgets of a form."""
_LEAST_CONTRAST = 40
"""Between ink and ground, of 255."""
_ROOM = 50_000
"""Px of a window for each control, at most."""
_TOGETHER, _MOST_TOGETHER = 0.45, 8
"""Of windows that show several forms of a program, and how many are tried."""
_OPEN = 0.4
"""Of main windows that have a menu open."""
_SECONDS = 60
_FORMS_OF_A_PROCESS = 150
_MOST_OF_A_PROGRAM = 60
"""Forms of one program that are used, larger ones rather."""
_HELD = [None] * 4_000_000
"""PySide6 takes None for immortal, as it is from Python 3.12 on: every call that returns it gives up one reference."""
_NOUNS = (
    (r"\babout\b", "about dialog"), (r"wizard|assistant", "wizard"), (r"\blog ?in\b|\bsign ?in\b", "login dialog"),
    (r"\bprint\b", "print dialog"), (r"\bexport\b", "export dialog"), (r"\bimport\b", "import dialog"),
    (r"\b(find|search)\b", "search window"), (r"\bproperties\b", "properties window"),
    (r"settings|preferences|\bprefs|config|\boptions\b|\bsetup\b|\bkcm", "settings window"),
)  # fmt: skip
_UNNAMED = frozenset({"form", "dialog", "mainwindow", "frame", "widget", "window"})
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|_+|-+")
_WORDS_LEFT_OUT = re.compile(r"\b(ui|base|form|frm|dlg|widget|kcm|page|q|k|qgs|dialog|window)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Shot:
    """A window's image and all that is known about it."""

    image: Image.Image
    interface: Interface


def title_of(rng: random.Random, window: QWidget, name: str, writer: Writer) -> tuple[str, str]:
    """A window's title and the program's name in it, which is "" where none is: the form's own, or made up."""
    title = " ".join(window.windowTitle().replace("[*]", "").split())
    if title and not is_placeholder(title) and title.lower() not in _UNNAMED and not _CAPITAL.search(title.split()[0]):
        return (title if title.isascii() else ""), ""
    if isinstance(window, QMainWindow):
        program = str(rng.choice(writer.vocabulary.apps))
        return rng.choice((f"{writer.file()} - {program}", f"{writer.file()} - {program}", program)), program
    words = _WORDS_LEFT_OUT.sub(" ", _CAPITAL.sub(" ", name.rsplit("::", maxsplit=1)[-1]))
    made = " ".join(words.split())
    if len(made) > 3 and rng.random() < 0.7:
        return made[0].upper() + made[1:], ""
    return writer.title(), ""


def noun_of(window: QWidget, name: str, path: Path) -> tuple[str, bool]:
    """What people call it, and whether it is a dialog."""
    said = f"{window.windowTitle()} {_CAPITAL.sub(' ', name)} {_CAPITAL.sub(' ', path.stem)}".lower()
    special = next((noun for pattern, noun in _NOUNS if re.search(pattern, said)), "")
    is_dialog = bool(window.findChildren(QDialogButtonBox)) or isinstance(window, (QDialog, QWizard))
    if isinstance(window, QMainWindow):
        return "window", False
    if isinstance(window, QWizard):
        return "wizard", True
    if special:
        return special, is_dialog
    return ("dialog" if is_dialog else "window"), is_dialog


def _fit(rng: random.Random, window: QWidget) -> bool:
    """Give it a size; whether that is within limits."""
    window.ensurePolished()
    hint = window.sizeHint().expandedTo(window.minimumSizeHint())
    wide, high = max(hint.width(), 200), max(hint.height(), 100)
    roomy = any(isinstance(one, FILLED) for one in window.findChildren(QWidget))
    if isinstance(window, QMainWindow) or (roomy and rng.random() < 0.75):
        large = rng.random() < (0.8 if isinstance(window, QMainWindow) else 0.75)
        least, most = ((1000, 700), (1760, 1000)) if large else ((620, 400), (1000, 700))
        wide, high = max(wide, rng.randint(least[0], most[0])), max(high, rng.randint(least[1], most[1]))
    else:
        wide, high = round(wide * rng.choice((1.0, 1.0, 1.1, 1.3))), round(high * rng.choice((1.0, 1.0, 1.05, 1.15)))
        wide, high = max(wide, rng.randint(_LEAST[0], 480)), max(high, rng.randint(_LEAST[1], 280))
    if wide > _MOST[0] or high > _MOST[1]:
        return False
    window.resize(wide, high)
    return True


def _fit_large(rng: random.Random, window: QWidget) -> bool:
    """A size for several forms, hardly larger than they need; whether that is within limits."""
    window.ensurePolished()
    hint = window.sizeHint().expandedTo(window.minimumSizeHint())
    wide = max(round(hint.width() * rng.choice((1.0, 1.0, 1.05))), rng.randint(1300, 1400))
    high = max(round(hint.height() * rng.choice((1.0, 1.0, 1.04))), 620)
    if wide > _MOST[0] or high > _MOST[1]:
        return False
    window.resize(wide, high)
    return True


def legible(image: Image.Image, lines: list[Line]) -> list[Line]:
    """Those whose ink differs from its ground."""
    grey = np.asarray(image.convert("L"), np.int16)
    kept = []
    for line in lines:
        left, top, right, bottom = (max(0, round(edge)) for edge in line.box)
        inside = grey[top:bottom, left:right]
        if inside.size and inside.max() - inside.min() >= _LEAST_CONTRAST:
            kept.append(line)
    return kept


def draw_form(path: Path, seed: str, app: QApplication, others: Sequence[Path] = ()) -> Shot | None:
    """The form with random contents in a random look; None where it came out badly. Raises ValueError for bad forms.

    With others of its program, all that fit into one large window.
    """
    rng = random.Random(seed)
    writer = Writer(rng, "train")
    dress(rng, app)
    window, name = (load_together((path, *others), rng), path.stem) if others else load_form(path, rng)
    if isinstance(window, QMenu):
        raise ValueError("a menu alone")
    try:
        window.setWindowFlags(Qt.WindowType.Window)
        icons = some_icons(rng, app)
        fill_docks(rng, window)
        bring_to_life(rng, writer, window, icons)
        if not (_fit_large(rng, window) if others else _fit(rng, window)):
            return None
        window.show()
        settle(app, window)
        if window.width() > _MOST[0] or window.height() > _MOST[1]:
            return None
        fill_blanks(rng, window)
        settle(app, window)
        fill_rooms(rng, writer, window, icons)
        focus = app.focusWidget()
        if focus is not None and rng.random() < 0.6:
            focus.clearFocus()
        if not settle(app, window):
            return None
        return _read(rng, window, name, path, writer)
    finally:
        window.hide()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def without_labels(controls: Sequence[Control], covered: Sequence[Control]) -> list[Control]:
    """Controls, of which those whose labels a menu covers have none."""
    hidden = {one.text.rstrip(" :") for one in covered if one.role in ("label", "heading")}
    return [replace(one, label="") if one.label and one.label in hidden else one for one in controls]


def _read(rng: random.Random, window: QWidget, name: str, path: Path, writer: Writer) -> Shot | None:
    image, texts = photograph(window), texts_of(window)
    size = QRect(0, 0, image.width, image.height)
    drawn = lines_of(texts, size)
    if texts.turned or overlap(drawn):
        return None
    lines = legible(image, drawn)
    if len(lines) < 0.8 * len(drawn):
        return None
    reader = Reader(window, lines)
    controls, cut = reader.read(), reader.cut
    menu = open_menu(rng, window, size) if isinstance(window, QMainWindow) and rng.random() < _OPEN else None
    if menu is not None:
        image.paste(menu.image, menu.box[:2])
        lines = [part for line in lines for part in beside(line, menu.box)] + menu.lines
        under = [one for one in controls if meet(one.box, menu.box)]
        cut |= {"", *(one.container for one in under)} if under else set()
        controls = [replace(one, selected=True) if one.role == "menu" and one.text == menu.name else one
                    for one in without_labels(controls, under) if one not in under] + menu.controls  # fmt: skip
    if len(controls) < _LEAST_CONTROLS or image.width * image.height > _ROOM * len(controls):
        return None
    noun, is_dialog = noun_of(window, name, path)
    title, program = title_of(rng, window, name, writer)
    made = Interface(noun, title, framed=False, program=program, controls=tuple(controls), lines=tuple(lines),
                     located=True, is_dialog=is_dialog, cut=frozenset(cut))  # fmt: skip
    return Shot(image, made)


# --- many of them


def forms_of(folder: Path) -> list[Path]:
    """All forms, each but once."""
    seen: set[int] = set()
    found = []
    for path in sorted(folder.rglob("*.ui")):
        if path.is_file():
            mark = zlib.crc32(path.read_bytes())
            if mark not in seen:
                seen.add(mark)
                found.append(path)
    return found


def _weighed(folder: Path) -> list[tuple[Path, float]]:
    """Forms and how often they should come: not too many of one program, larger ones and main windows rather."""
    programs: dict[str, list[tuple[float, Path]]] = {}
    for path in forms_of(folder):
        source = path.read_bytes()
        parts = source.count(b"<widget") + 1
        share = (min(parts, 120) / 20) ** 0.8 * (4 if b'class="QMainWindow"' in source else 1)
        share *= 3.0 if re.search(rb"Q(Table|Tree|List)(View|Widget)|Q(Plain)?TextEdit", source) else 1
        if parts >= _LEAST_PARTS:
            programs.setdefault(path.relative_to(folder).parts[0], []).append((share, path))
    return [(path, share) for some in programs.values()
            for share, path in sorted(some, reverse=True)[:_MOST_OF_A_PROGRAM]]  # fmt: skip


def _draw(path: str, seed: str, others: Sequence[str] = ()) -> Shot | None:
    """In the process that draws."""
    qInstallMessageHandler(lambda *_: None)
    app = QApplication.instance() or QApplication([])
    try:
        return draw_form(Path(path), seed, app, [Path(one) for one in others])  # type: ignore[arg-type]
    except (ValueError, RuntimeError, AttributeError):  # the last where PySide takes one layout item for another
        return None


def _jobs(folder: Path, seed: int, looks: int) -> list[tuple[float, str, str, list[str]]]:
    """What is drawn, in order: a form, its seed, and others of its program, of which those that fit join it."""
    rng = random.Random(seed)
    jobs: list[tuple[float, str, str, list[str]]] = []
    forms = _weighed(folder)
    programs: dict[str, list[str]] = {}
    for path, _ in forms:
        programs.setdefault(path.relative_to(folder).parts[0], []).append(str(path))
    for path, share in forms:
        siblings = [one for one in programs[path.relative_to(folder).parts[0]] if one != str(path)]
        for look in range(looks):
            others = rng.sample(siblings, min(len(siblings), _MOST_TOGETHER)) if rng.random() < _TOGETHER else []
            jobs.append((rng.expovariate(1) / share, str(path), f"{seed} {path.name} {look}", others))
    return sorted(jobs)


def shots(folder: Path, count: int, seed: int, looks: int = 4) -> Iterator[Shot]:
    """Up to `count` windows, of each form at most `looks`; main windows and forms with much in them come more often."""
    jobs = _jobs(folder, seed, looks)
    made, used = 0, 0
    pool: ProcessPoolExecutor | None = None
    for _, form, own, others in jobs:
        if made >= count:
            break
        if pool is None or used >= _FORMS_OF_A_PROCESS:
            if pool is not None:
                pool.shutdown()
            pool, used = ProcessPoolExecutor(1, mp_context=get_context("spawn")), 0
        used += 1
        try:
            shot = pool.submit(_draw, form, own, others).result(timeout=_SECONDS)
        except (BrokenProcessPool, TimeoutError):
            for process in list((pool._processes or {}).values()):  # noqa: SLF001 - there is no other way to end it
                process.kill()
            pool = None
            continue
        if shot is not None:
            made += 1
            yield shot
    if pool is not None:
        pool.shutdown()


def sheet(shot: Shot) -> Image.Image:
    """The image twice: as it is, and with all boxes."""
    wide, high = shot.image.size
    both = Image.new("RGB", (wide, 2 * high + 4), "white")
    both.paste(shot.image, (0, 0))
    marked = shot.image.copy()
    draw = ImageDraw.Draw(marked)
    for line in shot.interface.lines:
        for left, right in zip(line.edges, line.edges[1:], strict=False):
            draw.rectangle((left, line.top, right, line.bottom), outline=(255, 0, 0))
    for control in shot.interface.controls:
        draw.rectangle(control.box, outline=(0, 120, 255))
    both.paste(marked, (0, high + 4))
    return both


def write_sheets(folder: Path, made: Iterator[Shot], most: int) -> Iterator[Shot]:
    """Pass windows on, the first of them written to a folder as images and texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, shot in enumerate(made):
        if place < most:
            sheet(shot).save(folder / f"{place:03}.png")
            head = (
                f"{shot.interface.noun}: {shot.interface.title!r} {shot.interface.program} {shot.interface.is_dialog}"
            )
            text = "\n".join([head, *map(str, shot.interface.controls)])
            (folder / f"{place:03}.txt").write_text(text, encoding="utf-8")
        yield shot


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--minutes", type=float, default=600, help="after so many, what there is is kept")
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    made: Iterator[Shot] = shots(options.forms, options.count, options.seed)
    made = itertools.takewhile(lambda _: time.monotonic() < end, made)
    if options.sheets:
        made = write_sheets(options.sheets, made, 40)
    from training.interfaces.pack import write_pack

    write_pack(options.out, ((shot.image, shot.interface) for shot in made), options.seed)


if __name__ == "__main__":
    main()
