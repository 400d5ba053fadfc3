"""Windows that real toolkits drew, from packs of `python -m training.toolkit_pack` (Qt) and `training.widgets.pack`
(Tk, GTK).

DESKTOP_VLM_PACK names the packs (parted as in PATH); without it there are none. Where characters stand is not known in
Qt's.
"""

from __future__ import annotations

import functools
import io
import json
import os
import random
import re
import zipfile
from dataclasses import replace
from typing import Any, TypeAlias

from PIL import Image

from training.screens.asking import Asker
from training.screens.dialogs import clearly_asked
from training.screens.framing import bar_pen, under_bar
from training.screens.line_questions import line_questions
from training.screens.panes.names import NTH
from training.screens.panes.questions import LIST_PHRASINGS
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question, Screen
from training.screens.sketch import title_room
from training.screens.themes import draw_style
from training.screens.webpages import Line

INDEX = "index.json"
SHARE = 0.16
"""Of training images, where there is a pack."""
_TITLED = 0.5
"""Of windows without a title that get a bar with one, where the places of their characters are known."""
_TRIES = 12
_SAYS = re.compile(r'^([^"]*?) that says ".*"( with the buttons? .*|)(\.)$', re.DOTALL)
"""A dialog's description by what it says."""
_PHRASINGS: dict[str, tuple[str, ...]] = {
    "tool_tabs": ("Which tabs are there?", "List the tabs.", "Name the tabs.", "What are the tabs called?",
                  "Read the tabs.", "Which tabs can I open?", "What tabs do you see?", "What is on the tabs?"),
    "tool_tab": ("Which tab is open?", "Which tab is selected?", "Which tab is active?", "Which tab is in front?",
                 "What is the open tab called?", "On which tab am I?", "Which tab is shown?", "Name the active tab."),
    "tool_details": ("What do the details say?", "Read the details.", "What is in the box?", "Quote the details.",
                     "Copy the text in the box.", "What stands in the box below the message?",
                     "Which details are given?", "What does the text field say?"),
    "tool_files": ("Which files are there?", "List the files.", "Name all files.", "Which files are shown?",
                   "What are the files called?", "Read the names of the files.", "Which files are in the folder?",
                   "What is in the folder?"),
    "tool_file_count": ("How many files are there?", "How many files are listed?", "Count the files.",
                        "How many files does the folder have?", "How many files do you see?",
                        "What is the number of files?", "How many entries does the list have?",
                        "How many files are shown?"),
    "tool_folder": ("Which folder is open?", "Which folder is selected?", "Which folder is highlighted?",
                    "In which folder am I?", "What is selected on the left?", "Which entry on the left is selected?",
                    "Which folder is active?", "What is the open folder called?"),
    "tool_file": ("Which file is selected?", "Which file is highlighted?", "Which row is selected?",
                  "What is the selected file?", "Which file is marked in the list?", "Which file did I select?",
                  "Which entry on the right is selected?", "Name the selected file."),
    "tool_size": ("How large is {label}?", "What is the size of {label}?", "How big is {label}?", "Size of {label}?",
                  "How much space does {label} take?", "What size has {label}?", "{label}: what size?",
                  "Read the size of {label}."),
    "tool_date": ("When was {label} changed?", "What is the date of {label}?", "When was {label} modified?",
                  "From when is {label}?", "Which date has {label}?", "Date of {label}?", "{label}: which date?",
                  "Read the date of {label}."),
    "tool_progress": ("How far is it?", "What is the progress?", "How many percent are done?", "How much is done?",
                      "Which percentage is shown?", "What does the progress bar say?", "Read the percentage.",
                      "How far along is it?"),
    "tool_entered": ("What is entered?", "What is in the field?", "Read the field.", "What was typed in?",
                     "Which text is in the field?", "What does the input field say?", "What is typed?",
                     "What stands in the field?"),
    "tool_branches": ("Which branches are there?", "List the top entries of the tree.", "Name the top level entries.",
                      "What is on the top level of the tree?", "Read the top level of the tree.",
                      "Which entries are at the top level?", "What are the main entries of the tree?",
                      "Which top level entries does the tree have?"),
    "tool_options": ("Which options are there?", "List the options.", "What can I choose from?", "Name the choices.",
                     "What are the options?", "Read the options.", "Which choices do I have?", "What can be chosen?"),
    "tool_of_row": ("What is the {column} of {label}?", "Which {column} does {label} have?", "{label}: which {column}?",
                    "What does the column {column} say for {label}?", "Read the {column} of {label}.",
                    "In the row of {label}, what is the {column}?", "{column} of {label}?",
                    "Look up the {column} of {label}."),
    "tool_option": ("Which option is selected?", "What is selected?", "What is chosen?", "Which one is picked?",
                    "Which option is active?", "What is the current choice?", "Which option is ticked?",
                    "Name the selected option."),
    **{f"list_{name}": phrasings for name, phrasings in LIST_PHRASINGS.items()},
}  # fmt: skip
"""Of questions that only these windows have."""


class Recorder(Asker):
    """Keeps what can be asked, to be phrased each time the image is shown."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.asked: list[list[Any]] = []

    def ask(self, kind: str, answer: str, *, as_kind: str | None = None, **slots: object) -> None:
        self.asked.append([kind, answer, as_kind, slots])


def ask_names(asker: Recorder, rng: random.Random, names: list[str], kind: tuple[str, str], where: str,
              chosen: int = -1) -> None:  # fmt: skip
    """About a list from top to bottom: all of it, how many, by their places, and the selected one."""
    slots: dict[str, object] = {"item": kind[0], "items": kind[1], "where": where}
    asker.ask("list_all", ", ".join(names), as_kind="list", **slots)
    asker.ask("list_count", str(len(names)), as_kind="how_many", **slots)
    asker.ask("list_first", names[0], as_kind="value", **slots)
    asker.ask("list_last", names[-1], as_kind="value", **slots)
    place = rng.randrange(1, len(names))
    asker.ask("list_below", names[place], as_kind="value", name=names[place - 1], **slots)
    asker.ask("list_above", names[place - 1], as_kind="value", name=names[place], **slots)
    if place < len(NTH):
        asker.ask("list_kth", names[place], as_kind="value", nth=NTH[place], **slots)
    for _ in range(2 if chosen >= 0 else 0):
        asker.ask("list_selected", names[chosen], as_kind="selected", **slots)


Pack: TypeAlias = "tuple[zipfile.ZipFile, list[dict[str, Any]]]"


@functools.cache
def _pack(path: str, process: int) -> Pack:  # noqa: ARG001 - each opens the file itself
    archive = zipfile.ZipFile(path)
    return archive, json.loads(archive.read(INDEX))


def _packs() -> list[Pack]:
    return [_pack(path, os.getpid()) for path in os.environ.get("DESKTOP_VLM_PACK", "").split(os.pathsep) if path]


def has_pack() -> bool:
    """Whether there are such windows here."""
    return bool(os.environ.get("DESKTOP_VLM_PACK"))


def draw_toolkit(rng: random.Random) -> Screen:
    """A window of the packs, with newly phrased questions."""
    packs = _packs()
    archive, entries = rng.choices(packs, [len(entries) for _, entries in packs])[0]
    screen = _read(rng, archive, rng.choice(entries))
    return under_title(rng, screen) if screen.located and rng.random() < _TITLED else screen


def draw_toolkit_window(rng: random.Random, *, dialog: bool) -> Screen | None:
    """A dialog of the packs, or a window that is none, whose characters' places are known, under a title bar."""
    for _ in range(_TRIES):
        packs = _packs()
        if not packs:
            return None
        archive, entries = rng.choices(packs, [len(entries) for _, entries in packs])[0]
        entry = rng.choice(entries)
        if entry.get("texts") and (entry["kind"] == "dialog") == dialog:
            return under_title(rng, _read(rng, archive, entry))
    return None


def _read(rng: random.Random, archive: zipfile.ZipFile, entry: dict[str, Any]) -> Screen:
    image = Image.open(io.BytesIO(archive.read(entry["file"]))).convert("RGB")
    asker = Asker(rng)
    for kind, answer, as_kind, slots in entry["asked"]:
        if kind in _PHRASINGS:
            asker.questions.append(question(rng, as_kind or kind, answer, _PHRASINGS[kind], **slots))
        else:
            asker.ask(kind, answer, as_kind=as_kind, **slots)
    if entry["kind"] == "dialog":
        asker.questions = clearly_asked(rng, asker.questions)
    asker.questions += line_questions(rng, entry.get("lines", []), first=entry.get("first", 1), most=8,
                                      bars=True)  # fmt: skip
    title = entry.get("title", "")
    if title:
        asker.questions = [_with_title(one, title) for one in asker.questions]
        asker.ask("title", title)
    glyphs = tuple(glyph for line in entry.get("texts", []) for glyph in Line.unpacked(line).glyphs())
    return Screen(image, glyphs, asker.take(), entry["kind"], entry["noun"], located=bool(glyphs))


def under_title(rng: random.Random, screen: Screen) -> Screen:
    """The window under a title bar as a window manager draws it, unless it has a title, or none fits."""
    style = draw_style(rng, "train")
    title, (pen, high) = Writer(rng, "train").title(), bar_pen(style)
    if any(one.kind == "title" for one in screen.questions) or title_room(style, title, pen, high) > screen.image.width:
        return screen
    asker = Asker(rng)
    asker.ask("title", title)
    below = under_bar(screen, style, title)
    return replace(below, questions=(*asker.take(), *(_with_title(one, title) for one in below.questions)))


def _with_title(one: Question, title: str) -> Question:
    """The question of a window that has got a title."""
    if one.kind == "all":
        return replace(one, answer=f"{title} {one.answer}")
    if one.kind == "describe":
        return replace(one, answer=_SAYS.sub(lambda said: f'{said[1]} titled "{title}"{said[2]}.', one.answer))
    return one
