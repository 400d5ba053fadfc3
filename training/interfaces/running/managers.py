"""Window managers, with and without decorations, and how their title bars look."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from training.interfaces.running.looks import Look

_BARE = """<openbox_config xmlns="http://openbox.org/3.4/rc"><placement><policy>Smart</policy></placement>
<applications><application class="*"><decor>no</decor></application></applications></openbox_config>"""
_OPENBOX = """<openbox_config xmlns="http://openbox.org/3.4/rc"><placement><policy>Smart</policy></placement>
<theme><name>{theme}</name><titleLayout>{layout}</titleLayout><font place="ActiveWindow"><name>{font}</name>
<size>{size}</size><weight>{weight}</weight></font></theme></openbox_config>"""
_JWM = """<?xml version="1.0"?><JWM><WindowStyle><Font>{font}-{size}:{weight}</Font><Width>4</Width>
<Height>{height}</Height><Active><Foreground>white</Foreground><Background>{color}:{color2}</Background>
<Outline>black</Outline></Active></WindowStyle><FocusModel>click</FocusModel><Desktops width="1" height="1"/></JWM>"""
_FVWM = """Style * SloppyFocus, Title, Handles, BorderWidth 4, HandleWidth 4
Style * Font "xft:{font}:{weight}:size={size}"
Style * HilightFore white, HilightBack {color}
TitleStyle {side} Height {height}
"""
_COLORS = ("#3a5f8a", "#2f6b4f", "#704a7a", "#4a4a52", "#8a4b32", "#1f6f8b", "#5a6b2a", "#33415c")
_DECORATED = 0.65
"""Share of runs with title bars."""
_COMMANDS = {"_fvwm": "fvwm3"}


def write_manager(home: Path, rng: random.Random, look: Look) -> tuple[list[str], bool]:
    """Choose one and write how it looks into a home folder. Returns its command and whether it decorates windows."""
    if rng.random() >= _DECORATED:
        (home / ".openbox.xml").write_text(_BARE)
        return ["openbox", "--config-file", str(home / ".openbox.xml")], False
    weight = rng.choice(("bold", "bold", "medium"))
    ways = (_openbox, _openbox, _openbox, _icewm, _icewm, _fluxbox, _fluxbox, _jwm, _fvwm, _marco, _marco, _metacity)
    usable = [way for way in ways if shutil.which(_COMMANDS.get(way.__name__, way.__name__[1:]))]
    return rng.choice(usable)(home, rng, look, weight), True


def _themes(folder: str, inside: str) -> list[str]:
    return sorted(one.parent.parent.name if "/" in inside else one.parent.name
                  for one in Path(folder).glob(f"*/{inside}"))  # fmt: skip


def _openbox(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    theme = rng.choice(_themes("/usr/share/themes", "openbox-3/themerc") or ["Clearlooks"])
    (home / ".openbox.xml").write_text(_OPENBOX.format(
        theme=theme, layout=rng.choice(("NLIMC", "LIMC", "CNIML")), font=look.font, size=look.font_size,
        weight="bold" if weight == "bold" else "normal"))  # fmt: skip
    return ["openbox", "--config-file", str(home / ".openbox.xml")]


def _icewm(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    folder = home / ".icewm"
    folder.mkdir()
    theme = rng.choice(_themes("/usr/share/icewm/themes", "default.theme") or ["Default"])
    (folder / "theme").write_text(f'Theme="{theme}/default.theme"\n')
    (folder / "prefoverride").write_text(
        f'TitleFontNameXft="{look.font}:size={look.font_size}:{weight}"\nShowTaskBar=0\nShowSplashScreen=0\n'
        "ShowPopupsAbovePointer=0\nMinimizeToDesktop=0\nToolTipDelay=60000\n"
    )
    (folder / "preferences").write_text("ShowTaskBar=0\n")
    return ["icewm", "--notify"]


def _fluxbox(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    folder = home / ".fluxbox"
    folder.mkdir()
    styles = sorted(one for one in Path("/usr/share/fluxbox/styles").glob("*") if one.is_dir())
    (folder / "overlay").write_text(
        f"window.font: {look.font}-{look.font_size}:{weight}\nwindow.title.height: {2 * look.font_size + 4}\n"
    )
    (folder / "init").write_text(
        f"session.styleFile: {rng.choice(styles) if styles else ''}\nsession.styleOverlay: {folder / 'overlay'}\n"
        "session.screen0.toolbar.visible: false\nsession.screen0.slit.autoHide: true\n"
        "session.screen0.rootCommand: true\n"
    )
    return ["fluxbox", "-rc", str(folder / "init"), "-no-toolbar"]


def _jwm(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    color, color2 = rng.choice(_COLORS), rng.choice(_COLORS)
    (home / ".jwmrc").write_text(_JWM.format(font=look.font, size=look.font_size, weight=weight, color=color,
                                             color2=rng.choice((color, color2)),
                                             height=2 * look.font_size + rng.randint(2, 8)))  # fmt: skip
    return ["jwm", "-f", str(home / ".jwmrc")]


def _fvwm(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    (home / ".fvwm.conf").write_text(_FVWM.format(
        font=look.font, size=look.font_size, weight=weight, color=rng.choice(_COLORS),
        side=rng.choice(("LeftJustified", "Centered")), height=2 * look.font_size + rng.randint(2, 6)))  # fmt: skip
    return ["fvwm3", "-f", str(home / ".fvwm.conf")]


def _settings(home: Path, text: str) -> None:
    folder = home / ".config" / "glib-2.0" / "settings"
    folder.mkdir(parents=True)
    (folder / "keyfile").write_text(text)


def _marco(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    theme = rng.choice(_themes("/usr/share/themes", "metacity-1/metacity-theme-*.xml") or ["Menta"])
    shown = f"{look.font} {'Bold ' if weight == 'bold' else ''}{look.font_size}"
    _settings(home, f"[org/mate/marco/general]\ntheme='{theme}'\ntitlebar-uses-system-font=false\n"
                    f"titlebar-font='{shown}'\ncompositing-manager=false\n")  # fmt: skip
    return ["marco", "--no-composite"]


def _metacity(home: Path, rng: random.Random, look: Look, weight: str) -> list[str]:
    theme = rng.choice(_themes("/usr/share/themes", "metacity-1/metacity-theme-*.xml") or ["Adwaita"])
    shown = f"{look.font} {'Bold ' if weight == 'bold' else ''}{look.font_size}"
    _settings(home, f"[org/gnome/metacity/theme]\nname='{theme}'\ntype='metacity'\n"
                    f"[org/gnome/desktop/wm/preferences]\ntitlebar-uses-system-font=false\n"
                    f"titlebar-font='{shown}'\n[org/gnome/metacity]\ncompositing-manager=false\n")  # fmt: skip
    return ["metacity", "--no-composite"]
