"""Columns of tables: all cells of one in one form, as the column's name says, and tables that programs may show."""

# ruff: noqa: E501 - a kind of column is one entry

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from training.interfaces.qt.values import Filler

Maker: TypeAlias = Callable[[], str]

TABLES = (
    ("Name", "Size", "Modified"), ("Name", "Size", "Type", "Modified"), ("Name", "Type", "Value"),
    ("Title", "Author", "Year"), ("Title", "Artist", "Album", "Length"), ("Key", "Value"), ("Setting", "Value", "Status"),
    ("Date", "Description", "Category", "Amount"), ("Date", "Payee", "Amount", "Balance"), ("Host", "Port", "User"),
    ("Host", "Address", "Port", "Protocol", "State"), ("File", "Path"), ("File", "Line", "Message"),
    ("Name", "Version", "Status"), ("Package", "Version", "Size", "Status"), ("Action", "Shortcut"),
    ("Time", "Level", "Source", "Message"), ("Time", "Event", "Source"), ("Name", "Email", "City"),
    ("Name", "Phone", "Email"), ("First name", "Last name", "City", "Country"), ("Subject", "From", "Date", "Size"),
    ("Task", "Priority", "Due", "Owner"), ("Task", "Owner", "Progress", "State"), ("ID", "Name", "Owner", "State"),
    ("Process", "PID", "CPU", "Memory"), ("PID", "User", "CPU", "Memory", "Command"), ("Device", "Type", "Size", "Used"),
    ("Torrent", "Size", "Progress", "State"), ("Job", "Started", "Duration", "Result"), ("Item", "Quantity", "Price", "Total"),
    ("Article", "Unit", "Quantity", "Price"), ("Layer", "Type", "Visible", "Opacity"), ("Object", "X", "Y", "Width", "Height"),
    ("Address", "Type", "Length", "Name"), ("Symbol", "Address", "Size"), ("Parameter", "Value", "Unit"),
    ("Measurement", "Mean", "Minimum", "Maximum"), ("Sample", "Date", "Temperature", "Humidity"),
    ("Station", "Country", "Frequency"), ("Band", "Frequency", "Mode", "Level"), ("Course", "Teacher", "Room", "Time"),
    ("Player", "Team", "Points", "Rank"), ("Branch", "Commit", "Author", "Date"), ("Commit", "Author", "Message"),
    ("Interface", "Address", "Received", "Sent"), ("Variable", "Type", "Value"), ("Word", "Translation", "Level"),
    ("Account", "Currency", "Balance"), ("Volume", "Mount point", "Size", "Used"), ("Extension", "Version", "Enabled"),
    ("User", "Group", "Last login"), ("Channel", "Name", "Users", "Topic"), ("Field", "Type", "Width", "Default"),
)  # fmt: skip
"""Headers of tables whose program has none in its form."""

_STATES = (
    ("Active", "Paused", "Stopped"), ("Done", "Waiting", "Failed"), ("Running", "Stopped", "Idle", "Failed"),
    ("Enabled", "Disabled"), ("Open", "Closed", "In review"), ("Connected", "Offline", "Connecting"),
    ("Installed", "Available", "Outdated"), ("Paid", "Unpaid", "Overdue"), ("Ready", "Busy", "Error"),
    ("Synced", "Pending", "Conflict"), ("Downloading", "Seeding", "Queued", "Finished"), ("Draft", "Sent", "Received"),
    ("Passed", "Failed", "Skipped"), ("New", "Changed", "Unchanged", "Deleted"), ("Online", "Away", "Offline"),
)  # fmt: skip
_SHORTCUTS = ("Ctrl+{}", "Ctrl+Shift+{}", "Alt+{}", "Shift+F{n}", "F{n}", "Ctrl+Alt+{}", "Ctrl+F{n}")
_TOPICS = (
    "Groceries", "Rent", "Travel", "Salary", "Books", "Insurance", "Repairs", "Electricity", "Phone", "Gifts", "Office",
    "Fuel", "Clothing", "Garden", "Training", "Software", "Postage", "Water", "Music", "Medicine",
)  # fmt: skip
_GENRES = ("Rock", "Jazz", "Folk", "Classical", "Pop", "Blues", "Ambient", "Soundtrack", "Electronic", "Country")


def named(name: str) -> bool:
    """Whether a column's name says what its cells hold."""
    return any(re.search(pattern, name.lower().strip()) for pattern, _ in _KINDS)


def column(filler: Filler, name: str) -> Maker:
    """Makes the cells of a column, all of one kind and in one form."""
    low = name.lower().strip()
    for pattern, factory in _KINDS:
        if re.search(pattern, low):
            return factory(filler)
    return filler.rng.choice((_things, _things, _things, _things, _words, _words, _persons, _few, _numbers))(filler)


def _few(filler: Filler) -> Maker:
    some = list(dict.fromkeys(filler.words(1, 2)[:24] for _ in range(filler.rng.randint(2, 6))))
    return lambda: filler.rng.choice(some)


def _of(*options: str) -> Callable[[Filler], Maker]:
    def factory(filler: Filler) -> Maker:
        some = filler.rng.sample(options, min(len(options), filler.rng.randint(2, 5)))
        weights = [filler.rng.random() + 0.15 for _ in some]
        return lambda: filler.rng.choices(some, weights)[0]

    return factory


def _states(filler: Filler) -> Maker:
    return _of(*filler.rng.choice(_STATES))(filler)


def _words(filler: Filler) -> Maker:
    least, most = filler.rng.choice(((1, 1), (1, 2), (1, 3), (2, 3)))
    case = filler.rng.choice((str.capitalize, str.capitalize, str.title, str))
    return lambda: case(filler.writer.words(least, most))


_THINGS = (
    ("Pump {n}", "Valve {n}", "Boiler {n}", "Sensor {n}", "Motor {n}", "Tank {n}", "Filter {n}", "Heater {n}"),
    ("Iron", "Copper", "Zinc", "Nickel", "Silver", "Lead", "Tin", "Carbon", "Sulfur", "Cobalt", "Argon", "Helium"),
    ("Oak", "Beech", "Maple", "Birch", "Willow", "Ash tree", "Lime tree", "Alder", "Elm", "Hazel", "Larch", "Spruce"),
    ("Apples", "Bread", "Butter", "Rice", "Salt", "Flour", "Onions", "Olive oil", "Milk", "Pasta", "Lentils", "Honey"),
    ("Gear box", "Drive belt", "Ball bearing", "Shaft", "Flange", "Washer", "Spring", "Bolt M{n}", "Nut M{n}"),
    ("Kitchen", "Hall", "Cellar", "Office {n}", "Archive", "Store room", "Workshop", "Garage", "Meeting room {n}"),
    ("North", "North-east", "East", "South-east", "South", "South-west", "West", "North-west"),
    ("Resistor R{n}", "Capacitor C{n}", "Diode D{n}", "Relay K{n}", "Fuse F{n}", "Coil L{n}", "Transistor Q{n}"),
    ("Blood pressure", "Heart rate", "Weight", "Glucose", "Oxygen", "Cholesterol", "Sodium", "Potassium", "Iron"),
    ("Piano", "Violin", "Flute", "Trumpet", "Cello", "Drums", "Bass", "Oboe", "Harp", "Organ", "Viola", "Guitar"),
    ("River", "Road", "Lake", "Forest", "Bridge", "Railway", "Border", "Building", "Contour", "Field", "Coast line"),
    ("Red", "Green", "Blue", "Yellow", "Black", "White", "Orange", "Grey", "Purple", "Brown", "Turquoise"),
    ("Falcon", "Heron", "Otter", "Badger", "Lynx", "Beaver", "Stork", "Raven", "Marten", "Hedgehog", "Salmon"),
    ("Daily backup", "Weekly report", "Night shift", "Spring clean", "Stock check", "Fire drill", "Staff meeting"),
    ("Curve {n}", "Spectrum {n}", "Histogram {n}", "Baseline {n}", "Peak {n}", "Series {n}", "Fit {n}", "Run {n}"),
)
"""What belongs together, of which a column whose header says little has some."""


def _things(filler: Filler) -> Maker:
    rng, some = filler.rng, filler.rng.choice(_THINGS)
    most = rng.choice((9, 30, 99))
    return lambda: rng.choice(some).format(n=rng.randint(1, most))


def _sentences(filler: Filler) -> Maker:
    most = filler.rng.randint(3, 7)
    return lambda: filler.plain_sentence(most) if filler.rng.random() < 0.75 else filler.words(2, most)


def _persons(filler: Filler) -> Maker:
    people = filler.writer.vocabulary
    form = filler.rng.choice(("{f} {l}", "{f} {l}", "{l}, {f}", "{f}"))
    return lambda: form.format(f=filler.rng.choice(people.first_names), l=filler.rng.choice(people.last_names))


def _firsts(filler: Filler) -> Maker:
    return lambda: str(filler.rng.choice(filler.writer.vocabulary.first_names))


def _lasts(filler: Filler) -> Maker:
    return lambda: str(filler.rng.choice(filler.writer.vocabulary.last_names))


def _users(filler: Filler) -> Maker:
    return lambda: str(filler.rng.choice(filler.writer.vocabulary.first_names)).lower()


def _places(filler: Filler) -> Maker:
    return lambda: str(filler.rng.choice(filler.writer.vocabulary.places))


def _dates(filler: Filler) -> Maker:
    rng, months = filler.rng, ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    form = rng.choice(("{y}-{m:02}-{d:02}", "{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "{m:02}/{d:02}/{y}", "{d} {n} {y}",
                       "{n} {d}, {y}", "{y}-{m:02}-{d:02} {h:02}:{i:02}", "{d:02}.{m:02}.{y} {h:02}:{i:02}"))  # fmt: skip
    last = rng.randint(2012, 2030)

    def make() -> str:
        month = rng.randint(1, 12)
        return form.format(y=last - rng.choice((0, 0, 0, 1, 2)), m=month, d=rng.randint(1, 28), n=months[month - 1],
                           h=rng.randrange(24), i=rng.randrange(60))  # fmt: skip

    return make


def _times(filler: Filler) -> Maker:
    rng, form = filler.rng, filler.rng.choice(("{h:02}:{m:02}", "{h:02}:{m:02}:{s:02}", "{h:02}:{m:02}:{s:02}.{f:03}"))
    at = [rng.randrange(60000)]

    def make() -> str:
        at[0] += rng.randint(1, 700)
        second = at[0] % 86400
        return form.format(h=second // 3600, m=second // 60 % 60, s=second % 60, f=rng.randrange(1000))

    return make


def _durations(filler: Filler) -> Maker:
    rng, form = (
        filler.rng,
        filler.rng.choice(("{m}:{s:02}", "{m}:{s:02}", "{m} min {s} s", "{m} min", "{h}:{m:02}:{s:02}")),
    )
    return lambda: form.format(h=rng.randint(0, 3), m=rng.randint(1, 59), s=rng.randrange(60))


def _sizes(filler: Filler) -> Maker:
    rng, form = filler.rng, filler.rng.choice(("{a} {u}", "{a}.{b} {u}", "{a}.{b} {v}", "{c}"))
    units = rng.choice((("KB", "MB"), ("KB", "MB", "GB"), ("MB", "GB")))
    return lambda: form.format(a=rng.randint(1, 999), b=rng.randrange(10), u=rng.choice(units), c=rng.randint(100, 9999999),
                               v=rng.choice(("KiB", "MiB", "GiB")))  # fmt: skip


def _amounts(filler: Filler) -> Maker:
    rng, form = filler.rng, filler.rng.choice(("{}", "{}", "${}", "{} EUR", "{} USD", "{} CHF"))
    most, signed = rng.choice((100, 1000, 10000)), rng.random() < 0.3
    return lambda: form.format(f"{'-' if signed and rng.random() < 0.5 else ''}{rng.uniform(1, most):.2f}")


def _numbers(filler: Filler) -> Maker:
    most = filler.rng.choice((9, 50, 99, 999, 5000, 60000))
    return lambda: str(filler.rng.randint(0, most))


def _decimals(filler: Filler) -> Maker:
    most, digits, least = filler.rng.choice((1, 10, 100, 1000)), filler.rng.randint(1, 4), filler.rng.choice((0, 0, -1))
    return lambda: f"{filler.rng.uniform(least * most, most):.{digits}f}"


def _measures(*units: str) -> Callable[[Filler], Maker]:
    def factory(filler: Filler) -> Maker:
        unit, digits = filler.rng.choice(units), filler.rng.choice((0, 1, 2))
        most = filler.rng.choice((40, 100, 1000))
        return lambda: f"{filler.rng.uniform(0, most):.{digits}f} {unit}"

    return factory


def _percents(filler: Filler) -> Maker:
    form = filler.rng.choice(("{}%", "{}%", "{} %", "{}.0%"))
    return lambda: form.format(filler.rng.choice((0, 100, *(filler.rng.randint(1, 99) for _ in range(6)))))


def _counted(filler: Filler) -> Maker:
    at, step = [filler.rng.choice((0, 0, 0, 100, 1000, 20000))], filler.rng.choice((1, 1, 1, 3, 17))

    def make() -> str:
        at[0] += filler.rng.randint(1, step)
        return str(at[0])

    return make


def _hex(filler: Filler) -> Maker:
    digits, sign = filler.rng.choice((4, 6, 8)), filler.rng.choice(("0x", "", "0x"))
    return lambda: f"{sign}{filler.rng.randrange(16**digits):0{digits}x}"


def _settings(filler: Filler) -> Maker:
    sign = filler.rng.choice((".", "_", " ", "-"))
    return lambda: sign.join(filler.writer.slot("noun").lower() for _ in range(filler.rng.randint(1, 2)))


def _commits(filler: Filler) -> Maker:
    return lambda: f"{filler.rng.randrange(16**7):07x}"


def _addresses(filler: Filler) -> Maker:
    rng = filler.rng
    if rng.random() < 0.25:
        return _hex(filler)
    net = rng.choice(("192.168.{a}", "10.{b}.{a}", "172.16.{a}")).format(a=rng.randrange(9), b=rng.randrange(200))
    return lambda: f"{net}.{rng.randint(1, 254)}"


def _shortcuts(filler: Filler) -> Maker:
    return lambda: filler.rng.choice(_SHORTCUTS).format(
        filler.rng.choice("ABDEFGHIJKLMNOPQRSTUVWXYZ"), n=filler.rng.randint(1, 12)
    )


def _deeds(filler: Filler) -> Maker:
    return filler.deed


def _files(filler: Filler) -> Maker:
    ends = filler.rng.choice(
        (
            ("txt", "md", "pdf"),
            ("png", "jpg", "svg"),
            ("cpp", "h", "py"),
            ("mp3", "flac", "ogg"),
            ("csv", "json", "xml"),
            ("tex", "bib", "pdf", "png"),
            (),
        )
    )
    return lambda: (
        filler.writer.file().rsplit(".", 1)[0] + f".{filler.rng.choice(ends)}" if ends else filler.writer.file()
    )


def _by(make: Callable[[Filler], str]) -> Callable[[Filler], Maker]:
    return lambda filler: lambda: make(filler)


_KINDS: tuple[tuple[str, Callable[[Filler], Maker]], ...] = (
    (r"e-?mail|recipient|sender", _by(lambda one: one.writer.email())),
    (r"url|website|link|homepage|feed", _by(lambda one: one.url())),
    (r"^(key|property|attribute|option|setting|parameter|variable|symbol|measurement|object|layer|field)s?$", _settings),
    (r"first name|given name|nick", _firsts), (r"last name|surname", _lasts),
    (r"shortcut|key sequence|binding|hotkey", _shortcuts),
    (r"date|created|modified|accessed|changed|due|since|until|birthday|last (login|seen|used)|added|published", _dates),
    (r"duration|length|elapsed|remaining|eta\b", _durations),
    (r"^time|time$|started|finished|timestamp|start\b|end\b", _times),
    (r"progress|percent|%|cpu|opacity|usage|share|ratio|humidity|complete", _percents),
    (r"size|memory|used|free|space|received|sent|download|upload|bytes", _sizes),
    (r"temperature", _measures("C", "F", "K")), (r"frequency|freq\b", _measures("MHz", "kHz", "Hz", "GHz")),
    (r"unit\b|units\b", _of("mm", "cm", "m", "kg", "g", "s", "ms", "Hz", "px", "pt", "%", "pcs", "l")),
    (r"amount|price|cost|balance|total|sum\b|fee|debit|credit|deposit|payment", _amounts),
    (r"version|revision|release", _by(lambda one: one.writer.version())),
    (r"status|state\b|result|condition", _states), (r"level|severity", _of("Info", "Warning", "Error", "Debug", "Critical")),
    (r"priority|importance", _of("Low", "Normal", "High", "Urgent")),
    (r"enabled|visible|active|required|hidden|locked|shared|read.?only|favou?rite", _of("Yes", "No")),
    (r"mount|folder|director|location|destination", _by(lambda one: one.folder())),
    (r"path|executable|command line|program", _by(lambda one: one.writer.path())),
    (r"file|document|image|photo|attachment|track name", _files),
    (r"commit|hash|checksum|sha", _commits), (r"^address|ip\b|\bip|gateway|netmask", _addresses),
    (r"offset|hex|symbol addr|pointer", _hex),
    (r"host|server|domain|peer|tracker", _by(lambda one: one.writer.host())), (r"port\b", _by(lambda one: one.port())),
    (r"protocol|transport", _of("TCP", "UDP", "HTTP", "HTTPS", "SSH", "FTP", "ICMP")),
    (r"phone|mobile|fax", _by(lambda one: one.phone())), (r"user|login|owner\b.*name|account name", _users),
    (r"(real|full|contact|patient|client|your|display) ?name|patient|operator|author|person|owner|artist|contact|payee|teacher|player|maintainer|composer|from\b|name of|assign|member|customer", _persons),
    (r"city|town|country|place|region|station", _places),
    (r"category|genre|group|class\b|kind", lambda one: _of(*one.rng.choice((_TOPICS, _GENRES)))(one)),
    (r"type|format", _of("Text", "Number", "Date", "Image", "Folder", "Archive", "Link", "Audio", "Script", "Integer", "String", "Boolean")),
    (r"currency", _of("EUR", "USD", "CHF", "GBP", "JPY", "SEK", "PLN")),
    (r"encoding|charset", _of("UTF-8", "ISO-8859-1", "UTF-16", "ASCII", "Windows-1252")),
    (r"language|locale|translation", _of("English", "German", "French", "Spanish", "Polish", "Dutch", "Italian", "Greek")),
    (r"mode\b", _of("Auto", "Manual", "AM", "FM", "USB", "LSB", "CW")), (r"^(id|no\.?|nr\.?|#|pid|index|row|line|number|rank|order)$", _counted),
    (r"year", _by(lambda one: str(one.rng.randint(1968, 2029)))), (r"mean|average|min|max|std|value|coord|^[xyz]$|latitude|longitude|weight|score|angle", _decimals),
    (r"count|quantity|number|width|height|points|users|rank|depth|pages|rate|pid|hits|lines|columns|index|speed", _numbers),
    (r"description|comment|note|subject|summary|message|topic|details|reason|text|error|tooltip|info", _sentences),
    (r"tags|keywords", _by(lambda one: one.tags())),
    (r"torrent|item|article|package|process|sample|course|word|device|interface|volume|branch|extension|name|title", _words),
    (r"album|band|channel|team|room|product|plugin|module|source|target", _words),
    (r"event|action|operation|task|command|function", _deeds),
    (r"material|element|species|part\b|parts\b|colou?r|component|instrument|feature|object|curve|category|parameter", _things),
    (r"radius|diameter|mass|pressure|volt|current|power|gain|phase|error|sigma|slope|density|distance|height|thick", _decimals),
    (r"area|volume|ratio|factor|delta|residual|probab|intensity|energy|dose|p-?value", _decimals),
    (r"use\b|used|on\b|off\b|show|auto|default|selected|mandatory|optional|unique|null", _of("Yes", "No")),
    (r"code|serial|key\b|token|finger|barcode|isbn", _by(lambda one: one.writer.code())),
)  # fmt: skip
"""What a column holds that has such a word in its name; the first one that fits."""
