"""What of an accessibility tree is seen in an image: its texts are looked for in the pixels, and only those count.

What a container has and was not found, or is scrolled away, makes it `cut`: nobody is asked about all of it then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from PIL import Image

from training.interfaces.records import Control, Interface, Role
from training.interfaces.running.drawn_text import Finder, Found
from training.interfaces.running.exploring import Node, node_of
from training.interfaces.running.rows import first_of_rows, with_places
from training.interfaces.running.text_lines import lines_of
from training.screens.records import Box

_ROLES: dict[str, Role] = {
    "push button": "button", "toggle button": "button", "check box": "checkbox", "radio button": "radio",
    "text": "field", "entry": "field", "password text": "field", "combo box": "combo", "spin button": "spin",
    "label": "label", "static": "label", "page tab": "tab", "link": "link", "menu": "menu", "menu item": "entry",
    "check menu item": "entry", "radio menu item": "entry", "list item": "entry", "tree item": "entry",
    "table cell": "cell", "column header": "header", "table column header": "header", "panel": "group",
    "grouping": "group", "status bar": "status",
}  # fmt: skip
_LISTS = ("table", "tree table", "tree", "list", "list box", "icon", "layered pane")
_TYPICAL = frozenset(
    {"menu", "menu item", "page tab", "push button", "label", "check box", "radio button", "table cell", "list item"}
)
"""Roles whose texts are in the window's usual font."""
_ROWS = frozenset({"table cell", "tree item", "list item", "line"})
"""Roles whose texts may be in another font."""
_FEW_UNSEEN = 2
_MANY_LINES = 44
"""Height of a text box from which on it has several lines, px."""
_LEAST_CONTROLS = 4
_SQUARE = 2.1
"""How much wider than high a button with an image alone may be."""
_BOXES = frozenset({"checkbox", "radio"})
_BOX_HEIGHT = 2.0
_MARK = (13, 36)
"""From a check box's left edge to its text, px."""
_GREY, _PLAIN = 0.6, 0.85
"""Contrast, against the window's usual one, of what is greyed out at most, and of what is not at least."""
_INDENTED = 80
"""Px by which a tree's cell may stand left of where it says it is."""
_MENUS = 2
"""Menus from which on a window is no dialog."""
_SHORT = 2
"""Letters of a name that nobody can look for among others."""
_NEVER_GREY = frozenset({"label", "status", "cell", "header", "group", "line"})
_WINDOW_WIDE = frozenset({"button", "tool", "checkbox", "radio", "heading", "link", "tab", "field", "combo", "spin"})


class Looks(Protocol):
    """What finds texts in pixels: `drawn_text.Finder`, or a stand-in."""

    def find(self, pixels: Any, text: str, box: Box) -> Found | None: ...

    def find_lines(self, pixels: Any, text: str, box: Box) -> Found | None: ...


_FINDERS: dict[tuple[str, float], Finder] = {}


def interface_of(image: Image.Image, data: dict[str, Any], finder: Looks | None = None) -> Interface | None:
    """What is known about a window that `explorer.py` kept; None where too little of it is seen.

    Args:
        image: the window, RGB.
        data: what was written beside it.
        finder: what looks for texts; by default in the window's font.
    """
    if data.get("late"):
        return None
    if finder is None:
        key = (data["font"], float(data["font_size"]))
        finder = _FINDERS.setdefault(key, Finder(*key))
    reader = _Reader(image, data, finder)
    tops = [node_of(top) for top in data["tops"]]
    if isinstance(finder, Finder):
        reader.choose_font(finder, tops)
    for top in tops:
        reader.read(top, _Place())
    return reader.interface()


class _Place:
    """Where a node is in the tree."""

    def __init__(self, container: str = "", called: str = "", parents: tuple[str, ...] = (), menu: str = "") -> None:
        self.container, self.called, self.parents, self.menu = container, called, parents, menu

    def below(self, role: str, container: str = "", called: str = "", menu: str = "") -> _Place:
        return _Place(container or self.container, called or self.called, (*self.parents, role), menu or self.menu)


class _Reader:
    def __init__(self, image: Image.Image, data: dict[str, Any], finder: Looks) -> None:
        self._data, self._finder, self._size = data, finder, image.size
        self._pixels = np.asarray(image.convert("L"), dtype=np.float32)
        self._left, self._top = data["box"][0], data["box"][1]
        self._popups = [self._moved(tuple(one)) for one in data["popups"]]
        self._found: list[tuple[Control, Found | None]] = []
        self._cut: set[str] = set()
        self._count = 0
        self._is_lost = False  # whether something is not found that nobody would overlook
        self._sizes: list[float] = []
        self._indented: set[int] = set()
        self._with_columns: set[str] = set()

    def choose_font(self, finder: Finder, tops: list[Node]) -> None:
        """By the first short texts of menus, tabs, buttons and labels."""
        some = [
            (node.name.strip(), self._moved(node.box)) for top in tops for node in top.all() if node.role in _TYPICAL
        ]
        fitting = [(name, box) for name, box in some if 4 <= len(name) <= 24 and "\n" not in name
                   and box[2] - box[0] > 5 * len(name) and self._is_seen(box, in_popup=False)
                   and box[3] - box[1] < 60]  # fmt: skip
        finder.choose(self._pixels, fitting[:: max(1, len(fitting) // 12)][:14])
        rows = [(node.name.strip(), self._moved(node.box)) for top in tops for node in top.all() if node.role in _ROWS]
        rows = [(name, box) for name, box in rows if 3 <= len(name) <= 72 and box[3] - box[1] < 60
                and self._is_seen(box, in_popup=False)]  # fmt: skip
        some = rows[:: max(1, len(rows) // 16)][:18]
        unseen = [one for one in some if finder.find(self._pixels, *one) is None]
        if len(unseen) > _FEW_UNSEEN:
            finder.choose_more(self._pixels, unseen[:7])

    def _moved(self, box: tuple[float, ...]) -> Box:
        return (box[0] - self._left, box[1] - self._top, box[2] - self._left, box[3] - self._top)

    def _is_seen(self, box: Box, *, in_popup: bool) -> bool:
        """Whether a box is in the image as a whole, and in front."""
        width, height = self._size
        if box[2] - box[0] < 4 or box[3] - box[1] < 4 or min(box[:2]) < -1 or box[2] > width + 1 or box[3] > height + 1:
            return False
        over = [one for one in self._popups if _overlap(one, box)]
        if in_popup:
            return any(_holds(one, box) for one in over)
        return not over

    def read(self, node: Node, place: _Place) -> None:
        """A node and all below it."""
        role = node.role
        box = self._moved(node.box)
        called, menu = "", ""
        container = self._opened(node, box)
        in_popup = any(one in ("menu", "popup menu", "combo box", "menu item") for one in place.parents)
        if role in ("menu", "popup menu", "menu item") and any(
            child.role.endswith("menu item") for child in node.children
        ):
            self._count += 1
            menu = f"menu-{self._count}"
            container, called = menu, node.name if role != "popup menu" else ""
        if self._add_lines(node, box):
            return
        self._add(node, box, place, in_popup=in_popup)
        if role in ("push button", "toggle button", "check box", "radio button", "page tab", "combo box", "spin button",
                    "text", "entry") and role not in ("page tab", "combo box"):  # fmt: skip
            return
        if role == "panel" and node.name and any(one[0].role == "group" and one[0].text == node.name
                                                 for one in self._found[-1:]):  # fmt: skip
            called = node.name
        inner = place.below(role, container, called, menu)
        if role == "page tab":  # what is on the page is in no tab bar
            inner = _Place("", "", inner.parents)
        if role in _LISTS and not called:
            inner.called = ""
        for child in node.children:
            self.read(child, inner)

    def _opened(self, node: Node, box: Box) -> str:
        """A new id where a node is a list, a table or a bar, else ""."""
        if node.role not in _LISTS and node.role not in ("page tab list", "tool bar", "menu bar"):
            return ""
        self._count += 1
        container = f"{node.role.replace(' ', '-')}-{self._count}"
        if node.role in _LISTS:
            self._indented |= first_of_rows(node)
        if sum(child.role.endswith("column header") for child in node.children) > 1:
            self._with_columns.add(container)
        scrolls = node.role in _LISTS or node.role == "page tab list"
        if (scrolls and node.hidden) or not self._is_seen(box, in_popup=False):
            self._cut.add(container)
        return container

    def _add_lines(self, node: Node, box: Box) -> bool:
        """A box with several lines: those of them that are seen. Returns whether it is one."""
        if not any(child.role == "line" for child in node.children):
            return False
        width, height = self._size
        part = (max(0.0, box[0]), max(0.0, box[1]), min(float(width), box[2]), min(float(height), box[3]))
        if part[2] - part[0] < 4 or part[3] - part[1] < 4 or any(_overlap(one, part) for one in self._popups):
            return True
        self._count += 1
        container = f"text-{self._count}"
        lines = lines_of(node, part, self._left, self._top, self._finder, self._pixels, container)
        if not lines.text:
            self._cut.add(container)
        letters = max((one.letters for one in lines.controls), default=0.0)
        enabled = "sensitive" in node.states and "enabled" in node.states
        text = Control("text", lines.text, part, letters, self._label(node), enabled=enabled, container=container)
        self._found += [(text, None), *((one, None) for one in lines.controls)]
        return True

    def _add(self, node: Node, box: Box, place: _Place, *, in_popup: bool) -> None:
        """The node itself, where it is seen; what was not found of its container is noted."""
        role = self._role(node, box, place, in_popup=in_popup)
        if role is None:
            return
        texts = self._texts(node, role)
        if not self._is_seen(box, in_popup=in_popup):
            if any(texts) and box[2] > box[0]:
                self._miss(role, place.container)
            return
        text, found = self._seen(texts, box, role)
        if found is None and id(node) in self._indented:  # GTK adds the indentation twice
            text, found = self._seen(texts, (max(0.0, box[0] - _INDENTED), *box[1:]), role)
        if found is None and any(texts):
            small = box[2] - box[0] <= _SQUARE * (box[3] - box[1])
            if not small or not (role in ("button", "tool") or (role in _BOXES and "tool bar" in place.parents)):
                self._miss(role, place.container)
                self._is_lost |= role in ("menu", "tab") or (role == "button" and len(texts[0].strip()) <= _SHORT)
                return
            self._is_lost |= len(texts[0].strip()) <= _SHORT
            role, text = "tool" if role != "button" else role, ""  # an image, whose name is a tooltip
        if not text and role not in ("button", "tool", "field", "combo", "spin"):
            return
        if role in _BOXES and found is not None and not _has_mark(box, found, place.parents):
            self._miss(role, place.container)  # Qt calls any button that stays pressed a check box
            return
        if role == "label" and found is not None:
            self._sizes.append(found.letters)
        around = _around(box, found) if role in ("cell", "label", "group", "header") and found is not None else box
        control = Control(
            role,
            text,
            around,
            found.letters if found else 0.0,
            self._label(node) if role in ("field", "combo", "spin", "text") else "",
            _is_on(node, role),
            _is_selected(node, role, in_popup=in_popup),
            role in _NEVER_GREY or ("sensitive" in node.states and "enabled" in node.states),
            place.container if role in ("tab", "tool", "menu", "entry", "cell", "header") else "",
            place.called if role in ("entry", "checkbox", "radio", "cell") else "",
        )
        self._found.append((control, found))

    def _role(self, node: Node, box: Box, place: _Place, *, in_popup: bool) -> Role | None:
        """Which kind of control it is here; None for what is no control."""
        role = _ROLES.get(node.role)
        if node.role == "tree item" and place.container in self._with_columns:
            role = "cell"
        if node.role in ("menu", "menu item") and place.parents[-1:] == ("menu bar",):
            return "menu"
        if role == "menu" or node.role.endswith("menu item"):
            return "entry" if in_popup else None
        if role in ("cell", "entry") and "combo box" in place.parents and not self._popups:
            return None
        if role == "button" and "tool bar" in place.parents:
            return "tool"
        if role == "label" and "status bar" in place.parents:
            return "status"
        return "text" if role == "field" and box[3] - box[1] > _MANY_LINES else role

    def _miss(self, role: Role, container: str) -> None:
        """Something is there that was not found."""
        if container:
            self._cut.add(container)
        if role in _WINDOW_WIDE:
            self._cut.add("")

    def _texts(self, node: Node, role: Role) -> list[str]:
        """What it may show, the likeliest first."""
        if node.role == "password text":
            return [node.text] if node.text else []  # dots, which are found nowhere
        if role in ("field", "spin"):
            return [node.text or ""]
        if role == "combo":
            inside = [one.text or one.name for one in node.all() if one is not node and one.role in ("text", "entry")]
            return [one for one in (node.text or "", *inside, node.name) if one.strip()]
        name = node.name if node.role not in ("label", "static") else node.name or node.text or ""
        return [name] if name.strip() else []

    def _seen(self, texts: list[str], box: Box, role: Role) -> tuple[str, Found | None]:
        for text in texts:
            clean = text.strip().replace("\u200b", "")
            if not clean or len(clean) > 600:
                continue
            if role == "group":
                box = (box[0], box[1] - 2, box[2], min(box[3], box[1] + 34))
            look = self._finder.find_lines if role in ("label", "status", "text") else self._finder.find
            found = look(self._pixels, clean, box)
            if found is not None:
                return clean, found
        return "", None

    def _label(self, node: Node) -> str:
        """A label's visible text that the program says belongs to it."""
        return next((one.strip().rstrip(":").strip() for one in node.labels if one.strip()), "")

    def _looks_as_said(self, some: list[tuple[Control, Found | None]]) -> list[tuple[Control, Found | None]]:
        """Those that look greyed out where the program says so, and only there."""
        contrasts = [self._contrast(found) if found else 0.0 for _, found in some]
        usual = [one for one, (control, _) in zip(contrasts, some, strict=True) if one and control.enabled]
        middle = float(np.median(usual)) if usual else 0.0
        kept = []
        for contrast, (control, found) in zip(contrasts, some, strict=True):
            odd = contrast < _GREY * middle if control.enabled else contrast > _PLAIN * middle
            if found and middle and odd and not control.selected and control.role not in _NEVER_GREY:
                self._miss(control.role, control.container)
            else:
                kept.append((control, found))
        return kept

    def _contrast(self, found: Found) -> float:
        left, top, right, bottom = (int(edge) for edge in found.box)
        part = self._pixels[max(0, top) : bottom, max(0, left) : right]
        return float(np.percentile(part, 97) - np.percentile(part, 3)) if part.size else 0.0

    def interface(self) -> Interface | None:
        """All that was read, in reading order."""
        if self._is_lost:
            return None
        alone = self._looks_as_said(_without_doubles(self._found))
        found = self._with_labels([self._with_kind(one, what) for one, what in alone])
        found = with_places(found, self._cut)
        if sum(bool(one.text) for one in found) < _LEAST_CONTROLS and not self._data["is_dialog"]:
            return None
        found.sort(key=lambda one: (round((one.box[1] + one.box[3]) / 2 / 8), one.box[0]))
        title, framed = self._data["title"].strip(), bool(self._data["own_frame"])
        bar = framed and self._finder.find(self._pixels, title, (0, 0, self._size[0], 60)) if title else False
        if framed and not bar:
            title = ""
        if bar:
            found = [one for one in found if not (one.text == title and one.box[3] < 60)]
        is_dialog = self._data["is_dialog"] and sum(one.role == "menu" for one in found) < _MENUS
        program = self._data["name"] if self._data["name"] in title else ""
        return Interface("dialog" if is_dialog else self._data["noun"], title, framed, program, tuple(found),
                         is_dialog=is_dialog, cut=frozenset(self._cut))  # fmt: skip

    def _with_kind(self, control: Control, found: Found | None) -> Control:
        """Labels that are headings or messages as such."""
        if control.role != "label" or found is None:
            return control
        usual = float(np.median(self._sizes)) if self._sizes else found.letters
        words = len(control.text.split())
        if words >= 6:
            return replace(control, role="message" if self._data["is_dialog"] else "label")
        if found.letters >= 1.25 * usual and words <= 8:
            return replace(control, role="heading")
        return control

    def _with_labels(self, found: list[Control]) -> list[Control]:
        """Fields whose label is seen beside or above them keep it; others get what stands left of them with a colon."""
        labels = [one for one in found if one.role in ("label", "checkbox", "radio")]
        result = []
        for one in found:
            if one.role not in ("field", "combo", "spin", "text"):
                result.append(one)
                continue
            beside = [label for label in labels if label.role == "label" and _is_beside(label.box, one.box)]
            said = [label for label in beside if _bare(label.text) == one.label] if one.label else []
            said = said or [label for label in beside if label.text.strip().endswith(":")]
            result.append(replace(one, label=_bare(said[-1].text) if said else ""))
        return result


def _has_mark(box: Box, found: Found, parents: tuple[str, ...]) -> bool:
    """Whether a check box or a radio button is one line with room for its mark, and in no bar."""
    bars = {"tool bar", "status bar"} & set(parents)
    low = box[3] - box[1] <= _BOX_HEIGHT * found.letters
    return low and not bars and _MARK[0] <= found.box[0] - box[0] <= _MARK[1]


def _is_on(node: Node, role: Role) -> bool | None:
    if role in _BOXES or node.role in ("check menu item", "radio menu item"):
        return None if "indeterminate" in node.states else "checked" in node.states
    if node.role == "toggle button" and role == "tool":
        return "checked" in node.states or "pressed" in node.states
    return None


def _is_selected(node: Node, role: Role, *, in_popup: bool) -> bool:
    return (role in ("cell", "tab") or (role == "entry" and not in_popup)) and "selected" in node.states


def _bare(text: str) -> str:
    return text.strip().rstrip(":").strip()


def _is_beside(label: Box, field: Box) -> bool:
    """Whether a label is left of a field in its row, or directly above it."""
    middle = (label[1] + label[3]) / 2
    left_of = field[1] - 2 <= middle <= field[3] + 2 and -3 <= field[0] - label[2] < 160
    above = abs(label[0] - field[0]) < 14 and -3 <= field[1] - label[3] < 12
    return left_of or above


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


def _holds(one: Box, other: Box) -> bool:
    return other[0] >= one[0] - 3 and other[1] >= one[1] - 3 and other[2] <= one[2] + 3 and other[3] <= one[3] + 3


def _around(box: Box, found: Found) -> Box:
    """A text's own box in a cell that is wider."""
    return (max(box[0], found.box[0] - 2), max(box[1] - 2, found.box[1] - 2), found.box[2] + 2, found.box[3] + 2)


def _without_doubles(found: list[tuple[Control, Found | None]]) -> list[tuple[Control, Found | None]]:
    """Without labels that are the same text at the same place as another control."""
    kept: list[tuple[Control, Found | None]] = []
    order = sorted(range(len(found)), key=lambda place: found[place][0].role in ("label", "group", "line", "text"))
    for place in order:
        one, what = found[place]
        at = what.box if what else one.box
        if one.role in ("line", "text"):  # lines lie in their text, and may touch each other
            kept.append((one, what))
            continue
        if one.text and any(other.text and _overlap(at, seen.box if seen else other.box) for other, seen in kept):
            continue
        kept.append((one, what))
    return kept
