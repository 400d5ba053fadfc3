"""The full screens: which programs stand where, on which desktop."""

from __future__ import annotations

from dataclasses import dataclass

from training.real_screens.desktop import HOME, Look, Window
from training.real_screens.marks import Mark
from training.real_screens.sessions import BUILD, DISK, LOG, NPM, PING, PYTEST

Size = tuple[int, int]
Box = tuple[int, int, int, int]

PACKAGES = (
    "chromium netsurf-gtk xterm lxterminal qterminal rxvt-unicode mousepad featherpad geany vim-gtk3 idle pcmanfm"
    " pcmanfm-qt lxappearance obconf lxqt-config gnumeric libreoffice-calc libreoffice-gtk3 libreoffice-writer xpdf"
    " atril qpdfview hexchat git git-gui gitk tint2 transmission-gtk keepassxc speedcrunch"
    " sqlitebrowser nano mc openbox dbus-daemon xdotool imagemagick zenity x11-apps x11-utils x11-xserver-utils xvfb"
    " papirus-icon-theme fonts-cantarell fonts-jetbrains-mono fonts-lato fonts-liberation2 fonts-noto-core"
    " fonts-open-sans"
)
"""Of Debian 12."""

_LIGHT = Look()
_LIGHT_RGB = Look(subpixel="rgb", font="Liberation Sans 11", mono="Liberation Mono", ground="#2f4858")
_DARK = Look(dark=True, frames="Onyx", font="Cantarell 11", ground="#1d2530")
_DARK_RGB = Look(
    dark=True, frames="Nightmare", font="Noto Sans 10", mono="JetBrains Mono", subpixel="rgb", ground="#30243c"
)
_LATO = Look(frames="Mikachu", font="Lato 11", mono="JetBrains Mono", ground="#7a8f6a")


@dataclass(frozen=True)
class Scene:
    """One screenshot.

    Attributes:
        marks: drawn onto the image, as a person points something out.
    """

    name: str
    size: Size
    look: Look
    windows: tuple[Window, ...]
    marks: tuple[Mark, ...] = ()


def home(name: str) -> str:
    """A path in the home folder."""
    return str(HOME / name)


def browser(
    page: str, host: str, title: str, box: Box | None = None, *, dark: bool = False, scale: float = 1
) -> Window:
    """Chromium, which finds every host in the folder of pages."""
    options = "--no-sandbox --test-type --no-first-run --disable-gpu --password-store=basic --no-default-browser-check"
    options += " --force-dark-mode" * dark
    if scale != 1:
        options += f" --force-device-scale-factor={scale}"
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1:{port}"
    profile = f"--user-data-dir={home('.browser')}"
    return Window(
        ("chromium", *options.split(), profile, rules, f"http://{host}.example/{page}.html"), title, box, framed=False
    )


def printing(text: str) -> str:
    """A shell command that prints lines and stays."""
    escaped = text.replace("\\", "\\\\").replace("'", "'\\''").replace("%", "%%").replace("\n", "\\n")
    return f"printf '{escaped}'; sleep 600"


def xterm(
    text: str,
    title: str,
    box: Box | None = None,
    *,
    font: int = 11,
    colours: tuple[str, str] = ("white", "black"),
) -> Window:
    """A terminal that shows `text`."""
    look = ("-fa", "DejaVu Sans Mono", "-fs", str(font), "-bg", colours[0], "-fg", colours[1])
    return Window(("xterm", "-T", title, *look, "-e", "sh", "-c", printing(text)), f"^{title}$", box)


SCENES: tuple[Scene, ...] = (
    Scene("web-news", (1280, 800), _LIGHT, (browser("news", "harbour-courier", "Harbour Courier"),)),
    Scene("web-shop", (1366, 768), _LIGHT_RGB, (browser("shop", "northpeak", "Trekking"),)),
    Scene("web-dashboard", (1920, 1080), _DARK, (browser("dashboard", "beacon", "Cluster", dark=True),)),
    Scene("web-chat", (1440, 900), _DARK_RGB, (browser("chat", "parley", "Team garden", dark=True),)),
    Scene("web-mail", (1600, 900), _LIGHT, (browser("mail", "pigeon", "Inbox"),)),
    Scene("web-login", (1024, 768), _LATO, (browser("login", "riverbank", "Sign in", (60, 20, 880, 690)),)),
    Scene("web-docs", (1280, 720), _LIGHT_RGB, (browser("docs", "lantern-docs", "Retries"),)),
    Scene("web-departures", (2560, 1440), _LIGHT, (browser("timetable", "westgate", "Departures"),)),
    Scene("web-invoice", (1024, 768), _LIGHT, (browser("invoice", "alder-bikes", "Invoice"),)),
    Scene("web-weather", (1024, 700), _LATO, (browser("map", "skywatch", "Weather"),)),
    Scene("web-form", (1280, 800), _DARK, (browser("survey", "helpers", "Volunteer", dark=True),)),
    Scene("web-missing", (1024, 700), _LIGHT, (browser("holiday", "northpeak", "Error|404|northpeak"),)),
    Scene(
        "netsurf", (1024, 768), _LIGHT_RGB, (Window(("netsurf-gtk", f"file://{home('Documents/paper.html')}"), "Moss"),)
    ),
    Scene(
        "term-build", (1024, 700), _DARK, (xterm(BUILD, "build", (40, 30, 900, 480), colours=("#101418", "#d8dee9")),)
    ),
    Scene(
        "term-pytest",
        (1280, 800),
        _LIGHT,
        (Window(("lxterminal", "-t", "checks", "-e", f'sh -c "{printing(PYTEST)}"'), "checks", (80, 50, 900, 560)),),
    ),
    Scene(
        "term-disk",
        (1366, 768),
        _DARK_RGB,
        (Window(("qterminal", "-e", "sh", "-c", printing(DISK)), "QTerminal|sh|Shell", (20, 44, 1000, 560)),),
    ),
    Scene(
        "term-npm",
        (1280, 720),
        _LATO,
        (
            Window(
                (
                    "urxvt",
                    "-title",
                    "publish",
                    "-fn",
                    "xft:JetBrains Mono:size=12",
                    "-bg",
                    "#fdf6e3",
                    "-fg",
                    "#3b4252",
                    "-e",
                    "sh",
                    "-c",
                    printing(NPM),
                ),
                "publish",
                (100, 60, 960, 500),
            ),
        ),
    ),
    Scene(
        "term-log",
        (1920, 1080),
        _LIGHT_RGB,
        (xterm(LOG, "journal", (200, 120, 1200, 500), font=13, colours=("#300a24", "#eeeeec")),),
    ),
    Scene(
        "term-nano",
        (1024, 768),
        _LIGHT,
        (
            Window(
                (
                    "xterm",
                    "-T",
                    "nano",
                    "-fa",
                    "DejaVu Sans Mono",
                    "-fs",
                    "12",
                    "-e",
                    "nano",
                    home("Documents/packing.txt"),
                ),
                "nano",
            ),
        ),
    ),
    Scene(
        "term-mc",
        (1280, 800),
        _DARK,
        (
            Window(
                (
                    "xterm",
                    "-T",
                    "commander",
                    "-fa",
                    "DejaVu Sans Mono",
                    "-fs",
                    "12",
                    "-e",
                    "mc",
                    home("Recordings"),
                    home("Contracts"),
                ),
                "mc|commander",
            ),
        ),
    ),
    Scene(
        "edit-mousepad",
        (1280, 720),
        _LIGHT,
        (Window(("mousepad", home("Documents/packing.txt")), "packing", (120, 60, 820, 520)),),
    ),
    Scene(
        "edit-featherpad",
        (1440, 900),
        _DARK,
        (Window(("featherpad", home("Documents/orbit.py")), "orbit", (60, 40, 1000, 760)),),
    ),
    Scene("edit-geany", (1600, 900), _LIGHT_RGB, (Window(("geany", home("Documents/orbit.py")), "orbit"),)),
    Scene(
        "edit-gvim",
        (1366, 768),
        _DARK_RGB,
        (Window(("gvim", "-f", home("Documents/proxy.conf")), "proxy", (50, 30, 900, 620)),),
    ),
    Scene(
        "edit-idle",
        (1280, 800),
        _LATO,
        (Window(("idle-python3.11", home("Documents/tk_errors.py")), "tk_errors", (150, 40, 900, 640)),),
    ),
    Scene("files-pcmanfm", (1366, 768), _LIGHT, (Window(("pcmanfm", home("Photos")), "Photos", (100, 60, 900, 560)),)),
    Scene(
        "files-qt",
        (1280, 800),
        _LIGHT_RGB,
        (Window(("pcmanfm-qt", home("Contracts")), "Contracts", (60, 40, 860, 560)),),
    ),
    Scene(
        "settings-look",
        (1024, 768),
        _LIGHT,
        (Window(("lxappearance",), "Look and Feel|Customize", (160, 80, 640, 540)),),
    ),
    Scene(
        "settings-frames",
        (1280, 800),
        _DARK,
        (Window(("obconf", "--config-file", home(".config/openbox/rc.xml")), "Openbox Config", (240, 110, 640, 520)),),
    ),
    Scene(
        "settings-scanner",
        (1024, 700),
        _LATO,
        (Window(("python3", home("Documents/settings_form.py")), "Scanner settings", (180, 80, 560, 440)),),
    ),
    Scene(
        "settings-lxqt",
        (1280, 720),
        _DARK_RGB,
        (Window(("lxqt-config-locale",), "Region|Locale|Language", (200, 60, 760, 560)),),
    ),
    Scene("sheet-gnumeric", (1366, 768), _LIGHT, (Window(("gnumeric", home("Documents/budget.csv")), "budget"),)),
    Scene(
        "sheet-calc",
        (1920, 1080),
        _LIGHT_RGB,
        (
            Window(
                (
                    "soffice",
                    "--norestore",
                    "--nologo",
                    "--calc",
                    "--infilter=CSV:44,34,76,1",
                    home("Documents/stock.csv"),
                ),
                "stock",
            ),
        ),
    ),
    Scene(
        "letter-writer",
        (1600, 1000),
        _LIGHT,
        (Window(("soffice", "--norestore", "--nologo", "--writer", home("Documents/letter.rtf")), "letter"),),
    ),
    Scene("pdf-xpdf", (1280, 1024), _LIGHT, (Window(("xpdf", home("manual.pdf")), "manual|xpdf|Xpdf"),)),
    Scene("pdf-atril", (1600, 900), _DARK, (Window(("atril", home("paper.pdf")), "paper|Moss"),)),
    Scene(
        "pdf-qpdfview",
        (1440, 900),
        _LIGHT_RGB,
        (Window(("qpdfview", home("manual.pdf")), "qpdfview|manual", (0, 24, 1440, 844)),),
    ),
    Scene(
        "chat-hexchat",
        (1366, 768),
        _DARK,
        (Window(("hexchat", "--url=irc://127.0.0.1/"), "orchid", (60, 40, 1060, 620)),),
    ),
    Scene(
        "git-gui", (1280, 800), _LIGHT, (Window(("git", "-C", home("tides"), "gui"), "Git Gui", (80, 40, 1000, 660)),)
    ),
    Scene(
        "gitk",
        (1440, 900),
        _LIGHT_RGB,
        (Window(("sh", "-c", f"cd {home('tides')} && gitk"), "gitk|tides", (40, 30, 1240, 780)),),
    ),
    Scene(
        "database",
        (1440, 900),
        _LATO,
        (Window(("sqlitebrowser", "-t", "loans", home("library.db")), "DB Browser", (60, 40, 1100, 680)),),
    ),
    Scene("passwords", (1280, 800), _LIGHT, (Window(("keepassxc",), "KeePassXC", (120, 60, 900, 600)),)),
    Scene(
        "film-archive",
        (1024, 768),
        _LIGHT,
        (Window(("python3", home("Documents/tk_errors.py")), "Film archive", (120, 60, 640, 420)),),
    ),
    Scene(
        "calculator",
        (1024, 700),
        _DARK_RGB,
        (
            Window(
                ("speedcrunch",),
                "SpeedCrunch",
                (160, 60, 640, 500),
                keys=("1", "8", "period", "5", "asterisk", "4", "Return", "9", "0", "minus", "2", "Return"),
            ),
        ),
    ),
    Scene("downloads", (1280, 720), _DARK, (Window(("transmission-gtk",), "Transmission", (140, 60, 800, 460)),)),
    Scene(
        "dialog-on-desktop",
        (1920, 1080),
        _LIGHT,
        (
            xterm(PING, "network", (40, 40, 760, 360)),
            Window(("mousepad", home("Documents/packing.txt")), "packing", (500, 260, 820, 560)),
            Window(
                (
                    "zenity",
                    "--question",
                    "--title=Remove device",
                    "--text=Unmount the drive KINGFISHER before it is removed?",
                    "--ok-label=Unmount",
                    "--cancel-label=Later",
                    "--width=420",
                ),
                "Remove device",
                (780, 430, 440, 190),
            ),
        ),
    ),
    Scene(
        "three-windows",
        (1920, 1080),
        _DARK,
        (
            Window(("pcmanfm", home("Photos")), "Photos", (40, 60, 820, 480)),
            xterm(BUILD, "build", (900, 60, 960, 420), colours=("#101418", "#d8dee9")),
            Window(("mousepad", home("Documents/proxy.conf")), "proxy", (300, 520, 900, 480)),
        ),
    ),
    Scene(
        "four-windows",
        (2560, 1440),
        _LIGHT_RGB,
        (
            browser("map", "skywatch", "Weather", (40, 40, 1200, 700)),
            Window(("gnumeric", home("Documents/budget.csv")), "budget", (1280, 40, 1240, 700)),
            xterm(LOG, "journal", (40, 780, 1200, 580), font=12),
            Window(("geany", home("Documents/orbit.py")), "orbit", (1280, 780, 1240, 600)),
        ),
    ),
    Scene(
        "error-over-sheet",
        (1366, 768),
        _DARK_RGB,
        (
            Window(("gnumeric", home("Documents/stock.csv")), "stock", (10, 10, 1300, 700)),
            Window(
                (
                    "zenity",
                    "--error",
                    "--title=Printing failed",
                    "--text=Tray 2 is empty. Load A4 paper and press OK.",
                    "--width=380",
                ),
                "Printing failed",
                (480, 280, 400, 170),
            ),
        ),
    ),
    Scene(
        "dialog-list",
        (1280, 800),
        _LATO,
        (
            Window(
                (
                    "zenity",
                    "--list",
                    "--title=Choose a printer",
                    "--text=Where should page 3 be printed?",
                    "--column=Printer",
                    "--column=Room",
                    "Canon LBP",
                    "Room 204",
                    "Brother HL",
                    "Hall",
                    "Plotter",
                    "Basement",
                    "--width=420",
                    "--height=320",
                ),
                "Choose a printer",
                (380, 180, 440, 340),
            ),
        ),
    ),
)
