"""What a description of a screen is made of, asked for by itself in people's words; for training images."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.screens.describing import kind_of, named, window_described
from training.screens.phrasing import question
from training.screens.records import Question
from training.screens.stacking import Window
from training.screens.words import with_article

_KIND = ("What kind of window is in front?", "What kind of window is on top?", "What sort of window is in front?",
         "Which kind of window is in the foreground?", "What is the window in front?", "What am I looking at in front?",
         "What kind of window covers the others?")  # fmt: skip
_ONLY_KIND = ("What kind of window is on the screen?", "What kind of window is this?", "Which kind of window is shown?",
              "What sort of window do you see?", "What is the window on the screen?",
              "What kind of thing is open on this screen?")  # fmt: skip
_FRONT = ("Describe only the window in front.", "Describe the window in front.", "What is in front? Describe it.",
          "Tell me about the front window alone.", "Describe the topmost window and nothing else.",
          "What does the window in front show?", "Describe the foreground.")  # fmt: skip
_PARTS = ("What are the main parts of the {w}?", "What does the {w} have?", "Which parts does the {w} have?",
          "What is the {w} made of?", "What is in the {w}, besides its title?", "Name the parts of the {w}.",
          "What else is in the {w} than its title?")  # fmt: skip
_BEHIND = ("Which windows are behind the one in front?", "What is behind the window in front?",
           "What is in the background?",
           "Which windows lie behind it?",
           "Name the windows behind the front one, from left to right.",
           "What windows are behind the topmost one?", "List the windows in the background.",
           "What else do you see behind the front window?")  # fmt: skip
_N_BEHIND = ("How many windows are behind the one in front?", "How many windows are in the background?",
             "How many windows lie behind the front one?", "Number of windows behind the topmost one?",
             "Count the windows behind the one in front.")  # fmt: skip
_SEVERAL = ("Is there more than one window on the screen?", "Do you see more than one window?",
            "Are there several windows on the screen?", "Is more than one window on the screen?")  # fmt: skip
_ALONE = ("Is it the only window on the screen?", "Is only one window on the screen?", "Is there just one window?",
          "Do you see a single window?")  # fmt: skip
_ALL = ("List all windows from left to right.", "Which windows are on the screen, from left to right?",
        "Name every window on the screen, from the left to the right.", "What are all the windows here, left to right?",
        "Say what each window is, from left to right.")  # fmt: skip
_KINDS = ("What kinds of windows are on the screen, from left to right?",
          "Which kinds of windows do you see, left to right?",
          "Of what kind is each window, from left to right?",
          "Name the kinds of all windows from left to right.")  # fmt: skip
_COUNT = ("How many windows do you see on the screen?",
          "How many windows are on the screen, the one in front included?",
          "How many windows does this screen show?", "Count all windows on the screen.",
          "How many windows are there altogether on the screen?", "Number of windows on the screen?")  # fmt: skip
_NONE = "None"
_HEAD = re.compile(r'^(?: titled "[^"]*")?(?: that says ".*?")?(?=[ .]|$)')
_LONGEST = 300
_BOTH_SHARE = 0.35
"""Of the screens that are asked whether they show several windows."""


def part_questions(rng: random.Random, windows: Sequence[Window], least_px: float, *, seen: bool) -> list[Question]:
    """The kind, the parts and the number of windows, those in front and behind, some of it at random.

    `windows` are those that are seen, from back to front; `least_px` is as in `describing`; `seen` says whether the
    last is seen to be in front.
    """
    several = len(windows) > 1
    found = [question(rng, "count", str(len(windows)), _COUNT)]
    if several:
        ordered = sorted(windows, key=lambda one: one.box[:2])
        found.append(question(rng, "list", _sentence([named(one, least_px) for one in ordered]), _ALL))
        found.append(question(rng, "kind", _sentence([with_article(kind_of(one.screen)) for one in ordered]), _KINDS))
    if seen:
        found += _of_front(rng, windows[-1], alone=not several)
        found += _of_those_behind(rng, sorted(windows[:-1], key=lambda one: one.box[:2]), least_px)
    kept = [one for one in found if len(one.answer) <= _LONGEST]
    chosen = rng.sample(kept, (2 * len(kept) + 2) // 3)
    if rng.random() < _BOTH_SHARE:  # yes and no as often
        more, one = ("Yes", "No") if several else ("No", "Yes")
        chosen += [question(rng, "present", more, _SEVERAL), question(rng, "present", one, _ALONE)]
    return chosen


def _of_front(rng: random.Random, front: Window, *, alone: bool) -> list[Question]:
    described, head = window_described(front.screen), with_article(kind_of(front.screen), capital=True)
    found: list[Question] = []
    if described and not alone:
        found.append(question(rng, "describe", described, _FRONT))
    if not described.startswith(head):
        return found
    if kind_of(front.screen) != "window":
        found.append(question(rng, "kind", f"{head}.", _ONLY_KIND if alone else _KIND))
    rest = _HEAD.sub("", described[len(head) :], count=1)
    if rest.startswith(" with ") and len(rest) > len(" with "):
        parts = rest.removeprefix(" with ")
        found.append(question(rng, "list", parts[0].upper() + parts[1:], _PARTS,
                              w="window" if alone else rng.choice(("window in front", "front window"))))  # fmt: skip
    return found


def _of_those_behind(rng: random.Random, behind: Sequence[Window], least_px: float) -> list[Question]:
    said = _sentence([named(one, least_px) for one in behind]) if behind else _NONE
    return [question(rng, "list", said, _BEHIND), question(rng, "count", str(len(behind)), _N_BEHIND)]


def _sentence(names: Sequence[str]) -> str:
    text = ", ".join(names)
    return f"{text[0].upper()}{text[1:]}."
