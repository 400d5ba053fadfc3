"""How people tell windows of one screen apart when they ask, and what they ask about all of them; for training."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.pages import PROMPTS
from training.screens.phrasing import question as asked
from training.screens.records import Question, Screen

_NAMES: dict[str, tuple[str, ...]] = {
    "dialog": ("dialog", "dialog box", "dialog window", "message box", "pop-up"),
    "error": ("error message", "error window", "dialog"),
    "terminal": ("terminal", "console", "terminal window", "shell", "command line"),
    "log": ("log", "log file", "log window"),
    "code": ("code", "code editor", "editor", "source code"),
    "text editor": ("editor", "text editor", "text", "file"),
    "spreadsheet": ("spreadsheet", "sheet", "spreadsheet window"),
    "file manager": ("file manager", "folder", "file window", "folder window"),
    "chat": ("chat", "chat window", "conversation"),
    "browser": ("browser", "web page", "page", "site"),
    "mail": ("mail program", "mail window", "inbox"),
    "settings": ("settings", "settings window", "preferences"),
    "database": ("database", "database window", "table"),
    "receipt": ("receipt", "bill"),
    "form": ("form", "form window"),
    "calculator": ("calculator", "calculator window"),
    "chart": ("chart", "diagram"),
    "viewer": ("document", "viewer"),
    "version control": ("git window", "version control program", "commit window"),
    "process viewer": ("process list", "process viewer", "terminal"),
    "tool window": ("tool window", "small window", "palette"),
}
"""What people call windows, by a part of their noun."""
_WHOLE_NAMES: dict[str, tuple[str, ...]] = {
    "options dialog": ("options", "options dialog", "options window", "dialog"),
    "property dialog": ("properties", "property dialog", "properties window", "dialog"),
    "preferences dialog": ("preferences", "preferences dialog", "preferences window", "dialog"),
    "settings dialog": ("settings", "settings dialog", "settings window", "dialog"),
    "selection dialog": ("selection dialog", "dialog", "window with the two lists"),
    "file chooser": ("file chooser", "file dialog", "dialog"),
    "wizard": ("wizard", "assistant", "wizard window"), "setup assistant": ("setup", "assistant", "wizard"),
    "assistant": ("assistant", "wizard"), "installer": ("installer", "setup", "wizard"),
    "word processor": ("word processor", "document", "text"), "package manager": ("package manager",
                                                                                  "list of packages"),
    "music player": ("music player", "player"), "download manager": ("download manager", "downloads"),
    "database browser": ("database", "database window", "table"),
    "database program": ("database", "database window", "table"),
    "process viewer": ("process list", "process viewer", "list of processes"),
    "log viewer": ("log", "log file", "log window", "log viewer"),
    "text viewer": ("text viewer", "text", "file", "pager"),
    "commit browser": ("commit browser", "git window", "list of commits", "history"),
    "system monitor": ("system monitor", "process list"), "feed reader": ("feed reader", "news reader"),
    "class browser": ("class browser", "browser of classes"),
    "bug tracker": ("bug tracker", "list of comments"), "issue tracker": ("issue tracker", "list of comments"),
    "planner": ("planner", "planner window"), "organizer": ("organizer", "organizer window"),
    "help viewer": ("help", "help viewer", "help window"), "notes program": ("notes", "notes program"),
    "library program": ("library program", "list of books"),
    "text-mode menu": ("text menu", "menu box", "terminal"), "photo manager": ("photo manager", "photo program"),
}  # fmt: skip
"""What people call windows of these nouns, and of no others."""
_WITHIN = (
    "{rest} Look in the {noun}.", "{rest} I mean the {noun}.", "In the {noun}: {rest}", "About the {noun}: {rest}",
    "{rest} (the {noun})",
    "Look at the {noun}: {rest}", "In the {noun}, {rest}", "For the {noun}: {rest}",
)  # fmt: skip
_TASKBAR = (
    "Which windows are in the taskbar?", "Which windows does the taskbar list?", "Read the taskbar.",
    "What is in the taskbar?",
    "Which windows are listed at the bottom?", "List the windows of the taskbar.", "What does the taskbar show?",
    "Windows in the taskbar?",
    "Which titles are in the taskbar, from left to right?", "Name the windows in the panel at the bottom.",
    "Which programs are in the taskbar?", "Which buttons does the taskbar have?",
)  # fmt: skip
_TASKBAR_FIRST = (
    "Which window comes first in the taskbar?", "What is the first entry of the taskbar?",
    "First window in the taskbar?",
    "Which window is at the left of the taskbar?", "Read the first button of the taskbar.",
    "Which title is first in the taskbar?",
    "What does the leftmost button of the taskbar say?", "What is the first window in the panel at the bottom?",
)  # fmt: skip
_TASKBAR_LAST = (
    "Which window comes last in the taskbar?", "What is the last entry of the taskbar?", "Last window in the taskbar?",
    "Which window is the rightmost in the taskbar?", "Read the last button of the taskbar.",
    "Which title is last in the taskbar?",
    "What does the last button of the taskbar say?", "What is the last window in the panel at the bottom?",
)  # fmt: skip
_TASKBAR_COUNT = (
    "How many windows are in the taskbar?", "How many windows does the taskbar list?",
    "How many buttons does the taskbar have?",
    "Count the windows in the taskbar.", "How many entries has the taskbar?", "How many titles are in the taskbar?",
    "Number of windows in the taskbar?", "How many windows are listed at the bottom?",
)  # fmt: skip

_OF_ANY_EDITOR = frozenset({"code", "source code", "text", "file", "code editor", "text editor"})
"""What people call a text editor with code, too."""


def window_names(noun: str, nouns: Sequence[str], *, front: bool) -> list[str]:
    """What the window of this noun may be called beside the others."""
    taken = {name for other in nouns if other != noun for name in (other, *_names(other))}
    names = [name for name in _names(noun) if name not in taken] if nouns.count(noun) == 1 else []
    if "editor" in noun and any("editor" in other for other in nouns if other != noun):
        names = [name for name in names if name not in _OF_ANY_EDITOR]
    if front and len(nouns) > 1:
        names.append("window in front")
        if "dialog" in names:
            names.append("dialog in front")
    return names


def _names(noun: str) -> list[str]:
    if noun in _WHOLE_NAMES:
        return list(_WHOLE_NAMES[noun])
    return [name for part, names in _NAMES.items() if f" {part} " in f" {noun} " for name in names]


def names_by_contents(screens: Sequence[Screen], place: int) -> list[str]:
    """What a window may be called by the file, folder or channel that is open in it and in no other."""
    opened = [{one.answer for one in screen.questions if one.kind == "file"} for screen in screens]
    name = min(opened[place], key=len, default="")
    if not name or not all(one.endswith(name) for one in opened[place]):
        return []
    if len(name) > _LONGEST_NAME or any(name in some for n, some in enumerate(opened) if n != place):
        return []
    forms = [form for part, some in _BY_CONTENTS.items() if part in screens[place].noun for form in some]
    return [form.format(name) for form in forms]


_LONGEST_NAME = 28
"""Characters of a file's name that a question names a window by."""
_BY_CONTENTS: dict[str, tuple[str, ...]] = {
    "file manager": ("folder {}", "folder {}", "window of the folder {}", "file manager with {}"),
    "editor": ("file {}", "editor with {}", "window with {}"),
    "viewer": ("document {}", "window with {}"),
    "word processor": ("document {}", "window with {}"),
    "spreadsheet": ("file {}", "sheet {}"),
    "chat": ("channel {}", "chat {}"),
}
"""By a part of its noun, as people name it by what is open there."""


def names_by_title(title: str, noun: str) -> list[str]:
    """What a window may be called by its title, where no other has it; none where it cannot be quoted."""
    if not title or len(title) > _LONGEST_TITLE or set(title) & set("'\"{}") or title.endswith("..."):
        return []
    noun = noun if len(noun.split()) < 3 else "window"
    return [form.format(n=noun, t=title) for form in _BY_TITLE]


_LONGEST_TITLE = 40
_BY_TITLE = ("window titled '{t}'", "window '{t}'", "{n} titled '{t}'", "{n} '{t}'", "window called '{t}'",
             "window with the title '{t}'", "{n} with the title '{t}'")  # fmt: skip


def names_one(noun: str, nouns: Sequence[str]) -> bool:
    """Whether a noun says which window is meant: with an "error dialog", "dialog" does not, and "window" never.

    `nouns` are those of all windows.
    """
    if len(nouns) == 1:
        return True
    words = set(noun.split())
    return noun != "window" and nouns.count(noun) == 1 and not any(
        words < set(other.split()) for other in nouns)  # fmt: skip


_THE_WINDOW = re.compile(r"\bthe window(?='s title\?|[?.]| have\?| has\?| called\?)")
"""Where a question says "the window" without saying which."""


def named_window(rng: random.Random, question: Question, names: Sequence[str]) -> Question:
    """The question with one of the names of its window, often at its end, as people do."""
    text, noun = question.text, rng.choice(names)
    if _THE_WINDOW.search(text) and rng.random() < 0.8:  # "Which title does the terminal have?"
        return replace(question, text=_THE_WINDOW.sub(lambda _: f"the {noun}", text, count=1), asked=None)
    if len(text) > 12 and text.endswith("?") and text.count("?") == 1 and rng.random() < 0.5:
        return replace(question, text=f"{text[:-1]} in the {noun}?", asked=None)
    form = rng.choice(_WITHIN)
    if not form.startswith("{rest}") and not text[:2].isupper():
        text = text[0].lower() + text[1:]
    elif form.startswith("{rest}") and text[-1] not in "?.":
        text += "?"
    return replace(question, text=form.replace("{noun}", noun).replace("{rest}", text), asked=None)


def ask_taskbar(rng: random.Random, asker: Asker, titles: Sequence[str], *, alone: bool = True) -> None:
    """Which windows the taskbar lists, how many, the first and the last; `alone` if its buttons are all windows."""
    phrasings = [_TASKBAR, _TASKBAR_COUNT, _TASKBAR_FIRST, _TASKBAR_LAST]
    if not alone:
        phrasings = [tuple(one for one in some if "window" in one or "title" in one.lower()) for some in phrasings]
    if len(titles) == 1 or not any("," in title for title in titles):
        asker.questions.append(asked(rng, "list", ", ".join(titles), phrasings[0]))
    asker.questions.append(asked(rng, "how_many", str(len(titles)), phrasings[1]))
    if len(titles) > 1:
        asker.questions.append(asked(rng, "value", titles[0], phrasings[2]))
        asker.questions.append(asked(rng, "value", titles[-1], phrasings[3]))


def clear_anyway(questions: Sequence[Question], elsewhere: str) -> list[Question]:
    """Prompts of quick actions, and questions about something that no other window says; those name no window."""
    return [one for one in questions if one.text in PROMPTS.values() or (
        one.asked and one.kind != "present" and any(isinstance(slot, str) and len(slot) > 2 and slot not in elsewhere
                                                    for slot in one.asked[1].values()))]  # fmt: skip


def qualified(asker: Asker, question: Question, noun: str) -> Question:
    """The question, with the window that it is about; a quick action's prompt stays as it is."""
    if question.text in PROMPTS.values():
        return question
    rest = question.text
    phrased = asker.phrase("in_window", noun=noun, rest="{rest}")
    if phrased.startswith(("In ", "in ", "The ", "the ")) and not rest[:2].isupper():
        rest = rest[0].lower() + rest[1:]
    return replace(question, text=phrased.replace("{rest}", rest), asked=None)
