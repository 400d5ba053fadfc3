"""A screen of our own: Xvfb with a window manager, and what a person does on it, by xdotool."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

ROOT = Path(__file__).parents[1]


class Screen:
    """A display that programs run on.

    Attributes:
        environment: for programs on it.
    """

    def __init__(self, display: str) -> None:
        self._programs: list[subprocess.Popen[str]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND_"))},
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }

    def run(self, *command: str, timeout_s: float = 60) -> str:
        """Run a program to its end; returns what it printed."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=timeout_s
        )
        return done.stdout

    def start(self, arguments: Sequence[str], **variables: str) -> subprocess.Popen[str]:
        """Start a Python program of this project; it ends with the screen at the latest."""
        program = subprocess.Popen(
            [sys.executable, *arguments],
            env={**self.environment, **variables},
            cwd=ROOT,
            text=True,
        )
        self._programs.append(program)
        return program

    def end_programs(self) -> None:
        """End what was started and still runs, as a test that failed leaves it."""
        for program in self._programs:
            if program.poll() is None:
                program.kill()
                program.wait(60)
        self._programs.clear()

    def key(self, *keys: str) -> None:
        self.run("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "5", text)

    def window(self, title: str, timeout_s: float = 120) -> str:
        """The id of the visible window with that in its title, once it is there."""
        return wait_for(
            lambda: self.run("xdotool", "search", "--onlyvisible", "--name", title).split()[-1:],
            f"a window named {title}",
            timeout_s,
        )[0]

    def windows_of(self, program: subprocess.Popen[str]) -> set[str]:
        """The ids of a program's visible windows, with its menus and overlays."""
        return set(self.run("xdotool", "search", "--onlyvisible", "--pid", str(program.pid)).split())

    def activate(self, window: str) -> None:
        """Give a window the keyboard; again and again, as one that comes meanwhile takes it away."""
        wait_for(
            lambda: window in self.run("xdotool", "windowactivate", window, "sleep", "0.05", "getactivewindow").split(),
            "the keyboard",
        )

    def clipboard(self) -> str:
        return self.run("xclip", "-selection", "clipboard", "-o", timeout_s=30)

    def clear_clipboard(self) -> None:
        # It stays in the background as the clipboard's owner, and would keep our pipe open.
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-i", "/dev/null"],
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )

    def wait_for_paint(self, left: int, top: int, width: int, height: int) -> None:
        """Wait until a part of the screen has more than one colour."""
        part = ("-crop", f"{width}x{height}+{left}+{top}", "-format", "%k", "info:")
        wait_for(lambda: int(self.run("import", "-window", "root", *part) or 0) > 1, "what is to be seen there")

    def picture(self, file: Path) -> None:
        """Keep what is on the screen, for a look at a test that fails."""
        self.run("import", "-window", "root", str(file))


def wait_for(what: Callable[[], Result], name: str, timeout_s: float = 120, longest_pause_s: float = 0.1) -> Result:
    """The first result that is true; between the tries are pauses, from a short one to the longest."""
    end, pause_s = time.monotonic() + timeout_s, 0.01
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(pause_s)
        pause_s = min(longest_pause_s, 1.5 * pause_s)
    raise AssertionError(f"{name} did not come within {timeout_s} s")


@contextmanager
def screen(size: str = "1280x860x24") -> Iterator[Screen]:
    """Start a display with a window manager; both end with the block."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    made = Screen(f":{number}")
    manager = subprocess.Popen(["openbox"], env=made.environment, stderr=subprocess.DEVNULL)
    try:
        manages = partial(made.run, "xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
        wait_for(lambda: "window id" in manages(), "the window manager")
        yield made
    finally:
        made.end_programs()
        manager.terminate()
        manager.wait(60)
        server.terminate()
        server.wait(60)
