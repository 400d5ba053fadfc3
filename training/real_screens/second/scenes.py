"""The second set's screens: which programs stand where, on which desktop, and what is marked on the image."""

from __future__ import annotations

from dataclasses import replace

from training.real_screens.desktop import Look, Window
from training.real_screens.marks import Mark
from training.real_screens.scenes import Box, Scene, browser, home, printing, xterm
from training.real_screens.second.sessions import PIP, RSYNC, SERVICES, TOP, TRACEBACK

PACKAGES = (
    "chromium firefox-esr xfce4-terminal mate-terminal konsole xterm kate emacs-gtk thunar caja dolphin"
    " libreoffice-calc libreoffice-writer libreoffice-gtk3 galculator eom evince okular audacious claws-mail"
    " xfce4-settings xfwm4 xfconf  openbox tint2 dbus-daemon xdotool imagemagick x11-apps x11-utils"
    " x11-xserver-utils xvfb kdialog pluma filezilla man-db gcc git python3-tk qt5-gtk-platformtheme"
    " papirus-icon-theme breeze-icon-theme arc-theme greybird-gtk-theme numix-gtk-theme fonts-cantarell fonts-firacode"
    " fonts-hack fonts-inter fonts-jetbrains-mono fonts-lato fonts-liberation2 fonts-noto-core fonts-open-sans"
    " fonts-roboto"
)
"""Of Debian 12."""

_LIGHT = Look(ground="#5b7f95")
_GREYBIRD = Look(manager="xfwm4", theme="Greybird", frames="Greybird", font="Open Sans 10", ground="#6d8aa6")
_ARC = Look(manager="xfwm4", theme="Arc", frames="Arc", font="Roboto 11", subpixel="rgb", ground="#4a5568")
_ARC_DARK = Look(
    dark=True, manager="xfwm4", theme="Arc-Dark", frames="Arc-Dark", font="Inter 10", mono="Hack", ground="#20242c"
)
_NUMIX = Look(manager="xfwm4", theme="Numix", frames="Numix", font="Noto Sans 10", mono="Fira Code", ground="#d64937")
_DARK = Look(dark=True, frames="Onyx", font="Cantarell 11", mono="JetBrains Mono", subpixel="rgb", ground="#2b2433")
_OLIVE = Look(frames="Clearlooks-Olive", font="Cantarell 11", mono="Liberation Mono", subpixel="rgb", ground="#587050")
_LARGE = Look(font="Noto Sans 15", mono="Hack", ground="#39545e")


def firefox(page: str, host: str, title: str, box: Box | None = None) -> Window:
    """Firefox, which finds every host in the folder of pages."""
    profile = home(".firefox")
    settings = (
        ("network.proxy.type", "1"), ("network.proxy.http", '"127.0.0.1"'), ("network.proxy.http_port", "{port}"),
        ("browser.aboutwelcome.enabled", "false"), ("datareporting.policy.dataSubmissionEnabled", "false"),
        ("browser.shell.checkDefaultBrowser", "false"), ("termsofuse.bypassNotification", "true"),
        ("browser.tabs.inTitlebar", "0"), ("trailhead.firstrun.didSeeAboutWelcome", "true"),
        ("startup.homepage_welcome_url", '""'), ("browser.startup.homepage_override.mstone", '"ignore"'),
        ("toolkit.telemetry.reportingpolicy.firstRun", "false"), ("dom.security.https_first", "false"),
        ("browser.toolbars.bookmarks.visibility", '"never"'), ("browser.sessionstore.resume_from_crash", "false"),
    )  # fmt: skip
    lines = "".join(f'user_pref("{name}", {value});\n' for name, value in settings)
    start = f"mkdir -p {profile}; printf '%s' '{lines}' > {profile}/user.js; exec firefox-esr --no-remote"
    command = f"{start} --profile {profile} http://{host}.example/{page}.html"
    return Window(("sh", "-c", command), title, box, wait_s=4)


def documents(name: str) -> str:
    """A path among the documents."""
    return home(f"Documents/{name}")


def office(module: str, name: str, title: str, box: Box | None = None, keys: tuple[str, ...] = ()) -> Window:
    """LibreOffice with a file."""
    filters = {"calc": "CSV:44,34,76,1", "writer": "HTML (StarWriter)"}
    start = ("soffice", "--norestore", "--nologo", f"--{module}", f"--infilter={filters[module]}", documents(name))
    return Window(start, title, box, keys, wait_s=5)


_MARKS: dict[str, tuple[Mark, ...]] = {
    "job": (Mark("circle", (990, 382), (1205, 441)),),
    "build-log": (Mark("box", (440, 466), (812, 495), "#ffd43b", 4),),
    "board": (Mark("arrow", (1758, 1055), (1225, 455), width=10),),
    "till-receipt": (Mark("line", (295, 286), (412, 286), width=3),),
    "garden-sheet": (Mark("box", (260, 250), (330, 271), width=3),),
    "minutes": (Mark("circle", (698, 407), (794, 441), width=4),),
    "settings": (Mark("box", (280, 338), (922, 398)),),
    "chart": (Mark("arrow", (650, 225), (540, 345), width=6),),
    "traceback": (Mark("line", (118, 235), (393, 235), width=3),),
}
"""What is drawn onto the screens of these names."""
_PLAIN: tuple[Scene, ...] = (
    Scene("forum", (1366, 768), _LIGHT, (browser("thread", "tinkerbench", "Grinder stalls"),)),
    Scene("bank", (1440, 900), _GREYBIRD, (firefox("statement", "larkspur", "Statement"),)),
    Scene("pull-request", (1920, 1080), _DARK, (browser("pull", "codeyard", "Pull request", dark=True),)),
    Scene("recipe", (1280, 720), _ARC, (firefox("recipe", "panandladle", "Red lentil"),)),
    Scene("booking", (1024, 700), _LIGHT, (browser("booking", "staywell", "Booking confirmed"),)),
    Scene("wiki", (1600, 900), _OLIVE, (firefox("river", "openpedia", "Tamsel"),)),
    Scene("places", (1920, 1200), _LIGHT, (browser("places", "wayfind", "bakery"),)),
    Scene("job", (1366, 768), _NUMIX, (browser("job", "varland-archive", "Paper conservator"),)),
    Scene("build-log", (1920, 1080), _ARC_DARK, (browser("buildlog", "anvil", "Run 1907", dark=True),)),
    Scene("week", (1440, 900), _LIGHT, (browser("week", "plannr", "Week 24"),)),
    Scene("cookies", (1366, 768), _ARC, (firefox("catalogue", "brannick-libraries", "Search results"),)),
    Scene("board", (2560, 1440), _LARGE, (browser("board", "slate", "Kitchen rebuild", scale=1.7),)),
    Scene("quiz", (1280, 720), _OLIVE, (browser("quiz", "studium", "First aid"),)),
    Scene("till-receipt", (1024, 700), _GREYBIRD, (firefox("ticket", "fernandfilter", "Your order"),)),
    Scene(
        "git-diff",
        (1280, 720),
        _ARC,
        (
            Window(
                (
                    "xfce4-terminal",
                    "--title=fares",
                    "--font=Hack 12",
                    "--hide-scrollbar",
                    f"--working-directory={home('ferryfares')}",
                    "-e",
                    "sh -c 'git --no-pager diff --color=always; sleep 600'",
                ),
                "fares",
                (60, 40, 1000, 600),
            ),
        ),
    ),
    Scene(
        "pip",
        (1366, 768),
        _DARK,
        (
            Window(
                ("konsole", "--hide-tabbar", "-p", "Font=JetBrains Mono,12", "-e", "sh", "-c", printing(PIP)),
                "sh|Konsole|konsole",
                (90, 50, 1100, 600),
            ),
        ),
    ),
    Scene(
        "manual-page",
        (1024, 700),
        _LIGHT,
        (
            Window(
                (
                    "xterm",
                    "-T",
                    "man fold",
                    "-fa",
                    "DejaVu Sans Mono",
                    "-fs",
                    "12",
                    "-bg",
                    "#fffff0",
                    "-fg",
                    "black",
                    "-e",
                    "man",
                    "fold",
                ),
                "man",
            ),
        ),
    ),
    Scene(
        "services",
        (1600, 900),
        _OLIVE,
        (
            Window(
                ("mate-terminal", "--disable-factory", "-t", "lockgate", "-e", f'sh -c "{printing(SERVICES)}"'),
                "lockgate",
                (120, 60, 1200, 680),
            ),
        ),
    ),
    Scene(
        "compiler",
        (1280, 720),
        _GREYBIRD,
        (
            Window(
                (
                    "xterm",
                    "-T",
                    "barrel",
                    "-fa",
                    "Hack",
                    "-fs",
                    "12",
                    "-bg",
                    "#002b36",
                    "-fg",
                    "#eee8d5",
                    "-e",
                    "sh",
                    "-c",
                    f"cd {home('Documents')}; gcc -Wall -fdiagnostics-color=always barrel.c; sleep 600",
                ),
                "barrel",
                (80, 40, 1060, 600),
            ),
        ),
    ),
    Scene(
        "emacs",
        (1440, 900),
        _LIGHT,
        (
            Window(
                (
                    "emacs",
                    "--no-splash",
                    "-T",
                    "playbook.yaml - GNU Emacs",
                    "-fn",
                    "DejaVu Sans Mono-13",
                    documents("playbook.yaml"),
                ),
                "playbook|emacs|Emacs",
                (60, 30, 1100, 780),
            ),
        ),
    ),
    Scene(
        "kate",
        (1600, 900),
        _DARK,
        (Window(("kate", documents("weir.cpp")), "weir", (40, 30, 1300, 800), ("ctrl+End", "x", "ctrl+w")),),
    ),
    Scene(
        "unsaved",
        (1280, 720),
        _GREYBIRD,
        (Window(("pluma", documents("diary.txt")), "diary", (120, 40, 900, 600), ("ctrl+End", "x", "ctrl+w")),),
    ),
    Scene(
        "thunar",
        (1366, 768),
        _NUMIX,
        (
            Window(
                ("thunar", home("Invoices")), "Invoices", (100, 60, 960, 560), ("Home", "Down", "Down", "shift+Delete")
            ),
        ),
    ),
    Scene(
        "dolphin",
        (1280, 720),
        _DARK,
        (Window(("dolphin", home("Scans")), "Scans", (80, 40, 1060, 600), ("ctrl+3", "Down", "Down")),),
    ),
    Scene(
        "caja",
        (1366, 768),
        _OLIVE,
        (
            Window(
                ("caja", "--no-desktop", "--browser", home("Workshop")),
                "Workshop",
                (60, 40, 1000, 600),
                ("Home", "Right", "alt+Return"),
            ),
        ),
    ),
    Scene(
        "garden-sheet",
        (1920, 1080),
        _LIGHT,
        (office("calc", "ledger.csv", "ledger", keys=("Down", "Down", "Down", "Right", "Right")),),
    ),
    Scene("minutes", (1600, 900), _GREYBIRD, (office("writer", "minutes.html", "minutes"),)),
    Scene("leaflet", (1280, 720), _ARC_DARK, (Window(("evince", home("leaflet.pdf")), "leaflet|Bat walk"),)),
    Scene(
        "parcel",
        (1024, 700),
        _ARC,
        (Window(("python3", documents("tk_checkin.py")), "Parcel desk", (100, 60, 620, 440), ("F4",)),),
    ),
    Scene(
        "file-transfer",
        (1440, 900),
        _ARC,
        (Window(("filezilla", "-a", home("Workshop"), "ftp://127.0.0.1"), "FileZilla", wait_s=8),),
    ),
    Scene("music", (1024, 700), _ARC_DARK, (Window(("audacious", home("Music")), "Audacious", (60, 40, 860, 520)),)),
    Scene("settings", (1280, 720), _GREYBIRD, (Window(("xfce4-keyboard-settings",), "Keyboard", (240, 80, 700, 500)),)),
    Scene("chart", (1366, 768), _OLIVE, (Window(("eom", home("rainfall.png")), "rainfall", (60, 30, 1100, 680)),)),
    Scene(
        "mail-wizard", (1280, 720), _NUMIX, (Window(("claws-mail",), "Claws Mail", (200, 60, 760, 560), ("Return",)),)
    ),
    Scene(
        "busy-desktop",
        (1920, 1200),
        _ARC,
        (
            Window(("thunar", home("Workshop")), "Workshop", (40, 40, 860, 520)),
            xterm(TOP, "top", (940, 60, 920, 460), font=12, colours=("#1e1e1e", "#d4d4d4")),
            Window(("pluma", documents("diary.txt")), "diary", (60, 600, 860, 500)),
            Window(
                ("galculator",),
                "galculator",
                (1240, 560, 420, 480),
                ("3", "7", "period", "5", "asterisk", "1", "6", "Return"),
            ),
        ),
    ),
    Scene(
        "question-on-desktop",
        (2560, 1440),
        _LARGE,
        (
            xterm(RSYNC, "backup", (60, 60, 1300, 560), font=17, colours=("#1b2b34", "#c0c5ce")),
            Window(("okular", home("leaflet.pdf")), "leaflet|Bat walk", (1100, 200, 1300, 1100)),
            Window(
                (
                    "kdialog",
                    "--title",
                    "Backup disk is full",
                    "--warningyesnocancel",
                    "Delete the four oldest snapshots to make room for 46 GB?",
                ),
                "Backup disk",
                (600, 560, 760, 260),
            ),
        ),
    ),
    Scene(
        "traceback",
        (1280, 720),
        _DARK,
        (xterm(TRACEBACK, "python", (70, 50, 940, 460), font=14, colours=("#282a36", "#f8f8f2")),),
    ),
)

SCENES = tuple(replace(scene, marks=_MARKS.get(scene.name, ())) for scene in _PLAIN)
