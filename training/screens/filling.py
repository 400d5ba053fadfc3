"""Windows that fill a screen, or much of it: each is drawn at the size that it is given."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from training.screens.coding.editor import draw_code_editor
from training.screens.coding.logs import draw_commits, draw_log, draw_query
from training.screens.coding.sessions import draw_session
from training.screens.facts.documents import FACT_FILLING
from training.screens.pages import draw_browser, draw_long_terminal
from training.screens.panes.fillings import draw_pane
from training.screens.phrases import Writer
from training.screens.programs.agenda import draw_agenda, draw_tasks
from training.screens.programs.chat import draw_chat
from training.screens.programs.files import draw_files
from training.screens.programs.letters import draw_letter
from training.screens.programs.mail import draw_mail
from training.screens.programs.monitor import draw_media, draw_monitor
from training.screens.programs.settings import draw_settings
from training.screens.programs.spreadsheet import draw_spreadsheet
from training.screens.records import Screen
from training.screens.sites.account import draw_booking, draw_sign_in, draw_statement
from training.screens.sites.dashboard import draw_dashboard, draw_weather
from training.screens.sites.docs import draw_docs
from training.screens.sites.news import draw_forum, draw_news
from training.screens.sites.shop import draw_product, draw_results
from training.screens.sites.timetable import draw_timetable
from training.screens.sites.web_tables import draw_order, draw_web_table
from training.screens.themes import Style

Filling: TypeAlias = "Callable[[random.Random, Writer, Style, int, int], Screen]"

FILLING: dict[str, tuple[float, Filling]] = {
    "browser": (1, draw_browser),
    "files": (1.8, draw_files),
    "mail": (1.6, draw_mail),
    "chat": (1.4, draw_chat),
    "settings": (1.8, draw_settings),
    "spreadsheet": (2, draw_spreadsheet),
    "letter": (1.6, draw_letter),
    "agenda": (0.7, draw_agenda),
    "tasks": (0.8, draw_tasks),
    "monitor": (0.9, draw_monitor),
    "media": (1, draw_media),
    "long_terminal": (1, draw_long_terminal),
    "news": (1.2, draw_news),
    "forum": (0.8, draw_forum),
    "product": (1.2, draw_product),
    "results": (0.7, draw_results),
    "dashboard": (1.4, draw_dashboard),
    "weather": (0.8, draw_weather),
    "sign_in": (1.4, draw_sign_in),
    "statement": (0.8, draw_statement),
    "booking": (0.8, draw_booking),
    "docs": (1.2, draw_docs),
    "timetable": (1.1, draw_timetable),
    "code_editor": (2.2, draw_code_editor),
    "session": (2.6, draw_session),
    "log": (1, draw_log),
    "commits": (0.8, draw_commits),
    "query": (1, draw_query),
    "web_table": (2.2, draw_web_table),
    "order": (1.3, draw_order),
    **FACT_FILLING,
}
"""How often, and by what, each is drawn, given its width and height in pixels."""

_TRAINING_ONLY = frozenset({"web_table", "order", *FACT_FILLING})
"""Held-out screens keep to the others, so that results of all runs are about the very same ones."""

_PANE_SHARE = 0.8
"""Of those windows to train on: programs of `panes`."""
_LINES_SHARE, _OF_LINES = 0.1, ("long_terminal", "session", "log", "code_editor")
"""Of those windows to train on: what is made of lines, which are asked for by their numbers."""


def draw_filling(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A random one of them, `width` x `height` px."""
    training = writer.training
    if training and rng.random() < _LINES_SHARE:
        return FILLING[rng.choice(_OF_LINES)][1](rng, writer, style, width, height)
    if training and rng.random() < _PANE_SHARE:
        return draw_pane(rng, writer, style, width, height)
    weights = [weight if training or name not in _TRAINING_ONLY else 0 for name, (weight, _) in FILLING.items()]
    name = rng.choices(list(FILLING), weights)[0]
    return FILLING[name][1](rng, writer, style, width, height)
