"""A desktop of its own for one screenshot: X server, window manager, panel, session bus and a home folder.

with Desktop((1280, 800), Look(dark=True)) as desktop:
    desktop.open(Window(("xterm",), "xterm", (40, 30, 700, 400)))
    image = desktop.screenshot()
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PIL import Image, ImageGrab

HOME = Path("/tmp/anna")
"""A short path, as it can be read in the images."""
_OURS = ".made-for-screenshots"
_PATIENCE_S = 60
_PANEL = 30
"""Height of the panel, px."""
_FRAME = 26
"""What the window manager adds above a window, px."""


@dataclass(frozen=True)
class Look:
    """How a desktop is set up.

    Attributes:
        frames: the window manager's theme.
        manager: "openbox" or "xfwm4".
        theme: GTK's; Adwaita where none is named.
        font: of programs, with its size in points.
        mono: family of fixed-width type.
        subpixel: "none" for grayscale antialiasing, or "rgb".
        ground: colour behind the windows.
        panel: whether there is a taskbar at the bottom.
    """

    dark: bool = False
    frames: str = "Clearlooks"
    font: str = "DejaVu Sans 10"
    mono: str = "DejaVu Sans Mono"
    subpixel: str = "none"
    ground: str = "#3a6ea5"
    panel: bool = True
    manager: str = "openbox"
    theme: str | None = None


@dataclass(frozen=True)
class Window:
    """A program's window.

    Attributes:
        command: what starts it.
        title: a regular expression that its title matches.
        box: left, top, width and height with its frame, px; None fills the screen above the panel.
        keys: pressed when it is there, as xdotool names them.
        framed: whether the window manager draws its frame.
        wait_s: how long it takes to fill its window.
    """

    command: tuple[str, ...]
    title: str
    box: tuple[int, int, int, int] | None = None
    keys: tuple[str, ...] = ()
    framed: bool = True
    wait_s: float = 0


class Desktop:
    """Started on entering, ended with all its programs on leaving."""

    def __init__(self, size: tuple[int, int], look: Look) -> None:
        self._size, self._look = size, look
        self._stack = ExitStack()
        self._env: dict[str, str] = {}

    def __enter__(self) -> Desktop:
        _fill_home(self._look)
        self._stack.callback(shutil.rmtree, HOME, ignore_errors=True)
        try:
            self._set_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _set_up(self) -> None:
        width, height = self._size
        read, write = os.pipe()
        screen = f"{width}x{height}x24"
        options = ("-screen", "0", screen, "-dpi", "96", "-nolisten", "tcp", "-noreset")
        try:
            self._start("Xvfb", "-displayfd", str(write), *options, pass_fds=(write,))
        except OSError:
            os.close(read)
            raise
        finally:
            os.close(write)
        with os.fdopen(read) as pipe:
            display = f":{pipe.readline().strip()}"
        theme = self._look.theme or ("Adwaita:dark" if self._look.dark else "Adwaita")
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LD_LIBRARY_PATH"}}
        self._env = kept | {"DISPLAY": display, "HOME": str(HOME), "GTK_THEME": theme, "LANG": "C.UTF-8",
                            "USER": "anna", "LOGNAME": "anna", "QT_QPA_PLATFORMTHEME": "gtk3", "NO_AT_BRIDGE": "1",
                            "XDG_RUNTIME_DIR": str(HOME / ".run"), "TZ": "UTC"}  # fmt: skip
        bus = HOME / ".run" / "bus"
        self._env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
        self._start("dbus-daemon", "--session", "--nofork", f"--address=unix:path={bus}")
        self._call("xsetroot", "-solid", self._look.ground)
        self._call("xrdb", "-merge", str(HOME / ".Xresources"))
        self._manage()
        if self._look.panel:
            self._start("tint2", "-c", str(HOME / ".config/tint2rc"))

    def _manage(self) -> None:
        """Start the window manager."""
        if self._look.manager == "openbox":
            self._start("openbox", "--config-file", str(HOME / ".config/openbox/rc.xml"))
            return
        self._set("xfwm4", "/general/theme", self._look.frames)
        self._set("xfwm4", "/general/title_font", self._look.font.rsplit(" ", 1)[0] + " Bold 10")
        self._set("xfwm4", "/general/use_compositing", "false", kind="bool")
        self._set("xsettings", "/Net/ThemeName", self._look.theme or "Adwaita")
        self._start("xfwm4", "--replace")
        time.sleep(1)

    def _set(self, channel: str, name: str, value: str, *, kind: str = "string") -> None:
        self._call("xfconf-query", "-c", channel, "-p", name, "-n", "-t", kind, "-s", value)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, window: Window) -> None:
        """Start a program, place its window and press its keys.

        Raises:
            TimeoutError: no window with the title appeared.
        """
        self._start(*window.command)
        handle = self._wait_for(lambda: self._find(window.title), f"window {window.title!r} of {window.command[0]}")
        time.sleep(window.wait_s)
        width, height = self._size
        left, top, wide, high = window.box or (0, 0, width, height - (_PANEL if self._look.panel else 0))
        extra = _FRAME if window.framed else 0
        for _ in range(2):  # some programs take their own size once more
            self._call("xdotool", "windowactivate", handle)
            self._call("xdotool", "windowsize", handle, str(wide - 2), str(high - extra))
            self._call("xdotool", "windowmove", handle, str(left), str(top))
            self._settle()
        for key in window.keys:
            self._call("xdotool", "key", "--window", "0", key)
            time.sleep(0.4)

    def serve(self, command: tuple[str, ...]) -> None:
        """Start something without a window, and give it time to listen."""
        self._start(*command)
        time.sleep(1)

    def screenshot(self) -> Image.Image:
        """The whole screen, when it stays as it is."""
        return self._settle()

    def _settle(self) -> Image.Image:
        before = self._grab()
        for _ in range(12):
            time.sleep(0.8)
            after = self._grab()
            if after.tobytes() == before.tobytes():
                break
            before = after
        return before

    def _grab(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self._env["DISPLAY"]).convert("RGB")

    def _find(self, title: str) -> str | None:
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        found = subprocess.run(command, env=self._env, capture_output=True, check=False).stdout.decode().split()
        return found[-1] if found else None

    def _wait_for(self, look: Callable[[], str | None], what: str) -> str:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.5)
        raise TimeoutError(f"{what} did not appear")

    def _start(self, *command: str, pass_fds: tuple[int, ...] = ()) -> None:
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, cwd=HOME,
                                   env=self._env or None, start_new_session=True, pass_fds=pass_fds)  # fmt: skip
        self._stack.callback(_end, process)

    def _call(self, *command: str) -> None:
        subprocess.run(command, env=self._env, cwd=HOME, capture_output=True, check=False)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # with what it started itself
    process.wait()


def _fill_home(look: Look) -> None:
    """The folder that programs take for the user's own: settings of fonts and colours.

    Raises:
        FileExistsError: there is such a folder that this module did not make.
    """
    if HOME.exists() and not (HOME / _OURS).exists():
        raise FileExistsError(f"{HOME} exists already; move it away first")
    shutil.rmtree(HOME, ignore_errors=True)
    files = {
        _OURS: "",
        ".config/gtk-3.0/settings.ini": f"[Settings]\ngtk-font-name={look.font}\ngtk-icon-theme-name=Papirus\n"
        "gtk-cursor-blink=0\n",
        ".gtkrc-2.0": f'gtk-font-name="{look.font}"\ngtk-icon-theme-name="Papirus"\ngtk-cursor-blink=0\n',
        ".config/fontconfig/fonts.conf": _FONTS.format(
            family=look.font.rsplit(" ", 1)[0], mono=look.mono, rgba=look.subpixel
        ),
        ".config/openbox/rc.xml": _OPENBOX.format(frames=look.frames, font=look.font.rsplit(" ", 1)[0]),
        ".config/tint2rc": _TINT2_DARK if look.dark else _TINT2_LIGHT,
        ".Xresources": f"Xft.antialias: 1\nXft.rgba: {look.subpixel}\n",
    }
    for name, content in files.items():
        path = HOME / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (HOME / ".run").mkdir(mode=0o700)


_FONTS = """<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>
<alias binding="strong"><family>sans-serif</family><prefer><family>{family}</family></prefer></alias>
<alias binding="strong"><family>monospace</family><prefer><family>{mono}</family></prefer></alias>
<match target="font"><edit name="rgba" mode="assign"><const>{rgba}</const></edit></match>
<match target="pattern"><edit name="rgba" mode="assign"><const>{rgba}</const></edit></match></fontconfig>
"""
_OPENBOX = """<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc">
<theme><name>{frames}</name><titleLayout>NLIMC</titleLayout>
<font place="ActiveWindow"><name>{font}</name><size>10</size><weight>Bold</weight></font>
<font place="InactiveWindow"><name>{font}</name><size>10</size></font></theme>
<placement><policy>Smart</policy></placement><desktops><number>1</number></desktops>
<focus><focusNew>yes</focusNew></focus></openbox_config>
"""
_TINT2 = """rounded = 0
border_width = 0
background_color = {bar} 100
rounded = 3
border_width = 1
background_color = {task} 100
border_color = {edge} 100
rounded = 3
border_width = 1
background_color = {active} 100
border_color = {edge} 100
panel_items = TC
panel_size = 100% 30
panel_position = bottom center horizontal
panel_background_id = 1
panel_padding = 4 2 6
strut_policy = minimum
task_text = 1
task_icon = 1
task_maximum_size = 240 26
task_padding = 6 2 6
task_background_id = 2
task_active_background_id = 3
task_font = sans 9
task_font_color = {ink} 100
task_active_font_color = {ink} 100
time1_format = 14:05
time1_font = sans 9
clock_font_color = {ink} 100
"""
_TINT2_LIGHT = _TINT2.format(bar="#d6d9de", task="#c9cdd4", active="#f7f8fa", edge="#9aa0a8", ink="#1a1a1a")
_TINT2_DARK = _TINT2.format(bar="#16181c", task="#24272d", active="#3d434d", edge="#4b515c", ink="#e6e6e6")
