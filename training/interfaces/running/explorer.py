"""What a person might do in a program, to see more of it.

    python -m training.interfaces.running.explorer TASK

It runs in a session of its own, which `programs.py` makes, and writes what it sees into the task's folder.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from training.interfaces.running.accessible import Tree
from training.interfaces.running.exploring import Node, Screen, XWindow
from training.interfaces.running.table import NEVER, WELCOME

_SECONDS = 34
_MOST = 13
"""Images of a run."""
_DIALOG_STEPS, _PAGED_STEPS, _DEEPEST = 4, 8, 2
"""Things done in a dialog, and in one with pages."""
_ALIKE, _LITTLE, _MOST_SMALL = 0.002, 0.05, 3
"""Share of pixels that differ: in what counts as the same; in what is kept so often only for a window."""
_LARGE, _WHOLE = 0.5, 0.25
"""Shares of main windows that are made large, and as large as the screen."""
_PAGES = frozenset({"page tab", "list item", "tree item", "table cell"})
_SCROLLED = ("table", "tree table", "tree", "list", "list box", "text", "document text")
_TYPED = ("garden", "report 12", "summer", "blue lamp", "kitchen", "note 7", "harbor", "draft", "monday")
_FLAT = 40
"""Levels of brightness of an image that shows nothing yet."""


class Explorer:
    """Explores one program.

    Args:
        task: what to start, and what is given about it.
    """

    def __init__(self, task: dict[str, Any]) -> None:
        self._task, self._rng = task, random.Random(task["seed"])
        buffer = Path(task["buffer"]) / "Xvfb_screen0" if task.get("buffer") else None
        self._screen = Screen(os.environ["DISPLAY"], decorated=task["decorated"], buffer=buffer)
        self._tree = Tree()
        self._kept: list[tuple[Image.Image, tuple[int, int]]] = []
        self._until = time.monotonic() + _SECONDS
        self._done: set[tuple[str, str]] = set()
        self._main: int | None = None
        self._class = ""
        self._read: list[Node] | None = None
        self._small: dict[str, int] = {}

    @property
    def _over(self) -> bool:
        return time.monotonic() > self._until or len(self._kept) >= _MOST

    def explore(self) -> None:
        """Wait for the window, then act until time or images are enough."""
        windows: list[XWindow] = []
        for _ in range(26):
            time.sleep(0.5)
            windows = [one for one in self._screen.windows() if not one.is_popup and one.title]
            if windows and max(one.box[2] - one.box[0] for one in windows) > 250:
                break
        if not windows:
            return
        time.sleep(1.2)
        for _ in range(4):  # what greets
            windows = [one for one in self._screen.windows() if not one.is_popup]
            if len(windows) < 2:
                break
            self._keep(is_dialog=True)
            self._leave(windows[-1], len(windows))
        windows = [one for one in self._screen.windows() if not one.is_popup]
        if not windows:
            return
        main = max(windows, key=lambda one: (one.box[2] - one.box[0]) * (one.box[3] - one.box[1]))
        self._main, self._class = main.number, self._screen.class_of(main)
        self._resize(main)
        self._screen.message(main, "_NET_ACTIVE_WINDOW")
        self._settle()
        self._keep(is_dialog=False)
        misses = 0
        while not self._over and misses < 12:
            misses = 0 if self._step(0) else misses + 1

    def _resize(self, main: XWindow) -> None:
        rng, kind = self._rng, self._rng.random()
        size = (rng.randint(620, 1240), rng.randint(460, 900))
        left, top = rng.randint(20, 200), rng.randint(30, 150)
        if kind < _WHOLE:
            margin = 40 if self._task["decorated"] else 0
            size, left, top = (1500 - margin // 2, 1100 - margin), margin // 4, margin * 3 // 4
        elif kind < _WHOLE + _LARGE:
            size = (rng.randint(1280, 1460), rng.randint(740, 1000))
            left, top = rng.randint(10, 30), rng.randint(35, 60)
        elif kind > 0.9:
            return
        self._screen.place(main, (left, top, left + size[0], top + size[1]))

    def _front(self) -> XWindow | None:
        windows = [one for one in self._screen.windows() if not one.is_popup]
        return windows[-1] if windows else None

    def _settle(self, most: float = 1.5) -> None:
        """Wait until the image stays as it is."""
        time.sleep(0.2)
        last, until = self._screen.grab(), time.monotonic() + most
        while time.monotonic() < until:
            time.sleep(0.2)
            new = self._screen.grab()
            if last.tobytes() == new.tobytes():
                return
            last = new

    def _step(self, depth: int) -> bool:
        """One thing in the window in front. Returns whether something new was kept."""
        window = self._front()
        if window is None:
            self._until = 0.0
            return False
        candidates = self._candidates(window)
        if not candidates:
            return False
        weights = [weight for weight, _ in candidates]
        node = self._rng.choices([node for _, node in candidates], weights)[0]
        self._done.add((node.role, node.name))
        x, y = _aim(node, window.box)
        self._read = None
        if node.role in _SCROLLED and not _is_low(node):
            self._screen.scroll(x, y, self._rng.choice((3, 6, 12)))
            self._settle()
            self._point_away()
            self._keep(is_dialog=depth > 0)
            return len(self._kept) > 0
        before = len([one for one in self._screen.windows() if not one.is_popup])
        kept = len(self._kept)
        self._screen.click(x, y)
        if node.role in ("text", "entry") and _is_low(node):
            self._screen.key("a", "Control_L")
            self._screen.type(self._rng.choice(_TYPED))
        self._settle()
        windows = self._screen.windows()
        if any(one.is_popup for one in windows):
            self._menu(window, depth, before)
        elif len([one for one in windows if not one.is_popup]) > before:
            self._dialog(depth, before)
        else:
            self._point_away()
            self._keep(is_dialog=depth > 0)
        return len(self._kept) > kept

    def _point_away(self) -> None:
        self._screen.point(1495, 1095)
        time.sleep(0.15)

    def _candidates(self, window: XWindow) -> list[tuple[float, Node]]:
        found = []
        for top in _tops_of(self._read or self._tree.tops(), window):
            every = list(top.all())
            for node in every:
                if node.role == "menu bar":
                    for one in node.children:
                        one.role = "menu"  # Qt calls them entries
                weight = _weight(node, is_main=window.number == self._main)
                x, y = _aim(node, window.box)
                left, up, right, down = window.box
                inside = left < x < right and up < y < down
                harmless = not any(part in node.name.lower() for part in NEVER)
                if weight and inside and harmless and (node.role, node.name) not in self._done:
                    found.append((weight, node))
        return found

    def _menu(self, window: XWindow, depth: int, before: int) -> None:
        """An open menu or list: point at some of it, keep it, and choose something that may open a dialog."""
        popups = [one for one in self._screen.windows() if one.is_popup]
        entries = [node for top in self._tree.tops() for node in top.all()
                   if node.role in ("menu item", "check menu item", "radio menu item", "menu", "list item")
                   and any(_inside(node.box, one.box) for one in popups)]  # fmt: skip
        usable = [node for node in entries if "sensitive" in node.states or "enabled" in node.states]
        if usable and self._rng.random() < 0.6:
            node = self._rng.choice(usable)
            self._screen.point(*_middle(node.box))
            self._settle(1.2)
        self._keep(is_dialog=depth > 0)
        liked = [node for node in usable if _is_liked(node.name) and ("entry", node.name) not in self._done
                 and node.role == "menu item"]  # fmt: skip
        if liked and depth < _DEEPEST and not self._over and self._rng.random() < 0.85:
            node = self._rng.choices(liked, [_liking(one.name) for one in liked])[0]
            self._done.add(("entry", node.name))
            self._screen.click(*_middle(node.box))
            self._settle()
            if len([one for one in self._screen.windows() if not one.is_popup]) > before:
                self._dialog(depth, before)
                return
            self._point_away()
            self._keep(is_dialog=depth > 0)
        self._read = None
        for _ in range(3):
            if not any(one.is_popup for one in self._screen.windows()):
                break
            self._screen.key("Escape")
            time.sleep(0.3)
        self._read = None
        front = self._front()
        if front is not None and front.number != window.number:
            self._screen.message(window, "_NET_ACTIVE_WINDOW")

    def _dialog(self, depth: int, before: int) -> None:
        self._point_away()
        window = self._front()
        if window is None:
            return
        if not (window.box[0] >= 0 and window.box[2] <= 1500 and window.box[1] >= 0 and window.box[3] <= 1100):
            wide, high = window.box[2] - window.box[0], window.box[3] - window.box[1]
            self._screen.place(window, (30, 30, 30 + min(1400, wide), 30 + min(1000, high)))
            self._settle()
        self._keep(is_dialog=True)
        if depth < _DEEPEST:
            paged = any(node.role in _PAGES for top in _tops_of(self._read or [], window) for node in top.all())
            for _ in range(_PAGED_STEPS if paged else _DIALOG_STEPS):
                now = self._front()
                if self._over or now is None or now.number != window.number:
                    break
                self._step(depth + 1)
        self._leave(window, before + 1)

    def _leave(self, window: XWindow, count: int) -> None:
        """Close windows until fewer are there, without answering what they ask."""
        self._read = None
        for way in ("key", "key", "message", "key", "message"):
            windows = [one for one in self._screen.windows() if not one.is_popup]
            if len(windows) < count or not windows:
                return
            if windows[-1].number == self._main:
                self._screen.message(window, "_NET_ACTIVE_WINDOW")
                time.sleep(0.2)
                windows = [one for one in self._screen.windows() if not one.is_popup]
            if way == "key":
                self._screen.key("Escape")
            elif windows[-1].number != self._main:
                self._screen.message(windows[-1], "_NET_CLOSE_WINDOW")
            time.sleep(0.6)

    def _is_known(self, shot: Image.Image, title: str) -> bool:
        """Whether a window was nearly so before; what differs in a row or a box is kept a few times only."""
        small = _small(shot)
        least = min((_changed(small, one) for one, size in self._kept if size == shot.size), default=1.0)
        if least < _LITTLE and least >= _ALIKE:
            self._small[title] = self._small.get(title, 0) + 1
        return least < _ALIKE or (least < _LITTLE and self._small[title] > _MOST_SMALL)

    def _keep(self, *, is_dialog: bool) -> None:
        """The window in front as it is, unless it was nearly so before."""
        window = self._front()
        if window is None or self._over or (self._class and self._screen.class_of(window) not in ("", self._class)):
            return  # nothing, or another program, such as one that shows help
        image = self._screen.grab()
        decorated = self._task["decorated"] and not window.has_own_frame
        whole = window.frame if decorated else window.box
        box = (max(0, whole[0]), max(0, whole[1]), min(1500, whole[2]), min(1100, whole[3]))
        shot = image.crop(box)
        if shot.width < 120 or shot.height < 60 or _is_flat(shot) or self._is_known(shot, window.title):
            return
        tops = self._tree.tops()
        late, self._read = self._tree.is_late, tops
        after = self._screen.grab().crop(box)
        changed = ImageChops.difference(shot, after).getbbox()
        if changed and (changed[2] - changed[0]) * (changed[3] - changed[1]) > 0.6 * shot.width * shot.height:
            return
        popups = [one.box for one in self._screen.windows() if one.is_popup]
        name = f"{self._task['start']}-{len(self._kept):02}"
        known = ("noun", "name", "font", "font_size")
        data = {**{key: self._task[key] for key in known}, "title": window.title, "box": box, "popups": popups,
                "own_frame": window.has_own_frame or decorated, "late": late,
                "is_dialog": is_dialog and window.number != self._main,
                "tops": [one.as_json() for one in _tops_of(tops, window, popups)]}  # fmt: skip
        folder = Path(self._task["folder"])
        shot.save(folder / f"{name}.png", compress_level=1)
        (folder / f"{name}.json").write_text(json.dumps(data))
        self._kept.append((_small(shot), shot.size))


def _tops_of(tops: list[Node], window: XWindow, popups: list[tuple[int, int, int, int]] | None = None) -> list[Node]:
    """The trees of a window and of the popups in front of it."""
    at = [one for one in tops if _near(one.box, window.box) or _near(one.box, window.frame)]
    own = [one for one in at if one.name == window.title] or at
    over = [one for one in tops if one not in own and any(_near(one.box, popup) for popup in popups or [])]
    return own[:1] + over


def _near(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


def _inside(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    x, y = _middle(one)
    return other[0] <= x < other[2] and other[1] <= y < other[3] and one[2] - one[0] > 4


def _middle(box: tuple[int, int, int, int]) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _aim(node: Node, window: tuple[int, int, int, int]) -> tuple[float, float]:
    """Where it is clicked: near its beginning where it is a row or a box with a text."""
    left, top, right, bottom = node.box
    if node.role in ("table cell", "list item", "tree item", "check box", "radio button"):
        return min(left + 12, (left + right) / 2), (top + bottom) / 2
    return (left + min(right, window[2])) / 2, (top + bottom) / 2


def _is_low(node: Node) -> bool:
    return node.box[3] - node.box[1] < 48


def _is_liked(name: str) -> bool:
    low = name.lower()
    return not any(part in low for part in NEVER) and (
        name.endswith(("...", "\u2026")) or any(one in low for one in WELCOME)
    )


def _liking(name: str) -> float:
    """How gladly an entry of a menu is chosen."""
    low = name.lower()
    return 5.0 if any(one in low for one in ("preferences", "settings", "configure", "options", "properties")) else 1.0


def _weight(node: Node, *, is_main: bool) -> float:
    """How gladly something is clicked; pages of dialogs above all."""
    if not ("sensitive" in node.states or "enabled" in node.states):
        return 0.0
    if node.role == "page tab":
        return 0.0 if "selected" in node.states else 3.0
    if node.role in _SCROLLED and not _is_low(node):
        return 1.0 if node.hidden else 0.0
    if not is_main and node.role in ("list item", "tree item", "table cell"):
        return 1.0 if "selected" not in node.states else 0.0
    return {"menu": 3.0, "push button": 0.8, "toggle button": 1.2, "check box": 0.8, "radio button": 0.8,
            "combo box": 1.2, "table cell": 0.12, "list item": 0.4, "tree item": 0.4, "text": 0.8, "entry": 0.8,
            "spin button": 0.2, "expander": 0.5}.get(node.role, 0.0)  # fmt: skip


def _is_flat(image: Image.Image) -> bool:
    levels = [level for level, count in enumerate(image.convert("L").histogram()) if count]
    return levels[-1] - levels[0] < _FLAT


def _small(image: Image.Image) -> Image.Image:
    """In grey, half as wide and high, which is quick to compare."""
    return image.convert("L").reduce(2)


def _changed(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ in two grey images of a size."""
    changed = ImageChops.difference(one, other).point(lambda value: 255 if value > 16 else 0)
    return changed.histogram()[255] / (one.width * one.height)


def main() -> None:
    """Start the window manager and the program, and explore it."""
    task = json.loads(Path(sys.argv[1]).read_text())
    subprocess.Popen(task["manager"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                     env={**os.environ, "GSETTINGS_BACKEND": "keyfile"})  # fmt: skip
    time.sleep(0.8)
    subprocess.Popen(shlex.split(task["command"]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                     cwd=os.environ["HOME"])  # fmt: skip
    Explorer(task).explore()


if __name__ == "__main__":
    main()
