"""What programs are called: invented names in the forms that names have, and some that many people know."""

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes

from __future__ import annotations

from random import Random

from training.screens.phrases import Writer

_KINDS = ("Studio", "Writer", "Desk", "Tool", "Manager", "Viewer", "Pad", "Suite", "Pro", "Center", "Explorer",
          "Editor", "Player", "Monitor", "Browser", "Commander", "Mail", "Office", "Designer", "Files", "Notes",
          "Console", "Workbench", "Express", "Lite", "Plus", "Client", "IDE")  # fmt: skip
_ENDS = "pad edit view calc draw mail chat sync note desk cast mon top ster ware base kit hub flow box".split()
_STARTS = ("Open", "Net", "Photo", "Quick", "Easy", "Micro", "Hyper", "Libre", "Free", "Smart", "Sound", "Data", "Code",
           "Pixel", "Disk", "Text", "Meta", "Omni", "Power", "Fast")  # fmt: skip
_LETTERS = ("g", "k", "q", "x", "K", "G", "Q", "lx", "my", "w", "e", "j", "X", "i")
_KNOWN = (
    "Firefox,Chromium,Thunderbird,GIMP,Inkscape,Blender,VLC media player,LibreOffice Writer,LibreOffice Calc,Krita,"
    "Audacity,Notepad,WordPad,Paint,Microsoft Word,Microsoft Excel,Outlook,PowerPoint,Calculator,File Explorer,Finder,"
    "Safari,TextEdit,Xcode,Visual Studio,Eclipse,IntelliJ IDEA,Sublime Text,Emacs,Vim,Skype,Slack,Spotify,iTunes,"
    "Photoshop,Acrobat Reader,Opera,Google Chrome,Steam,Kodi,OBS Studio,Task Manager,Registry Editor,Evolution,Scribus"
).split(",")
_INVENTED_SHARE, _KNOWN_SHARE = 0.5, 0.1


def program_name(rng: Random, writer: Writer, *, most: int) -> str:
    """One word or two, sometimes with a version, of at most so many characters."""
    names = (_named(rng, writer) for _ in range(8))
    return next((name for name in names if len(name) <= most), str(writer.slot("app"))[:most])


def _named(rng: Random, writer: Writer) -> str:
    draw = rng.random()
    if draw < _KNOWN_SHARE:
        return rng.choice(_KNOWN)
    name = str(writer.slot("app"))
    if draw < _KNOWN_SHARE + _INVENTED_SHARE:
        name = _invented(rng, name)
    elif rng.random() < 0.35:
        name += " " + rng.choice(_KINDS)
    return name if rng.random() < 0.85 else f"{name} {rng.randint(2, 24)}"


def _invented(rng: Random, name: str) -> str:
    """A name such as Netview, kTally, LibreTally, Tally-Edit, TALLY or Tally Files."""
    low = name.lower()
    return rng.choice((
        rng.choice(_STARTS) + name, rng.choice(_STARTS) + rng.choice(_ENDS), name + rng.choice(_ENDS),
        rng.choice(_LETTERS) + name, rng.choice(_LETTERS) + low, low, name.upper()[:6], f"{name} {rng.choice(_KINDS)}",
        f"{name} {rng.choice(_KINDS)}", f"{name}-{rng.choice(_ENDS).capitalize()}", f"GNU {name}", f"{name}++",
        f"{name}.app", f"{rng.choice(_STARTS)}{name} {rng.choice(_KINDS)}",
    ))  # fmt: skip
