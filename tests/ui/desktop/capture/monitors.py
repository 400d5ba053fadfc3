"""Several monitors on one Xvfb: RandR's own requests, as `xrandr --setmonitor` sends them."""

from __future__ import annotations

from collections.abc import Mapping

from Xlib.display import Display
from Xlib.ext import randr
from Xlib.protocol import rq


class _SetMonitor(rq.Request):
    """Request 43 of RandR 1.5; python-xlib's own puts a structure where the protocol has its fields."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card32("name"),
        rq.Bool("primary"),
        rq.Bool("automatic"),
        rq.LengthOf("outputs", 2),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("width_mm"),
        rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )


def set_monitors(display_name: str, monitors: Mapping[str, tuple[int, int, int, int]]) -> Display:
    """Divide the display into monitors: name -> left, top, width, height; the first one is the primary.

    Keep what it returns: X forgets everything when its last client goes, and this may be the first one.
    """
    display = Display(display_name)
    root = display.screen().root
    outputs = list(root.xrandr_get_screen_resources().outputs)
    for number, (name, (x, y, width, height)) in enumerate(monitors.items()):
        _SetMonitor(
            display=display.display,
            opcode=display.display.get_extension_major(randr.extname),
            window=root,
            name=display.intern_atom(name),
            primary=number == 0,
            automatic=False,
            x=x,
            y=y,
            width=width,
            height=height,
            width_mm=width // 4,
            height_mm=height // 4,
            outputs=outputs if number == 0 else [],
        )
    display.sync()
    return display
