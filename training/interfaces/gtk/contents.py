"""What large parts of windows of GTK 3 show: rows of tables whose columns are of one kind each, and texts of lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from training.interfaces.gtk.values import maker_for
from training.screens.panes.code import write_source
from training.screens.panes.columns import alike
from training.screens.phrases import Writer

SCHEMAS: tuple[tuple[str, ...], ...] = (
    ("Name", "Size", "Type", "Modified"), ("Title", "Artist", "Album", "Length", "Year"),
    ("Date", "Description", "Account", "Amount", "Balance"), ("Host", "Port", "Status", "User"),
    ("Package", "Version", "Size", "Status"), ("Process", "PID", "CPU", "Memory", "User"),
    ("Sender", "Subject", "Date", "Size"), ("Task", "Due date", "Priority", "Status"), ("Time", "Source", "Message"),
    ("Name", "Email", "Phone", "City"), ("Product", "Code", "Quantity", "Price"), ("Name", "Address", "Type", "Status"),
    ("Device", "Version", "Location", "Status"), ("File name", "Size", "Date", "Owner"), ("Key", "Type", "Value"),
    ("Player", "Country", "Score", "Time"), ("Event", "Date", "Start", "End", "Place"), ("Name", "Value"),
    ("Title", "Author", "Year", "Language"), ("Command", "Shortcut"), ("Name", "Version", "Author", "Description"),
    ("Filename", "Progress", "Size", "Status", "Remaining"), ("Station", "Website", "Format"), ("Word", "Count"),
    ("Name", "Type", "Length", "Format"), ("ID", "Name", "Status", "Created"), ("Category", "Total", "Count"),
)  # fmt: skip
"""Headers of columns that stand beside each other in programs."""
_UNLIKE = 12
"""Tries for a name that no other row has."""


def column_maker(writer: Writer, title: str, *, different: bool) -> Callable[[], str]:
    """Makes the cells of one column: all of a kind and written alike; `different` ones where they name their rows."""
    make = maker_for(writer, title, "cell")
    make = alike(make) if any(char.isdigit() for char in make()) else make
    seen: set[str] = set()

    def made() -> str:
        value = make()
        for _ in range(_UNLIKE):
            if value not in seen:
                break
            value = make()
        seen.add(value)
        return value

    return made if different else make


def text_of(rng: random.Random, writer: Writer, *, fits: Callable[[str], bool], most: int) -> tuple[list[str], bool]:
    """A text of at most so many lines, each of which fits; and whether its lines are lines of their own, as in code."""
    kind = rng.choice(("prose", "prose", "prose", "code", "code", "log", "log", "list", "pairs", "letter"))
    if kind in ("prose", "letter"):
        return _wrapped(rng, _prose(rng, writer, most, letter=kind == "letter"), fits)[:most], False
    lines = [line for line in _lines(rng, writer, kind, most) if not line or fits(line)]
    while lines and not lines[0].strip():
        del lines[0]
    lines = lines[:most]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines, True


def _prose(rng: random.Random, writer: Writer, most: int, *, letter: bool) -> list[str]:
    """Paragraphs, with a greeting and a name in a letter."""
    parts = [" ".join(writer.sentence(4, 12) for _ in range(rng.randint(1, max(1, min(6, most)))))
             for _ in range(rng.randint(1, max(1, min(5, most // 3))))]  # fmt: skip
    if letter and most > 4:
        parts = [f"{rng.choice(('Dear', 'Hello', 'Hi'))} {writer.name()},", *parts,
                 rng.choice(("Kind regards", "Many thanks", "Thanks", "Yours")), writer.name()]  # fmt: skip
    return parts


def _wrapped(rng: random.Random, paragraphs: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Paragraphs in lines that fit, with an empty line between some."""
    lines: list[str] = []
    spaced = rng.random() < 0.4
    for paragraph in paragraphs:
        if lines and spaced:
            lines.append("")
        line = ""
        for word in paragraph.split():
            if line and not fits(f"{line} {word}"):
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return [line for line in lines if not line or fits(line)]


def _lines(rng: random.Random, writer: Writer, kind: str, most: int) -> list[str]:
    if kind == "code":
        return list(write_source(rng, writer, rng.choice(("python", "js", "c", "conf")), most).lines)
    if kind == "log":
        return _log(rng, writer, most)
    if kind == "pairs":
        between = rng.choice((": ", " = ", "="))
        makers = (writer.word, writer.number, writer.date, writer.size, writer.version, writer.host)
        return [f"{writer.slot('noun')}{between}{rng.choice(makers)()}" for _ in range(most)]
    sign = rng.choice(("- ", "* ", "", ""))
    bullets: tuple[Callable[[], str], ...] = (
        lambda: writer.words(1, 4),
        writer.file,
        writer.name,
        lambda: writer.sentence(2, 5),
    )
    make = rng.choice(bullets)
    return [sign + make() for _ in range(most)]


def _log(rng: random.Random, writer: Writer, most: int) -> list[str]:
    """Lines with a time that goes on, a level or a program, and what happened."""
    minute, second = rng.randrange(24 * 60), rng.randrange(60)
    day = rng.choice(("", "", f"{rng.randint(2019, 2027)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} "))
    form = rng.choice(("{t} {l}: {m}", "{t} [{l}] {m}", "[{t}] {l} {m}", "{t} {p}: {m}", "{l}: {m}", "{t} {m}"))
    lines = []
    for _ in range(most):
        second += rng.choice((0, 1, 1, 2, 5, 17, 40))
        at = (minute * 60 + second) % (24 * 3600)
        clock = f"{day}{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}"
        said = writer.message(error=rng.random() < 0.3, most_words=9)
        lines.append(form.format(t=clock, l=rng.choice(("INFO", "INFO", "DEBUG", "WARNING", "ERROR")),
                                 p=f"{writer.slot('noun')}[{rng.randint(200, 9000)}]",
                                 m=" ".join(said.split())))  # fmt: skip
    return lines
