"""Whole pages: a view in a shell, with a look, as HTML and what can be asked about it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from training.screens.phrases import Writer
from training.screens.typefaces import Family
from training.web.board import Board
from training.web.channels import channel, irc
from training.web.code import editor, terminal
from training.web.controls import form, modal, settings, sign_in
from training.web.deck import draw_deck
from training.web.documents import answers, invoice, notifications, results
from training.web.entries import entry_form, overlay
from training.web.frames import browser, office, viewer
from training.web.handbooks import manual
from training.web.kinds import Kind
from training.web.look import draw_look, stylesheet
from training.web.messages import messenger, reading_pane
from training.web.more_kinds import ALL_KINDS
from training.web.overviews import calendar, tiles
from training.web.panels import panels
from training.web.papers import abstract, letter
from training.web.reading import front, story
from training.web.references import history, reference
from training.web.schedules import departures, weather
from training.web.shells import Shell, bare, full, program, site
from training.web.states import states
from training.web.talk import chat, mail
from training.web.texts import article, docs, error_page, paper, paragraph
from training.web.trackers import issues
from training.web.values import Maker
from training.web.views import ASIDES, VIEWS
from training.web.wares import wares

Scene: TypeAlias = Callable[[Board], str]

SIZES = ((1366, 768), (1920, 1080), (1280, 800), (1440, 900), (1600, 900), (1024, 768), (1280, 720))
"""Of screens that pages fill, less what the desktop and the browser take of their height."""


def records(board: Board) -> str:
    """One of the views of records, often with another, or with text, beside it or below."""
    view = board.rng.choices([view for _, view in VIEWS], [weight for weight, _ in VIEWS])[0]
    most = board.pick((6, 9, 14, 20, 28))
    first = draw_deck(board, ALL_KINDS, least=max(3, most // 2), most=most)
    html = view(board, first)
    if board.noun != "browser" or board.chance(0.5):
        return html
    if board.chance(0.3):
        about = board.about
        more = "".join(paragraph(board, board.rng.randint(0, 2), 1, 4) for _ in range(board.rng.randint(1, 3)))
        board.about = about
        return _arranged(board, html, more)
    return with_records(board, html, [kind for kind in ALL_KINDS if kind is not first.kind])


def with_records(board: Board, html: str, kinds: Sequence[Kind] = ALL_KINDS) -> str:
    """Some records beside or below something else."""
    about, noun = board.about, board.noun
    deck = draw_deck(board, kinds, least=4, most=board.pick((7, 12)), columns=3)
    deck.prefix = "s"
    more = board.pick(ASIDES)(board, deck)
    board.about, board.noun = about, noun
    return _arranged(board, html, more)


def _arranged(board: Board, html: str, more: str) -> str:
    if board.chance(0.6):
        return f"<div class='row top'><div class='grow'>{html}</div><div style='width:{board.rng.randint(26, 46)}%'>{more}</div></div>"
    return f"{html}<div style='margin-top:14px'>{more}</div>"


_WEB: tuple[Shell, ...] = (site, browser(site), browser(site), browser(bare), bare)
_ANY: tuple[Shell, ...] = (*_WEB, program, program)
SCENES: dict[str, tuple[float, Scene, Sequence[Shell]]] = {
    "records": (34, records, _ANY),
    "story": (8, story, _WEB),
    "front": (4, front, _WEB),
    "manual": (7, manual, (*_WEB, viewer)),
    "abstract": (4, abstract, (viewer,)),
    "letter": (6, letter, (viewer, office, office)),
    "departures": (5, departures, _WEB),
    "weather": (5, weather, (*_WEB, program)),
    "wares": (5, wares, _WEB),
    "entries": (8, entry_form, (*_WEB, program)),
    "messenger": (6, messenger, (program, bare, browser(bare))),
    "reading-pane": (5, reading_pane, (program, bare, browser(bare))),
    "irc": (6, irc, (full, full, bare, program)),
    "channel": (6, channel, (bare, program, browser(bare))),
    "panels": (9, panels, _ANY),
    "reference": (7, reference, _WEB),
    "history": (5, history, (site, bare, browser(site), browser(bare))),
    "article": (1, article, _WEB),
    "docs": (2, docs, _WEB),
    "paper": (2.5, paper, (full, full, program)),
    "error": (4, error_page, (site, bare, browser(bare), browser(bare))),
    "issues": (7, issues, (site, bare, browser(site), browser(bare), program)),
    "states": (5, states, _ANY),
    "terminal": (3, terminal, (full,)),
    "editor": (4, editor, (full,)),
    "settings": (4, settings, _ANY),
    "form": (3, form, _ANY),
    "sign-in": (4, sign_in, (site, bare, browser(bare), browser(bare))),
    "tiles": (3, tiles, _ANY),
    "chat": (2.5, chat, (bare, site, program)),
    "mail": (2, mail, (bare, program, site)),
    "calendar": (3, calendar, _ANY),
    "invoice": (5, invoice, _ANY),
    "answers": (2.5, answers, _ANY),
    "notifications": (2.5, notifications, _ANY),
    "results": (3, results, _WEB),
}
"""How often each kind of page is drawn, by what, and in which shells."""


_ROOMY = frozenset(
    {
        "story",
        "front",
        "manual",
        "weather",
        "wares",
        "docs",
        "departures",
        "tiles",
        "results",
        "answers",
        "panels",
        "reference",
        "history",
    }
)
"""Pages that often have something else beside them."""


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
    shell, view = rng.choice(shells), scene(board)
    if name in _ROOMY and rng.random() < 0.5:
        view = with_records(board, view)
    draw = rng.random()
    if name not in {"error", "sign-in", "letter", "abstract"} and draw < 0.18:
        view = f"<div style='min-height:100%'>{(modal if draw < 0.05 else overlay)(board, view)}</div>"
    inside = shell(board, view)
    shown = f"{'A program' if board.noun == 'program' else 'A browser'} that shows {board.about}"
    if board.noun not in {"browser", "program"}:
        shown = f"{board.about[0].upper()}{board.about[1:]}"
    shown += "" if shown[-1] in ".!?" else "."
    board.ask_as("describe", shown, ())
    heading = next((board.texts[one] for one in ("title", "pane", "site") if one in board.texts), "")
    board.title = board.title or heading or board.maker.make("app").text
    if not (board.whole or board.app) and board.noun not in {"browser", "log", "terminal"} and board.chance(0.75):
        board.name_window(board.title)
    html = f"<!doctype html><html><head><meta charset='utf-8'><style>{stylesheet(rng, look)}</style></head><body>{inside}</body></html>"
    return Page(html, width, height, board, name)
