"""Windows that a real toolkit drew, from the pack of `python -m training.toolkit_pack`.

DESKTOP_VLM_PACK names the pack; without it there are none. Where its characters stand is not known.
"""

from __future__ import annotations

import functools
import io
import json
import os
import random
import zipfile
from typing import Any

from PIL import Image

from training.screens.asking import Asker
from training.screens.line_questions import line_questions
from training.screens.phrasing import question
from training.screens.records import Screen

INDEX = "index.json"
SHARE = 0.12
"""Of training images, where there is a pack."""
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
    "tool_options": ("Which options are there?", "List the options.", "What can I choose from?", "Name the choices.",
                     "What are the options?", "Read the options.", "Which choices do I have?", "What can be chosen?"),
    "tool_option": ("Which option is selected?", "What is selected?", "What is chosen?", "Which one is picked?",
                    "Which option is active?", "What is the current choice?", "Which option is ticked?",
                    "Name the selected option."),
}  # fmt: skip
"""Of questions that only these windows have."""


class Recorder(Asker):
    """Keeps what can be asked, to be phrased each time the image is shown."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.asked: list[list[Any]] = []

    def ask(self, kind: str, answer: str, *, as_kind: str | None = None, **slots: object) -> None:
        self.asked.append([kind, answer, as_kind, slots])


@functools.cache
def _pack(process: int) -> tuple[zipfile.ZipFile, list[dict[str, Any]]]:  # noqa: ARG001 - each opens the file itself
    archive = zipfile.ZipFile(os.environ["DESKTOP_VLM_PACK"])
    return archive, json.loads(archive.read(INDEX))


def has_pack() -> bool:
    """Whether there are such windows here."""
    return "DESKTOP_VLM_PACK" in os.environ


def draw_toolkit(rng: random.Random) -> Screen:
    """A window of the pack, with newly phrased questions."""
    archive, entries = _pack(os.getpid())
    entry = rng.choice(entries)
    image = Image.open(io.BytesIO(archive.read(entry["file"]))).convert("RGB")
    asker = Asker(rng)
    for kind, answer, as_kind, slots in entry["asked"]:
        if kind in _PHRASINGS:
            asker.questions.append(question(rng, as_kind or kind, answer, _PHRASINGS[kind], **slots))
        else:
            asker.ask(kind, answer, as_kind=as_kind, **slots)
    asker.questions += line_questions(rng, entry.get("lines", []), first=entry.get("first", 1), most=8)
    return Screen(image, (), asker.take(), entry["kind"], entry["noun"], located=False)
