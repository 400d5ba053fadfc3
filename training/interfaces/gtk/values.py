"""What a field, a cell or a list may hold, by the words that say what it is."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from training.screens.phrases import DAYS, MONTHS, Writer

_LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Dutch", "Polish", "Swedish", "Danish", "Finnish",
              "Portuguese", "Czech", "Hungarian", "Turkish", "Greek", "Norwegian", "Romanian")  # fmt: skip
_CHOICES = ("Automatic", "Never", "Always", "Default", "Custom", "None", "Manual", "Left", "Right", "Top", "Bottom",
            "Center", "Small", "Medium", "Large", "Low", "Normal", "High", "Daily", "Weekly", "Monthly", "Ask me",
            "On demand", "System default", "Ascending", "Descending", "Enabled", "Disabled", "Fast", "Best quality",
            "Light", "Dark", "Every hour", "Once a day", "Only once", "All files", "This folder", "Any")  # fmt: skip
_TYPES = ("Folder", "PDF document", "Plain text", "JPEG image", "PNG image", "Archive", "Spreadsheet", "Audio", "Video",
          "Script", "Program", "Link", "Presentation", "Web page", "Package")  # fmt: skip
_STATES = ("Running", "Stopped", "Waiting", "Finished", "Paused", "Failed", "Ready", "Active", "Idle", "Connected",
           "Offline", "Online", "Pending", "Installed", "Done", "Unknown")  # fmt: skip
_FORMATS = ("PNG", "JPEG", "MP3", "FLAC", "Ogg Vorbis", "PDF", "ZIP", "HTML", "CSV", "XML", "UTF-8", "TIFF", "WebM")
_ENCRYPTION = ("None", "TLS", "STARTTLS", "WPA2 Personal", "WPA3 Personal", "AES-256", "Password", "Certificate")
_FONTS = ("Sans 10", "Sans 11", "Monospace 10", "Serif 12", "Cantarell 11", "Noto Sans 10")
_COUNTRIES = ("Germany", "France", "Spain", "Italy", "Poland", "Sweden", "Canada", "Japan", "Kenya", "Brazil", "India")
_STREETS = ("Main Street", "Station Road", "Mill Lane", "Park Avenue", "Church Street", "High Street", "Elm Road")


def value_for(writer: Writer, caption: str, place: str) -> str:
    """A short text that may stand beside a caption.

    Args:
        writer: draws words and numbers.
        caption: what the field or column is called; "" where nothing says so.
        place: "entry", "choice", "cell", "row" or "value".
    """
    if writer.rng.random() < (0.02 if place != "choice" else 0):
        return writer.noise(1, 1)
    return maker_for(writer, caption, place)()


def maker_for(writer: Writer, caption: str, place: str) -> Callable[[], str]:
    """Makes texts of one kind, which `value_for` has one of."""
    rng, words = writer.rng, caption.lower()
    for pattern, make in _MAKERS:
        if re.search(pattern, words):
            if place == "cell" and isinstance(make, _OneOf):  # a column says some of them again and again
                some = rng.sample(make.options, min(len(make.options), rng.randint(2, 6)))
                return functools.partial(_OneOf(*some), writer)
            return functools.partial(make, writer)
    if place == "choice" and rng.random() < 0.6:
        return lambda: rng.choice(_CHOICES)
    makers = (Writer.name, Writer.number, Writer.file, _title, lambda writer: writer.words(1, 2))
    chosen = rng.choices(makers, (3, 2, 2, 10, 4))[0]
    return lambda: chosen(writer)


def _command(writer: Writer) -> str:
    return f"/usr/bin/{writer.rng.choice(writer.vocabulary.nouns).lower()}"


def _device(writer: Writer) -> str:
    return f"{writer.rng.choice(writer.vocabulary.apps)} {writer.rng.randint(2, 9000)}"


def _place(writer: Writer) -> str:
    return str(writer.rng.choice(writer.vocabulary.places))


class _OneOf:
    """One of some texts."""

    def __init__(self, *options: str) -> None:
        self.options = options

    def __call__(self, writer: Writer) -> str:
        return writer.rng.choice(self.options)


def _number(least: int, most: int) -> Callable[[Writer], str]:
    return lambda writer: str(writer.rng.randint(least, most))


def _folder(writer: Writer) -> str:
    return "/home/" + "/".join(writer.rng.choices(writer.vocabulary.nouns, k=writer.rng.randint(1, 3))).lower()


def _user(writer: Writer) -> str:
    first = writer.rng.choice(writer.vocabulary.first_names).lower()
    return first + writer.rng.choice(("", "", str(writer.rng.randrange(100)), "_" + writer.rng.choice("abcdkmst")))


def _address(writer: Writer) -> str:
    return f"{writer.rng.randint(1, 190)} {writer.rng.choice(_STREETS)}"


def _url(writer: Writer) -> str:
    return f"https://{writer.host()}/{writer.rng.choice(writer.vocabulary.nouns)}"


def _ip(writer: Writer) -> str:
    return ".".join(str(writer.rng.randrange(1, 255)) for _ in range(4))


def _hardware(writer: Writer) -> str:
    return ":".join(f"{writer.rng.randrange(256):02X}" for _ in range(6))


def _phone(writer: Writer) -> str:
    return f"+{writer.rng.randint(1, 99)} {writer.rng.randint(100, 999)} {writer.rng.randint(10000, 9999999)}"


def _month(writer: Writer) -> str:
    return writer.rng.choice(MONTHS)


def _duration(writer: Writer) -> str:
    return f"{writer.rng.randint(0, 59)}:{writer.rng.randint(0, 59):02}"


def _person(writer: Writer) -> str:
    first, last = writer.rng.choice(writer.vocabulary.first_names), writer.rng.choice(writer.vocabulary.last_names)
    return f"{first} {last}"


def _title(writer: Writer) -> str:
    return writer.words(1, 4).capitalize()


def _sentence(writer: Writer) -> str:
    return writer.sentence(2, 6)


def _key(writer: Writer) -> str:
    keys = ("Ctrl", "Alt", "Shift", "Ctrl+Shift", "Super", "Ctrl+Alt")
    return f"{writer.rng.choice(keys)}+{writer.rng.choice('ABCDEFGHJKLMNOPQRSTUVWXYZ')}"


_MAKERS: tuple[tuple[str, Callable[[Writer], str]], ...] = (
    (r"process|application", lambda writer: writer.rng.choice(writer.vocabulary.nouns).lower()),
    (r"\b(top|bottom|left|right|offset|gain|clip|radius|angle|speed|zoom|scale|opacity|border|step|threshold)\b",
     _number(0, 240)),
    (r"lat(itude)?\b|lon(gitude)?\b|altitude|frequency|temperature|weight|mass",
     lambda writer: f"{writer.rng.uniform(0, 180):.2f}"),
    (r"e-?mail|sender|recipient|reply|\bto\b|\bcc\b|\bfrom:", Writer.email),
    (r"mac address|hardware|bssid", _hardware),
    (r"\bip|gateway|netmask|dns|subnet|ipv4", _ip),
    (r"\burl|\buri|website|web site|homepage|web page|feed|link", _url),
    (r"host|server|domain|proxy|mirror|peer|\bsite\b", Writer.host),
    (r"\bport\b", _number(20, 65535)),
    (r"phone|mobile|\bfax", _phone),
    (r"user ?name|login|nick|\buser\b|owner|\bgroup\b", _user),
    (r"language|locale|spell", _OneOf(*_LANGUAGES)),
    (r"command|terminal|shell|exec|program", _command),
    (r"folder|director|location|\bpath|mount", _folder),
    (r"file ?name|\bfile|attachment|document|image|photo", Writer.file),
    (r"font", _OneOf(*_FONTS)),
    (r"\bformat|codec|encoding|mime", _OneOf(*_FORMATS)),
    (r"encrypt|security|authentication|cipher", _OneOf(*_ENCRYPTION)),
    (r"shortcut|\bkey\b|accelerator|binding", _key),
    (r"duration|length|elapsed|remaining", _duration),
    (r"\bdate|modified|created|birthday|accessed|\bdue\b|since|until|expires", Writer.date),
    (r"\btime|\bstart|\bend\b|\bhour", Writer.time),
    (r"month", _month),
    (r"\bday", _OneOf(*DAYS)),
    (r"year", _number(1970, 2031)),
    (r"street|address", _address),
    (r"\bcity|\btown|\bplace|timezone|time zone|region", _place),
    (r"zip|postal", _number(10000, 99999)),
    (r"price|amount|balance|total|\bcosts?\b|debit|credit|value|deposit|\bfees?\b|interest", Writer.amount),
    (r"size|memory|\bram\b|disk|capacity|\bfree|\bused", Writer.size),
    (r"version|release", Writer.version),
    (r"percent|cpu|progress|quality", lambda writer: f"{writer.rng.randrange(101)} %"),
    (r"width|height|margin|interval|delay|timeout|limit|\bcount|number|quantity|\bid\b|\bpid\b", _number(1, 999)),
    (r"priority|importance", _OneOf("High", "Normal", "Low", "Urgent", "None")),
    (r"depth|\btrack|\brows?\b|column|x:|y:|\brating|\bscore|\bmax|\bmin\b|#", _number(1, 999)),
    (r"status|\bstate", _OneOf(*_STATES)),
    (r"\btype|kind|category|class", _OneOf(*_TYPES)),
    (r"\bcode|serial|password|token|fingerprint|uuid|hash|checksum", lambda writer: writer.code()),
    (r"author|artist|composer|contact|person|(first|full|real|last|your|sur) ?name", _person),
    (r"player|creator|manager|attendee|organizer", _person),
    (r"country", _OneOf(*_COUNTRIES)),
    (r"colou?r", _OneOf("Red", "Green", "Blue", "Yellow", "Black", "White", "Orange", "Grey")),
    (r"device|printer|camera|scanner", _device),
    (r"comment|description|note|message|summary|reason|detail", _sentence),
    (r"title|subject|album|song|name|label|account|project|task|event|profile|search|find", _title),
)  # fmt: skip
