"""Status bars that count: how many there are in all and how many of these are selected, new, hidden and the like."""

from __future__ import annotations

from collections.abc import Sequence

from training.screens.panes.frame import Frame
from training.screens.panes.looks import row_look, show_row

_FORMS = ("{n} {items}, {k} {sort}", "{n} {items}, {k} {sort}", "{items}: {n}   {sort}: {k}",
          "{n} {items} ({k} {sort})",
          "{k} of {n} {items} {sort}", "Total: {n}   {sort}: {k}", "{n} {items} | {k} {sort}",
          "{n} {items} - {k} {sort}",
          "{sort}: {k} / {n}", "{k} {sort}, {n} total", "{n} {items}; {k} {sort}",
          "{n} {items} shown, {k} {sort}")  # fmt: skip
TOTAL = (
    "How many {items} are there in all?", "How many {items} does the status bar count?", "Total number of {items}?",
    "According to the status bar, how many {items} are there?", "How many {items} are there?", "Number of {items}?",
    "What is the total of {items}?", "How many {items} are there altogether?", "How many {items}?",
    "What number of {items} is given at the bottom?", "How many {items} does it say there are?",
)  # fmt: skip
SOME = (
    "How many {items} are {sort}?", "How many of the {items} are {sort}?", "Number of {sort} {items}?",
    "How many are {sort}?",
    "How many {sort} {items} are there?", "According to the status bar, how many {items} are {sort}?",
    "How many {sort} {items} does the status bar count?", "{sort} {items}: how many?",
    "What is the number of {sort} {items}?",
    "How many {sort} ones are there?",
)  # fmt: skip
_IN_ENTRY = (
    "How many {items} are in {name}?", "Which number is beside {name}?", "How many {items} does {name} have?",
    "What number stands after {name}?", "{name}: how many {items}?", "How many {items} does it show for {name}?",
    "Number of {items} in {name}?", "What is the count of {name}?",
)  # fmt: skip


def count_status(frame: Frame, items: str, total: int, sort: str, some: int, more: Sequence[str] = ()) -> None:
    """A status bar with both counts, asked for where they are seen; `more` follows or precedes."""
    rng = frame.rng
    text = rng.choice(_FORMS).format(n=total, k=some, items=items, sort=sort)
    text = text[0].upper() + text[1:]
    parts = [text, *more]
    rng.shuffle(parts)
    if text not in frame.status(parts):
        return
    frame.say_phrase("how_many", str(some), SOME, items=items, sort=sort)
    frame.say_phrase("how_many", str(some), SOME, items=items, sort=sort)
    if f"{total}" in text:
        frame.say_phrase("how_many", str(total), TOTAL, items=items)


def side_counts(frame: Frame, names: Sequence[str], counts: Sequence[int], item: str, items: str, *, selected: str,
                counted: str) -> None:  # fmt: skip
    """A list at the left whose entries have counts of `counted`, in brackets or at the right; 0 is not shown."""
    rng, pitch, look = frame.rng, frame.pitch_px, row_look(frame.rng, signs=False)
    bracketed = rng.random() < 0.5
    texts = [f"{name} ({count})" if count and bracketed else name for name, count in zip(names, counts, strict=True)]
    size = frame.pen.up * 0.9
    wide = min(max(map(frame.bold.width, texts)) + size + 7 * frame.gap, frame.wide * 0.34)
    ground, ink = rng.choice(((frame.bar_ground, frame.bar_ink), (frame.ground, frame.ink)))
    left, top = frame.left, frame.top + frame.gap / 2
    frame.fill((left, frame.top, left + wide, frame.bottom), ground)
    shown = []
    for name, count, text in zip(names, counts, texts, strict=True):
        if top + pitch > frame.bottom or frame.bold.width(text) + size + 5 * frame.gap > wide:
            break
        used = ink
        if name == selected:
            used = show_row(frame, (left + 1, top, left + wide - 1, top + pitch), ground, ink, look)
        frame.icon(left + frame.gap, top + pitch / 2, size)
        pen = frame.bold if count and rng.random() < 0.7 else frame.pen
        frame.put(left + size + frame.gap * 1.6, top, text, pen, used, pitch)
        if count and not bracketed:
            frame.put_at_end(left + wide - frame.gap, top, str(count), used, pitch)
        shown.append(name)
        top += pitch
    frame.left += wide + 1
    frame.sketch.draw.line((frame.left, frame.top, frame.left, frame.bottom), frame.line)
    for name in shown:
        count = counts[names.index(name)]
        if count and rng.random() < 0.6:
            frame.say_phrase("how_many", str(count), _IN_ENTRY, name=name, items=counted)
    if shown:
        frame.ask_names(shown, item, items, rng.choice((" on the left", " in the side bar", " at the left")),
                        selected=selected if selected in shown else "", whole=len(shown) == len(names))  # fmt: skip
