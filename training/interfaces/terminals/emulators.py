"""Terminal emulators under Xvfb: each is started once, shows many screens, and is looked at as an image."""

from __future__ import annotations

import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from training.interfaces.terminals.schemes import Scheme

PROGRAMS = ("stterm", "mlterm", "pterm", "alacritty", "kitty")
_START_S, _REPLY_S = 9.0, 4.0
_SETTLE_S, _MOST_LOOKS = 0.05, 25
_MOST_PX = 4000
"""Of a window and its place: what is larger is one that nobody sees."""
_INK = 60
"""Of 765: a pixel that differs so much from the ground is ink."""


@dataclass(frozen=True)
class Look:
    """How an emulator is started.

    Attributes: `size`: of its font, px; `geometry`: columns and rows.
    """

    program: str
    family: str
    size: int
    scheme: Scheme
    geometry: tuple[int, int]
    smooth: bool = True


@dataclass(frozen=True)
class Cells:
    """Where the cells are in the image: the first one's corner, a cell's size, and where its letters are, px."""

    left: float
    top: float
    width: float
    height: float
    up: float
    """From a cell's top to the top of "d"."""
    down: float
    """From a cell's top to the bottom of "p"."""


class EmulatorError(RuntimeError):
    """It did not start, or does not show what it should."""


@dataclass
class Emulator:
    """One that runs; `close` ends it.

    Attributes: `geometry`: columns and rows that it really has; `cells` once it was measured.
    """

    look: Look
    display: str
    process: subprocess.Popen[bytes]
    connection: socket.socket
    folder: Path
    geometry: tuple[int, int] = (0, 0)
    cells: Cells = field(default_factory=lambda: Cells(0, 0, 0, 0, 0, 0))
    window: tuple[int, int, int, int] = (0, 0, 0, 0)

    @classmethod
    def start(cls, look: Look, display: str, rng: random.Random) -> Emulator:
        """Start one, wait for its feeder and measure its cells. Raises EmulatorError."""
        folder = Path(tempfile.mkdtemp(prefix="emulator-"))
        path = folder / "socket"
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(str(path))
        server.listen(1)
        server.settimeout(_START_S)
        feeder = [sys.executable, str(Path(__file__).with_name("feeder.py")), str(path)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                       "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", "XDG_CONFIG_HOME": str(folder),
                       "XDG_RUNTIME_DIR": str(folder), "GTK_THEME": "Adwaita", "NO_AT_BRIDGE": "1"}  # fmt: skip
        if "FONTCONFIG_FILE" in os.environ:
            environment["FONTCONFIG_FILE"] = os.environ["FONTCONFIG_FILE"]
        command = [*_command(look, folder, rng), *feeder]
        process = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"))  # fmt: skip
        try:
            connection, _ = server.accept()
        except TimeoutError as error:
            process.kill()
            process.wait()
            log = (folder / "log").read_text(errors="replace")[-400:]
            shutil.rmtree(folder, ignore_errors=True)
            raise EmulatorError(f"{look.program} did not start: {log}") from error
        connection.settimeout(_REPLY_S)
        emulator = cls(look, display, process, connection, folder)
        try:
            time.sleep(0.3)
            emulator._measure()
        except (EmulatorError, OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
            emulator.close()
            raise EmulatorError(f"{look.program}: {error}") from error
        return emulator

    def close(self) -> None:
        """End it."""
        self.connection.close()
        self.process.terminate()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, data: bytes) -> tuple[int, int]:
        """Show it; returns where the cursor is then, row and column from 0."""
        try:
            self.connection.sendall(struct.pack(">I", len(data)) + data)
            said = b""
            while not said.endswith(b"\n"):
                part = self.connection.recv(100)
                if not part:
                    raise EmulatorError("the emulator ended")
                said += part
        except OSError as error:
            raise EmulatorError(f"no answer: {error}") from error
        columns, rows, row, column = map(int, said.split())
        self.geometry = (columns, rows)
        return row - 1, column - 1

    def image(self) -> Image.Image:
        """Its window, once it does not change any more."""
        before = self._grab()
        for _ in range(_MOST_LOOKS):
            time.sleep(_SETTLE_S)
            after = self._grab()
            if after.tobytes() == before.tobytes():
                return after
            before = after
        raise EmulatorError("its window does not come to rest")

    def _grab(self) -> Image.Image:
        whole = ImageGrab.grab(xdisplay=self.display)
        return whole.crop(self.window) if self.window[2] else whole

    def _measure(self) -> None:
        """Find the window, the corners of the grid and a letter's height, by showing what is known."""
        tree = subprocess.run(["xwininfo", "-root", "-tree", "-display", self.display], capture_output=True,
                              text=True,
                              timeout=5, check=True).stdout  # fmt: skip
        self.window = _largest(tree)
        self.write(self.look.scheme.sequences(self.look.program))
        time.sleep(0.1)
        self.write(b"\x1bc\x1b[?25l" + self.look.scheme.sequences(self.look.program) + b"\x1b[2J\x1b[H")
        columns, rows = self.geometry
        empty = self.image()
        self.write(f"\x1b[7m \x1b[{rows};{columns}H\x1b[D \x1b[m".encode())  # not the last column: it may wrap
        marked = _changed(empty, self.image())
        self.write(b"\x1b[2J\x1b[H")
        first, last = _cluster(marked, first=True), _cluster(marked, first=False)
        width = (last[0] - first[0]) / (columns - 2)
        height = (last[1] - first[1]) / (rows - 1)
        if abs(first[2] - first[0] - width) > 1.01 or abs(first[3] - first[1] - height) > 1.01 or width < 4:
            raise EmulatorError(f"cells are not found: {first} {last} {width} {height}")
        self.write(b"dbhl" * 4 + b"\x1b[3;1H" + b"pqgy" * 4 + b"\x1b[H")
        inks = _changed(empty, self.image())
        ups, downs = inks[: round(first[1] + height)], inks[round(first[1] + 2 * height) :]
        self.write(b"\x1b[2J\x1b[H")
        up = float(np.flatnonzero(ups.any(1))[0]) - first[1]
        down = float(np.flatnonzero(downs.any(1))[-1]) + 1 + round(first[1] + 2 * height) - first[1] - 2 * height
        self.cells = Cells(first[0], first[1], width, height, max(0.0, up), min(height, down))
        if not 3 < down - up <= height + 1:
            raise EmulatorError(f"letters are not found: {up} {down} {height}")


def _largest(tree: str) -> tuple[int, int, int, int]:
    """The largest window below the root, as xwininfo lists them, as a box."""
    boxes = []
    for line in tree.splitlines():
        words = line.split()
        if line.startswith("     ") and len(words) >= 3 and words[0].startswith("0x"):
            size, place = words[-2], words[-1]
            wide, rest = size.split("x")
            high = rest.split("+")[0].split("-")[0]
            x, y = (int(one) for one in place.strip("+").split("+")) if place.count("+") == 2 else (0, 0)
            if int(wide) <= _MOST_PX and int(high) <= _MOST_PX and abs(x) <= _MOST_PX and abs(y) <= _MOST_PX:
                boxes.append((int(wide) * int(high), (x, y, x + int(wide), y + int(high))))
    if not boxes:
        raise EmulatorError("it has no window")
    return max(boxes)[1]


def _changed(before: Image.Image, after: Image.Image) -> NDArray[np.bool_]:
    difference = np.asarray(before.convert("RGB"), np.int16) - np.asarray(after.convert("RGB"), np.int16)
    changed: NDArray[np.bool_] = np.abs(difference).sum(2) > _INK
    return changed


def _cluster(marked: NDArray[np.bool_], *, first: bool) -> tuple[int, int, int, int]:
    """The box of the marked cell at the top left, or of that at the bottom right."""
    rows, columns = np.flatnonzero(marked.any(1)), np.flatnonzero(marked.any(0))
    if not len(rows):
        raise EmulatorError("nothing is shown")
    found = []
    for places in (columns, rows):
        gaps = np.flatnonzero(np.diff(places) > 1)
        part = places[: gaps[0] + 1] if first and len(gaps) else places[gaps[-1] + 1 :] if len(gaps) else places
        found.append((int(part[0]), int(part[-1]) + 1))
    return found[0][0], found[1][0], found[0][1], found[1][1]


def _command(look: Look, folder: Path, rng: random.Random) -> Sequence[str]:
    columns, rows = look.geometry
    size, scheme, smooth = look.size, look.scheme, str(look.smooth).lower()
    if look.program == "stterm":
        return ["stterm", "-g", f"{columns}x{rows}+0+0", "-f",
                f"{look.family}:pixelsize={size}:antialias={smooth}:autohint={smooth}", "-e"]  # fmt: skip
    if look.program == "mlterm":
        (folder / ".mlterm").mkdir()
        (folder / ".mlterm" / "aafont").write_text(f"ISO10646_UCS4_1={look.family}\nUS_ASCII={look.family}\n"
                                                   f"DEFAULT={look.family}\n")  # fmt: skip
        return ["mlterm", "--geometry", f"{columns}x{rows}+0+0", "--fontsize", str(size), "--sb=false", "--fg",
                scheme.ink,
                "--bg", scheme.ground, "--type=xft" if rng.random() < 0.5 else "--type=cairo", "--im=none",
                f"--border={rng.choice((0, 2, 6))}", "-e"]  # fmt: skip
    if look.program == "pterm":
        colours = [scheme.ink, scheme.ink, scheme.ground, scheme.ground, scheme.ground, scheme.ink]
        for plain, bright in zip(scheme.colours[:8], scheme.colours[8:], strict=True):
            colours += [plain, bright]
        found = ["pterm", "-geometry", f"{columns}x{rows}+0+0", "-fn", f"client:{look.family} {size * 0.75:g}", "-sb-"]
        for number, colour in enumerate(colours):
            found += ["-xrm", f"pterm.Colour{number}: {','.join(str(part) for part in scheme.parts(colour))}"]
        return [*found, "-xrm", f"pterm.WindowBorder: {rng.choice((1, 2, 5))}", "-e"]
    if look.program == "alacritty":
        lines = ["font:", f"  size: {size * 0.75}", "  normal:", f"    family: '{look.family}'", "window:",
                 "  dimensions:", f"    columns: {columns}", f"    lines: {rows}", "  padding:",
                 f"    x: {rng.choice((0, 2, 6))}", "    y: 2", "colors:", "  primary:",
                 f"    background: '{scheme.ground}'", f"    foreground: '{scheme.ink}'"]  # fmt: skip
        (folder / "alacritty").mkdir()
        (folder / "alacritty" / "alacritty.yml").write_text("\n".join(lines) + "\n")
        return ["alacritty", "-e"]
    lines = [f"font_family {look.family}", f"font_size {size * 0.75:g}", f"foreground {scheme.ink}",
             f"background {scheme.ground}", "remember_window_size no", f"initial_window_width {columns}c",
             f"initial_window_height {rows}c", "cursor_blink_interval 0", "disable_ligatures always",
             f"window_margin_width {rng.choice((0, 2, 5))}", "update_check_interval 0", "allow_remote_control no",
             "confirm_os_window_close 0", "shell_integration disabled"]  # fmt: skip
    (folder / "kitty.conf").write_text("\n".join(lines) + "\n")
    return ["kitty", "--config", str(folder / "kitty.conf")]
