"""What fills a screen: a browser with a page, or a terminal of up to 25 lines."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from training.screens.asking import Asker
from training.screens.dialogs import draw_button, listed
from training.screens.line_questions import line_questions
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.relations import Relation, relation_questions
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Pen

PROMPTS = {action.id: action.prompt for action in BUILTIN_ACTIONS}
"""The quick actions' own prompts, word for word."""
_MOST_LINES = 25
_LINE_FORMS = ("{m}", "{m}", "[{s}] {m}", "{t} {h} {a}[{p}]: {m}", "{t} {a}: {m}", "{a}: {m}", "> {m}",
               "[{a}] {m}", "{t} {m}")  # fmt: skip
"""Of a line in a terminal: message, seconds, time, host, program and process."""
_MOST_COPIED = 900
"""Characters of a text that is asked for as a whole."""

Table = list[list[str]]


def draw_browser(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A browser of this size: tab, address, links, heading, paragraphs, a table, a button."""
    theme = style.theme
    pen, bold, large = style.type.pen(), style.type.pen(bold=True), style.type.pen(1.8, bold=True)
    sketch = Sketch(width, height, theme.field)
    bar, side = round(pen.line * 1.8), style.px(rng.choice((16, 40, 90)))
    title, heading = writer.title(), writer.words(2, 6).capitalize()
    address = f"{writer.host()}/{writer.slot('noun')}.html"
    top = _bars(sketch, style, pen, title, address, bar)
    links = list(dict.fromkeys(writer.label().replace(",", ".") for _ in range(rng.randint(2, 6))))
    left: float = side
    for link in links:
        left = sketch.text(left, sketch.row(top, top + bar, pen), link, pen, theme.accent) + style.px(20)
    top += bar + style.px(10)
    sketch.text(side, sketch.row(top, top + large.line * 1.4, large), heading, large, theme.field_ink)
    top += round(large.line * 1.6)
    said = [writer.message(error=False) for _ in range(rng.randint(1, 4))]
    for paragraph in said:
        lines = pen.wrap(paragraph, width - 2 * side)
        top = round(sketch.lines(side, top, lines, pen, theme.field_ink, round(pen.line * 1.3))) + style.px(10)
    table = table_of(rng, writer)
    top = _draw_table(sketch, style, (pen, bold), table, side, top)
    button = writer.buttons(1)[0]
    box = (side, top, side + pen.width(button) + style.px(32), top + bar)
    draw_button(sketch, style, box, button, pen, default=True)
    asker = Asker(rng)
    asker.ask("heading", heading)
    asker.ask("title", title)
    asker.ask("address", address, as_kind="file")
    asker.ask("links", ", ".join(links), as_kind="menu")
    asker.ask("paragraph", " ".join(said), as_kind="text")
    asker.ask("buttons", button)
    asker.questions += table_questions(rng, table)
    if writer.training:
        asker.questions += relation_questions(rng, Relation(table[0], table[1:]))
    asker.ask("describe", f'A browser with the page "{heading}" and a table with the columns {listed(table[0])}.')
    return sketch.finish(asker, "browser", "browser")


def _bars(sketch: Sketch, style: Style, pen: Pen, title: str, address: str, bar: int) -> int:
    """A tab and the address; returns where the page begins."""
    theme, width = style.theme, sketch.image.width
    sketch.draw.rectangle((0, 0, width, bar * 2), theme.title)
    tab = (style.px(6), style.px(3), pen.width(title) + style.px(46), bar)
    sketch.panel(tab, theme.window, theme)
    sketch.text(style.px(16), sketch.row(0, bar, pen), title, pen, theme.ink)
    sketch.panel((style.px(60), bar + 3, width - style.px(30), 2 * bar - 3), theme.field, theme, sunken=True)
    sketch.text(style.px(70), sketch.row(bar, 2 * bar, pen), address, pen, theme.field_ink)
    return 2 * bar + style.px(6)


def table_of(rng: random.Random, writer: Writer) -> Table:
    """Headings, then two to six rows; no cell is empty and no heading comes twice."""
    makers = (writer.name, writer.number, writer.amount, writer.date, writer.word, writer.version, writer.time)
    columns = rng.sample(makers, rng.randint(2, 4))
    headings: list[str] = []
    while len(headings) < len(columns):
        label = writer.slot("noun").capitalize()
        headings += [label] * (label not in headings)
    return [headings] + [[make() for make in columns] for _ in range(rng.randint(2, 6))]


def _draw_table(sketch: Sketch, style: Style, pens: tuple[Pen, Pen], table: Table, left: int, top: float) -> int:
    pen, bold = pens
    pitch = round(pen.line * 1.5)
    widths = [max((bold if row is table[0] else pen).width(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        x: float = left
        for cell, wide in zip(row, widths, strict=True):
            sketch.text(x, sketch.row(top, top + pitch, pen), cell, bold if row is table[0] else pen,
                        style.theme.field_ink)  # fmt: skip
            x += wide + style.px(30)
        sketch.draw.line((left, top + pitch, x, top + pitch), style.theme.line)
        top += pitch
    return round(top) + style.px(12)


def table_questions(rng: random.Random, table: Table) -> list[Question]:
    """The table as JSON: as the quick action asks for it, and under a small schema of some columns."""
    headings, *rows = table
    whole = json.dumps({"columns": headings, "rows": rows}, ensure_ascii=False)
    places = sorted(rng.sample(range(len(headings)), rng.randint(1, len(headings))))
    keys = [headings[place].lower() for place in places]
    some = [{key: row[place] for key, place in zip(keys, places, strict=True)} for row in rows]
    asked = rng.choice(("Give {keys} of every row as JSON.", "Return a JSON list with {keys} of each row.",
                        "List {keys} as JSON."))  # fmt: skip
    return [
        Question("json", PROMPTS["table-to-json"], whole),
        Question("json", asked.format(keys=" and ".join(keys)), json.dumps(some, ensure_ascii=False)),
    ]


def draw_long_terminal(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A terminal of this size with 8 to 25 lines, one of which may be an error; longer lines are cut."""
    pen = style.type.pen(mono=True)
    dark = rng.random() < 0.7
    ground, ink = ((18, 20, 24), (220, 220, 220)) if dark else ((255, 255, 255), (20, 20, 20))
    sketch = Sketch(width, height, ground)
    pitch, side = round(pen.line * 1.1), style.px(6)
    room = min(_MOST_LINES, int((height - 2 * side) / pitch))
    said = _line_writer(rng, writer)
    lines = [_fitting(pen, said(), width - 2 * side) for _ in range(rng.randint(min(8, room), room))]
    wrong = rng.randrange(len(lines)) if rng.random() < 0.6 else -1
    if wrong >= 0:
        lines[wrong] = _fitting(pen, f"ERROR: {writer.message(error=True)}", width - 2 * side)
    sketch.lines(side, side, lines, pen, ink, pitch)
    asker = Asker(rng)
    for number in rng.sample(range(len(lines)), min(5, len(lines))):
        asker.ask("line", lines[number], n=number + 1)
    asker.ask("line_last", lines[-1], as_kind="line")
    asker.ask("line_count", str(len(lines)), as_kind="count")
    if wrong >= 0:
        asker.ask("error", lines[wrong], as_kind="message")
        asker.questions.append(Question("message", PROMPTS["explain-error"], explained(lines[wrong], "terminal")))
    copied = "\n".join(lines)
    if len(copied) <= _MOST_COPIED:
        asker.questions.append(Question("text", PROMPTS["extract-text"], copied))
    if writer.training:
        asker.questions += line_questions(rng, lines)
    asker.ask("describe", f"A terminal with {len(lines)} lines.")
    return sketch.finish(asker, "terminal", "terminal")


def _line_writer(rng: random.Random, writer: Writer) -> Callable[[], str]:
    """What writes the lines: messages, to train on often as services and kernels write them."""
    if not writer.training:
        return lambda: writer.message(error=False)
    form, host, names = rng.choice(_LINE_FORMS), writer.slot("noun"), [writer.slot("noun") for _ in range(4)]
    second = rng.uniform(0, 900)

    def line() -> str:
        nonlocal second
        second += rng.uniform(0, 40)
        clock = f"{int(second) // 3600:02}:{int(second) // 60 % 60:02}:{int(second) % 60:02}"
        return form.format(m=writer.message(error=False), s=f"{second:.3f}", t=clock, h=host, a=rng.choice(names),
                           p=rng.randint(100, 9999))  # fmt: skip

    return line


def explained(error: str, noun: str) -> str:
    """The error word for word, then one plain sentence that adds nothing to it."""
    return f'"{error}"\nThe {noun} shows this error.'


def _fitting(pen: Pen, text: str, width: float) -> str:
    return pen.wrap(text, width)[0]
