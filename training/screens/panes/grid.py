"""Lists with columns in a frame: headings, rows, one row selected."""

from __future__ import annotations

import json
from collections.abc import Sequence

from training.screens.pages import PROMPTS
from training.screens.panes.frame import Frame
from training.screens.panes.looks import row_look, show_row
from training.screens.records import Question
from training.screens.relations import Relation, relation_questions

Rows = list[list[str]]
_MATCHES = (
    "List the {items} with {column} {value} as JSON.", "Give the {items} whose {column} is {value} as JSON.",
    "Which {items} have the {column} {value}? Answer as JSON.", "Return the {items} with {value} as a JSON list.",
    "JSON list of the {items} with {column} {value}: [{schema}]", "Extract all {items} with {value} as [{schema}, ...]",
    "The {items} where {column} is {value}, as JSON like [{schema}].", "As JSON: {items} with the {column} {value}.",
)  # fmt: skip
_KEYED = (
    'Use the keys {keys}.', "Keys: {keys}.", "With {keys} of each.", "Give {keys} of each.", "I need {keys}.",
    "Only {keys}.",
)  # fmt: skip


def draw_grid(frame: Frame, headings: Sequence[str], rows: Rows, *, item: str, items: str, selected: int = -1,
              numeric: Sequence[str] = (), icons: bool = False, key: int = 0, most: int = 9,
              table: bool = True) -> Rows:  # fmt: skip
    """As many rows and columns as fit, from the top of the room; asks about them; returns the rows drawn."""
    rng, pitch, gap = frame.rng, frame.pitch_px, frame.gap
    size = frame.pen.up * 0.9 if icons else 0
    widths = [max(frame.pen.width(cell) for cell in (head, *(row[n] for row in rows))) + 2.2 * gap
              for n, head in enumerate(headings)]  # fmt: skip
    widths[0] += size + gap
    count = len(headings)
    while count > 1 and sum(widths[:count]) > frame.wide:
        count -= 1
    spare = max(0.0, frame.wide - sum(widths[:count])) * rng.choice((0, 0.3, 0.9)) / count
    widths = [wide + spare for wide in widths[:count]]
    if widths[0] > frame.wide:
        return []
    x = frame.left
    frame.fill((x, frame.top, frame.right, frame.top + pitch), frame.bar_ground)
    for head, wide in zip(headings, widths, strict=False):
        frame.put(x + gap, frame.top, head, None, frame.bar_ink, pitch)
        x += wide
        frame.sketch.draw.line((x - 1, frame.top + 2, x - 1, frame.top + pitch - 2), frame.line)
    shown = _draw_rows(frame, rows, widths, selected, [heading in numeric for heading in headings], size)
    _ask(frame, list(headings[:count]), shown, item, items, selected, key if key < count else 0, most, table=table)
    return shown


def _draw_rows(frame: Frame, rows: Rows, widths: Sequence[float], selected: int, at_right: Sequence[bool],
               icon: float) -> Rows:  # fmt: skip
    """Below the headings, as many as fit; `icon` is the size of the icons before them, px, or 0."""
    rng, pitch, gap, shown = frame.rng, frame.pitch_px, frame.gap, list[list[str]]()
    striped, ruled, look = rng.random() < 0.3, rng.random() < 0.35, row_look(rng, signs=not icon)
    for number, row in enumerate(rows):
        frame.top += pitch
        if frame.top + pitch > frame.bottom:
            break
        top, ink, box = frame.top, frame.ink, (frame.left, frame.top, frame.right, frame.top + pitch)
        if number == selected:
            ink = show_row(frame, box, frame.ground, ink, look)
        elif striped and number % 2:
            frame.fill(box, frame.shade)
        if ruled:
            frame.sketch.draw.line((frame.left, top, frame.right, top), frame.line)
        x = frame.left
        if icon:
            frame.icon(x + gap / 2, top + pitch / 2, icon)
        for n, (cell, wide) in enumerate(zip(row, widths, strict=False)):
            if at_right[n]:
                frame.put_at_end(x + wide - gap, top, cell, ink, pitch)
            else:
                frame.put(x + gap + (icon + gap * 0.3 if icon and not n else 0), top, cell, None, ink, pitch)
            x += wide
        shown.append(list(row[: len(widths)]))
    frame.top += pitch
    return shown


def _ask(frame: Frame, headings: list[str], rows: Rows, item: str, items: str, selected: int, key: int, most: int, *,
         table: bool) -> None:  # fmt: skip
    rng = frame.rng
    if not rows:
        return
    frame.asker.questions += relation_questions(
        rng, Relation(headings, rows, item, items, key, count_kind="how_many"), most=most
    )
    names = [row[key] for row in rows]
    frame.ask_names(names, item, items, rng.choice(("", " in the list")), most=3, kind="list",
                    selected=names[selected] if 0 <= selected < len(rows) else "")  # fmt: skip
    if 0 <= selected < len(rows) and len(headings) > 1:
        place = rng.choice([n for n in range(len(headings)) if n != key])
        if rows[selected][place] and names.count(names[selected]) == 1:
            frame.ask("selected", rows[selected][place], "What is the {c} of the selected {i}?",
                      "{c} of the selected {i}?",
                      "Which {c} does the selected {i} have?", "The selected {i}: which {c}?",
                      "What {c} has the highlighted {i}?",
                      "In the selected row, what is the {c}?", "Tell me the {c} of the highlighted {i}.",
                      "Which {c} is in the highlighted row?", c=headings[place].lower(), i=item)  # fmt: skip
    answer = json.dumps({"columns": headings, "rows": rows}, ensure_ascii=False)
    if table and len(answer) <= 750 and len(headings) > 1:
        frame.asker.questions.append(Question("json", PROMPTS["table-to-json"], answer))
    ask_matching(frame, headings, rows, items)


def ask_matching(frame: Frame, headings: Sequence[str], rows: Rows, items: str) -> None:
    """The rows with a value in one column, as JSON with some of the other columns."""
    rng = frame.rng
    if len(headings) < 2:
        return
    place = rng.randrange(len(headings))
    value = rng.choice(rows)[place]
    matching = [row for row in rows if row[place] == value]
    others = [n for n in range(len(headings)) if n != place]
    chosen = sorted(rng.sample(others, rng.randint(1, min(3, len(others)))))
    keys = [headings[n].lower().replace(" ", "_") for n in chosen]
    answer = json.dumps(
        [{key: row[n] for key, n in zip(keys, chosen, strict=True)} for row in matching], ensure_ascii=False
    )
    if not value or len(matching) > 6 or len(answer) > 400 or len(set(keys)) < len(keys):
        return
    schema = "{" + ", ".join(f'"{key}": "..."' for key in keys) + "}"
    phrase = rng.choice(_MATCHES)
    if "{schema}" not in phrase:
        phrase += " " + rng.choice(_KEYED)
    frame.say_phrase("json", answer, (phrase,), items=items, column=headings[place].lower(), value=value, schema=schema,
                     keys=" and ".join(keys))  # fmt: skip
