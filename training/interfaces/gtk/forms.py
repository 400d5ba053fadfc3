"""Windows that GTK 3 programs' Builder files lay out, as training images.

    xvfb-run -a -s "-screen 0 1700x1100x24" /usr/bin/python3 -m training.interfaces.gtk.forms FORMS OUT.zip --count 1500

FORMS has a folder for each program with its .ui and .glade files, as Debian's packages have them. Needs what
`training.widgets.pack` needs for GTK, and gir1.2-handy-1 and gir1.2-gtksource-4 for the programs that use these.
Files of other people are drawn, and are no part of this project.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PIL import Image

from training.interfaces.gtk.files import files_in
from training.interfaces.gtk.windows import Shot, Windows
from training.interfaces.records import Interface

_PATIENCE_S = 15
_DRESSED_FOR = 4
"""Files in one theme and font."""
_COMPOSED = 0.75
"""Of files that are also drawn in one window with others of their program, where that fits."""
_CHUNK = 400
"""Files that one process draws."""
_RENDERINGS = 3
"""Of one form, in different themes and filled again."""
_OF_PROGRAM, _IN_TURN = 45, 2
"""Images of one program, and how many files of it are drawn before all other programs have had so many."""

_log = logging.getLogger(__name__)


# --- GTK may crash on some, so another process draws


def _known(name: str) -> bool:
    return _class_of(name) is not None


@functools.cache
def _class_of(name: str) -> Any:
    """The class with a name of the C library's, or None."""
    import gi  # type: ignore[import-not-found,unused-ignore]

    if name in {"GtkFileChooserDialog", "GtkFileChooserWidget", "GtkAppChooserDialog", "GtkRecentChooserDialog"}:
        return None  # they show this machine's files
    if name in {"HdyWindow", "HdyApplicationWindow"}:
        return None  # what is inside cannot be taken out of them
    for prefix, space, version in (("GtkSource", "GtkSource", "4"), ("Gtk", "Gtk", "3.0"), ("Hdy", "Handy", "1")):
        if name.startswith(prefix):
            try:
                gi.require_version(space, version)
                module = __import__(f"gi.repository.{space}", fromlist=[space])
            except (ValueError, ImportError):
                continue
            found = getattr(module, name.removeprefix(prefix), None)
            if isinstance(found, type):
                gtype = getattr(found, "__gtype__", None)
                return None if gtype is not None and gtype.is_abstract() else found
    return None


@functools.cache
def _has(name: str, prop: str) -> bool:
    found = _class_of(name)
    return bool(found is not None and hasattr(found, "find_property") and found.find_property(prop))


def _work(pipe: Connection, programs: list[list[Path]], tasks: list[tuple[int, int, int]], seed: int) -> None:
    """Draw files: tasks are (program, file, rendering)."""
    import gi

    from training.interfaces.gtk.files import forms_of, templates_of

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    for space, version in (("Handy", "1"), ("GtkSource", "4")):
        try:
            gi.require_version(space, version)
            module = __import__(f"gi.repository.{space}", fromlist=[space])
            if hasattr(module, "init"):
                module.init()
        except (ValueError, ImportError):
            continue
    rng = random.Random(seed)
    windows = Windows(rng)
    templates: dict[int, Any] = {}
    for number, (program, file, _) in enumerate(tasks):
        pipe.send((number, None))
        if number % _DRESSED_FOR == 0:
            windows.dress()
        files = programs[program]
        if program not in templates:
            templates[program] = templates_of(files)
        forms = forms_of(files[file], templates[program], _known, _has)
        for form in rng.sample(forms, min(6, len(forms))):
            _send(pipe, number, form.name, functools.partial(windows.shoot, form.xml, form.root, form.name))
        if forms and rng.random() < _COMPOSED:
            others = (rng.choice(files) for _ in range(rng.choice((2, 3, 4, 5, 6))))
            read = [forms_of(path, templates[program], _known, _has) for path in dict.fromkeys((files[file], *others))]
            of_each = 1 if len(read) > 1 else 3  # two of one file may be the same
            some = [form for found in read for form in rng.sample(found, min(of_each, len(found)))]
            _send(pipe, number, f"{forms[0].name}+", functools.partial(windows.compose, some))
    pipe.send((len(tasks), None))


def _send(pipe: Connection, number: int, name: str, shoot: Callable[[], Shot | None]) -> None:
    """Draw a window of a task and send it; nothing where that cannot be."""
    try:
        made = shoot()
    except Exception:  # noqa: BLE001 - any fault of one file is no reason to stop
        return
    if made is not None:
        image, interface = made
        pipe.send((number, (image.size, image.tobytes(), interface, name)))


def _in_turn(rng: random.Random, counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """(program, file, rendering) of all files, of each program some before the next of it."""
    ranked: list[tuple[int, float, tuple[int, int, int]]] = []
    for again in range(_RENDERINGS):
        for program, count in enumerate(counts):
            for place, file in enumerate(rng.sample(range(count), count)):
                turn = (place + again * max(count, _IN_TURN)) // _IN_TURN
                ranked.append((turn, rng.random(), (program, file, again)))
    return [task for *_, task in sorted(ranked)]


def shots_of(
    folder: Path, count: int, seed: int, of_program: int = _OF_PROGRAM
) -> Iterator[tuple[str, Image.Image, Interface]]:
    """Images of the forms in a folder's folders, each program's as often as others' where it has as many.

    Yields the program's and the form's names, the image and what is known about it.
    """
    rng = random.Random(seed)
    programs = files_in(folder)
    tasks = _in_turn(rng, [len(files) for files in programs])
    context = get_context("spawn")
    made: Counter[int] = Counter()
    hashes: set[int] = set()
    total, start = 0, 0
    while start < len(tasks) and total < count:
        mine, theirs = context.Pipe(duplex=False)
        chunk = tasks[start : start + _CHUNK]
        kept = [task for task in chunk if made[task[0]] < of_program]
        process = context.Process(target=_work, args=(theirs, programs, kept, rng.randrange(1 << 30)), daemon=True)
        process.start()
        theirs.close()
        at = 0
        while mine.poll(_PATIENCE_S):
            try:
                at, data = mine.recv()
            except EOFError:
                break
            if at == len(kept):
                break
            if data is None:
                continue
            size, pixels, interface, name = data
            program = kept[at][0]
            if hash(pixels) in hashes or made[program] >= of_program:
                continue
            hashes.add(hash(pixels))
            made[program] += 1
            total += 1
            yield (
                f"{programs[program][0].relative_to(folder).parts[0]}/{name}",
                Image.frombytes("RGB", size, pixels),
                interface,
            )
            if total >= count:
                break
        process.kill()
        process.join()
        if at < len(kept):  # it crashed there, or hung
            _log.info("GTK crashed on %s", programs[kept[at][0]][kept[at][1]])
            start = start + chunk.index(kept[at]) + 1
        else:
            start += len(chunk)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--of-program", type=int, default=_OF_PROGRAM, help="images of one program at most")
    parser.add_argument("--sheets", type=Path, help="a folder for some of the images with what is known about them")
    parser.add_argument("--minutes", type=float, default=600, help="after so many, what there is is kept")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    shots: Iterator[tuple[str, Image.Image, Interface]]
    shots = shots_of(options.forms, options.count, options.seed, options.of_program)
    end = time.monotonic() + 60 * options.minutes
    shots = itertools.takewhile(lambda _: time.monotonic() < end, shots)
    if options.sheets:
        from training.interfaces.gtk.sheets import with_sheets

        shots = with_sheets(shots, options.sheets)
    from training.interfaces.pack import write_pack

    write_pack(options.out, ((image, interface) for _, image, interface in shots), options.seed)


if __name__ == "__main__":
    main()
