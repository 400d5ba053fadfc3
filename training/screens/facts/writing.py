"""Facts on a page: paragraphs, lists, tables and lines, with questions about those that were drawn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.screens.facts.kinds import FactKind
from training.screens.facts.questions import FACT, fact_questions
from training.screens.facts.slots import Maker, Value, draw_manner
from training.screens.facts.subjects import KINDS, SUBJECTS
from training.screens.facts.telling import Statement, tell
from training.screens.ordinals import ORDINALS
from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question
from training.screens.typefaces import Colour, Pen

_ONE_SUBJECT = 0.75
"""Of texts whose facts are all from one module."""
_NAMED = {
    "time": "time", "date": "date", "amount": "amount", "percent": "percentage", "person": "name", "titled": "name", "first": "name",
    "user": "name", "place": "town", "phone": "phone number", "code": "code", "day": "day", "version": "version", "train": "train",
    "file": "file", "path": "path", "room": "room", "frequency": "interval", "firm": "firm", "hash": "commit",
}  # fmt: skip
"""What people call a value of a kind, where they ask for it by its place."""
_PLACED = ("Which {name} is in the {nth} {item}?", "Which {name} does the {nth} {item} mention?", "What is the {name} in the {nth} {item}?",
           "Which {name} stands in the {nth} {item}?", "In the {nth} {item}, which {name} is given?")  # fmt: skip
_NTH = ORDINALS[:8]
_MARKERS = ("-", "*", "o", ">", "+", "[ ]", "[x]", "--", "n.", "n)", "(n)", "n.", "n")


def choose_facts(rng: random.Random, writer: Writer, kinds: int, *, each: tuple[int, ...] = (1, 2, 2, 3, 4), sentences: bool = False,
                 people: Sequence[Value] = ()) -> tuple[Maker, list[list[Statement]]]:  # fmt: skip
    """At most so many kinds of facts that no screen of this writer has yet, and some facts of each."""
    pool = KINDS
    if people:
        pool = tuple(kind for kind in KINDS if kind.own) if rng.random() < 0.8 else KINDS
    elif rng.random() < _ONE_SUBJECT:
        pool = SUBJECTS[rng.choice(list(SUBJECTS))]
    pool = tuple(kind for kind in pool if f"fact {kind.name}" not in writer.stated)
    maker = Maker(rng, writer, draw_manner(rng))
    if len(pool) < kinds and not people:  # a subject that has not enough for a large page
        named = {kind.name for kind in pool} | {name.removeprefix("fact ") for name in writer.stated}
        others = [kind for kind in KINDS if kind.name not in named]
        pool += tuple(rng.sample(others, min(kinds - len(pool), len(others))))
    chosen = rng.sample(pool, min(kinds, len(pool)))
    writer.stated.update(f"fact {kind.name}" for kind in chosen)
    counts = [rng.choice(each) if {"s", "p"} & set(kind.slots) else 1 for kind in chosen]
    return maker, [
        tell(rng, maker, kind, count, sentences=sentences, people=people)
        for kind, count in zip(chosen, counts, strict=True)
    ]


def how_many(page: Page, *, on_lines: bool = False) -> tuple[int, tuple[int, ...]]:
    """How many kinds of facts suit the room that a page has left, and how many facts of each; many pages are full.

    Often a kind has several, so that a question's words, not the type of its answer, decide the place. `on_lines`: each
    fact has a line.
    """
    rng = page.rng
    each = rng.choice(((1, 2, 2, 3, 4), (1, 2, 2, 3, 4), (3, 4, 5), (1, 1, 2)))
    lines = (page.bottom - page.top) / page.pitch
    to_a_line = 0.95 if on_lines else 0.6 * min(1.6, page.wide / (page.pen.size * 36))
    full = lines * to_a_line / (sum(each) / len(each))
    return min(26, max(3, round(full * rng.choice((0.5, 0.9, 1.2, 1.2))))), each


class FactPage:
    """Writes facts onto a page from its cursor down, and asks about those that found room.

    Attributes: `said`: what was drawn; `lines`: the texts of points and lines, in order.
    """

    def __init__(self, page: Page, maker: Maker) -> None:
        self.page, self.maker = page, maker
        self.rng, self.writer = page.rng, page.writer
        self.said: list[Statement] = []
        self.lines: list[str] = []
        self._questions: list[Question] = []

    def paragraphs(self, said: Sequence[Statement], pen: Pen | None = None) -> None:
        """The facts in paragraphs of one to four, some with other sentences among them."""
        rng, rest = self.rng, list(said)
        rng.shuffle(rest)
        while rest:
            count = rng.randint(1, 4)
            part, rest = rest[:count], rest[count:]
            texts = [_ended(one.text) for one in part]
            for _ in range(rng.choice((0, 0, 0, 1, 2))):
                texts.insert(rng.randint(0, len(texts)), self.writer.sentence(3, 9))
            if self.page.say(" ".join(texts), pen, most=14):
                self.said += part

    def points(self, said: Sequence[Statement], pen: Pen | None = None, item: str = "point") -> None:
        """A list, each fact a point; asks also for values by a point's place."""
        page, rng = self.page, self.rng
        pen = pen or page.pen
        marker, indent = rng.choice(_MARKERS), rng.choice((0, pen.size))
        drawn: list[Statement] = []
        for one in said:
            mark = marker.replace("n", str(len(drawn) + 1))
            left, top = page.left, page.top
            page.left += indent + pen.width(mark + " ")
            text = one.text.rstrip(".") if rng.random() < 0.3 else one.text
            done = page.say(text, pen, gap=rng.choice((0, 0.2)), most=5)
            page.left = left
            if done:
                pitch = round(pen.line * min(page.spacing, 1.4))
                page.sketch.lines(left + indent, top, [mark], pen, page.ink, pitch)
                drawn.append(one)
        page.top += page.pitch // 2
        self.said += drawn
        self.by_place(drawn, item)

    def by_place(self, said: Sequence[Statement], item: str) -> None:
        """Asks for values by the place of what mentions them: "the second point"."""
        rng = self.rng
        for number, one in enumerate(said[: len(_NTH)]):
            nth = "last" if number == len(said) - 1 and (number > 0 and rng.random() < 0.7) else _NTH[number]
            names = [_NAMED.get(one.kind.slots.get(slot, ""), "") for slot in one.shown]
            named = {slot: name for slot, name in zip(one.shown, names, strict=True) if name and names.count(name) == 1}
            if named and len(said) > 1:
                slot, name = rng.choice(sorted(named.items()))
                self._questions.append(question(rng, FACT, one.spelled(slot), _PLACED, name=name, nth=nth, item=item))

    def table(self, said: Sequence[Statement]) -> bool:
        """Facts of one kind as rows; False, and nothing drawn, where the kind has no columns or there is no room."""
        if len(said) < 2:
            return False
        headings, rows, said = _rows(self.rng, said)
        drawn = self.page.table([headings, *rows]) if headings else []
        if len(drawn) < 2:
            return False
        kept = list(said[: len(drawn) - 1])
        self.said += kept
        return True

    def code_lines(
        self, said: Sequence[Statement], pen: Pen, colours: Sequence[Colour], before: str, *, cut: bool = True
    ) -> None:
        """One fact a line, after a mark such as "# " or the head of a log's line; those too long are left out."""
        page, rng = self.page, self.rng
        pitch = round(pen.line * min(page.spacing, 1.35))
        for one in said:
            head = self._head(before, one)
            text = head + one.text
            if page.top + pitch > page.bottom or (cut and pen.width(text) > page.wide):
                continue
            page.sketch.lines(page.left, page.top, [text], pen, rng.choice(colours), pitch)
            page.top += pitch
            self.said.append(one)
            self.lines.append(text)

    def _head(self, before: str, one: Statement) -> str:
        rng = self.rng
        timed = {"time", "date", "day_time", "seconds"} & set(one.kind.slots.values())
        if before != "log" or timed:
            return "" if before == "log" else before
        level = rng.choice(("INFO", "INFO", "NOTE", "WARN", "DEBUG"))
        return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02} {level} "

    def ask(self, most: int = 36) -> None:
        """The questions, once all is drawn."""
        self.page.asker.questions += fact_questions(self.rng, self.maker, self.said, most)
        self.page.asker.questions += self._questions[:6]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _rows(rng: random.Random, said: Sequence[Statement]) -> tuple[list[str], list[list[str]], list[Statement]]:
    """Headings and rows of a table, and the facts as they stand there; no headings where the kind has no columns."""
    kind = said[0].kind
    if kind.states:
        return _state_rows(rng, kind, said)
    slots = list(kind.columns)
    if rng.random() < 0.3:
        rng.shuffle(slots)
    rows = [[str(one.values[slot]) for slot in slots] for one in said]
    if rng.random() < 0.3:
        rows = [[cell[0].upper() + cell[1:] for cell in row] for row in rows]
    headings = [rng.choice(kind.columns[slot]) for slot in slots]
    shown = [replace(one, text="  ".join(row), shown=frozenset(slots)) for one, row in zip(said, rows, strict=True)]
    return headings, rows, shown


def _state_rows(
    rng: random.Random, kind: FactKind, said: Sequence[Statement]
) -> tuple[list[str], list[list[str]], list[Statement]]:
    slot = next(iter(kind.slots))
    rows, shown = [], []
    for one in said:
        assert one.state
        short = [form.text.partition(": ")[2] for form in one.state.forms if form.text.startswith(f"{{{slot}}}: ")]
        if not short:
            return [], [], []
        rows.append([str(one.values[slot]), rng.choice(short)])
        shown.append(replace(one, text="  ".join(rows[-1]), shown=frozenset(slot)))
    headings = [rng.choice(("Name", "What", "Entry", "Item")), rng.choice(("Status", "State", "Remark", "Note"))]
    return headings, rows, shown
