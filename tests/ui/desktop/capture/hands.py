"""What a person does on a real screen, and what came of it."""

from __future__ import annotations

import base64
import io
import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.error import BadWindow

from tools.screen import ROOT, Screen, wait_for

Box = tuple[int, int, int, int]
"""Left, top, and right and bottom behind the last pixel."""

COUNTDOWN = ("xdotool", "search", "--onlyvisible", "--name", "^Screenshot$")


class Program:
    """The capturing program on a display.

    Attributes:
        screen: the display.
        reference: the whole display before anything was captured, taken by ImageMagick.
    """

    def __init__(
        self, screen: Screen, folder: Path, windows: Sequence[tuple[str, int, int, int, int]], **variables: str
    ) -> None:
        self.screen = screen
        screen.run("xdotool", "mousemove", "5", "5")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.desktop.capture.program", json.dumps(windows)],
            env={**screen.environment, **variables},
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._events: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        for name, *_place in windows:
            screen.window(name)
            screen.run("xdotool", "search", "--name", name, "windowraise")
        file = folder / "reference.png"
        self.reference = Image.new("RGB", (1, 1))

        def is_still() -> bool:  # the windows are painted when two looks are alike
            before = self.reference
            screen.picture(file)
            with Image.open(file) as image:
                self.reference = image.convert("RGB")
            is_painted = all(self._is_noise(name) for name, *_place in windows)
            return is_painted and before.tobytes() == self.reference.tobytes()

        wait_for(is_still, "a screen at rest")
        self._display = Display(screen.environment["DISPLAY"])
        self._at_rest = self._pixels()

    def _pixels(self) -> bytes:
        """The display as it is now; faster than a program that is started for it."""
        root = self._display.screen().root
        size = self.reference.size
        return bytes(root.get_image(0, 0, *size, X.ZPixmap, 0xFFFFFFFF).data)

    def _is_seen(self, title: str) -> bool:
        """Whether a window has that title; a countdown may be over before a program that looks for it has started."""
        windows = [self._display.screen().root]
        while windows:
            try:
                one = windows.pop()
                if one.get_wm_name() == title and one.get_attributes().map_state == X.IsViewable:
                    return True
                windows += one.query_tree().children
            except BadWindow:  # it has gone meanwhile
                continue
        return False

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.put(json.loads(line))

    def _is_noise(self, name: str) -> bool:
        left, top, right, bottom = self.client(name)
        colors = self.reference.crop((right - 40, bottom - 40, right, bottom)).getcolors(2000)
        return left >= 0 and top >= 0 and colors is not None and len(colors) > 1000

    def tell(self, do: str, **more: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()

    def ask(self, do: str) -> dict[str, Any]:
        """Tell, and what it answers."""
        self.tell(do)
        return self.wait(do)

    def wait(self, event: str, timeout_s: float = 60) -> dict[str, Any]:
        """The next event, which has to be that one; that overlays are "shown" is passed over."""
        while True:
            try:
                came = self._events.get(timeout=timeout_s)
            except queue.Empty:
                raise AssertionError(f"no {event} within {timeout_s} s") from None
            if came["event"] == event:
                return came
            assert came["event"] == "shown", f"{came} came, not {event}"

    def is_quiet(self) -> bool:
        """Whether nothing more happened; asks the program, so what it had to say is here."""
        self.tell("state")
        return bool(self.wait("state"))

    def capture(self, mode: str = "region", delay_s: float = 0.0, **more: object) -> None:
        # Without a compositor, windows draw themselves again where the last overlay was.
        wait_for(lambda: self._pixels() == self._at_rest, "the screen without an overlay", 60)
        self.tell("capture", mode=mode, delay_s=delay_s, **more)

    def open(self, *, has_tools: bool = False) -> None:
        """Begin a capture; the overlay is there and has the keyboard."""
        self.capture(has_tools=has_tools)
        self.wait("ready")

    def point(self, x: int, y: int) -> None:
        self.screen.run("xdotool", "mousemove", str(x), str(y))

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, hold: str = "") -> None:
        """By the left button, over a few points; with a modifier held when it comes up."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        steps = ["mousemove", *map(str, start), "mousedown", "1"]
        for point in (middle, end):
            steps += ["mousemove", *map(str, point)]
        if hold:
            steps += ["keydown", hold, "mouseup", "1", "keyup", hold]
        else:
            steps += ["mouseup", "1"]
        self.screen.run("xdotool", *steps)

    def key(self, *keys: str) -> None:
        self.screen.run("xdotool", "key", *keys)

    def picture(self) -> Image.Image:
        """What was captured."""
        came = self.wait("captured")
        assert came["busy"] is False
        assert re.fullmatch(r"Screenshot \d{4}-\d\d-\d\d \d\d\.\d\d\.png", came["name"])
        image = Image.open(io.BytesIO(base64.b64decode(came["data"])))
        assert image.format == "PNG"
        assert list(image.size) == came["size"]
        assert image.mode == "RGB"
        return image

    def assert_captured(self, box: Box) -> None:
        """Exactly these pixels of the display."""
        image = self.picture()
        assert image.size == (box[2] - box[0], box[3] - box[1]), f"{image.size} came for {box}"
        assert (image.size, image.tobytes()) == self.at(box), f"other pixels than at {box}"

    def captured(self) -> tuple[tuple[int, int], bytes]:
        """Size and pixels of what was captured."""
        image = self.picture()
        return image.size, image.tobytes()

    def at(self, box: Box) -> tuple[tuple[int, int], bytes]:
        """Size and pixels of a part of the display."""
        part = self.reference.crop(box)
        return part.size, part.tobytes()

    def count_down(self, mode: str, delay_s: float) -> None:
        """Begin a capture after a delay; its countdown is seen."""
        self.capture(mode, delay_s)
        while not self._is_seen("Screenshot"):
            came = [event["event"] for event in list(self._events.queue)]
            assert came == [], f"the countdown was not seen, but {came} came"

    def client(self, name: str) -> Box:
        """A window without its frame, as xwininfo tells."""
        reported = self.screen.run("xwininfo", "-name", name)
        found = [int(re.findall(rf"{what}: +(-?\d+)", reported)[0]) for what in ("left X", "left Y", "Width", "Height")]
        left, top, width, height = found
        return left, top, left + width, top + height

    def framed(self, name: str) -> Box:
        """A window with its frame, as xprop tells."""
        reported = self.screen.run("xprop", "-name", name, "_NET_FRAME_EXTENTS")
        left, right, top, bottom = map(int, re.findall(r"\d+", reported.partition("=")[2]))
        box = self.client(name)
        return box[0] - left, box[1] - top, box[2] + right, box[3] + bottom

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._display.close()
