"""What GNOME has of its own: its question about screenshots answered with "Deny", and a key bound in its settings."""

from __future__ import annotations

from pathlib import Path

from tools.desktops.desktop import PROGRAM, Desktop
from tools.desktops.steps import ended, seen, start_with_other, wait_for_overlay

_KEYS = "org.gnome.settings-daemon.plugins.media-keys"
_PATH = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/"


def denied(desktop: Desktop) -> list[str]:
    """After "Deny" the desktop's own dialog selects, now and at once the next time."""
    program = start_with_other(desktop)
    desktop.keys("capture")
    seen(desktop, "1-asked")
    desktop.deny()
    seen(desktop, "2-own-dialog")
    desktop.keys("escape")
    seen(desktop, "3-cancelled")
    desktop.keys("capture")
    seen(desktop, "4-own-dialog-again")
    if Path("/usr/libexec/gnome-control-center-global-shortcuts-provider").exists():  # since 48
        desktop.keys("return")
    else:
        desktop.mouse("move", 800, 237, "click")  # "Take Screenshot" of GNOME 43
        seen(desktop, "5-to-be-shared")
        desktop.mouse("move", 848, 239, "click")  # "Share", there
    seen(desktop, "6-captured")
    desktop.program("--quit")
    return ended(desktop, program, "--quit")


def custom_key(desktop: Desktop) -> list[str]:
    """A key of the desktop's settings runs our command: Ctrl+Alt+V."""
    binding = {"name": "Desktop VLM", "command": " ".join((*PROGRAM, "--capture")), "binding": "<Control><Alt>v"}
    for name, value in binding.items():
        desktop.call("gsettings", "set", f"{_KEYS}.custom-keybinding:{_PATH}", name, value)
    desktop.call("gsettings", "set", _KEYS, "custom-keybindings", f"['{_PATH}']")
    desktop.spawn("/usr/libexec/gsd-media-keys")
    program = start_with_other(desktop)
    desktop.keys("custom")
    seen(desktop, "1-asked")
    desktop.allow()
    wait_for_overlay(desktop)
    seen(desktop, "2-overlay")
    desktop.keys("escape")
    desktop.program("--quit")
    return ended(desktop, program, "--quit")
