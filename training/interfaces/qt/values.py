"""Contents that go with the labels of a window's fields."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.interfaces.qt.sentences import SENTENCES
from training.screens.panes.options import COMBOS
from training.screens.phrases import Writer

_PLACEHOLDERS = re.compile(
    r"(text ?label|push ?button|tool ?button|check ?box|radio ?button|group ?box|(kurl)?label ?\d*|tab ?\d+|page ?\d*|"
    r"new (row|column|item)|\d|[.\-?*x]+|foo|bar|test|dummy.*|icon|placeholder|lorem.*|.*textlabel.*|[a-z]+_[a-z_]+)",
    re.IGNORECASE,
)  # fmt: skip
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|_+")
_OF_WIDGETS = re.compile(
    r"\b(line ?edit|combo ?box|spin ?box|(plain ?)?text ?edit|k?url ?requester|m|le|cb|cmb|q|kcfg)\b ?\d*",
    re.IGNORECASE,
)
"""What programmers put in the names of fields."""
_STATUSES = ("Active", "Paused", "Done", "Waiting", "Failed", "Enabled", "Disabled", "Unknown", "Open", "Closed")


_OPTIONS = (
    ("Automatic", "Manual", "Off"), ("Never", "Always", "Ask me"), ("Low", "Medium", "High"),
    ("Default", "Custom", "None"), ("Small", "Medium", "Large"), ("Linear", "Logarithmic", "Square root"),
    ("Left", "Center", "Right"), ("Every hour", "Every day", "Every week", "Every month"),
    ("Ascending", "Descending"), ("Solid", "Dashed", "Dotted"), ("Internal", "External", "Both"),
    ("Linear", "Cubic", "Nearest"), ("All", "Selected only", "Visible only"), ("Mono", "Stereo", "Surround"),
    ("Channel 1", "Channel 2", "Channel 3", "Channel 4"), ("Off", "Slow", "Fast"),
    ("Standard", "Extended", "Compact"), ("First", "Last", "Average", "Sum"),
    ("Read only", "Read and write", "No access"), ("Circle", "Square", "Triangle", "Diamond", "Cross"),
    ("Main office", "Warehouse", "Branch 2", "Workshop"),
)  # fmt: skip
"""What drop-down lists offer whose labels say little."""


class Filler:
    """Makes contents that go with labels."""

    def __init__(self, rng: random.Random, writer: Writer) -> None:
        self.rng, self.writer = rng, writer
        self.most = 9
        """Rows of lists and tables, lines of texts."""

    def words(self, least: int = 1, most: int = 3) -> str:
        text = self.writer.words(least, most)
        return self.rng.choice((text, text.capitalize(), text.capitalize(), text.title()))

    def integer(self, most: int = 5000) -> str:
        return str(self.rng.randint(0, self.rng.choice((9, 99, 999, most))))

    def folder(self) -> str:
        return self.writer.path().rsplit("/", 1)[0].rsplit("\\", 1)[0] or "/"

    def value(self, label: str) -> str:
        """A content for a field with this label, or for one that only has a name in the program."""
        writer, low = self.writer, _called(label)
        for pattern, make in _KINDS:
            if re.search(pattern, low):
                return " ".join(make(self).split())
        others = (self.words, self.words, self.words, self.words, self.integer, writer.word)
        return " ".join(self.rng.choice(others)().split())

    def ip(self) -> str:
        return ".".join(str(self.rng.randrange(1, 255)) for _ in range(4))

    def port(self) -> str:
        return str(self.rng.choice((22, 80, 443, 993, 3128, 5432, 8080, self.rng.randint(1024, 65000))))

    def phone(self) -> str:
        return f"+{self.rng.randint(1, 99)} {self.rng.randint(100, 999)} {self.integer(99999)}"

    def tags(self) -> str:
        return ", ".join(self.writer.words(1, 1) for _ in range(self.rng.randint(2, 4)))

    def deed(self) -> str:
        return f"{self.writer.slot('verb').capitalize()} {self.writer.slot('noun')}"

    def url(self) -> str:
        return f"https://{self.writer.host()}/" + self.rng.choice(("", self.writer.word(), self.writer.file()))

    def choices(self, label: str) -> list[str]:
        """What a combo box offers."""
        known = next((values for name, values in COMBOS.items() if name.lower() in label.lower()), None)
        if known:
            return list(known)
        if self.rng.random() < 0.7 and not is_known(label):
            return list(self.rng.choice(_OPTIONS))
        return list(dict.fromkeys(self.value(label)[:28] for _ in range(self.rng.randint(2, 6))))

    def plain_sentence(self, most: int = 9) -> str:
        """One as people write it; now and then words at random, so that reading doesn't lean on meaning."""
        if self.rng.random() < 0.25:
            return self.writer.sentence(3, most)
        text = self.writer.fill(self.rng.choice(SENTENCES))
        return text[0].upper() + text[1:]

    def one_of(self, *options: str) -> str:
        return self.rng.choice(options)

    def paragraphs(self) -> str:
        return "\n".join(self.writer.sentence(4, 12) for _ in range(self.rng.randint(1, self.most // 2 + 1)))


def _called(label: str) -> str:
    return _OF_WIDGETS.sub(" ", _JOINT.sub(" ", label)).lower().rstrip(" :")


def is_known(label: str) -> bool:
    """Whether a label says what its field holds."""
    return any(re.search(pattern, _called(label)) for pattern, _ in _KINDS)


def is_placeholder(text: str) -> bool:
    """Whether a programmer left it for the program to fill in."""
    return _PLACEHOLDERS.fullmatch(text.strip()) is not None


def escaped(text: str) -> str:
    """Qt takes an ampersand for a shortcut."""
    return text.replace("&", "&&")


_KINDS: tuple[tuple[str, Callable[[Filler], str]], ...] = (
    (r"e-?mail|recipient|cc\b|sender", lambda one: one.writer.email()),
    (r"\bports?\b( ?(number|no\.?|#))?$", Filler.port),
    (r"\bip(v4)?\b|netmask|subnet|gateway|\bdns\b", Filler.ip),
    (r"\b(search|find|query)\b", Filler.words),
    (r"\bbaud", lambda one: one.one_of("9600", "19200", "38400", "57600", "115200")),
    (r"\bfreq", lambda one: f"{one.rng.choice((50, 100, 433, 868, 915, 2400))} MHz"),
    (r"parity", lambda one: one.one_of("None", "Even", "Odd")),
    (r"(tx|rx)? ?power|\bgain", lambda one: f"{one.rng.randint(0, 30)} dB"),
    (r"\b(node|net|device)? ?id\b", lambda one: str(one.rng.randint(1, 240))),
    (r"first name|given name|forename", lambda one: str(one.rng.choice(one.writer.vocabulary.first_names))),
    (r"last name|surname|family name", lambda one: str(one.rng.choice(one.writer.vocabulary.last_names))),
    (r"patient|operator|doctor|customer|client name|observer|teacher|employee", lambda one: one.writer.name()),
    (r"interpolat", lambda one: one.one_of("Linear", "Cubic", "Nearest", "Spline", "None")),
    (r"temperature", lambda one: f"{one.rng.uniform(-10, 90):.1f} C"),
    (r"weight|mass", lambda one: f"{one.rng.uniform(1, 120):.1f} kg"),
    (r"percent|%|progress", lambda one: str(one.rng.randrange(101))),
    (r"url|website|link|homepage|feed", Filler.url),
    (r"street|postal address", lambda one: f"{one.rng.randint(1, 190)} {one.writer.slot('noun').capitalize()} Street"),
    (r"zip|postal|postcode", lambda one: str(one.rng.randint(10000, 99999))),
    (r"host|server|proxy|domain|address", lambda one: one.writer.host()),
    (r"\bport\b", Filler.port),
    (r"folder|director(y|ies)|\bdir\b|location|destination|\bsource\b", Filler.folder),
    (r"file|path|command|program|executable|script|binary", lambda one: one.writer.path()),
    (r"user ?name|login|account|nick", lambda one: one.writer.name().split()[0].lower()),
    (
        r"author|person|owner|artist|contact|real name|full name|your name|payee|maintainer",
        lambda one: one.writer.name(),
    ),
    (r"date|created|modified|from\b|until|since|birthday", lambda one: one.writer.date()),
    (r"\btime|time$|duration|\bstart|\bend\b", lambda one: one.writer.time()),
    (r"size|memory|space", lambda one: one.writer.size()),
    (
        r"language|locale",
        lambda one: one.one_of("English", "German", "French", "Spanish", "Polish", "Dutch", "Italian"),
    ),
    (r"coding|charset|codec|coder", lambda one: one.one_of("UTF-8", "ISO-8859-1", "UTF-16", "ASCII", "Windows-1252")),
    (r"currency", lambda one: one.one_of("EUR", "USD", "CHF", "GBP", "JPY", "SEK", "PLN")),
    (r"font", lambda one: f"{one.one_of('Sans', 'Serif', 'Monospace', 'Noto Sans')} {one.rng.randint(8, 24)}"),
    (r"frequency|sample rate", lambda one: f"{one.rng.choice((8, 22.05, 44.1, 48, 96, 433.92))} kHz"),
    (r"lat(itude)?\b|lon(gitude)?\b", lambda one: f"{one.rng.uniform(-90, 90):.{one.rng.randint(2, 5)}f}"),
    (
        r"device|printer|camera|driver|input|output",
        lambda one: f"{one.rng.choice(one.writer.vocabulary.apps)} {one.rng.randint(2, 9000)}",
    ),
    (r"colou?r", lambda one: f"#{one.rng.randrange(16**6):06x}"),
    (r"shortcut|hotkey", lambda one: f"Ctrl+{one.one_of(*'ABDEFGHKLMNOPRSTUW')}"),
    (r"format|type\b", lambda one: one.one_of("PNG", "JPEG", "PDF", "CSV", "XML", "HTML", "Plain text", "ZIP", "SVG")),
    (r"quality|mode", lambda one: one.one_of("Low", "Normal", "High", "Automatic", "Manual", "Fast", "Best")),
    (r"unit", lambda one: one.one_of("mm", "cm", "inch", "px", "pt", "%")),
    (r"version|revision", lambda one: one.writer.version()),
    (r"amount|price|cost|balance|total|sum\b|fee", lambda one: one.writer.amount()),
    (r"status|state\b", lambda one: one.rng.choice(_STATUSES)),
    (
        r"width|height|count|number|limit|max|min|rate|interval|timeout|depth|level|offset|factor|\bx\b|\by\b",
        Filler.integer,
    ),
    (r"year", lambda one: str(one.rng.randint(1968, 2029))),
    (r"genre", lambda one: one.one_of("Rock", "Jazz", "Folk", "Classical", "Pop", "Blues", "Soundtrack")),
    (r"spacing|rotation|position|opacity|scale|margin|indent|threshold|gain|volume|step|strength", Filler.integer),
    (r"distance|diameter|tolerance|precision|decimals|segments|samples|iterations|\btop\b|\bbottom\b", Filler.integer),
    (r"value|zoom|speed|length|angle|radius|index|line|column|priority|track|quantity", Filler.integer),
    (r"\bkeys?\b|\bcode\b|serial|hash|token|finger", lambda one: one.writer.code()),
    (r"phone|mobile|fax", Filler.phone),
    (r"description|comment|note|subject|summary|message", lambda one: one.words(2, 6)),
    (r"tags|keywords", Filler.tags),
    (r"\bcity|\btown|country|\bplace\b|region", lambda one: str(one.rng.choice(one.writer.vocabulary.places))),
    (r"pattern|filter|extension|mask", lambda one: f"*.{one.writer.file().rsplit('.', 1)[-1]}"),
    (r"event|action|operation", Filler.deed),
    (r"title|name|label|caption|album|group", Filler.words),
)
"""What goes with a label that has such a word; the first one that fits."""
