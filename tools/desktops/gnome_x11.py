"""GNOME on X11, where regions can be watched, and its lock; it asks for a login screen, which is mocked."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from PIL import ImageGrab

from tools.desktops.desktop import Desktop, wait_for
from tools.desktops.gnome import Gnome
from tools.desktops.steps import ended, seen

_LOGIN = ("org.gnome.DisplayManager", "/org/gnome/DisplayManager/Manager", "org.gnome.DisplayManager.Manager")
_SEATS = Path("/run/systemd/seats")
_SAVER = ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver")
_WATCHES_S = 5.0


class GnomeX11(Gnome):
    """GNOME on X11."""

    name = "gnome-x11"
    variables = {**Gnome.variables, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}  # noqa: RUF012
    needs = (*Gnome.needs, "/usr/bin/Xvfb", "/usr/bin/gjs")

    def start(self) -> None:
        screen = self.screens[0]
        self.spawn("Xvfb", "-displayfd", "1", "-screen", "0", f"{screen.width}x{screen.height}x24", log="x11")
        log, number = self.folder / "x11.log", re.compile(r"^\d+$", re.MULTILINE)
        wait_for(lambda: number.search(log.read_text()) is not None, "Xvfb")
        self.environment["DISPLAY"] = ":" + number.findall(log.read_text())[-1]
        self.start_bus(DISPLAY=self.environment["DISPLAY"])
        self.start_system_bus()
        self.spawn("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind", log="logind")
        self.wait_for_service("org.freedesktop.login1", bus="--system")
        self.spawn("/usr/bin/python3", "-m", "dbusmock", "--system", *_LOGIN, log="login-screen")
        self.wait_for_service(_LOGIN[0], bus="--system")
        add = ("gdbus", "call", "--system", "-d", _LOGIN[0], "-o", _LOGIN[1], "-m")
        self.call(*add, "org.freedesktop.DBus.Mock.AddProperty", _LOGIN[2], "Version", "<'43.0'>")
        if not _SEATS.exists():
            _SEATS.mkdir(parents=True)  # GNOME takes that for systemd
        self.set_still()
        self.spawn("gnome-shell", "--x11", "--unsafe-mode")
        self.wait_for_service("org.gnome.Shell.Screenshot")
        self.leave_overview()

    def take_image(self, path: Path) -> None:
        ImageGrab.grab(xdisplay=self.environment["DISPLAY"]).save(path)

    def set_locked(self, is_locked: bool) -> None:
        """Lock it, or open it again."""
        how = ("Lock",) if is_locked else ("SetActive", "false")
        self._shell(*_SAVER, *how)


def locked(desktop: Desktop) -> list[str]:
    """What is watched waits while the screen is locked, and goes on afterwards."""
    assert isinstance(desktop, GnomeX11)
    program = desktop.spawn(sys.executable, "-m", "tools.desktops.watching", log="program")
    log = desktop.folder / "program.log"

    def said() -> list[str]:
        lines = log.read_text(encoding="utf-8").splitlines()
        return [line.removeprefix("watch: ") for line in lines if line.startswith("watch: ")]

    wait_for(lambda: "waiting" in said(), "the first look")
    seen(desktop, "1-watched")
    desktop.set_locked(True)
    wait_for(lambda: said()[-1] == "locked", "the watch to wait")
    seen(desktop, "2-locked")
    time.sleep(_WATCHES_S)
    problems = [] if said()[-1] == "locked" else ["the watch went on behind the lock"]
    desktop.set_locked(False)
    wait_for(lambda: said()[-1] != "locked", "the watch to go on")
    seen(desktop, "3-opened")
    print(f"{desktop.name}: the watch was {', '.join(said())}", flush=True)
    desktop.program("--quit")
    return problems + ended(desktop, program, "--quit")
