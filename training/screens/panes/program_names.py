"""What programs are called: invented names in the forms that names have, and some that many people know."""

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes

from __future__ import annotations

from collections.abc import Callable
from random import Random

from training.screens.phrases import Writer

_KINDS = ("Studio", "Writer", "Desk", "Tool", "Manager", "Viewer", "Pad", "Suite", "Pro", "Center", "Explorer",
          "Editor", "Player", "Monitor", "Browser", "Commander", "Mail", "Office", "Designer", "Files", "Notes",
          "Console", "Workbench", "Express", "Lite", "Plus", "Client", "IDE")  # fmt: skip
_ENDS = "pad edit view calc draw mail chat sync note desk cast mon top ster ware base kit hub flow box".split()
_STARTS = ("Open", "Net", "Photo", "Quick", "Easy", "Micro", "Hyper", "Libre", "Free", "Smart", "Sound", "Data", "Code",
           "Pixel", "Disk", "Text", "Meta", "Omni", "Power", "Fast")  # fmt: skip
_LETTERS = ("g", "k", "q", "x", "K", "G", "Q", "lx", "my", "w", "e", "j", "X", "i")
_KNOWN: dict[str, tuple[str, ...]] = {
    "word processor": ("Calligra Words", "Microsoft Word", "AbiWord", "WordPad", "Pages", "OpenOffice Writer"),
    "spreadsheet": ("Calligra Sheets", "Microsoft Excel", "Numbers", "OpenOffice Calc"),
    "document viewer": ("Acrobat Reader", "Evince", "Okular", "Preview"),
    "file manager": ("File Explorer", "Finder", "Files"),
    "code editor": ("Visual Studio", "Eclipse", "Xcode", "Sublime Text", "IntelliJ IDEA", "Emacs"),
    "text editor": ("Notepad", "TextEdit", "Emacs", "gedit", "Kate"), "mail program": ("Thunderbird", "Outlook",
                                                                                     "Evolution"),
    "music player": ("iTunes", "Spotify", "Winamp"), "photo manager": ("Lightroom", "Photos", "iPhoto"),
    "system monitor": ("Task Manager", "Activity Monitor"), "chat program": ("Skype", "Slack", "Pidgin"),
    "calculator": ("Calculator",), "database program": ("Microsoft Access", "Kexi"),
}  # fmt: skip
"""By what people call such a program."""
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "terminal": ("{}term", "{}Term", "{} Terminal", "{} Console", "{} Shell", "x{}", "{}-terminal"),
    "browser": ("{}", "{} Browser", "Net{}", "{}Web", "{} Navigator", "{} Explorer", "{}fox"),
    "chat": ("{}Chat", "{} Messenger", "{}Talk", "{} Talk"), "mail": ("{}Mail", "{} Mail", "{}bird", "{} Post"),
    "document viewer": ("{} Reader", "{} Viewer", "{}View", "{}PDF"), "note": ("{} Notes", "{}Pad", "{}note"),
    "editor": ("{}Edit", "{} Editor", "{}pad", "{} Text"), "log viewer": ("{} Logs", "{}Log", "{} Log Viewer"),
}  # fmt: skip
"""Of names, by what people call such a program."""
_TELLING: dict[str, tuple[str, ...]] = {
    "mail": ("mail",), "chat": ("chat",), "calc": ("calc", "spreadsheet"), "draw": ("draw",), "note": ("note", "text"),
    "notes": ("note", "text"), "edit": ("edit",), "editor": ("edit",), "pad": ("edit", "note"), "player": ("player",),
    "browser": ("browser",), "explorer": ("browser", "file"), "files": ("file",), "writer": ("word", "text", "write"),
    "viewer": ("view",), "view": ("view",), "monitor": ("monitor",), "console": ("terminal", "console"),
    "commander": ("file",), " ide": ("code",), "sync": ("sync", "download"),
}  # fmt: skip
"""Ends of names that say what kind of program it is, and what people then call it."""
_INVENTED_SHARE, _KNOWN_SHARE = 0.5, 0.15
_AFTER = ("{d} - {a}", "{d} - {a}", "{d} - {a}", "{d} - {a}", "{d} \u2014 {a}", "{d} \u2014 {a}", "{d} \u2013 {a}",
          "{d} \u2013 {a}", "*{d} - {a}", "{d} * - {a}", "{d} | {a}", "{d} ({a})", "{d} [modified] - {a}", "{d} : {a}",
          "[{d}] - {a}", "{d} [Read only] - {a}", "\u2022 {d} - {a}", "{d} \u00b7 {a}", "{d} -- {a}",
          "{d} * {a}")  # fmt: skip
_BEFORE = ("{a}: {d}", "{a}: {d}", "{a} - {d}", "{a} - [{d}]", "{a} \u2014 {d}", "{a} ({d})", "{a} | {d}", "{a} : {d}",
           "{a} <{d}>", "{a} [{d}]")  # fmt: skip
_ALONE = ("{a}", "{d}")
_AFTER_SHARE, _BEFORE_SHARE = 0.66, 0.22
"""Of titles: most programs are named behind what is open in them."""


def title_form(rng: Random, has: Callable[[str], bool]) -> str:
    """How a title bar puts what is open (`{d}`) and the program's name (`{a}`), of characters that a typeface has."""
    draw = rng.random()
    forms = _AFTER if draw < _AFTER_SHARE else _BEFORE if draw < _AFTER_SHARE + _BEFORE_SHARE else _ALONE
    return rng.choice([form for form in forms if all(char.isascii() or has(char) for char in form)])


def named_title(rng: Random, writer: Writer, noun: str, has: Callable[[str], bool]) -> tuple[str, str]:
    """A title for a window that has none, and the program's name in it."""
    app = program_name(rng, writer, noun, most=24)
    if noun in _SUFFIXES and rng.random() < 0.6:
        app = rng.choice(_SUFFIXES[noun]).format(app.split()[0])
    form = title_form(rng, has)
    form = form if "{a}" in form else "{a}"
    document = rng.choice((writer.words(1, 3).capitalize(), writer.words(1, 2), str(writer.file()), writer.path()))
    return form.format(d=document, a=app), app


def program_name(rng: Random, writer: Writer, noun: str, *, most: int) -> str:
    """One word or two, sometimes with a version, of at most so many characters.

    It does not say another kind of program than `noun`, which is what people call this one; "" is none in particular.
    """
    names = (_named(rng, writer, noun) for _ in range(8))
    return next((name for name in names if len(name) <= most and not is_misleading(name, noun)),
                str(writer.slot("app"))[:most])  # fmt: skip


def is_misleading(name: str, noun: str) -> bool:
    """Whether a name's end says another kind of program than what people call this one."""
    if name in _KNOWN.get(noun, ()):
        return False
    end = name.rstrip(" 0123456789").removesuffix(".app").lower()
    said = [kinds for telling, kinds in _TELLING.items() if end.endswith(telling)]
    return bool(said) and bool(noun) and not any(kind in noun for kinds in said for kind in kinds)


def _named(rng: Random, writer: Writer, noun: str) -> str:
    draw = rng.random()
    if draw < _KNOWN_SHARE and noun in _KNOWN:
        return rng.choice(_KNOWN[noun])
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
