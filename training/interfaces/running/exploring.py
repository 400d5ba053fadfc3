"""A program under X11 without a person: windows and their images, the accessibility tree, clicks and keys."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
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
    """A window on the screen: its box is (left, top, right, bottom), px, and `frame` that with its decorations.

    `top` is the window that holds it, a child of the root window.
    """

    number: int
    title: str
    box: tuple[int, int, int, int]
    is_popup: bool
    has_own_frame: bool
    frame: tuple[int, int, int, int] = (0, 0, 0, 0)
    top: int = 0


class Screen:
    """An X11 display: its windows, its image, its pointer and keyboard.

    Args:
        name: such as ":3".
        decorated: whether its window manager puts frames around windows.
        buffer: the file with its pixels, where it has one (Xvfb's `-fbdir`): that is quicker to read.
    """

    def __init__(self, name: str, *, decorated: bool = False, buffer: Path | None = None) -> None:
        from Xlib import display

        self._display = display.Display(name)
        self._root = self._display.screen().root
        self._name, self._decorated, self._buffer = name, decorated, buffer

    def _atom(self, name: str) -> int:
        return int(self._display.get_atom(name))

    def windows(self) -> list[XWindow]:
        """Those that a person sees, from the back to the front; popups such as open menus come last."""
        listed = self._root.get_full_property(self._atom("_NET_CLIENT_LIST_STACKING"), 0)
        children = self._root.query_tree().children
        order = {one.id: place for place, one in enumerate(children)}
        managed = [self._window(int(number), is_popup=False) for number in (listed.value if listed else ())]
        found = sorted((one for one in managed if one), key=lambda one: order.get(one.top, -1))
        for one in children:
            try:
                attributes = one.get_attributes()
                if attributes.override_redirect and attributes.map_state == 2:
                    popup = self._window(one.id, is_popup=True)
                    if popup and all(popup.number != other.top for other in found):
                        found.append(popup)
            except Exception:  # noqa: BLE001 - it has been closed meanwhile
                continue
        return [one for one in found if one.box[2] - one.box[0] > 12 and one.box[3] - one.box[1] > 12
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
            top = window if is_popup else self._top(window)
            frame = self._frame(top) if self._decorated and not is_popup else box
            return XWindow(number, str(title), box, is_popup, own, frame, top.id)
        except Exception:  # noqa: BLE001 - it has been closed meanwhile
            return None

    def class_of(self, window: XWindow) -> str:
        """Which program a window says that it belongs to; "" where it doesn't."""
        try:
            found = self._display.create_resource_object("window", window.number).get_wm_class()
        except Exception:  # noqa: BLE001 - it has been closed meanwhile
            return ""
        return str(found[1]) if found else ""

    def _top(self, window: Any) -> Any:
        """What the window manager has put around a window; the window itself where it has not."""
        while True:
            parent = window.query_tree().parent
            if not parent or parent.id == self._root.id:
                return window
            window = parent

    @staticmethod
    def _frame(window: Any) -> tuple[int, int, int, int]:
        """The box of a window with its border."""
        size = window.get_geometry()
        edge = 2 * size.border_width
        return (size.x, size.y, size.x + size.width + edge, size.y + size.height + edge)

    def grab(self) -> Image.Image:
        """The whole screen, RGB."""
        if self._buffer is None:
            return ImageGrab.grab(xdisplay=self._name).convert("RGB")
        self._display.sync()
        data = self._buffer.read_bytes()
        # The header of an X window dump: its size, ..., height and width, ..., bytes of a row, ..., colors.
        header = struct.unpack(">25I", data[:100])
        size, row, start = (header[4], header[5]), header[12], header[0] + 12 * header[19]
        return Image.frombuffer("RGB", size, data[start : start + row * size[1]], "raw", "BGRX", row, 1)

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

    def scroll(self, x: float, y: float, times: int) -> None:
        """Turn the wheel, towards the end."""
        from Xlib import X
        from Xlib.ext import xtest

        self.point(x, y)
        for _ in range(times):
            xtest.fake_input(self._display, X.ButtonPress, 5)
            xtest.fake_input(self._display, X.ButtonRelease, 5)
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
