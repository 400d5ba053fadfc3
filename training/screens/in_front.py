"""A dialog in front of a program that fills the screen, and how people ask about the two."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.screens.dialogs import has_other_texts, is_clear
from training.screens.generator import LAYOUTS
from training.screens.panes.controls.properties import draw_property_dialog
from training.screens.panes.controls.wizards import draw_two_lists
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question, Screen
from training.screens.small.looks import draw_look
from training.screens.small.messages import draw_message
from training.screens.themes import Style
from training.screens.toolkits import draw_toolkit_window, under_title
from training.screens.webpages import INTERFACE_DIALOG
from training.screens.words import with_article

DIALOG_SHARE = 0.36
"""Of the full screens to train on that show a dialog in front of a program which fills the screen."""
_TOOLKIT_SHARE, _SMALL_SHARE, _CONTROLS_SHARE = 0.3, 0.1, 0.22
"""Of those dialogs: drawn by a real toolkit, very small ones, and those full of controls."""
_LEAST_SHARE = 0.4
"""Of the others with letters hardly larger than the smallest that can be read, as dialogs are on large screens."""
_OF_ALL = frozenset({"kind", "present"})
"""Kinds of a small dialog's questions that are about the whole image."""
_KINDS = frozenset({"dialog", "properties", "two_lists", INTERFACE_DIALOG})

_TITLE = ("What is the title of the dialog?", "What does the dialog's title bar say?", "Read the title of the dialog.",
          "Which title is on the dialog?", "Which title does the dialog have?", "Which title does the pop-up have?",
          "Which title does the dialog in front have?", "What is the title of the window in front?")  # fmt: skip
_TITLE_BEHIND = ("What is the title of the window behind the dialog?", "Which title does the window behind it have?",
                 "Read the title of the window in the background.", "Which window is behind the dialog?",
                 "What does the title bar of the large window say?", "Read the title of the program behind it.",
                 "Which title does the program behind the dialog have?",
                 "What is the title of the window at the back?")  # fmt: skip
_MESSAGE = ("What does the dialog say?", "What does the dialog in front say?", "Read the message of the dialog.",
            "What is the dialog's message?", "What does the pop-up say?", "Which message does the dialog show?",
            "What is written in the dialog?", "Quote the dialog.", "What is the message in the small window?",
            "What does the window in front tell me?")  # fmt: skip
_ASKED = ("What does the dialog ask?", "What am I asked?", "Which question does the dialog ask?", "What is asked?",
          "What does the dialog want to know?", "Read the question in the dialog.", "What does the pop-up ask me?",
          "What is the question of the dialog?")  # fmt: skip
_ERROR = ("Which error does the dialog show?", "What is the error in the dialog?", "Quote the error.",
          "What error is shown?", "What went wrong?", "Read the error message in the dialog.",
          "What does the error dialog say?", "Which error popped up?")  # fmt: skip
_BUTTONS = ("Which buttons does the dialog have?", "List the buttons of the dialog.", "What can I press in the dialog?",
            "What are the dialog's buttons?", "Read the buttons of the dialog.", "Name the dialog's buttons.",
            "Which buttons are in the pop-up?", "What buttons does the window in front have?")  # fmt: skip
_COUNT = ("How many buttons does the dialog have?", "Count the buttons of the dialog.",
          "How many buttons are in the dialog?", "How many buttons does the window in front have?",
          "How many buttons can I press in the dialog?", "How many buttons does the pop-up have?",
          "What is the number of buttons in the dialog?", "How many buttons are there in the pop-up?")  # fmt: skip
_ALIKE = ("dialog", "notification", "wizard", "assistant", "installer", "chooser", "box", "menu")
"""In the nouns of windows that people may call a dialog, or that have buttons below a text."""
_TITLE_OF = ("What is the title of the dialog?", "Which title does the dialog have?", "Read the dialog's title.",
             "What is the dialog called?", "Title of the dialog?", "Which title is on the dialog?",
             "What is the pop-up called?", "What is the dialog box called?", "There is a dialog. What is its title?",
             "What is written at the top of the dialog?", "Which dialog is open? Read its title.", "Name the dialog.",
             "Tell me the title of the dialog.")  # fmt: skip
_MESSAGE_OF = ("What does the dialog say?", "What is the message of the dialog?", "Read the dialog's message.",
               "What does the pop-up say?", "Which message does the dialog show?", "Quote the dialog.",
               "Read out what the dialog says.", "A dialog has popped up. What does it say?",
               "What does the dialog tell me?", "What does the text of the dialog say?", "Read the text in the dialog.",
               "What does the message box say?", "What is the message in the dialog box?",
               "Copy the whole message of the dialog.", "What is the full text of the message in the dialog?",
               "What is this dialog about? Quote it.")  # fmt: skip
_BUTTONS_OF = ("Which buttons does the dialog have?", "What are the buttons of the dialog?",
               "List the dialog's buttons.", "What can I click in the dialog?", "How can I answer the dialog?",
               "Which choices does the dialog give?",
               "Which buttons are in the dialog box?", "Read the buttons of the pop-up.",
               "Which buttons can I press in the dialog?", "Between which buttons can I choose in the dialog?",
               "What do the buttons of the dialog say?", "Name the buttons in the dialog.",
               "The dialog: which buttons?", "Buttons of the dialog?")  # fmt: skip
_BEHIND = ("What is behind the dialog?", "What kind of window is behind the dialog?", "What is in the background?",
           "Which kind of program is behind the dialog?", "What does the dialog cover?", "What is the large window?",
           "In front of what is the dialog?", "What lies behind the pop-up?")  # fmt: skip


def draw_front_dialog(rng: random.Random, writer: Writer, style: Style, least_px: float) -> Screen:
    """A dialog of any toolkit; only from a pack or in bitmap type if letters have `least_px` at least."""
    draw = rng.random()
    screen = None
    if draw < _TOOLKIT_SHARE:
        screen = draw_toolkit_window(rng, dialog=True)
    elif draw < _TOOLKIT_SHARE + _SMALL_SHARE:
        small = draw_message(rng, writer, draw_look(rng))
        asked = tuple(one for one in small.questions if one.kind not in _OF_ALL)
        screen = under_title(rng, replace(small, questions=asked))
    elif draw < _TOOLKIT_SHARE + _SMALL_SHARE + _CONTROLS_SHARE:
        screen = rng.choice((draw_property_dialog, draw_property_dialog, draw_two_lists))(rng, writer, style)
    elif rng.random() < _LEAST_SHARE:
        size = least_px * rng.uniform(1.05, 1.25)
        screen = LAYOUTS["dialog"][1](rng, writer, replace(style, type=replace(style.type, size=size)))
    if screen and min(glyph.box[3] - glyph.box[1] for glyph in screen.glyphs) >= least_px:
        return screen
    return LAYOUTS["dialog"][1](rng, writer, style)


def ask_only_dialog(rng: random.Random, screens: Sequence[Screen], place: int) -> list[Question]:
    """More about the only dialog of several windows, in front or not; none where another may be taken for one."""
    dialog, others = screens[place], [screen for number, screen in enumerate(screens) if number != place]
    if dialog.kind not in ("dialog", INTERFACE_DIALOG) or any(
        word in other.noun for word in _ALIKE for other in others
    ):
        return []
    if any("dialog" in one.text or "pop-up" in one.text for other in others for one in other.questions):
        return []  # a page with a dialog in it
    answers = {one.kind: one.answer for one in reversed(dialog.questions)}
    message = [way for way in _MESSAGE_OF if is_clear(way) or not has_other_texts(dialog.questions)]
    ways: list[tuple[str, tuple[str, ...], int]] = [("title", _TITLE_OF, 2), ("message", tuple(message), 3),
                                                    ("buttons", _BUTTONS_OF, 2)]  # fmt: skip
    return [question(rng, kind, answers[kind], some) for kind, some, count in ways if kind in answers
            for _ in range(count)]  # fmt: skip


def ask_dialog_in_front(rng: random.Random, dialog: Screen, behind: Sequence[Question], noun: str) -> list[Question]:
    """Questions that name the dialog or the window behind it, whose kind `noun` names; none where it is no dialog,
    or the window behind has one of its own.

    `behind` is what can be asked about that window as far as it is seen.
    """
    if dialog.kind not in _KINDS or any("dialog" in one.text or "pop-up" in one.text for one in behind):
        return []
    answers = {one.kind: one.answer for one in reversed(dialog.questions)}
    found = [question(rng, "kind", f"{with_article(noun, capital=True)}.", _BEHIND)] if noun else []
    if "title" in answers:
        found.append(question(rng, "title", answers["title"], _TITLE))
    titles = [one.answer for one in behind if one.kind == "title"]
    if titles:
        found += [question(rng, "title", titles[0], _TITLE_BEHIND) for _ in range(2)]
    if "message" in answers:
        message = answers["message"]
        said = [way for way in _MESSAGE if is_clear(way) or not has_other_texts(dialog.questions)]
        ways = [said, *([_ASKED] if message.endswith("?") else []), *([_ERROR] if "error" in dialog.noun else [])]
        found += [question(rng, "message", message, rng.choice(ways)) for _ in range(3)]
    if "buttons" in answers and dialog.kind in ("dialog", INTERFACE_DIALOG):
        found.append(question(rng, "buttons", answers["buttons"], _BUTTONS))
        found.append(question(rng, "count", str(answers["buttons"].count(", ") + 1), _COUNT))
    return found
