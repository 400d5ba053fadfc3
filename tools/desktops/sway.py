"""sway, for all desktops that tile: wlroots without a screen, its portal, a virtual mouse, keys by wtype."""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tools.desktops.desktop import PROGRAM, Desktop, wait_for

_KEYS = {
    "capture": ("-M", "ctrl", "-M", "shift", "-k", "space"),
    "toggle": ("-M", "ctrl", "-M", "alt", "-k", "space"),
    "escape": ("-k", "Escape"),
    "space": ("-k", "space"),
    "a": ("-k", "a"),
    "copy": ("-k", "F9"),
    "paste": ("-M", "ctrl", "-k", "v"),
    "up": ("-k", "Up"),
    "return": ("-k", "Return"),
    "into window": ("-M", "ctrl", "-k", "Return"),
}
_AS_ROOT = """#include <errno.h>
#include <sys/types.h>
int setuid(uid_t id) { (void)id; errno = EPERM; return -1; }
int setgid(gid_t id) { (void)id; errno = EPERM; return -1; }
"""
_CONFIGURATION = """output * bg #336688 solid_color
{screens}
workspace 1 output HEADLESS-1
default_border normal
bindsym Ctrl+Shift+space exec {program} --capture
bindsym Ctrl+Alt+space exec {program} --toggle
"""
_LOCK, _OTHER_RUN_S = Path(tempfile.gettempdir()) / "desktop-vlm-sway.lock", 600.0
"""The portal of sway 1.7 puts each screenshot into /tmp/out.png: two runs at a time would take each other's."""
_PANEL = """{"layer": "top", "height": 28, "modules-left": ["sway/workspaces"], "modules-right": ["tray", "clock"]}"""


class Sway(Desktop):
    """sway."""

    name = "sway"
    minimises = menus_take_keys = False
    display = "wayland-1"
    variables = {  # noqa: RUF012
        "XDG_CURRENT_DESKTOP": "sway",
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }
    needs = (
        *("/usr/bin/sway", "/usr/bin/waybar", "/usr/bin/grim", "/usr/bin/wtype", "/usr/bin/pipewire"),
        *("/usr/libexec/xdg-desktop-portal-wlr", "/usr/libexec/xdg-desktop-portal"),
    )

    _lock: TextIO | None = None

    def start(self) -> None:
        self.wait_for_others()
        configuration = self.folder / "sway.conf"
        words = {"program": " ".join(PROGRAM), "screens": "\n".join(self._arranged())}
        configuration.write_text(_CONFIGURATION.format(**words), encoding="utf-8")
        portals = self.folder / "portals"
        portals.mkdir(exist_ok=True)
        for name in ("wlr", "gtk"):
            text = Path(f"/usr/share/xdg-desktop-portal/portals/{name}.portal").read_text(encoding="utf-8")
            lines = [line for line in text.splitlines() if not line.startswith("UseIn")]
            (portals / f"{name}.portal").write_text("\n".join([*lines, "UseIn=sway"]) + "\n", encoding="utf-8")
        self.start_bus(WAYLAND_DISPLAY=self.display)
        count = str(len(self.screens))
        self.spawn("sway", "-c", str(configuration), WLR_HEADLESS_OUTPUTS=count, **self._as_root())
        self.wait_for_display()
        self.environment["WAYLAND_DISPLAY"] = self.display
        wait_for(lambda: bool(list((self.folder / "run").glob("sway-ipc.*"))), "sway")
        self.environment["SWAYSOCK"] = str(next((self.folder / "run").glob("sway-ipc.*")))
        self.call("swaymsg", "focus", "output", "HEADLESS-1")  # with the last screen begin others
        self.spawn("pipewire")
        wait_for((self.folder / "run/pipewire-0").exists, "pipewire")
        before_others = f"{self.stand_ins}:{self.environment['PATH']}"
        self.spawn("/usr/libexec/xdg-desktop-portal-wlr", PATH=before_others)
        self.wait_for_service("org.freedesktop.impl.portal.desktop.wlr")
        self.spawn("/usr/libexec/xdg-desktop-portal", "-v", XDG_DESKTOP_PORTAL_DIR=str(portals))
        self.wait_for_service("org.freedesktop.portal.Desktop")
        panel = self.folder / "panel.json"
        panel.write_text(_PANEL, encoding="utf-8")
        self.spawn("waybar", "-c", str(panel))
        self.wait_for_service("org.kde.StatusNotifierWatcher")
        self.spawn("wtype", "-s", "3600000", "-k", "F13", log="keyboard")  # without any keyboard no window is active
        self.spawn(*self._pointer("sleep", 3600), log="mouse")  # and menus close where the only mouse is unplugged

    @property
    def stand_ins(self) -> Path:
        """Where its portal looks first for the programs that it starts, such as grim; the folder is not there."""
        return self.folder / "stand-ins"

    def wait_for_others(self) -> None:
        """Until no other run on this machine uses its portal.

        Raises:
            DesktopError: one still does.
        """
        self._lock = self._lock or _LOCK.open("w")
        wait_for(self._is_alone, "the sway of another run", _OTHER_RUN_S)

    def end(self) -> None:
        super().end()
        if self._lock is not None:
            self._lock.close()

    def _is_alone(self) -> bool:
        assert self._lock is not None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def keys(self, name: str) -> None:
        self.call("wtype", "-s", "300", *_KEYS[name])  # its keyboard is new each time, and windows have to hear of it

    def mouse(self, *words: object) -> None:
        self.call(*self._pointer(*words))

    def take_image(self, path: Path) -> None:
        self.call("grim", str(path))

    def _pointer(self, *words: object) -> tuple[str, ...]:
        width, height = self.size
        how = ("tools.desktops.pointer", "wlroots", self.display, f"{width}x{height}")
        return (sys.executable, "-m", *how, *(str(word) for word in words))

    def _arranged(self) -> Iterator[str]:
        """The screens side by side, for its configuration."""
        left = 0
        for number, screen in enumerate(self.screens, 1):
            yield (
                f"output HEADLESS-{number} resolution {screen.width}x{screen.height} "
                f"scale {screen.scale} position {left} 0"
            )
            left += screen.size[0]

    def _as_root(self) -> dict[str, str]:
        """Sway gives up root's rights and refuses to run where it can take them back; in a container, let it."""
        if os.getuid():
            return {}
        source, library = self.folder / "as_root.c", self.folder / "as_root.so"
        source.write_text(_AS_ROOT, encoding="utf-8")
        self.call("cc", "-shared", "-fPIC", "-o", str(library), str(source))
        return {"LD_PRELOAD": str(library)}
