"""A program under X11 without a person: windows and their images, the accessibility tree, clicks and keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from PIL import Image, ImageGrab


@dataclass
class Node:
    """A thing in the accessibility tree that says it is shown.

    Attributes:
        role: AT-SPI's name of the role, such as "push button".
        name: the accessible name, seen or not.
        text: the content of the Text interface; None without one.
        box: left, top, right, bottom on the screen, px.
        states: AT-SPI's states in lower case, such as "checked".
        labels: names of what labels it.
        hidden: how many of its children are out of sight.
    """

    role: str
    name: str
    text: str | None
    box: tuple[int, int, int, int]
    states: tuple[str, ...]
    labels: tuple[str, ...] = ()
    hidden: int = 0
    children: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """It and all below it."""
        yield self
        for child in self.children:
            yield from child.all()

    def as_json(self) -> dict[str, Any]:
        """For `node_of`."""
        return asdict(self)


def node_of(data: dict[str, Any]) -> Node:
    """A node from what `Node.as_json` gave."""
    rest = {key: value for key, value in data.items() if key != "children"}
    for key in ("box", "states", "labels"):
        rest[key] = tuple(rest[key])
    return Node(**rest, children=[node_of(one) for one in data["children"]])


@dataclass(frozen=True)
class XWindow:
    """A window on the screen: its box is (left, top, right, bottom), px."""

    number: int
    title: str
    box: tuple[int, int, int, int]
    is_popup: bool
    has_own_frame: bool


class Screen:
    """An X11 display: its windows, its image, its pointer and keyboard."""

    def __init__(self, name: str) -> None:
        from Xlib import display

        self._display = display.Display(name)
        self._root = self._display.screen().root
        self._name = name

    def _atom(self, name: str) -> int:
        return int(self._display.intern_atom(name))

    def windows(self) -> list[XWindow]:
        """Those that a person sees, from the back to the front; popups such as open menus come last."""
        listed = self._root.get_full_property(self._atom("_NET_CLIENT_LIST_STACKING"), 0)
        found = [self._window(int(number), is_popup=False) for number in (listed.value if listed else ())]
        for one in self._root.query_tree().children:
            try:
                attributes = one.get_attributes()
                if attributes.override_redirect and attributes.map_state == 2:
                    found.append(self._window(one.id, is_popup=True))
            except Exception:  # noqa: BLE001 - it has been closed meanwhile
                continue
        return [one for one in found if one and one.box[2] - one.box[0] > 12 and one.box[3] - one.box[1] > 12
                and one.box[0] >= 0 and one.box[1] >= 0]  # fmt: skip

    def _window(self, number: int, *, is_popup: bool) -> XWindow | None:
        try:
            window = self._display.create_resource_object("window", number)
            size = window.get_geometry()
            at = window.translate_coords(self._root, 0, 0)
            left, top = -at.x, -at.y
            named = window.get_full_property(self._atom("_NET_WM_NAME"), 0)
            title = named.value.decode("utf-8", "replace") if named else (window.get_wm_name() or "")
            hints = window.get_full_property(self._atom("_MOTIF_WM_HINTS"), 0)
            own = bool(hints and len(hints.value) > 2 and hints.value[0] & 2 and hints.value[2] == 0)
            box = (left, top, left + size.width, top + size.height)
            return XWindow(number, str(title), box, is_popup, own)
        except Exception:  # noqa: BLE001 - it has been closed meanwhile
            return None

    def grab(self) -> Image.Image:
        """The whole screen, RGB."""
        return ImageGrab.grab(xdisplay=self._name).convert("RGB")

    def place(self, window: XWindow, box: tuple[int, int, int, int]) -> None:
        """Move and resize a window, and bring it to the front."""
        one = self._display.create_resource_object("window", window.number)
        one.configure(x=box[0], y=box[1], width=box[2] - box[0], height=box[3] - box[1], stack_mode=0)
        self._display.sync()

    def message(self, window: XWindow, name: str) -> None:
        """Ask the window manager for `_NET_ACTIVE_WINDOW` or `_NET_CLOSE_WINDOW`."""
        from Xlib.protocol import event

        target = self._display.create_resource_object("window", window.number)
        data = (32, [2, 0, 0, 0, 0]) if "ACTIVE" in name else (32, [0, 2, 0, 0, 0])
        sent = event.ClientMessage(window=target, client_type=self._atom(name), data=data)
        self._root.send_event(sent, event_mask=0x180000)
        self._display.sync()

    def point(self, x: float, y: float) -> None:
        """Move the pointer."""
        from Xlib import X
        from Xlib.ext import xtest

        xtest.fake_input(self._display, X.MotionNotify, x=int(x), y=int(y))
        self._display.sync()

    def click(self, x: float, y: float, times: int = 1) -> None:
        """Click with the first button."""
        from Xlib import X
        from Xlib.ext import xtest

        self.point(x, y)
        time.sleep(0.05)
        for _ in range(times):
            xtest.fake_input(self._display, X.ButtonPress, 1)
            xtest.fake_input(self._display, X.ButtonRelease, 1)
            self._display.sync()

    def key(self, name: str, *held: str) -> None:
        """Press a key by its keysym's name, while others are held."""
        from Xlib import XK, X
        from Xlib.ext import xtest

        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(one)) for one in (*held, name)]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def type(self, text: str) -> None:
        """Type small letters, digits and spaces."""
        for char in text:
            self.key("space" if char == " " else char)
