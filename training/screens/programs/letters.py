"""Viewers of documents, with a letter."""

from __future__ import annotations

import random

from training.screens.phrases import Writer
from training.screens.programs.window import ProgramWindow
from training.screens.records import Screen
from training.screens.sites.facts import fact
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Pen

_PAPER, _INK, _DESK = (255, 255, 255), (25, 25, 25), ((90, 90, 95), (200, 200, 205), (130, 135, 140), (50, 50, 54))
_REFERENCES = ("Invoice number", "Customer number", "Contract number", "Our reference", "Order number", "Policy number")
_NOT_IN_LETTERS = frozenset({"amount", "date"})
"""Facts of kinds that a letter has already."""
_TOOLS = ("Open", "Print", "Previous", "Next", "Zoom In", "Zoom Out", "Find", "Rotate")


def draw_letter(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A viewer of this size with the page of a letter: sender, recipient, date, subject, text, an amount."""
    window = ProgramWindow(rng, writer, style, width, height)
    name = f"{writer.word()}.pdf"
    window.title(name)
    window.menus()
    window.tools(_TOOLS, 0.6)
    _page_bar(window)
    window.sketch.draw.rectangle((0, window.top, window.right, window.bottom), rng.choice(_DESK))
    room = window.right - window.left
    pen, bold = window.pen, window.bold
    wide = round(min(room - 2 * window.gap, max(pen.size * rng.uniform(38, 52), room * 0.4)))
    left = round((room - wide) / 2) if rng.random() < 0.8 else window.gap
    window.sketch.draw.rectangle((left, window.top + window.gap, left + wide, window.bottom), _PAPER, (120, 120, 120))
    page = _Page(window, left + round(pen.size * 2), left + wide - round(pen.size * 2), pen, bold)
    parts = _write(rng, writer, page)
    for kind, text in parts.items():
        as_kind = "text" if kind == "body" else "value"
        if kind in _REFERENCES:
            window.asker.ask("reference", text, as_kind="value", label=kind.lower())
        elif kind != "body" or len(text) < 400:
            window.asker.ask(kind, text, as_kind=as_kind)
    keys = {"letter_from": "Sender", "letter_to": "Recipient", "letter_date": "Date", "letter_about": "Subject",
            "amount_due": "Amount", "pay_by": "Due date"}  # fmt: skip
    values = {keys.get(kind, kind): text for kind, text in parts.items() if kind not in {"body", "signer"}}
    if len(values) > 1:
        window.asker.record(values)
        window.asker.record(values)
    about = f' about "{parts["letter_about"]}"' if "letter_about" in parts else ""
    return window.finish("document_viewer", "document viewer", f"with a letter{about}.")


class _Page:
    """A sheet that is written on from the top; what does not fit is not written."""

    def __init__(self, window: ProgramWindow, left: int, right: int, pen: Pen, bold: Pen) -> None:
        self.sketch: Sketch = window.sketch
        self.asker = window.asker
        self.left, self.right, self.bottom = left, right, window.bottom
        self.top = window.top + window.gap + pen.line
        self.pen, self.bold = pen, bold
        self.pitch = pen.line * window.rng.uniform(1.1, 1.35)

    def write(self, text: str, *, bold: bool = False, right: bool = False) -> bool:
        """One paragraph; returns whether it is on the page."""
        pen = self.bold if bold else self.pen
        lines = pen.wrap(text, self.right - self.left)
        if self.top + self.pitch * len(lines) > self.bottom or max(map(pen.width, lines)) > self.right - self.left:
            return False
        for line in lines:
            x = self.right - pen.width(line) if right else self.left
            self.sketch.text(x, self.top + pen.up, line, pen, _INK)
            self.top += self.pitch
        return True

    def skip(self, lines: float = 0.8) -> None:
        self.top += self.pitch * lines


def _write(rng: random.Random, writer: Writer, page: _Page) -> dict[str, str]:
    """Writes the letter; returns the parts that are on the page, by the kind of question about them."""
    noun = writer.slot("noun").capitalize()
    sender = rng.choice(
        (
            writer.name(),
            f"{writer.slot('app')} {rng.choice(('Ltd', 'Inc.', 'GmbH', 'Insurance', 'Bank'))}",
            f"{noun} Service",
        )
    )
    to, town = writer.name(), rng.choice(writer.vocabulary.places)
    street = f"{writer.slot('noun').capitalize()} {rng.choice(('Street', 'Road', 'Lane'))} {rng.randint(1, 199)}"
    date, about = writer.date(), writer.words(2, 5).capitalize()
    parts: dict[str, str] = {}

    def put(kind: str, value: str, text: str = "", *, bold: bool = False, right: bool = False) -> None:
        if page.write(text or value, bold=bold, right=right) and kind:
            parts[kind] = value

    aside = rng.random() < 0.4
    put("letter_from", sender, bold=rng.random() < 0.6, right=aside)
    put("", f"{rng.randint(10000, 99999)} {rng.choice(writer.vocabulary.places)}", right=aside)
    page.skip()
    put("letter_to", to)
    put("", street)
    put("", f"{rng.randint(10000, 99999)} {town}")
    page.skip()
    put("letter_date", date, right=rng.random() < 0.6)
    for name in rng.sample(_REFERENCES, rng.randint(0, 2)):
        number = f"{rng.choice('ABCKRX')}-{rng.randint(1000, 999999)}"
        put(name, number, f"{name}: {number}")
    page.skip()
    put("letter_about", about, rng.choice(("{}", "Subject: {}", "Re: {}")).format(about), bold=True)
    page.skip()
    put("", f"Dear {to},")
    page.skip(0.5)
    body = " ".join(writer.sentence(4, 12) for _ in range(rng.randint(2, 6)))
    known: dict[str, tuple[str, tuple[str, ...]]] = {}
    if writer.training:
        known = {sentence: (value, questions) for sentence, value, questions in (
            fact(rng, writer, _NOT_IN_LETTERS) for _ in range(rng.choice((0, 1, 2, 3))))}  # fmt: skip
        body = " ".join(known if known and rng.random() < 0.5 else [body, *known])
    put("body", body)
    page.asker.facts(known if "body" in parts else {})
    page.skip(0.5)
    amount, until = f"{rng.randint(5, 4999)}.{rng.randrange(100):02} {rng.choice(('EUR', 'USD', 'GBP'))}", writer.date()
    if rng.random() < 0.75:
        before = len(parts)
        text = rng.choice(("Amount due: {}", "Please pay {} by {}.", "The total of {} is due on {}.")).format(
            amount, until
        )
        put("amount_due", amount, text)
        if len(parts) > before and until in text:
            parts["pay_by"] = until
    page.skip(0.5)
    put("", rng.choice(("Yours sincerely", "Kind regards", "Best regards", "Yours faithfully")))
    page.skip(0.5)
    put("signer", writer.name())
    return parts


def _page_bar(window: ProgramWindow) -> None:
    """Page and zoom, above the page or below it."""
    rng, pen = window.rng, window.pen
    total, zoom = rng.randint(1, 40), f"{rng.choice((50, 75, 80, 100, 110, 125, 150, 200))}%"
    page = rng.randint(1, total)
    said = rng.choice(("Page {} of {}", "{} of {}", "{} / {}", "Page {}/{}")).format(page, total)
    height = round(pen.line * 1.5)
    below = rng.random() < 0.4
    if below:
        window.bottom -= height
    top = window.bottom if below else window.top
    row = window.sketch.row(top, top + height, pen)
    x = window.sketch.text(window.gap, row, said, pen, window.theme.ink) + 3 * window.gap
    if x + pen.width(zoom) < window.right - window.gap:
        window.sketch.text(
            x if rng.random() < 0.5 else window.right - window.gap - pen.width(zoom), row, zoom, pen, window.theme.ink
        )
        window.asker.ask("zoom", zoom, as_kind="value")
    window.top += 0 if below else height
    window.asker.ask("page_number", str(page), as_kind="value")
    window.asker.ask("page_total", str(total), as_kind="count")
