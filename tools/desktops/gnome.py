"""GNOME Shell without a screen: a system bus with a mocked logind, its portals, keys and mouse through its debugger."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PIL import Image

from tools.desktops.desktop import PROGRAM, Desktop, DesktopError, wait_for
from tools.desktops.looking import find

_DEVICES = (
    "const C = imports.gi.Clutter; const s = C.get_default_backend().get_default_seat();"
    "global.mouse = global.mouse || s.create_virtual_device(C.InputDeviceType.POINTER_DEVICE);"
    "global.keys = global.keys || s.create_virtual_device(C.InputDeviceType.KEYBOARD_DEVICE);"
    "const now = imports.gi.GLib.get_monotonic_time();"
)
_CONTROL = 0xFFE3
_KEYSYMS = {
    "escape": (0xFF1B,),
    "space": (0x20,),
    "a": (0x61,),
    "copy": (0xFFC6,),
    "paste": (_CONTROL, 0x76),
    "up": (0xFF52,),
    "return": (0xFF0D,),
    "into window": (_CONTROL, 0xFF0D),
    "custom": (_CONTROL, 0xFFE9, 0x76),
}
_HAS_KEYS = Path("/usr/libexec/gnome-control-center-global-shortcuts-provider").exists()
"""Since 48."""
if _HAS_KEYS:
    _KEYSYMS |= {"capture": (_CONTROL, 0xFFE1, 0x20), "toggle": (_CONTROL, 0xFFE9, 0x20)}
_COMMANDS = {} if _HAS_KEYS else {"capture": "--capture", "toggle": "--toggle"}
_DARK = range(40, 65)
"""How bright its questions are."""
_ADD, _ADD_S = (0x35, 0x84, 0xE4), 60.0
"""The colour of the button "Add", and how long it may take until it is there."""
_STEP_S, _TAKEN_S = 0.15, 3.0
_DISPLAYS, _UNTIL_RESTART = "org.gnome.Mutter.DisplayConfig", 1
_Placed = tuple[int, int, float, int, bool, list[tuple[str, str, dict[str, object]]]]
"""Where a screen is, its scale, how it is turned, whether it is the first, and its mode."""


class Gnome(Desktop):
    """GNOME. Before 48 it has no portal for hotkeys: what would be bound in its settings is run as a command.

    48 asks whether keys may be added, which is answered once.
    """

    name = "gnome"
    has_tray = False
    display = "wayland-desktops"
    variables = {"XDG_CURRENT_DESKTOP": "GNOME"}  # noqa: RUF012
    needs: Sequence[str] = (
        "/usr/bin/gnome-shell",
        "/usr/libexec/xdg-desktop-portal-gnome",
        "/usr/libexec/xdg-desktop-portal",
    )

    def start(self) -> None:
        portals = self.folder / "portals"
        portals.mkdir(exist_ok=True)
        for source in Path("/usr/share/xdg-desktop-portal/portals").glob("gnome*.portal"):  # -shell is of old ones
            (portals / source.name).write_bytes(source.read_bytes())
        self.start_bus(WAYLAND_DISPLAY=self.display)
        self.start_system_bus()
        self.spawn("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind", log="logind")
        self.wait_for_service("org.freedesktop.login1", bus="--system")
        options = ["--headless", "--wayland", "--no-x11", "--unsafe-mode", "--wayland-display", self.display]
        for screen in self.screens:
            options += ["--virtual-monitor", f"{screen.width}x{screen.height}"]
        self.call("gsettings", "set", "org.gnome.mutter", "experimental-features", "['scale-monitor-framebuffer']")
        self.set_still()
        self.spawn("gnome-shell", *options)
        self.wait_for_display()
        self.environment["WAYLAND_DISPLAY"] = self.display
        self.wait_for_service("org.gnome.Shell.Screenshot")
        time.sleep(1)
        self.leave_overview()
        self._arrange()
        self.spawn("/usr/libexec/xdg-desktop-portal-gnome")
        self.wait_for_service("org.freedesktop.impl.portal.desktop.gnome")
        self.spawn("/usr/libexec/xdg-desktop-portal", "-v", XDG_DESKTOP_PORTAL_DIR=str(portals))
        self.wait_for_service("org.freedesktop.portal.Desktop")

    def set_still(self) -> None:
        """Animations take time, and some that are interrupted never end."""
        self.call("gsettings", "set", "org.gnome.desktop.interface", "enable-animations", "false")

    def settle(self) -> None:
        self._run(_DEVICES)  # what a new device sends at once is lost
        self._run("Main.messageTray.get_first_child()?.hide();")
        if _HAS_KEYS:
            with suppress(DesktopError):
                wait_for(lambda: find(self.image("keys-asked"), _ADD) is not None, "the question", _ADD_S)
                wait_for(self._has_added, "the end of that question")

    def leave_overview(self) -> None:
        """Show the windows: with one that comes up meanwhile it may not end, and hears of no key then."""
        wait_for(lambda: self._is("!Main.layoutManager._startingUp && !Main.overview.animationInProgress"), "its start")
        self._run("Main.overview.hide();")
        wait_for(lambda: self._is("!Main.overview.visible"), "its windows")

    def _is(self, condition: str) -> bool:
        return "true" in self._run(f"Boolean({condition})").partition(",")[2]

    def _has_added(self) -> bool:
        """Click "Add", again until it was taken: not before the question has come up whole."""
        if button := find(self.image("looking"), _ADD):
            with Image.open(self.image("looking")) as image:
                scale = image.width / self.size[0]
            self.mouse("move", *(round(one / scale) for one in button.middle), "click")
            time.sleep(_TAKEN_S)
        return find(self.image("looking"), _ADD) is None

    def allow(self) -> None:
        self._answer(122)

    def deny(self) -> None:
        self._answer(-122)

    def _answer(self, beside: int) -> None:
        """Its question is in the middle of the screen that has the mouse, with the buttons side by side."""
        wait_for(self._is_asked, "the question whether screenshots are allowed")
        width, height = self.screens[0].size

        def is_answered() -> bool:
            self.mouse("move", width // 2 + beside, height // 2 + 97, "press", "release")
            time.sleep(_TAKEN_S)  # not before it has come up whole
            return not self._is_asked()

        wait_for(is_answered, "the end of that question")

    def _is_asked(self) -> bool:
        """Whether there is something as dark as its questions beside the middle of the first screen."""
        width, height = self.screens[0].size
        with Image.open(self.image("looking")) as image:
            scale = image.width / self.size[0]  # the largest of all screens
            left, middle = round((width // 2 - 190) * scale), round(height // 2 * scale)
            extremes = image.convert("L").crop((left - 3, middle - 3, left + 3, middle + 3)).getextrema()
        return all(one in _DARK for one in extremes)

    def keys(self, name: str) -> None:
        if name in _COMMANDS:
            self.call(*PROGRAM, _COMMANDS[name])
            return
        down = [(keysym, "PRESSED") for keysym in _KEYSYMS[name]]
        up = [(keysym, "RELEASED") for keysym in reversed(_KEYSYMS[name])]
        for keysym, state in down + up:
            self._run(f"{_DEVICES} global.keys.notify_keyval(now, {keysym}, C.KeyState.{state});")
            time.sleep(_STEP_S)

    def mouse(self, *words: object) -> None:
        rest = iter(words)
        for word in rest:
            if word == "move":
                self._run(f"{_DEVICES} global.mouse.notify_absolute_motion(now, {next(rest)}, {next(rest)});")
            elif word in {"click", "menu"}:
                for state in ("PRESSED", "RELEASED"):
                    button = 1 if word == "click" else 3
                    self._run(f"{_DEVICES} global.mouse.notify_button(now, {button}, C.ButtonState.{state});")
            elif word == "sleep":
                time.sleep(float(str(next(rest))))
            else:
                state = "PRESSED" if word == "press" else "RELEASED"
                self._run(f"{_DEVICES} global.mouse.notify_button(now, 1, C.ButtonState.{state});")
            time.sleep(_STEP_S)

    def take_image(self, path: Path) -> None:
        self._shell(
            "org.gnome.Shell.Screenshot", "/org/gnome/Shell/Screenshot", "Screenshot", "true", "false", str(path)
        )

    def _arrange(self) -> None:
        """Put the screens side by side, each at its scale."""
        where = DBusAddress("/org/gnome/Mutter/DisplayConfig", "org.gnome.Mutter.DisplayConfig", _DISPLAYS)
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as bus:
            state = bus.send_and_get_reply(new_method_call(where, "GetCurrentState"), timeout=30).body
            serial, monitors = state[0], state[1]
            placed: list[_Placed] = []
            left = 0
            for screen, ((name, *_about), modes, _properties) in zip(self.screens, monitors, strict=True):
                mode = next(one for one in modes if one[1:3] == (screen.width, screen.height))
                scale = min(mode[5], key=lambda one: abs(one - screen.scale))
                placed.append((left, 0, scale, 0, not left, [(name, mode[0], {})]))
                left += screen.size[0]
            body: tuple[object, ...] = (serial, _UNTIL_RESTART, placed, {})
            call = new_method_call(where, "ApplyMonitorsConfig", "uua(iiduba(ssa{sv}))a{sv}", body)
            answer = bus.send_and_get_reply(call, timeout=30)
        if answer.header.message_type is MessageType.error:
            raise DesktopError(f"the screens: {answer.body}")

    def _run(self, script: str) -> str:
        return self._shell("org.gnome.Shell", "/org/gnome/Shell", "Eval", script)

    def _shell(self, service: str, path: str, method: str, *arguments: str) -> str:
        where = ("gdbus", "call", "--session", "-d", service, "-o", path, "-m", f"{service}.{method}")
        return self.call(*where, *arguments)
