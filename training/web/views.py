"""Views of records: each is HTML for a deck, and asks what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from training.web.board import Board
from training.web.buttons import button_row
from training.web.deck import Deck, DeckAsker, cell, head, lower, name_of, unmistakable
from training.web.look import icon
from training.web.sheets import sheet

View: TypeAlias = Callable[[Board, Deck], str]


def _heading(board: Board, deck: Deck) -> str:
    if deck.prefix != "r":
        return board.put(deck.title, tag="h2")
    html = board.put(deck.title, "title", board.pick(("h1", "h1", "h2")))
    board.ask_as("heading", deck.title, ("title",))
    board.ask(
        "heading",
        deck.title,
        "What is the title of the page?|What is the page called?|What is this page about?",
        ("title",),
    )
    return html


def table(board: Board, deck: Deck) -> str:
    """Columns with headings."""
    asker = DeckAsker(board, deck)
    asker.ask_all()
    asker.ask_table()
    if board.chance(0.3):
        deck.selected = board.rng.randrange(len(deck.rows))
        asker.ask_selected()
    marks = board.chance(0.25)
    rows = []
    for row in range(len(deck.rows)):
        cells = "".join(f"<td>{_look(board, deck, row, label)}</td>" for label in deck.labels)
        mark = f"<td>{icon(board.rng)}</td>" if marks else ""
        rows.append(f"<tr class='{'active' if row == deck.selected else ''}'>{mark}{cells}</tr>")
    heads = "".join(f"<th>{head(board, deck, label)}</th>" for label in deck.labels)
    board.about = f'a table "{deck.title}" with the columns {", ".join(deck.labels)} and {len(deck.rows)} rows'
    return f"{_heading(board, deck)}<table><thead><tr>{'<th></th>' if marks else ''}{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _look(board: Board, deck: Deck, row: int, label: str) -> str:
    choice = next((one.type.startswith("choice:") for one in deck.attributes if one.label == label), False)
    return cell(board, deck, row, label, "badge" if choice and board.chance(0.6) else "")


def boxes(board: Board, deck: Deck) -> str:
    """A grid of boxes, with labels or without."""
    asker, labelled = DeckAsker(board, deck), board.chance(0.5)
    asker.ask_all(labelled=labelled)
    wide, photos = board.rng.randint(2, 5), board.chance(0.4)
    shown = []
    high = board.rng.randint(30, 110)
    for row in range(len(deck.rows)):
        photo = f"<div class='shot' style='height:{high}px'></div>" if photos else ""
        facts = "".join(_fact(board, deck, row, one.label, labelled) for one in deck.attributes)
        shown.append(f"<div class='panel'>{photo}<h3>{name_of(board, deck, row)}</h3>{facts}</div>")
    board.about = f'"{deck.title}" with {len(deck.rows)} boxes'
    return f"{_heading(board, deck)}<div class='grid' style='grid-template-columns:repeat({wide},1fr)'>{''.join(shown)}</div>"


def _fact(board: Board, deck: Deck, row: int, label: str, labelled: bool) -> str:
    name = f"<span class='muted'>{label}{board.pick((':', '', ':'))}</span> " if labelled else ""
    return f"<div>{name}{_look(board, deck, row, label)}</div>"


def lines(board: Board, deck: Deck) -> str:
    """A list: each entry has a name and the rest in small print."""
    asker = DeckAsker(board, deck)
    asker.ask_all(labelled=False)
    mark = board.pick((" &middot; ", " | ", ", ", " - ", "<br>"))
    items = []
    last = deck.attributes[-1].label if board.chance(0.5) else ""
    for row in range(len(deck.rows)):
        small = mark.join(_look(board, deck, row, one.label) for one in deck.attributes if one.label != last)
        right = f"<div class='b'>{cell(board, deck, row, last)}</div>" if last else ""
        number = f"<span class='muted'>{row + 1}.</span> " if mark == " | " else ""
        items.append(
            f"<div class='row spread rule item'><div><div>{number}{name_of(board, deck, row, 'b')}</div><div class='muted small'>{small}</div></div>{right}</div>"
        )
    board.about = f'a list "{deck.title}" of {len(deck.rows)} {deck.kind.plural}'
    return f"{_heading(board, deck)}<div>{''.join(items)}</div>"


def detail(board: Board, deck: Deck) -> str:
    """A list at the side, and what is known about its selected entry."""
    deck.selected = board.rng.randrange(len(deck.rows))
    asker = DeckAsker(board, deck)
    asker.ask_selected()
    asker.ask_places()
    asker.ask_solo(deck.selected, deck.attributes)
    asker.ask_whether([])
    side = "".join(f"<div class='item {'active' if row == deck.selected else ''}'>{name_of(board, deck, row)}</div>"
                   for row in range(len(deck.rows)))  # fmt: skip
    row = deck.selected
    values = "".join(
        f"<dt>{head(board, deck, one.label)}</dt><dd>{_look(board, deck, row, one.label)}</dd>"
        for one in deck.attributes
    )
    buttons = button_row(board)
    name = deck.key(row)
    pane = f"<div class='panel grow'>{board.put(name, 'pane', 'h2')}<dl>{values}</dl>{buttons}</div>"
    left = f"<div class='panel' style='width:{board.rng.randint(170, 330)}px'>{side}</div>"
    board.ask_as(
        "labels", ", ".join(one.label for one in deck.attributes), [deck.head(one.label) for one in deck.attributes]
    )
    board.about = f'"{deck.title}": a list of {len(deck.rows)} {deck.kind.plural}, of which "{name}" is open'
    both = [left, pane] if board.chance(0.75) else [pane, left]
    return f"{_heading(board, deck)}<div class='row top'>{''.join(both)}</div>"


def single(board: Board, deck: Deck) -> str:
    """One record: names and values."""
    deck.rows = deck.rows[:1]
    DeckAsker(board, deck).ask_solo(0, deck.attributes)
    apart = board.chance(0.4)
    if apart:
        facts = "".join(
            f"<div class='panel'><div class='muted small'>{head(board, deck, one.label)}</div>{cell(board, deck, 0, one.label, 'b')}</div>"
            for one in deck.attributes
        )
        body = f"<div class='row wrap'>{facts}</div>"
    else:
        body = (
            "<dl>"
            + "".join(
                f"<dt>{head(board, deck, one.label)}</dt><dd>{_look(board, deck, 0, one.label)}</dd>"
                for one in deck.attributes
            )
            + "</dl>"
        )
    board.ask_as(
        "labels", ", ".join(one.label for one in deck.attributes), [deck.head(one.label) for one in deck.attributes]
    )
    board.ask(
        "heading",
        deck.key(0),
        f"Which {deck.kind.noun} is shown?|What is the name of the {deck.kind.noun}?|Which {deck.kind.noun} is this page about?",
        (deck.name(0, deck.kind.key.label),),
    )
    board.about = f'the {deck.kind.noun} "{deck.key(0)}"'
    text = f"<p>{board.put(board.writer.sentence(5, 14))}</p>" if board.chance(0.5) else ""
    return f"<div class='muted'>{board.put(deck.title)}</div><h1>{name_of(board, deck, 0)}</h1>{text}{body}{button_row(board)}"


def kanban(board: Board, deck: Deck) -> str:
    """Columns of boxes, by a choice; as a list where there is none."""
    choice = next((one for one in deck.attributes if one.many[0]), None)
    if choice is None:
        return lines(board, deck)
    asker, rest = DeckAsker(board, deck), [one for one in deck.attributes if one is not choice][:2]
    asker.ask_values(unmistakable(rest), labelled=False)
    asker.ask_back(unmistakable(rest))
    columns = choice.type[7:].split("/")
    html = []
    for column in columns:
        rows = [row for row in range(len(deck.rows)) if deck.text(row, choice.label) == column]
        inside = "".join(f"<div class='panel' style='margin:6px 0'><div class='b'>{name_of(board, deck, row)}</div>"
                         + "".join(f"<div class='small'>{cell(board, deck, row, one.label)}</div>" for one in rest) + "</div>" for row in rows)  # fmt: skip
        count = f" <span class='badge'>{len(rows)}</span>" if board.chance(0.5) else ""
        html.append(
            f"<div class='grow'>{board.put(column, f'{deck.prefix}c.{column}', 'div', 'b')}{count}{inside}</div>"
        )
        needs = [f"{deck.prefix}c.{one}" for one in columns] + [
            deck.name(row, deck.kind.key.label) for row in range(len(deck.rows))
        ]
        board.ask(
            "how_many",
            str(len(rows)),
            f"How many {deck.kind.plural} are in the column {{c}}?|How many boxes does {{c}} have?|Count the boxes under {{c}}.",
            needs,
            c=column,
        )
        names = [deck.key(row) for row in rows]
        if names and len(names) < 5 and not any("," in name for name in names):
            board.ask(
                "list",
                ", ".join(names),
                f"Which {deck.kind.plural} are in the column {{c}}?|What is under {{c}}?|List the boxes in {{c}}.",
                needs,
                c=column,
            )
        for row in rows[:2]:
            board.ask(
                "value",
                column,
                "In which column is {k}?|Under which heading is {k}?|Which column has {k}?",
                (f"{deck.prefix}c.{column}", deck.name(row, deck.kind.key.label)),
                k=deck.key(row),
            )
    board.ask(
        "columns",
        ", ".join(columns),
        "Which columns are there?|Name the columns.|What are the columns of the board called?",
        [f"{deck.prefix}c.{one}" for one in columns],
    )
    board.about = f'a board "{deck.title}" with the columns {", ".join(columns)}'
    return f"{_heading(board, deck)}<div class='row top'>{''.join(html)}</div>"


def timeline(board: Board, deck: Deck) -> str:
    """What happened when, from the top down."""
    asker = DeckAsker(board, deck)
    asker.ask_all(labelled=False)
    first, *rest = deck.attributes
    wide = board.rng.randint(90, 200)
    items = "".join(f"<div class='row top item'><div class='muted' style='min-width:{wide}px;flex:none'>{cell(board, deck, row, first.label)}</div>"
                    f"<div style='width:10px;height:10px;border-radius:5px;margin-top:6px;flex:none;background:currentColor'></div>"
                    f"<div>{name_of(board, deck, row, 'b')}<div class='small'>{' / '.join(cell(board, deck, row, one.label) for one in rest)}</div></div></div>" for row in range(len(deck.rows)))  # fmt: skip
    board.about = f'a timeline "{deck.title}" with {len(deck.rows)} entries'
    return f"{_heading(board, deck)}{items}"


def sentences(board: Board, deck: Deck) -> str:
    """The records in prose: one short paragraph each."""
    deck.rows = deck.rows[:6]
    asker = DeckAsker(board, deck)
    asker.ask_values(deck.attributes, labelled=False)
    asker.ask_back(deck.attributes)
    asker.ask_whether(deck.attributes)
    html = []
    for row in range(len(deck.rows)):
        parts = [
            f"{lower(one.label)} {cell(board, deck, row, one.label, board.pick(('', 'b')))}" for one in deck.attributes
        ]
        joined = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
        start = board.pick(("has the", "comes with", "is listed with", "shows"))
        html.append(f"<p>{name_of(board, deck, row, 'b')} {start} {joined}. {board.writer.sentence(4, 12)}</p>")
    board.about = f'a text "{deck.title}" about {len(deck.rows)} {deck.kind.plural}'
    return f"{_heading(board, deck)}<div style='max-width:{board.rng.randint(480, 900)}px'>{''.join(html)}</div>"


VIEWS: tuple[tuple[float, View], ...] = (
    (5, table), (3, boxes), (3, lines), (3, detail), (2.5, single), (1.5, kanban), (1.2, timeline), (1.5, sentences), (1.5, sheet),
)  # fmt: skip
ASIDES: tuple[View, ...] = (table, lines, boxes, timeline)
"""Views that may stand beside or below another."""
