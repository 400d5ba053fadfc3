"""What the prompt to describe a screen is answered with: the same parts in the same order for each kind of window."""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.screens.neighbours import texts_of
from training.screens.records import Screen
from training.screens.stacking import Window
from training.screens.words import with_article

_CALLED = re.compile(r"^ called (.+?)(?= with | show| that | in which | on the | in a )")
SEVERAL = "A desktop with several windows:"
"""How a description begins where no window is in front."""
_NOUNS = {
    "settings": "settings window", "options": "settings window", "preferences window": "settings window",
    "text": "text window", "mail": "mail window", "tool window": "small window", "small tool window": "small window",
    "selection dialog": "dialog", "chat program": "chat", "chat client": "chat", "PDF viewer": "document viewer",
}  # fmt: skip
"""How the nouns of windows are said that are not what people call one, or where one kind has several."""


def kind_of(screen: Screen) -> str:
    """What a description calls a window: each kind by one name. A note below a title bar looks as any window."""
    if screen.noun == "note" and any(one.kind == "title" for one in screen.questions):
        return "window"
    return _NOUNS.get(screen.noun, screen.noun)


def window_described(screen: Screen) -> str:
    """One window: its kind, its title where it has one, what a dialog says, its other parts; "" where not known.

    The layout's own description says the kind and the parts; a title takes the place of a program's name.
    """
    answers = {one.kind: one.answer for one in reversed(screen.questions)}
    said = answers.get("describe", "")
    if not said:
        return ""
    title = answers.get("title", "")
    head = with_article(screen.noun, capital=True)
    if not said.startswith(head):
        return f'{said} Its title is "{title}".' if title and title not in said else said
    rest = said[len(head) :]
    if title and f'"{title}"' not in rest:
        rest = f' titled "{title}"' + _CALLED.sub("", rest)
    message = answers.get("message", "")
    if message and "dialog" in screen.noun and screen.kind == "dialog" and message not in rest:
        titled = f' titled "{title}"' if title else ""
        rest = f'{titled} that says "{message}"{rest.removeprefix(titled)}'
    if message and screen.noun == "terminal" and message not in rest:
        rest += f' It shows the error "{message}".'
    return with_article(kind_of(screen), capital=True) + rest


def screen_described(windows: Sequence[Window], least_px: float) -> str:
    """All windows, from back to front: that in front, those behind it from left to right, how many are open.

    Args:
        windows: those that are seen.
        least_px: height of the smallest letters that can be read; of a window behind the front, a title is said
            where it is seen as a whole and can be read.
    """
    front = window_described(windows[-1].screen)
    if not front:
        return ""
    behind = sorted(windows[:-1], key=lambda one: one.box[:2])
    others = f" Behind it: {', '.join(named(one, least_px) for one in behind)}." if behind else ""
    count = f"{len(windows)} windows are open." if behind else "One window is open."
    stop = "" if front.endswith(".") else "."
    return f"A desktop. In front: {front}{stop}{others} {count}"


def listed_windows(windows: Sequence[Window], least_px: float) -> str:
    """As `screen_described`, where none is seen to be in front: all of them from left to right."""
    ordered = sorted(windows, key=lambda one: one.box[:2])
    said = ", ".join(named(one, least_px) for one in ordered)
    return f"{SEVERAL} {said}. {len(windows)} windows are open."


def named(window: Window, least_px: float) -> str:
    """A window's kind, with its title where that is seen as a whole and can be read."""
    seen = window.title and any(one.text == window.title and one.box[3] - one.box[1] >= least_px
                                for one in texts_of(window.texts))  # fmt: skip
    return with_article(kind_of(window.screen)) + (f' titled "{window.title}"' if seen else "")
