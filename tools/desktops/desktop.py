"""What the desktops have in common: a home of their own, a bus, processes that end with it, images."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools.processes import is_running

_PATIENCE_S, _CALL_S = 120.0, 120
"""For a machine that does much else; what is waited for is looked for all the time."""
_LOOK_EVERY_S = 0.2
_END_S = 3.0
PROGRAM = (sys.executable, "-m", "desktop_vlm")
_SERVICES = Path("/usr/share/dbus-1/services")
_STARTED_BY_US = {
    *(f"org.freedesktop.impl.portal.desktop.{one}" for one in ("gnome", "gtk", "kde", "wlr")),
    "org.freedesktop.portal.Desktop",
    "org.gnome.Shell.Notifications",
    "org.kde.plasma.Notifications",
}
"""What a bus must not start: a desktop would get those of another one."""
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{kind}</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Screen:
    """A virtual screen: its size in real pixels, and how many of them a window's pixel has at each side."""

    width: int = 1280
    height: int = 800
    scale: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """As windows know it."""
        return round(self.width / self.scale), round(self.height / self.scale)


class DesktopError(Exception):
    """A desktop cannot be run here, or did not do what was waited for."""


class Desktop:
    """A desktop in a folder of its own; nothing of the person's is touched.

    Attributes:
        folder: home, runtime folder, logs and images.
        environment: of every process in it.
        screens: side by side, from the left.
        minimises: a window can be put into a panel; else it comes up beside the others, with the keyboard.
        has_tray: programs have icons in its panel.
        menus_take_keys: the menu of such an icon has the keyboard.
        takes_images: its portal can take screenshots here.
        most_screens: that can be seen at once.
    """

    name = ""
    display = ""
    minimises = True
    has_tray = True
    menus_take_keys = True
    takes_images = True
    most_screens = 9
    variables: Mapping[str, str] = {}
    needs: Sequence[str] = ()

    def __init__(self, folder: Path, screens: Sequence[Screen] = (Screen(),)) -> None:
        self.folder = folder
        self.screens = screens
        self._processes: list[subprocess.Popen[bytes]] = []
        shutil.rmtree(folder, ignore_errors=True)  # desktops keep the keys of an earlier run
        home, runtime = folder / "home", folder / "run"
        for made in (home / "Pictures/", home / ".local/share/applications", runtime, folder / "images"):
            made.mkdir(parents=True, exist_ok=True)
        runtime.chmod(0o700)
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH"}}
        self.environment = {
            **kept,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_SESSION_TYPE": "wayland",
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
            "LANG": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_QPA_PLATFORM": "wayland",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }

    def missing(self) -> list[str]:
        """The programs that it needs and that are not here."""
        return [one for one in self.needs if not Path(one).exists()]

    def start(self) -> None:
        """Start it; `end` is to be called however this ends.

        Raises:
            DesktopError: it did not come up.
        """
        raise NotImplementedError

    def keys(self, name: str) -> None:
        """Press keys: "capture", "toggle", "escape", "space", "a", "copy", "paste", "up", "return", "into window"."""
        raise NotImplementedError

    def mouse(self, *words: object) -> None:
        """Move and press, in the words of `pointer`; places are those of windows."""
        raise NotImplementedError

    def take_image(self, path: Path) -> None:
        """What is on all screens."""
        raise NotImplementedError

    def settle(self) -> None:
        """What a person would do first: leave an overview, allow something."""

    def allow(self) -> None:
        """Answer the desktop's question whether screenshots may be taken, where it asks."""

    def deny(self) -> None:
        """Answer it with no."""

    @property
    def size(self) -> tuple[int, int]:
        """Of all screens together, as windows know it."""
        return sum(one.size[0] for one in self.screens), max(one.size[1] for one in self.screens)

    def image(self, name: str) -> Path:
        """What is on the screens, in a file."""
        path = self.folder / "images" / f"{name}.png"
        self.take_image(path)
        return path

    def spawn(self, *command: str, log: str = "", **variables: str) -> subprocess.Popen[bytes]:
        """Start a process of the desktop."""
        with (self.folder / f"{log or Path(command[0]).name}.log").open("wb") as output:
            process = subprocess.Popen(
                command,
                env={**self.environment, **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def call(self, *command: str) -> str:
        """Run a program to its end; what it says.

        Raises:
            DesktopError: it failed, or did not end.
        """
        try:
            done = subprocess.run(
                command, env=self.environment, capture_output=True, text=True, timeout=_CALL_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise DesktopError(f"{' '.join(command[:6])}: no end after {_CALL_S} s") from error
        if done.returncode:
            raise DesktopError(f"{' '.join(command[:6])}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def program(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start our program."""
        return self.spawn(*PROGRAM, *arguments, log="program")

    def start_bus(self, **variables: str) -> None:
        """The session's bus; of the programs that this system would start on one it starts those of no desktop."""
        services = self.folder / "services"
        services.mkdir()
        for source in _SERVICES.glob("*.service"):
            if source.stem not in _STARTED_BY_US:
                shutil.copy(source, services)
        self._spawn_bus("session", "bus", f"<servicedir>{services}</servicedir>", **variables)

    def start_system_bus(self) -> None:
        """One that only we use, without any services."""
        self._spawn_bus("system", "system-bus")
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={self.folder}/run/system-bus"

    def _spawn_bus(self, kind: str, name: str, services: str = "", **variables: str) -> None:
        socket, configuration = self.folder / "run" / name, self.folder / f"{name}.conf"
        configuration.write_text(_BUS.format(kind=kind, socket=socket, services=services), encoding="utf-8")
        self.spawn("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", log=name, **variables)
        wait_for(socket.exists, f"the {kind} bus")

    def wait_for_display(self) -> None:
        """Until the compositor lets clients in."""
        wait_for((self.folder / "run" / self.display).exists, "the compositor")

    def wait_for_service(self, name: str, bus: str = "--session") -> None:
        """Until a name is on the bus."""
        ask = ("gdbus", "call", bus, "-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m")
        wait_for(lambda: "true" in self.call(*ask, "org.freedesktop.DBus.NameHasOwner", name), name)

    def end(self) -> None:
        """End all of its processes."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
        with suppress(DesktopError):
            wait_for(lambda: not self.strays(), "the end of its processes", _END_S)
        for pid in self.strays():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self._processes:
            process.wait(_CALL_S)

    def strays(self) -> list[int]:
        """What the desktop started itself: it has its runtime folder in the environment."""
        mark = f"XDG_RUNTIME_DIR={self.folder}/run".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            pid = int(entry.parent.name)
            try:
                is_ours = pid != os.getpid() and mark in entry.read_bytes().split(b"\0")
            except OSError:
                continue
            if is_ours and is_running(pid):
                found.append(pid)
        return found


def command_of(pid: int) -> str:
    """What a process was started by; "" where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def wait_for(is_so: Callable[[], bool], what: str, patience_s: float = _PATIENCE_S) -> float:
    """Wait until something is so; how long it took, in seconds.

    Raises:
        DesktopError: it never was.
    """
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > patience_s:
            raise DesktopError(f"waited {patience_s:.0f} s for {what}")
        time.sleep(_LOOK_EVERY_S)
    return time.monotonic() - begin
