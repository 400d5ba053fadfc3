"""The accessibility trees of running programs, read over AT-SPI's D-Bus interfaces.

libatspi waits for itself for ever with some GTK programs, so that the bus is asked directly.
"""

from __future__ import annotations

import time
from typing import Any

from training.interfaces.running.exploring import Node

_MOST_CHILDREN = 500
_MANY = 150
"""Children from which on they are asked for one by one."""
_MOST_NODES = 1500
_LABELLED = frozenset({"text", "entry", "password text", "spin button", "combo box", "slider"})
_TEXTS = frozenset(
    {"text", "entry", "password text", "spin button", "combo box", "label", "paragraph", "document text"}
)
_OPENING = frozenset({"menu", "menu item", "combo box"})
_ALONE = frozenset({"push button", "toggle button", "check box", "radio button", "label", "check menu item",
                    "separator", "radio menu item", "text", "entry", "password text", "icon", "image",
                    "scroll bar"})  # fmt: skip
"""Roles whose children say nothing more."""
_HIGH = 44
"""Height from which on a box of text has several lines, px."""
_LINE, _LINE_START, _MOST_LINES = 3, 5, 60
"""AT-SPI's granularity of lines, its boundary of lines, and how many are read of a text at most."""
_LEFT_AFTER = 30
"""Children that are out of sight after one that is seen, until the rest is taken to be too."""
# fmt: off
_STATES = (
    "invalid", "active", "armed", "busy", "checked", "collapsed", "defunct", "editable", "enabled", "expandable",
    "expanded", "focusable", "focused", "has-tooltip", "horizontal", "iconified", "modal", "multi-line",
    "multiselectable", "opaque", "pressed", "resizable", "selectable", "selected", "sensitive", "showing",
    "single-line", "stale", "transient", "vertical", "visible", "manages-descendants", "indeterminate",
)
# fmt: on
_LABELLED_BY = 2
_ROOT = "/org/a11y/atspi/accessible/root"
_LINED = frozenset({"text", "paragraph", "document text"})
_ALL = (-9999, -9999, 9999, 9999)

Area = tuple[int, int, int, int]


class Tree:
    """The trees of all programs of the session."""

    def __init__(self) -> None:
        import gi  # type: ignore[import-not-found, unused-ignore]

        gi.require_version("Gio", "2.0")
        from gi.repository import Gio, GLib  # type: ignore[import-not-found, unused-ignore]

        self._glib = GLib
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        found = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, 8000, None
        )
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self._bus = Gio.DBusConnection.new_for_address_sync(found.unpack()[0], flags, None, None)
        self._count, self._until = 0, 0.0

    def _call(self, one: tuple[str, str], interface: str, method: str, signature: str = "", *values: Any) -> Any:
        """The answer's first value; None where there is no answer."""
        found = self._values(one, interface, method, signature, *values)
        return found[0] if found else None

    def _values(self, one: tuple[str, str], interface: str, method: str, signature: str, *values: Any) -> Any:
        given = self._glib.Variant(f"({signature})", values) if signature else None
        name = f"org.a11y.atspi.{interface}" if "." not in interface else interface
        try:
            return self._bus.call_sync(*one, name, method, given, None, 0, 1200, None).unpack()
        except self._glib.Error:
            return None

    def _property(self, one: tuple[str, str], interface: str, name: str) -> Any:
        return self._call(one, "org.freedesktop.DBus.Properties", "Get", "ss", f"org.a11y.atspi.{interface}", name)

    def tops(self, seconds: float = 7.0) -> list[Node]:
        """The windows of all programs with all that is shown in them; what takes longer is left out."""
        self._count, self._until = 0, time.monotonic() + seconds
        found = []
        for app in self._call(("org.a11y.atspi.Registry", _ROOT), "Accessible", "GetChildren") or []:
            for top in (self._call(app, "Accessible", "GetChildren") or [])[:40]:
                node = self._node(top, _ALL)
                if node:
                    found.append(node)
        return found

    @property
    def is_late(self) -> bool:
        """Whether the last reading was broken off."""
        return time.monotonic() > self._until or self._count > _MOST_NODES

    def _node(self, one: tuple[str, str], clip: Area) -> Node | None:
        self._count += 1
        if self.is_late:
            return None
        low, high = (self._call(one, "Accessible", "GetState") or (0, 0))[:2]
        bits = low | high << 32
        states = tuple(name for place, name in enumerate(_STATES) if bits >> place & 1)
        if "showing" not in states:
            return None
        role = self._call(one, "Accessible", "GetRoleName") or ""
        left, top, width, height = self._call(one, "Component", "GetExtents", "u", 0) or (0, 0, 0, 0)
        box = (left, top, left + width, top + height)
        seen = not (box[2] <= clip[0] or box[0] >= clip[2] or box[3] <= clip[1] or box[1] >= clip[3])
        if width > 0 and height > 0 and not seen and role not in ("menu", "menu item"):
            return None
        node = Node(role, self._property(one, "Accessible", "Name") or "", self._text(one, role), box, states,
                    self._labels(one) if role in _LABELLED else ())  # fmt: skip
        if role in _LINED and node.text and height > _HIGH:
            self._read_lines(one, node, _inner(node, clip))
        closed = (role == "menu" and "selected" not in states) or (role == "table cell" and node.name)
        if role not in _ALONE and not closed:
            self._read_children(one, node, _inner(node, clip))
        return node

    def _read_lines(self, one: tuple[str, str], node: Node, clip: Area) -> None:
        """The lines of a text that are seen, as nodes below it.

        Their states are "first" and "last" in the text, and "wrapped" where the next line goes on with the paragraph.
        """
        count = self._property(one, "Text", "CharacterCount") or 0
        left, top, _, bottom = clip
        at = self._call(one, "Text", "GetOffsetAtPoint", "iiu", left + 8, top + 8, 0)
        place = at if isinstance(at, int) and 0 < at < count else 0
        for _ in range(_MOST_LINES):
            found = self._line(one, place)
            if found is None or self.is_late:
                break
            text, start, end = found
            shown = max(1, len(text.rstrip()))
            box = self._values(one, "Text", "GetRangeExtents", "iiu", start, start + shown, 0)
            if box is None or box[1] >= bottom:
                break
            last, wrapped = end >= count, not text.endswith("\n")
            states = ("first",) * (start == 0) + ("last",) * last + ("wrapped",) * (wrapped and not last)
            area = (box[0], box[1], box[0] + box[2], box[1] + box[3])
            node.children.append(Node("line", text.rstrip("\n"), None, area, states))
            if last or end <= place:
                break
            place = end

    def _line(self, one: tuple[str, str], place: int) -> tuple[str, int, int] | None:
        """The line with a character, where it begins and where the next one does."""
        found = self._values(one, "Text", "GetStringAtOffset", "iu", place, _LINE)
        found = found or self._values(one, "Text", "GetTextAtOffset", "iu", place, _LINE_START)  # Qt 5
        if found is None or len(found) < 3 or found[2] < found[1]:
            return None
        text, start, end = found[:3]
        if not text.endswith("\n") and self._call(one, "Text", "GetText", "ii", end, end + 1) in ("\n", "\u2029"):
            return text + "\n", start, end + 1
        return text, start, end

    def _text(self, one: tuple[str, str], role: str) -> str | None:
        count = self._property(one, "Text", "CharacterCount") if role in _TEXTS else None
        return None if count is None else self._call(one, "Text", "GetText", "ii", 0, min(count, 1200)) or ""

    def _labels(self, one: tuple[str, str]) -> tuple[str, ...]:
        """Names of what labels it."""
        for kind, targets in self._call(one, "Accessible", "GetRelationSet") or []:
            if kind == _LABELLED_BY:
                return tuple(self._property(target, "Accessible", "Name") or "" for target in targets)
        return ()

    def _read_children(self, one: tuple[str, str], node: Node, inner: Area) -> None:
        count = self._property(one, "Accessible", "ChildCount") or 0
        listed = (self._call(one, "Accessible", "GetChildren") or []) if 0 < count <= _MANY else None
        last = None
        for place in range(min(count if listed is None else len(listed), _MOST_CHILDREN)):
            child = self._call(one, "Accessible", "GetChildAtIndex", "i", place) if listed is None else listed[place]
            inside = self._node(child, inner) if child else None
            if inside:
                node.children.append(inside)
                last = place
            else:
                node.hidden += 1
                if last is not None and place - last > _LEFT_AFTER:
                    break
        node.hidden += max(0, count - _MOST_CHILDREN)


def _inner(node: Node, clip: Area) -> Area:
    """Where a node's children can be seen."""
    box = node.box
    if node.role in _OPENING:  # they open outside
        return _ALL
    if box[2] <= box[0] or box[3] <= box[1]:
        return clip
    return (max(clip[0], box[0]), max(clip[1], box[1]), min(clip[2], box[2]), min(clip[3], box[3]))
