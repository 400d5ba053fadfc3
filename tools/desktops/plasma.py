"""KDE Plasma, 5.27 or 6: KWin on a virtual screen, the panel, the portals, real keys by fake input."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PIL import Image, ImageGrab

from tools.desktops.desktop import Desktop, DesktopError, command_of, wait_for
from tools.desktops.pointer import FAKE_INPUT

_KEYS = {
    "capture": "29+42+57",
    "toggle": "29+56+57",
    "escape": "1",
    "space": "57",
    "a": "30",
    "copy": "67",
    "paste": "29+47",
    "up": "103",
    "return": "28",
    "into window": "29+28",
}
_LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/libexec")
_IS_SIX = Path("/usr/bin/kded6").exists()
_SERVICE = "kded6" if _IS_SIX else "kded5"
_READ_AGAIN = "kbuildsycoca6" if _IS_SIX else "kbuildsycoca5"
_PORTALS = str(_LIBRARIES / "xdg-desktop-portal-kde")
_NEEDS_X11 = _IS_SIX and not Path("/dev/dri").exists()
_SETTINGS, _SETTINGS_S = ("systemsettings", "/usr/bin/systemsettings"), 20.0
_MAY_SEND_INPUT = """[Desktop Entry]
Type=Application
Name=Input of the tests
Exec={python}
NoDisplay=true
X-KDE-Wayland-Interfaces=org_kde_kwin_fake_input
"""


class Plasma(Desktop):
    """KDE Plasma."""

    name = "plasma"
    display = "wayland-desktops"
    takes_images = not _NEEDS_X11
    most_screens = 1 if _NEEDS_X11 else 9
    variables = {  # noqa: RUF012
        "XDG_CURRENT_DESKTOP": "KDE",
        "KDE_FULL_SESSION": "true",
        "KDE_SESSION_VERSION": "6" if _IS_SIX else "5",
        "XDG_MENU_PREFIX": "plasma-" if _IS_SIX else "",
        "KWIN_COMPOSE": "O2",
        "KWIN_SCREENSHOT_NO_PERMISSION_CHECKS": "1",
    }
    needs = ("/usr/bin/kwin_wayland", "/usr/bin/plasmashell", _PORTALS, "/usr/libexec/xdg-desktop-portal")

    _screen_of_x11 = ""

    def start(self) -> None:
        self._permit_input()
        self.start_bus(WAYLAND_DISPLAY=self.display)
        # A copy: with the capabilities of the installed one it does not start in a container.
        kwin = shutil.copy("/usr/bin/kwin_wayland", self.folder / "kwin_wayland")
        (width, height), count = self.screens[0].size, str(len(self.screens))
        options = ["--width", str(width), "--height", str(height)]  # as windows know them
        options += ["--scale", str(self.screens[0].scale), "--output-count", count]
        options += ["--x11-display", self._start_x11()] if _NEEDS_X11 else ["--virtual"]
        self.spawn(str(kwin), *options, "--socket", self.display, "--no-lockscreen")
        self.wait_for_display()
        self.environment["WAYLAND_DISPLAY"] = self.display
        self.wait_for_service("org.kde.KWin")
        self._arrange()
        self.spawn(_SERVICE)
        self.spawn(_PORTALS)
        self.wait_for_service("org.freedesktop.impl.portal.desktop.kde")
        self.spawn("/usr/libexec/xdg-desktop-portal", "-v")
        self.wait_for_service("org.freedesktop.portal.Desktop")
        self.spawn("plasmashell")
        self.wait_for_service("org.kde.StatusNotifierWatcher")
        wait_for(self._has_colours, "the panel")

    def settle(self) -> None:
        """Plasma 6.3 shows its settings for keys that it did not know: close them."""
        if not _IS_SIX:
            return
        settings: list[int] = []

        def are_open() -> bool:
            settings[:] = [pid for pid in self.strays() if command_of(pid).startswith(_SETTINGS)]
            return bool(settings)

        with suppress(DesktopError):
            wait_for(are_open, "the settings", _SETTINGS_S)
            time.sleep(_SETTINGS_S / 2)
            self.image("settings")
        with suppress(ProcessLookupError):
            for pid in settings:
                os.kill(pid, signal.SIGTERM)

    def keys(self, name: str) -> None:
        self.mouse("key", _KEYS[name])

    def mouse(self, *words: object) -> None:
        def is_sent() -> bool:
            try:
                self.call(*pointer, *(str(word) for word in words))
            except DesktopError as error:
                if FAKE_INPUT not in str(error):
                    raise
                self._permit_input()
                self.call(_READ_AGAIN, "--noincremental")  # which has KWin read it again
                return False
            return True

        pointer = (sys.executable, "-m", "tools.desktops.pointer", "kwin", self.display)
        wait_for(is_sent, "KWin to know who may send input: it reads .desktop files in its own time")

    def _permit_input(self) -> None:
        file = self.folder / "home/.local/share/applications/input-of-tests.desktop"
        file.write_text(_MAY_SEND_INPUT.format(python=Path(sys.executable).resolve()), encoding="utf-8")

    def take_image(self, path: Path) -> None:
        if self._screen_of_x11:
            ImageGrab.grab(xdisplay=self._screen_of_x11).save(path)
            return
        screens = [self._image_of(f"Virtual-{number}") for number in range(len(self.screens))]
        whole = Image.new("RGB", (sum(one.width for one in screens), max(one.height for one in screens)))
        left = 0
        for screen in screens:
            whole.paste(screen, (left, 0))
            left += screen.width
        whole.save(path)

    def _image_of(self, screen: str) -> Image.Image:
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"], enable_fds=True) as bus:
            reading, writing = os.pipe()
            data = bytearray()
            thread = threading.Thread(target=_read_into, args=(reading, data))
            thread.start()
            where = DBusAddress("/org/kde/KWin/ScreenShot2", "org.kde.KWin", "org.kde.KWin.ScreenShot2")
            options = {"include-cursor": ("b", True), "native-resolution": ("b", True)}
            call = new_method_call(where, "CaptureScreen", "sa{sv}h", (screen, options, writing))
            try:
                answer = bus.send_and_get_reply(call, timeout=30)
            finally:
                os.close(writing)
                thread.join()
        if answer.header.message_type is MessageType.error:
            raise DesktopError(f"KWin took no screenshot: {answer.body}")
        (about,) = answer.body
        size = (about["width"][1], about["height"][1])
        raw = bytes(data[: about["stride"][1] * size[1]])
        return Image.frombytes("RGBA", size, raw, "raw", "BGRA", about["stride"][1]).convert("RGB")

    def _start_x11(self) -> str:
        """A screen for KWin's window: without a GPU's device, KWin 6 takes no screenshots of its own."""
        size = f"{self.screens[0].width}x{self.screens[0].height}x24"
        self.spawn("Xvfb", "-displayfd", "1", "-screen", "0", size, log="x11")
        log = self.folder / "x11.log"
        number = re.compile(r"^\d+$", re.MULTILINE)  # between its warnings
        wait_for(lambda: number.search(log.read_text()) is not None, "Xvfb")
        self._screen_of_x11 = ":" + number.findall(log.read_text())[-1]
        return self._screen_of_x11

    def _arrange(self) -> None:
        """Give each screen its scale; all have the size of the first."""
        left = self.screens[0].size[0]
        for number, screen in enumerate(self.screens[1:], 1):
            name = f"output.Virtual-{number}"
            self.call("kscreen-doctor", f"{name}.scale.{screen.scale}", f"{name}.position.{left},0")
            left += screen.size[0]

    def _has_colours(self) -> bool:
        with Image.open(self.image("panel")) as image:
            return len(image.getcolors(1 << 24) or ()) > 100


def _read_into(descriptor: int, data: bytearray) -> None:
    with open(descriptor, "rb") as pipe:
        data += pipe.read()
