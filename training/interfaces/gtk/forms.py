"""Windows that GTK 3 programs' Builder files lay out, as training images.

    xvfb-run -a -s "-screen 0 1700x1100x24" /usr/bin/python3 -m training.interfaces.gtk.forms FORMS OUT.zip --count 1500

FORMS has a folder for each program with its .ui and .glade files, as Debian's packages have them. Needs what
`training.widgets.pack` needs for GTK, and gir1.2-handy-1 and gir1.2-gtksource-4 for the programs that use these.
Files of other people are drawn, and are no part of this project.
"""

from __future__ import annotations

import argparse
import functools
import logging
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PIL import Image

from training.interfaces.gtk.files import files_in
from training.interfaces.records import Interface

_LEAST, _MOST = (300, 200), (1500, 950)
"""Sizes of images, px."""
_PATIENCE_S = 40
_DRESSED_FOR = 3
"""Files in one theme and font."""
_OWN_BAR = 0.3
"""Of windows without a header bar that get one with their title."""
_RENDERINGS = 3
"""Of one form, in different themes and filled again."""
_FONT_TRIES, _LEAST_LINE = 9, 1.08
"""Fonts that ask for lower lines, in their size, have letters that GTK cuts off."""
_OF_PROGRAM = 45
"""Images of one program."""

_log = logging.getLogger(__name__)
Shot = tuple[Image.Image, Interface]


class Windows:
    """Loads, fills and photographs windows, one after the other."""

    def __init__(self, rng: random.Random) -> None:
        from training.interfaces.gtk.life import Filler
        from training.widgets.with_gtk import GtkWindows

        self._rng, self._looks, self._filler = rng, GtkWindows(rng), Filler(rng)

    def dress(self) -> None:
        """Take another theme and another font."""
        from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]

        from training.interfaces.gtk.places import font_px, line_px

        for _ in range(_FONT_TRIES):
            self._looks.dress()
            context = Gtk.Label().get_pango_context()
            if line_px(context) >= _LEAST_LINE * font_px(context):
                return

    def shoot(self, xml: str, root: str, name: str) -> Shot | None:
        """Draw a form; None where it has too little to see, or is too large.

        Args:
            xml: for Gtk.Builder.
            root: the id of the window or part in it.
            name: of the file and the root, which tells what is drawn where no title does.
        """
        from gi.repository import GLib, Gtk

        from training.interfaces.gtk.reading import Reader
        from training.widgets.with_gtk import photographed, settle

        builder = Gtk.Builder()
        try:
            builder.add_from_string(xml)
        except GLib.Error:
            return None
        found = builder.get_object(root)
        if not isinstance(found, Gtk.Widget) or isinstance(found, Gtk.Menu | Gtk.Popover | Gtk.AboutDialog):
            return None
        is_dialog = isinstance(found, Gtk.Dialog)
        title = (found.get_title() or "") if isinstance(found, Gtk.Window) else ""
        size = found.get_default_size() if isinstance(found, Gtk.Window) else (-1, -1)
        outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        outer.get_style_context().add_class("background")
        inner = found.get_border_width() if isinstance(found, Gtk.Window) else self._rng.choice((6, 8, 12, 12, 18, 24))
        for part in _parts(found):
            is_bar = isinstance(part, Gtk.HeaderBar)
            outer.pack_start(part, not is_bar, not is_bar, 0)
            if (
                not is_bar
                and isinstance(part, Gtk.Container)
                and inner > part.get_border_width()
                and self._has_edge(part)
            ):
                part.set_border_width(inner)
        _show(outer)
        if re.fullmatch(r"(?i)(window|dialog|label|title)?[ _-]?\d*", title):
            title = _title_of(name)
        if not _bars(outer) and self._rng.random() < _OWN_BAR:
            bar = Gtk.HeaderBar(title=title, show_close_button=True)
            bar.show_all()
            outer.pack_start(bar, False, False, 0)
            outer.reorder_child(bar, 0)
        window = Gtk.OffscreenWindow()
        window.add(outer)
        try:
            self._filler.fill(outer)
            window.show()
            if not self._resize(outer, size):
                return None
            if self._rng.random() < 0.6 or isinstance(window.get_focus(), Gtk.Label | Gtk.TextView):
                window.set_focus(None)
            settle(0.06)
            image = photographed(window)
            reader = Reader(window, outer)
            bars = [bar for bar in _bars(outer) if bar.get_mapped()]
            title = _seen_title(bars) if bars else title
        finally:
            window.destroy()
        noun = _noun(f"{name.rpartition('+')[2]} {title}", is_dialog=is_dialog)
        lines = tuple(reader.lines) if reader.located else ()
        interface = Interface(noun, title, bool(bars), "", tuple(reader.controls), lines, reader.located, is_dialog,
                              frozenset(reader.cut))  # fmt: skip
        return (image, interface) if _is_worth(image, interface) else None

    def _has_edge(self, part: Any) -> bool:
        """Whether a pane would have a margin in its window: bars and pages have none."""
        from gi.repository import Gtk

        bars = Gtk.MenuBar | Gtk.Toolbar | Gtk.Notebook | Gtk.Paned | Gtk.ScrolledWindow | Gtk.HeaderBar | Gtk.Statusbar
        return not isinstance(part, bars) and not any(isinstance(one, bars) for one in part.get_children())

    def _resize(self, outer: Any, size: tuple[int, int]) -> bool:
        """Its natural size, that of the file, or a wider one; whether it fits."""
        rng = self._rng
        wide, high = _natural(outer)
        if wide < _LEAST[0] * 0.6 or high < _LEAST[1] * 0.55:
            return False
        draw = rng.random()
        if draw < 0.35 and size[0] > 0:
            wide, high = max(wide, size[0]), max(high, size[1])
        elif draw < 0.7:
            wide, high = round(wide * rng.uniform(1, 1.4)), round(high * rng.uniform(1, 1.25))
        wide, high = max(wide, _LEAST[0]), max(high, _LEAST[1])
        outer.set_size_request(min(wide, _MOST[0]), min(high, _MOST[1]))
        least = outer.get_preferred_size()[0]
        return bool(least.width <= _MOST[0] and least.height <= _MOST[1])


def _natural(outer: Any) -> tuple[int, int]:
    found = outer.get_preferred_size()[1]
    return min(found.width, _MOST[0]), min(found.height, _MOST[1])


def _parts(found: Any) -> list[Any]:
    """The title bar and the content of a window, taken out of it; or a pane as it is."""
    from gi.repository import Gtk

    if not isinstance(found, Gtk.Window):
        if found.get_parent() is not None:
            found.get_parent().remove(found)
        return [found]
    bar, inside = found.get_titlebar(), found.get_child()
    if bar is not None:
        found.set_titlebar(None)
        if bar.get_parent() is not None:
            bar.get_parent().remove(bar)
    if inside is not None:
        found.remove(inside)
    return [part for part in (bar, inside) if part is not None]


def _show(outer: Any) -> None:
    """Show what the file says is visible; all of it where it says that of nothing."""
    from gi.repository import Gtk

    from training.interfaces.gtk.life import walk

    outer.show()
    for part in outer.get_children():
        part.show()
        inside = list(walk(part))[1:]
        if sum(one.get_visible() for one in inside) * 3 < len(inside):
            part.show_all()
        if isinstance(part, Gtk.HeaderBar):
            part.set_show_close_button(True)


def _bars(outer: Any) -> list[Any]:
    from training.interfaces.gtk.life import walk

    return [one for one in walk(outer) if one.get_visible() and type(one).__name__ == "HeaderBar"]


def _seen_title(bars: list[Any]) -> str:
    """What header bars say in their middle, if anything."""
    from gi.repository import Gtk

    from training.interfaces.gtk.life import walk

    for bar in bars:
        for label in walk(bar):
            is_title = isinstance(label, Gtk.Label) and label.get_style_context().has_class("title")
            if is_title and label.get_mapped() and not label.get_layout().is_ellipsized() and label.get_text().strip():
                return str(label.get_text().strip())
    return ""


def _title_of(name: str) -> str:
    """A title for a window without one, from its file's name or its id."""
    stem, _, root = name.partition(":")
    best = (
        root
        if re.search(r"[a-z]{4}", root) and not re.match(r"(in\d|object-|box|grid|vbox|window|dialog|main)", root)
        else stem
    )
    best = re.sub(r"^(.*\+)", "", best)
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", re.sub(r"[-_.]+", " ", best)).split()
    kept = [word for word in words if word.lower() not in _UNSAID and not re.fullmatch(r"\d+", word)] or ["Window"]
    return " ".join([kept[0].capitalize(), *(word.lower() for word in kept[1:4])])


_UNSAID = {
    "alignment", "ap", "base", "bcc", "box", "cc", "container", "content", "contents", "dialog", "e", "frame",
    "gimp", "glade", "gnome", "grid", "gtk", "hb", "hbox", "hdy", "main", "mate", "nm", "notebook", "page",
    "panel", "pd", "root", "screen", "table", "template", "toplevel", "ui", "unix", "vb", "vbox", "view",
    "widget", "window", "xap", "xfce",
}  # fmt: skip
"""Words of files' names that no title says."""


def _noun(name: str, *, is_dialog: bool) -> str:
    lower = name.lower()
    if re.search(r"preferences|prefs", lower):
        return "preferences window"
    if re.search(r"settings|config|options", lower):
        return "settings window"
    return "dialog" if is_dialog else "window"


def _is_worth(image: Image.Image, interface: Interface) -> bool:
    """Whether enough is seen."""
    said = [control for control in interface.controls if control.text or control.label]
    active = [control for control in said if control.role not in {"label", "heading", "message"}]
    wide, high = image.size
    small = wide < _LEAST[0] or high < _LEAST[1] or wide > _MOST[0] or high > _MOST[1]
    return not small and len(said) >= 4 and len(active) >= 2


# --- many forms; GTK may crash on some, so another process draws


def _known(name: str) -> bool:
    return _class_of(name) is not None


@functools.cache
def _class_of(name: str) -> Any:
    """The class with a name of the C library's, or None."""
    import gi  # type: ignore[import-not-found,unused-ignore]

    if name in {"GtkFileChooserDialog", "GtkFileChooserWidget", "GtkAppChooserDialog", "GtkRecentChooserDialog"}:
        return None  # they show this machine's files
    for prefix, space, version in (("GtkSource", "GtkSource", "4"), ("Gtk", "Gtk", "3.0"), ("Hdy", "Handy", "1")):
        if name.startswith(prefix):
            try:
                gi.require_version(space, version)
                module = __import__(f"gi.repository.{space}", fromlist=[space])
            except (ValueError, ImportError):
                continue
            found = getattr(module, name.removeprefix(prefix), None)
            if isinstance(found, type):
                return found
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
        if program not in templates:
            templates[program] = templates_of(programs[program])
        forms = forms_of(programs[program][file], templates[program], _known, _has)
        for form in rng.sample(forms, min(6, len(forms))):
            try:
                made = windows.shoot(form.xml, form.root, form.name)
            except Exception:  # noqa: BLE001 - any fault of one file is no reason to stop
                continue
            if made is not None:
                image, interface = made
                pipe.send((number, (image.size, image.tobytes(), interface, form.name)))
    pipe.send((len(tasks), None))


def shots_of(folder: Path, count: int, seed: int) -> Iterator[tuple[str, Image.Image, Interface]]:
    """Images of the forms in a folder's folders, each program's as often as others' where it has as many.

    Yields the program's and the form's names, the image and what is known about it.
    """
    rng = random.Random(seed)
    programs = files_in(folder)
    tasks = [(one, file, again) for one, files in enumerate(programs) for again in range(_RENDERINGS)
             for file in range(len(files))]  # fmt: skip
    rng.shuffle(tasks)
    tasks.sort(key=lambda task: task[2])
    context = get_context("spawn")
    made: Counter[int] = Counter()
    hashes: set[int] = set()
    total, start = 0, 0
    while start < len(tasks) and total < count:
        mine, theirs = context.Pipe(duplex=False)
        chunk = tasks[start : start + 150]
        kept = [task for task in chunk if made[task[0]] < _OF_PROGRAM]
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
            if hash(pixels) in hashes or made[program] >= _OF_PROGRAM:
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
    parser.add_argument("--sheets", type=Path, help="a folder for some of the images with what is known about them")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    shots = shots_of(options.forms, options.count, options.seed)
    if options.sheets:
        from training.interfaces.gtk.sheets import with_sheets

        shots = with_sheets(shots, options.sheets)
    from training.interfaces.pack import write_pack

    write_pack(options.out, ((image, interface) for _, image, interface in shots), options.seed)


if __name__ == "__main__":
    main()
