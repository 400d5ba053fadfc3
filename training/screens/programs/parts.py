"""What many programs are made of: a list of places at the left, and a list with columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.programs.window import MOST_ROWS, ProgramWindow
from training.screens.relations import Relation, relation_questions
from training.screens.typefaces import Colour
from training.screens.words import with_article

_SHORT_SHARE = 0.4


@dataclass(frozen=True)
class Side:
    """A list at the left, as shown.

    Attributes: `names` from top to bottom, `counts` beside some of them, `selected` is one of them or empty.
    """

    names: list[str]
    counts: dict[str, str]
    selected: str


@dataclass(frozen=True)
class Columns:
    """A list with columns, as shown: texts that do not fit are cut, columns and rows that do not fit are left out.

    Attributes: `selected` is the place of the selected row, or -1; `header` whether the headings are drawn.
    """

    headings: list[str]
    rows: list[list[str]]
    selected: int
    header: bool

    def column(self, heading: str) -> list[str] | None:
        """Its cells, or None where it is not shown."""
        return [row[self.headings.index(heading)] for row in self.rows] if heading in self.headings else None

    @property
    def names(self) -> list[str]:
        return [row[0] for row in self.rows]


def fewer(window: ProgramWindow, rows: list[list[str]]) -> list[list[str]]:
    """For training often a few rows alone: what is counted, listed and given as JSON is learned from short lists."""
    rng = window.rng
    return rows[: rng.randint(2, 8)] if window.writer.training and rng.random() < _SHORT_SHARE else rows


def draw_side(window: ProgramWindow, names: Sequence[str], selected: str, *, counts: dict[str, str] | None = None,
              heading: str = "", icons: bool = True, share: float = 0.24) -> Side:  # fmt: skip
    """Takes about a share of the width, and draws what fits there."""
    rng, pen, theme, sketch = window.rng, window.pen, window.theme, window.sketch
    counts = counts or {}
    pitch, gap = window.pitch, window.gap
    widest = max(pen.width(name) + pen.width(counts.get(name, "")) for name in names) + pen.up + 4 * gap
    wide = round(
        min(max(widest, (window.right - window.left) * share * 0.7), (window.right - window.left) * share * 1.4)
    )
    ground = rng.choice((theme.window, theme.field))
    right = window.left + wide
    sketch.draw.rectangle((window.left, window.top, right, window.bottom), ground)
    plain = theme.ink if ground == theme.window else theme.field_ink
    top = window.top + gap // 2
    if heading:
        sketch.text(window.left + gap, sketch.row(top, top + pitch, window.bold), heading, window.bold, plain)
        top += pitch
    shown, numbers = [], {}
    indent = gap + (round(pen.up + gap * 0.6) if icons else 0)
    for name in names:
        if top + pitch > window.bottom:
            break
        ink, middle = plain, top + pitch / 2
        count = counts.get(name, "")
        text = window.fit(name, wide - indent - gap - (pen.width(count) + gap if count else 0))
        if name == selected:
            ink = window.show_selected((window.left + 1, top, right - 1, top + pitch - 1), ground)
        if icons:
            window.icon(window.left + gap * 0.7, middle, pen.up)
        baseline = sketch.row(top, top + pitch, pen)
        sketch.text(window.left + indent, baseline, text, pen, ink)
        if count:
            sketch.text(right - gap - pen.width(count), baseline, count, pen, ink)
            numbers[text] = count
        selected = text if name == selected else selected
        shown.append(text)
        top += pitch
    sketch.draw.line((right, window.top, right, window.bottom), theme.line)
    window.left = right + 1
    return Side(shown, numbers, selected if selected in shown else "")


def ask_side(window: ProgramWindow, side: Side, entry: str, entries: str, absent: str) -> None:
    """About the list at the left; `entry` is what one of it is called."""
    asker = window.asker
    if side.selected:
        asker.ask("selected_side", side.selected, as_kind="selected", entry=entry)
    asker.ask("side_list", ", ".join(side.names), as_kind="menu", entry=entry, entries=entries)
    asker.ask("side_count", str(len(side.names)), as_kind="count", entries=entries)
    if absent not in side.names:
        asker.present("has_side", window.rng.choice(side.names), absent, entry=with_article(entry))


def draw_columns(window: ProgramWindow, headings: Sequence[str], given: Sequence[Sequence[str]], *,
                 numeric: Sequence[str] = (), icons: bool = False, select: float = 0.7,
                 header: bool = True) -> Columns:  # fmt: skip
    """Fills what is left of the window from the top; the first column gives and takes room.

    Columns named in `numeric` stand at the right in most lists; `select` says how often a row is selected.
    """
    rng, pen, theme, sketch = window.rng, window.pen, window.theme, window.sketch
    ground, pitch, gap = theme.field, window.pitch, window.gap
    left, right = window.left, window.right
    head_pen = window.bold if rng.random() < 0.35 else pen
    room = (window.bottom - window.top) // pitch - header
    rows = [list(row) for row in given[: max(1, min(MOST_ROWS, room))]]
    kept, widths = _widths(window, list(headings), rows, right - left)
    indents = [round(pen.up + gap * 0.8) if icons and place == 0 else 0 for place in range(kept)]
    rows = [[window.fit(cell, widths[i] - gap - indents[i]) for i, cell in enumerate(row[:kept])] for row in rows]
    shown = list(headings[:kept])
    sketch.draw.rectangle((left, window.top, right, window.bottom), ground)
    chosen = rng.randrange(len(rows)) if rng.random() < select else -1
    zebra, lines = rng.random() < 0.35, rng.random() < 0.25
    at_right = {name for name in numeric if rng.random() < 0.8}
    top: float = window.top
    if header:
        plain = rng.random() < 0.4
        sketch.draw.rectangle((left, top, right, top + pitch), ground if plain else theme.window)
        ink = theme.field_ink if plain else theme.ink
        _row(window, shown, widths, indents, at_right, shown, top, head_pen is window.bold, ink)
        sketch.draw.line((left, top + pitch - 1, right, top + pitch - 1), theme.line)
        top += pitch
    for place, row in enumerate(rows):
        ink = theme.field_ink
        if place == chosen:
            ink = window.show_selected((left, top, right, top + pitch - 1), ground)
        elif zebra and place % 2:
            tone = tuple((9 * a + b) // 10 for a, b in zip(ground, theme.field_ink, strict=True))
            sketch.draw.rectangle((left, top, right, top + pitch - 1), tone)
        if lines:
            sketch.draw.line((left, top + pitch - 1, right, top + pitch - 1), theme.line)
        if icons:
            window.icon(left + gap * 0.5, top + pitch / 2, pen.up)
        _row(window, row, widths, indents, at_right, shown, top, False, ink)
        top += pitch
    window.top = round(top)
    return Columns(shown, rows, chosen, header)


def _widths(window: ProgramWindow, headings: list[str], rows: list[list[str]], room: float) -> tuple[int, list[float]]:
    """How many columns fit, and their widths: the first is what the others leave, but not endlessly wide."""
    pen, gap = window.pen, window.gap
    natural = [max(window.bold.width(name), *(pen.width(row[i]) for row in rows)) + 2 * gap
               for i, name in enumerate(headings)]  # fmt: skip
    natural[1:] = [min(wide, room * 0.5) for wide in natural[1:]]
    least = min(natural[0] + window.pitch, pen.size * 11)
    kept = len(headings)
    while kept > 1 and sum(natural[1:kept]) + least > room:
        kept -= 1
    first = min(room - sum(natural[1:kept]), max(natural[0] + window.pitch, room * window.rng.uniform(0.25, 0.7)))
    return kept, [first, *natural[1:kept]]


def _row(window: ProgramWindow, cells: list[str], widths: list[float], indents: list[int], at_right: set[str],
         headings: list[str], top: float, bold: bool, ink: Colour) -> None:  # fmt: skip
    pen = window.bold if bold else window.pen
    x, baseline = float(window.left), window.sketch.row(top, top + window.pitch, pen)
    for cell, wide, indent, heading in zip(cells, widths, indents, headings, strict=True):
        if heading in at_right:
            window.sketch.text(x + wide - window.gap - pen.width(cell), baseline, cell, pen, ink)
        else:
            window.sketch.text(x + window.gap / 2 + indent, baseline, cell, pen, ink)
        x += wide


def ask_columns(window: ProgramWindow, table: Columns, item: str, items: str, absent: str) -> None:
    """What can be asked about any list: names, number, what is there, what is selected, order, JSON."""
    asker, rng, names = window.asker, window.rng, table.names
    asker.names(items, names)
    asker.ask("items_count", str(len(names)), as_kind="count", items=items)
    if absent not in names:
        asker.present("has_item", rng.choice(names), absent, item=with_article(item))
    if table.selected >= 0:
        asker.ask("selected_row", names[table.selected], as_kind="selected", item=item)
    asker.ask("first_item", names[0], as_kind="value", item=item)
    asker.ask("last_item", names[-1], as_kind="value", item=item)
    if len(names) > 3:
        place = rng.randrange(1, len(names))
        asker.ask("nth_item", names[place], as_kind="value", item=item, n=place + 1)
        if names.count(names[place - 1]) == 1:
            asker.ask("after_item", names[place], as_kind="value", item=item, label=names[place - 1])
    asker.records(item, items, table.headings, table.rows)
    if window.writer.training:
        relation = Relation(table.headings, table.rows, item, items, header=table.header)
        asker.questions += relation_questions(rng, relation)
    if table.header and len(table.headings) > 1:
        asker.ask("list_columns", ", ".join(table.headings), as_kind="columns")
        asker.whole_table(table.headings, table.rows)


def ask_cells(window: ProgramWindow, table: Columns, heading: str, kind: str, *, most: int = 4, back: str = "") -> None:
    """A column's cells by the rows' names, and the other way round (`back`) where only one row has that value."""
    cells = table.column(heading)
    if cells is None or heading == table.headings[0]:
        return
    rng, names = window.rng, table.names
    for place in rng.sample(range(len(names)), min(most, len(names))):
        if names.count(names[place]) == 1 and cells[place]:
            window.asker.ask(kind, cells[place], as_kind="cell", label=names[place], column=heading.lower())
    place = rng.randrange(len(names))
    if back and cells.count(cells[place]) == 1 and cells[place]:
        window.asker.ask(
            back,
            names[place],
            as_kind="cell",
            value=cells[place],
            label=cells[place],
            column=heading.lower(),
            item="row",
        )
