"""A headless Chromium that renders pages: a small client of its DevTools protocol, over pipes and without a port.

Needs Debian's `chromium`. Messages are JSON, each ended by a NUL byte.
"""

from __future__ import annotations

import base64
import fcntl
import functools
import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio", "--no-first-run",
          "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--disable-dev-shm-usage", "--force-color-profile=srgb", "--remote-debugging-pipe")  # fmt: skip
_COMMANDS_FD, _REPLIES_FD = 3, 4
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Smoothing:
    """How fonts are drawn.

    Attributes:
        order: of subpixels: "none" is grayscale, else "rgb" or "bgr".
        hinting: "hintnone", "hintslight", "hintmedium" or "hintfull".
    """

    order: str = "none"
    hinting: str = "hintslight"
    antialias: bool = True


def draw_smoothing(rng: random.Random) -> Smoothing:
    """A random choice, after what desktops have."""
    order = rng.choices(("none", "rgb", "bgr"), (60, 36, 4))[0]
    hinting = rng.choices(("hintslight", "hintnone", "hintmedium", "hintfull"), (50, 20, 12, 18))[0]
    return Smoothing(order, hinting)


def find_chromium() -> str | None:
    """The program's path, or None where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@functools.cache
def installed_families() -> frozenset[str]:
    """The names that fontconfig knows."""
    listed = subprocess.run(["fc-list", ":", "family"], check=True, capture_output=True, text=True).stdout
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))


def _font_configuration(folder: Path, families: Sequence[str], smoothing: Smoothing) -> Path:
    """A fontconfig file: these families and no others, so that no held-out font steps in for a missing one."""
    accepted = "".join(f'<pattern><patelt name="family"><string>{escape(name)}</string></patelt></pattern>'
                       for name in families)  # fmt: skip
    # A pattern, since files that a glob rejects are never asked for their family.
    rejected = "".join(f'<pattern><patelt name="scalable"><bool>{value}</bool></patelt></pattern>'
                       for value in ("true", "false"))  # fmt: skip
    edits = (("antialias", f"<bool>{str(smoothing.antialias).lower()}</bool>"), ("hinting", "<bool>true</bool>"),
             ("autohint", "<bool>false</bool>"), ("rgba", f"<const>{smoothing.order}</const>"),
             ("hintstyle", f"<const>{smoothing.hinting}</const>"),
             ("lcdfilter", "<const>lcddefault</const>"))  # fmt: skip
    assigned = "".join(f'<edit name="{name}" mode="assign">{value}</edit>' for name, value in edits)
    # One cache for all: it holds what the fonts are, not how they are drawn.
    cache = Path(tempfile.gettempdir()) / "desktop-vlm-web-fontcache"
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir>'
        f"<cachedir>{escape(str(cache))}</cachedir>"
        f"<selectfont><acceptfont>{accepted}</acceptfont><rejectfont>{rejected}</rejectfont></selectfont>"
        f'<match target="pattern">{assigned}</match><match target="font">{assigned}</match></fontconfig>',
        encoding="utf-8",
    )
    return path


class Chromium:
    """One browser with one page, to be used in a `with`.

    Raises:
        FileNotFoundError: there is no Chromium here.
        RuntimeError: the browser ended, or refused a command.
    """

    def __init__(self, families: Sequence[str], smoothing: Smoothing) -> None:
        program = find_chromium()
        if program is None:
            raise FileNotFoundError("Chromium is missing; install it (Debian: apt-get install chromium) and try again.")
        self._folder = tempfile.TemporaryDirectory(prefix="desktop-vlm-web-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        environment = {**os.environ, "FONTCONFIG_FILE": str(_font_configuration(folder, families, smoothing))}
        lcd = "--disable-lcd-text" if smoothing.order == "none" else "--enable-lcd-text"
        command = [program, *_FLAGS, lcd, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        their_in, self._commands = os.pipe()
        self._replies, their_out = os.pipe()
        # Moved out of the way first: the numbers 3 and 4 may be taken by these very pipes.
        ours = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (their_in, their_out)]

        def place_pipes() -> None:
            os.dup2(ours[0], _COMMANDS_FD)
            os.dup2(ours[1], _REPLIES_FD)

        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=place_pipes,  # noqa: PLW1509 - no threads here
                pass_fds=(_COMMANDS_FD, _REPLIES_FD), start_new_session=True)  # fmt: skip
        for fd in (their_in, their_out, *ours):
            os.close(fd)
        self._buffer, self._count, self._session = b"", 0, ""
        pages = [one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        attached = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self._frame = self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """End the browser."""
        os.close(self._commands)  # by which it ends
        os.close(self._replies)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; what the browser tells of itself meanwhile is passed over."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        while True:
            reply = self._read()
            if reply.get("id") == self._count:
                if "error" in reply:
                    raise RuntimeError(f"Chromium refused {method}: {reply['error'].get('message')}")
                return dict(reply["result"])

    def _read(self) -> dict[str, Any]:
        parts = [self._buffer]
        while b"\0" not in parts[-1]:
            part = os.read(self._replies, _CHUNK)
            if not part:
                raise RuntimeError("Chromium ended before it answered.")
            parts.append(part)
        line, _, self._buffer = b"".join(parts).partition(b"\0")
        return dict(json.loads(line))

    def families(self, names: Sequence[str]) -> set[str]:
        """Those families that this browser really draws with; others would be drawn with some other font."""
        script = f"""(() => {{
            const pen = document.createElement("canvas").getContext("2d");
            const width = (name) => {{ pen.font = `40px '${{name}}'`; return pen.measureText("Hamburg 0123 iiii").width; }};
            return {json.dumps(list(names))}.filter((name) => width(name) !== width("No Such Font"));
        }})()"""
        return set(self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"]["value"])

    def render(self, html: str, width: int, height: int, script: str) -> tuple[Any, bytes]:
        """Show a page in a window of this size, px; returns what the script evaluates to, and the page as PNG."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.setDocumentContent", frameId=self._frame, html=html)
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"The page's script failed: {found['exceptionDetails']}")
        shot = self.call("Page.captureScreenshot", format="png", optimizeForSpeed=True)
        return found["result"].get("value"), base64.b64decode(shot["data"])
