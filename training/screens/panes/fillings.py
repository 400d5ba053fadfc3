"""All of them, with how often each is drawn beside the other windows that fill a screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeAlias

from training.screens.panes.builds import draw_build, draw_process_list
from training.screens.panes.code import draw_code_window
from training.screens.panes.columns import draw_columns
from training.screens.panes.config_files import draw_config_file
from training.screens.panes.controls.choosers import draw_chooser
from training.screens.panes.controls.list_buttons import draw_list_dialog, draw_list_window
from training.screens.panes.controls.properties import draw_property_dialog, draw_property_window
from training.screens.panes.controls.wizards import draw_two_lists, draw_wizard
from training.screens.panes.feeds import draw_feed
from training.screens.panes.folders import draw_folder
from training.screens.panes.lists import draw_database, draw_records, draw_transfers
from training.screens.panes.managers import draw_manager
from training.screens.panes.options import draw_options
from training.screens.panes.papers import draw_entry_form, draw_invoice, draw_welcome
from training.screens.panes.plain_text import draw_plain_text
from training.screens.panes.repository import draw_commit_window, draw_history
from training.screens.panes.sheets import draw_sheet
from training.screens.panes.small import draw_about, draw_calculator, draw_failure, draw_palette
from training.screens.panes.states import draw_states
from training.screens.panes.talk import draw_talk
from training.screens.panes.tallies import draw_small_tallies, draw_tallies
from training.screens.panes.text_boxes import draw_text_box
from training.screens.panes.text_lists import draw_menu_box, draw_text_list
from training.screens.panes.text_mode import draw_text_editor, draw_two_panes
from training.screens.panes.writers import draw_writer
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.toolkits import draw_toolkit_window

Filling: TypeAlias = "Callable[[Random, Writer, Style, int, int], Screen]"


def _draw_toolkit(rng: Random, writer: Writer, style: Style) -> Screen:
    """A window of a real toolkit's, where there are packs."""
    return draw_toolkit_window(rng, dialog=False) or draw_property_dialog(rng, writer, style)


PANES: dict[str, tuple[float, Filling]] = {
    "code_window": (4, draw_code_window),
    "sheet": (3.5, draw_sheet),
    "folder": (3, draw_folder),
    "options": (3, draw_options),
    "properties": (2.2, draw_property_window),
    "list_window": (1, draw_list_window),
    "columns": (2.5, draw_columns),
    "plain_text": (3, draw_plain_text),
    "config_file": (1.8, draw_config_file),
    "manager": (4, draw_manager),
    "writer": (1.6, draw_writer),
    "text_list": (2, draw_text_list),
    "menu_box": (0.8, draw_menu_box),
    "text_box": (1, draw_text_box),
    "history": (1.5, draw_history),
    "commit_window": (1.3, draw_commit_window),
    "database": (1.8, draw_database),
    "transfers": (1.2, draw_transfers),
    "records": (2.2, draw_records),
    "talk": (2.2, draw_talk),
    "feed": (4.5, draw_feed),
    "states": (2.5, draw_states),
    "tallies": (12, draw_tallies),
    "invoice": (1.5, draw_invoice),
    "entry_form": (1.5, draw_entry_form),
    "welcome": (1, draw_welcome),
    "two_panes": (1.6, draw_two_panes),
    "text_editor": (1.5, draw_text_editor),
    "process_list": (1, draw_process_list),
    "build": (2, draw_build),
}

SMALL: dict[str, tuple[float, Callable[[Random, Writer, Style], Screen]]] = {
    "failure": (6, draw_failure),
    "about": (2, draw_about),
    "calculator": (2, draw_calculator),
    "palette": (2, draw_palette),
    "property_dialog": (7, draw_property_dialog),
    "chooser": (3, draw_chooser),
    "wizard": (2.5, draw_wizard),
    "two_lists": (2.5, draw_two_lists),
    "list_dialog": (2.5, draw_list_dialog),
    "toolkit": (4, _draw_toolkit),
    "tallies": (15, draw_small_tallies),
}
"""Windows of their own size, how often each is drawn among them."""
_SMALL_SHARE = 0.55
"""Of the windows that are drawn alone."""
_LONGEST_ALONE = 330
"""Characters of an answer about a window alone."""


def draw_pane(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A random one that fills its room, `width` x `height` px."""
    name = rng.choices(list(PANES), [weight for weight, _ in PANES.values()])[0]
    return PANES[name][1](rng, writer, style, width, height)


def draw_small(rng: Random, writer: Writer, style: Style) -> Screen:
    """A random small window."""
    name = rng.choices(list(SMALL), [weight for weight, _ in SMALL.values()])[0]
    return SMALL[name][1](rng, writer, style)


def draw_program(rng: Random, writer: Writer, style: Style) -> Screen:
    """A window alone, as someone cuts it out: a small one, or a program at a small size; no answer is long."""
    if rng.random() < _SMALL_SHARE:
        screen = draw_small(rng, writer, style)
    else:
        screen = draw_pane(rng, writer, style, rng.randint(460, 620), rng.randint(320, 450))
    return replace(screen, questions=tuple(one for one in screen.questions if len(one.answer) <= _LONGEST_ALONE))
