"""Whole pages: a view in a shell, with a look, as HTML and what can be asked about it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from training.screens.phrases import Writer
from training.screens.typefaces import Family
from training.web.board import Board
from training.web.code import editor, terminal
from training.web.controls import form, modal, settings, sign_in
from training.web.deck import draw_deck
from training.web.documents import answers, invoice, notifications, results
from training.web.look import draw_look, stylesheet
from training.web.more_kinds import ALL_KINDS
from training.web.overviews import calendar, tiles
from training.web.shells import Shell, bare, full, program, site
from training.web.talk import chat, mail
from training.web.texts import article, docs, error_page, paper, paragraph
from training.web.values import Maker
from training.web.views import ASIDES, VIEWS

Scene: TypeAlias = Callable[[Board], str]

SIZES = ((1366, 768), (1920, 1080), (1280, 800), (1440, 900), (1600, 900), (1024, 768), (1280, 720))
"""Of screens that pages fill, less what the desktop and the browser take of their height."""


def records(board: Board) -> str:
    """One of the views of records, often with another, or with text, beside it or below."""
    view = board.rng.choices([view for _, view in VIEWS], [weight for weight, _ in VIEWS])[0]
    first = draw_deck(board, ALL_KINDS, most=board.pick((6, 9, 14, 20, 28)))
    html = view(board, first)
    if board.noun != "browser" or board.chance(0.5):
        return html
    about = board.about
    if board.chance(0.3):
        more = "".join(paragraph(board, board.rng.randint(0, 2), 1, 4) for _ in range(board.rng.randint(1, 3)))
    else:
        second = draw_deck(board, [kind for kind in ALL_KINDS if kind is not first.kind], most=7, columns=3)
        second.prefix = "s"
        more = board.pick(ASIDES)(board, second)
    board.about = about
    if board.chance(0.5):
        return f"<div class='row top'><div class='grow'>{html}</div><div style='width:{board.rng.randint(26, 46)}%'>{more}</div></div>"
    return f"{html}<div style='margin-top:14px'>{more}</div>"


_ANY: tuple[Shell, ...] = (site, site, site, program, program, bare)
SCENES: dict[str, tuple[float, Scene, Sequence[Shell]]] = {
    "records": (46, records, _ANY),
    "article": (6, article, (site, site, bare)),
    "docs": (6, docs, (site, site, bare)),
    "paper": (4, paper, (full, full, program)),
    "error": (3, error_page, (site, bare, bare)),
    "terminal": (5, terminal, (full,)),
    "editor": (5, editor, (full,)),
    "settings": (5, settings, _ANY),
    "form": (5, form, _ANY),
    "sign-in": (3, sign_in, (site, bare, bare)),
    "tiles": (4, tiles, _ANY),
    "chat": (5, chat, (bare, site, program)),
    "mail": (4, mail, (bare, program, site)),
    "calendar": (4, calendar, _ANY),
    "invoice": (4, invoice, _ANY),
    "answers": (3, answers, _ANY),
    "notifications": (3, notifications, _ANY),
    "results": (3, results, (site, bare, bare)),
}
"""How often each kind of page is drawn, by what, and in which shells."""


@dataclass(frozen=True)
class Page:
    """A page before it has been laid out."""

    html: str
    width: int
    height: int
    board: Board
    name: str


def draw_size(rng: random.Random) -> tuple[int, int]:
    """Of the window's inside, px: often what a screen leaves beneath bars."""
    draw = rng.random()
    if draw < 0.6:
        wide, high = rng.choice(SIZES[:2]) if draw < 0.36 else rng.choice(SIZES)
        return wide, high - rng.choice((90, 100, 110, 120, 130, 140))
    return rng.randint(900, 1800), rng.randint(560, 960)


def draw_page(rng: random.Random, families: Sequence[Family]) -> Page:
    """A random page, in training words and fonts."""
    writer = Writer(rng, "train")
    board = Board(rng, writer, Maker(rng, writer))
    width, height = draw_size(rng)
    name = rng.choices(list(SCENES), [weight for weight, _, _ in SCENES.values()])[0]
    _, scene, shells = SCENES[name]
    look = draw_look(rng, families, width)
    inside = rng.choice(shells)(board, scene(board))
    if name not in {"error", "sign-in"} and rng.random() < 0.06:
        inside = modal(board, inside)
    shown = f"{'A program' if board.noun == 'program' else 'A browser'} that shows {board.about}."
    if board.noun not in {"browser", "program"}:
        shown = f"{board.about[0].upper()}{board.about[1:]}."
    board.ask_as("describe", shown, ())
    heading = next((board.texts[one] for one in ("title", "pane", "site") if one in board.texts), "")
    board.title = board.title or heading or board.maker.make("app").text
    html = f"<!doctype html><html><head><meta charset='utf-8'><style>{stylesheet(rng, look)}</style></head><body>{inside}</body></html>"
    return Page(html, width, height, board, name)
