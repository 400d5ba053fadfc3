"""GNOME Shell without a screen: a system bus with a mocked logind, its portals, keys and mouse through its debugger."""

from __future__ import annotations

import time
from pathlib import Path

from tools.desktops.desktop import PROGRAM, Desktop

_DEVICES = (
    "const C = imports.gi.Clutter; const s = C.get_default_backend().get_default_seat();"
    "global.mouse = global.mouse || s.create_virtual_device(C.InputDeviceType.POINTER_DEVICE);"
    "global.keys = global.keys || s.create_virtual_device(C.InputDeviceType.KEYBOARD_DEVICE);"
    "const now = imports.gi.GLib.get_monotonic_time();"
)
_KEYSYMS = {"escape": 0xFF1B, "space": 0x20, "a": 0x61}
_COMMANDS = {"capture": "--capture", "toggle": "--toggle"}
_STEP_S = 0.15


class Gnome(Desktop):
    """GNOME. Before 48 it has no portal for hotkeys: what would be bound in its settings is run as a command."""

    name = "gnome"
    packages = "gnome-shell xdg-desktop-portal xdg-desktop-portal-gnome python3-dbusmock libglib2.0-bin"
    display = "wayland-desktops"
    variables = {"XDG_CURRENT_DESKTOP": "GNOME"}  # noqa: RUF012
    needs = ("/usr/bin/gnome-shell", "/usr/libexec/xdg-desktop-portal-gnome", "/usr/libexec/xdg-desktop-portal")

    def start(self) -> None:
        portals = self.folder / "portals"
        portals.mkdir(exist_ok=True)
        for name in ("gnome", "gnome-shell"):
            source = Path(f"/usr/share/xdg-desktop-portal/portals/{name}.portal")
            (portals / source.name).write_bytes(source.read_bytes())
        self.start_bus(WAYLAND_DISPLAY=self.display)
        system = f"unix:path={self.folder}/run/system-bus"
        self.spawn("dbus-daemon", "--session", f"--address={system}", "--nofork", "--nopidfile", log="system-bus")
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = system
        time.sleep(1)
        self.spawn("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind", log="logind")
        time.sleep(1)
        options = ("--headless", "--wayland", "--no-x11", "--unsafe-mode", "--virtual-monitor", "1280x800")
        self.spawn("gnome-shell", *options, "--wayland-display", self.display)
        self.wait_for_display()
        self.environment["WAYLAND_DISPLAY"] = self.display
        self.wait_for_service("org.gnome.Shell.Portal")
        self.spawn("/usr/libexec/xdg-desktop-portal-gnome")
        self.wait_for_service("org.freedesktop.impl.portal.desktop.gnome")
        self.spawn("/usr/libexec/xdg-desktop-portal", "-v", XDG_DESKTOP_PORTAL_DIR=str(portals))
        self.wait_for_service("org.freedesktop.portal.Desktop")

    def settle(self) -> None:
        self._run("imports.ui.main.overview.hide(); imports.ui.main.messageTray.get_first_child()?.hide();")

    def allow(self) -> None:
        self.mouse("move", 762, 497, "press", "release")

    def keys(self, name: str) -> None:
        if name in _COMMANDS:
            self.call(*PROGRAM, _COMMANDS[name])
            return
        for state in ("PRESSED", "RELEASED"):
            self._run(f"{_DEVICES} global.keys.notify_keyval(now, {_KEYSYMS[name]}, C.KeyState.{state});")
            time.sleep(_STEP_S)

    def mouse(self, *words: object) -> None:
        rest = iter(words)
        for word in rest:
            if word == "move":
                self._run(f"{_DEVICES} global.mouse.notify_absolute_motion(now, {next(rest)}, {next(rest)});")
            else:
                state = "PRESSED" if word == "press" else "RELEASED"
                self._run(f"{_DEVICES} global.mouse.notify_button(now, 1, C.ButtonState.{state});")
            time.sleep(_STEP_S)

    def take_image(self, path: Path) -> None:
        self._shell(
            "org.gnome.Shell.Screenshot", "/org/gnome/Shell/Screenshot", "Screenshot", "true", "false", str(path)
        )

    def _run(self, script: str) -> None:
        self._shell("org.gnome.Shell", "/org/gnome/Shell", "Eval", script)

    def _shell(self, service: str, path: str, method: str, *arguments: str) -> str:
        where = ("gdbus", "call", "--session", "-d", service, "-o", path, "-m", f"{service}.{method}")
        return self.call(*where, *arguments)
