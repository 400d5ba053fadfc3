"""sway, for all desktops that tile: wlroots without a screen, its portal, a virtual mouse, keys by wtype."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tools.desktops.desktop import PROGRAM, Desktop, wait_for

_KEYS = {
    "capture": ("-M", "ctrl", "-M", "shift", "-k", "space"),
    "toggle": ("-M", "ctrl", "-M", "alt", "-k", "space"),
    "escape": ("-k", "Escape"),
    "space": ("-k", "space"),
    "a": ("-k", "a"),
}
_AS_ROOT = """#include <errno.h>
#include <sys/types.h>
int setuid(uid_t id) { (void)id; errno = EPERM; return -1; }
int setgid(gid_t id) { (void)id; errno = EPERM; return -1; }
"""
_CONFIGURATION = """output * bg #336688 solid_color
output HEADLESS-1 resolution 1280x800 scale 1
default_border normal
bindsym Ctrl+Shift+space exec {program} --capture
bindsym Ctrl+Alt+space exec {program} --toggle
"""


class Sway(Desktop):
    """sway."""

    name = "sway"
    minimises = False
    packages = "sway grim slurp wtype xdg-desktop-portal xdg-desktop-portal-wlr xdg-desktop-portal-gtk pipewire gcc"
    display = "wayland-1"
    variables = {  # noqa: RUF012
        "XDG_CURRENT_DESKTOP": "sway",
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }
    needs = (
        *("/usr/bin/sway", "/usr/bin/grim", "/usr/bin/wtype", "/usr/bin/pipewire"),
        *("/usr/libexec/xdg-desktop-portal-wlr", "/usr/libexec/xdg-desktop-portal"),
    )

    def start(self) -> None:
        configuration = self.folder / "sway.conf"
        configuration.write_text(_CONFIGURATION.format(program=" ".join(PROGRAM)), encoding="utf-8")
        portals = self.folder / "portals"
        portals.mkdir(exist_ok=True)
        for name in ("wlr", "gtk"):
            text = Path(f"/usr/share/xdg-desktop-portal/portals/{name}.portal").read_text(encoding="utf-8")
            lines = [line for line in text.splitlines() if not line.startswith("UseIn")]
            (portals / f"{name}.portal").write_text("\n".join([*lines, "UseIn=sway"]) + "\n", encoding="utf-8")
        self.start_bus(WAYLAND_DISPLAY=self.display)
        self.spawn("sway", "-c", str(configuration), **self._as_root())
        self.wait_for_display()
        self.environment["WAYLAND_DISPLAY"] = self.display
        wait_for(lambda: bool(list((self.folder / "run").glob("sway-ipc.*"))), "sway")
        self.environment["SWAYSOCK"] = str(next((self.folder / "run").glob("sway-ipc.*")))
        self.spawn("pipewire")
        wait_for((self.folder / "run/pipewire-0").exists, "pipewire")
        self.spawn("/usr/libexec/xdg-desktop-portal-wlr")
        self.wait_for_service("org.freedesktop.impl.portal.desktop.wlr")
        self.spawn("/usr/libexec/xdg-desktop-portal", "-v", XDG_DESKTOP_PORTAL_DIR=str(portals))
        self.wait_for_service("org.freedesktop.portal.Desktop")
        self.spawn("wtype", "-s", "3600000", "-k", "F13", log="keyboard")  # without any keyboard no window is active

    def keys(self, name: str) -> None:
        self.call("wtype", "-s", "300", *_KEYS[name])  # its keyboard is new each time, and windows have to hear of it

    def mouse(self, *words: object) -> None:
        pointer = ("-m", "tools.desktops.pointer", "wlroots", self.display)
        self.call(sys.executable, *pointer, *(str(word) for word in words))

    def take_image(self, path: Path) -> None:
        self.call("grim", str(path))

    def _as_root(self) -> dict[str, str]:
        """Sway gives up root's rights and refuses to run where it can take them back; in a container, let it."""
        if os.getuid():
            return {}
        source, library = self.folder / "as_root.c", self.folder / "as_root.so"
        source.write_text(_AS_ROOT, encoding="utf-8")
        self.call("cc", "-shared", "-fPIC", "-o", str(library), str(source))
        return {"LD_PRELOAD": str(library)}
