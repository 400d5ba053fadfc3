"""How programs look: themes, icons and fonts of GTK 3 and Qt 5, written where they read them."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

_GTK = ("Adwaita", "Adwaita:dark", "Arc", "Arc-Dark", "Arc-Darker", "Breeze", "Breeze-Dark", "Numix", "Greybird",
        "Greybird-dark", "Materia", "Materia-dark", "BlueMenta", "TraditionalOk", "Menta", "HighContrast",
        "Clearlooks-Phenix", "BlackMATE", "GreenLaguna", "ContrastHigh", "TraditionalGreen", "Greybird-compact",
        "Materia-compact", "Materia-light", "Arc-Lighter", "Raleigh", "Greybird-bright")  # fmt: skip
_QT = ("Fusion", "Breeze", "Breeze", "adwaita", "adwaita-dark", "Windows", "kvantum")
_ICONS = ("Adwaita", "Papirus", "breeze", "elementary-xfce", "Papirus-Dark", "gnome")
_FONTS = (
    "Cantarell",
    "DejaVu Sans",
    "Noto Sans",
    "Open Sans",
    "Liberation Sans",
    "Roboto",
    "Lato",
    "Inter",
    "Carlito",
    "FreeSans",
    "Nimbus Sans",
)
_DARK_ICONS = "Papirus-Dark"


@dataclass(frozen=True)
class Look:
    """A look: names of themes, a font's family and its size, pt."""

    gtk: str
    qt: str
    icons: str
    font: str
    font_size: int


def write_look(home: Path, rng: random.Random) -> Look:
    """Choose one and write it into a home folder."""
    there = [one for one in _GTK if (Path("/usr/share/themes") / one.split(":")[0]).exists() or one.startswith("Adw")]
    look = Look(
        rng.choice(there), rng.choice(_QT), rng.choice(_ICONS), rng.choice(_FONTS), rng.choice((9, 10, 10, 11, 12))
    )
    dark = "dark" in look.gtk.lower()
    icons = _DARK_ICONS if dark and look.icons.startswith("Papirus") else look.icons.replace("-Dark", "")
    config = home / ".config"
    for name in ("gtk-3.0", "qt5ct", "qt6ct"):
        (config / name).mkdir(parents=True, exist_ok=True)
    (config / "gtk-3.0" / "settings.ini").write_text(
        f"[Settings]\ngtk-theme-name={look.gtk.split(':')[0]}\ngtk-icon-theme-name={icons}\n"
        f"gtk-font-name={look.font} {look.font_size}\ngtk-cursor-blink=0\ngtk-enable-animations=0\n"
        f"gtk-application-prefer-dark-theme={int(dark)}\ngtk-xft-antialias=1\ngtk-xft-hinting=1\n"
        "gtk-xft-hintstyle=hintslight\ngtk-xft-rgba=none\n"
    )
    font = f'"{look.font},{look.font_size},-1,5,50,0,0,0,0,0"'
    newer = f'"{look.font},{look.font_size},-1,5,400,0,0,0,0,0,0,0,0,0,0,1"'
    (config / "qt6ct" / "qt6ct.conf").write_text(
        f"[Appearance]\nstyle=Fusion\nicon_theme={icons}\n[Fonts]\nfixed={newer}\ngeneral={newer}\n"
    )
    (config / "qt5ct" / "qt5ct.conf").write_text(
        f"[Appearance]\nstyle={look.qt}\nicon_theme={icons}\nstandard_dialogs=default\n"
        f"[Fonts]\nfixed={font}\ngeneral={font}\n[Interface]\ncursor_flash_time=0\n"
    )
    (config / "kdeglobals").write_text(
        f"[General]\nfont={look.font},{look.font_size},-1,5,50,0,0,0,0,0\n[Icons]\nTheme={icons}\n"
    )
    return look


def environment(home: Path, runtime: Path, display: int, look: Look) -> dict[str, str]:
    """The variables that a program gets."""
    kept = {key: os.environ[key] for key in ("PATH", "PYTHONPATH") if key in os.environ}
    kept["PATH"] = kept["PATH"] + ":/usr/sbin:/usr/games"
    return {
        **kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DISPLAY": f":{display}", "LANG": "C.UTF-8",
        "GTK_MODULES": "gail:atk-bridge", "NO_AT_BRIDGE": "0", "QT_ACCESSIBILITY": "1",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORMTHEME": "qt5ct", "QT_STYLE_OVERRIDE": look.qt,
        "LIBGL_ALWAYS_SOFTWARE": "1", "GSETTINGS_BACKEND": "memory",
        "GIO_USE_VFS": "local", "GIO_USE_VOLUME_MONITOR": "unix", "GTK_OVERLAY_SCROLLING": "0", "GTK_THEME": look.gtk,
        "XDG_SESSION_TYPE": "x11", "XDG_CURRENT_DESKTOP": "XFCE", "QT_QUICK_BACKEND": "software", "USER": home.name,
        "XDG_DATA_DIRS": "/usr/share:/usr/local/share", "QT_FONT_DPI": "96",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # root may not use it
    }  # fmt: skip
