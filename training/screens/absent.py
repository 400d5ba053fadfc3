"""What is answered where a screen shows nothing of what is asked for: one plain sentence; for training images.

A quick action may be asked about any screenshot, and people ask about things that are not there. Each of `THINGS` says
on which screens there is surely none of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from training.screens.mark_questions import unmarked_ways
from training.screens.neighbours import texts_of
from training.screens.pages import PROMPTS
from training.screens.phrasing import phrased, question
from training.screens.records import Question, Screen
from training.screens.webpages import KIND

_MESSAGES = frozenset({"dialog", "status", "line", "paragraph"})
_PLAIN = _MESSAGES | {"menu", "keypad", "about", "text_box", "calculator"}
_FORMS = frozenset({"form", "settings", "properties", "options", "wizard", "palette", "two_lists", "sign_in"})
_WRITING = frozenset({"mail", "chat", "talk", "document_viewer", "writer", "plain_text", "editor", "text_editor"})
_LINES = frozenset({"terminal", "log", "build", "editor", "code_window", "config", "commits", "history"})
_LISTS = frozenset({"folder", "file_manager", "two_panes", "manager", "mail_program", "columns", "feed", "records",
                    "download_list", "task_list", "agenda", "commit_window"})  # fmt: skip
_MONEY = r"receipt|total|invoice|bill|order|price|paid|pay|cash|vat|tax|shop|store|cart|checkout|\bsum\b|amount|[$€£¥]"
_WRONG = (
    r"error|fail|warn|cannot|can't|could ?n[o']t|unable|invalid|denied|not |n't |wrong|miss|refus|time.?out|unknown"
    r"|corrupt|damag|reject|expir|exception|traceback|fatal|panic|problem|crash|abort|unexpected|must|please|need|lost"
    r"|unavailable|no such|no \w+|broken|stopped|full|bad |too |incorrect|illegal|conflict|critical|alert|undefined"
    r"|undeclared|exceed|duplicate|already|illegal|violat|assert|declined|forbidden|blocked|except|retry|try again|deni"
)
_CODE = r"[{};]|\(\)|=>|==|->|//|/\*|#!|</|\bdef\b|\bimport\b|\breturn\b|\bselect\b|\bfn\b|\bclass\b|\becho\b|code"
_FORMULA = r"[=^±√∑∫∞≤≥÷]|formula|equation|\\frac|\bsqrt\b"
_CHOSEN = r"file|folder|\.[a-z]{2,4}\b|/"
_TABLES = frozenset({"cell", "row", "columns", "json", "table", "list", "items"})


@dataclass(frozen=True)
class Thing:
    """What may be asked for where there is none of it.

    Attributes:
        answer: the sentence.
        kinds: of windows, as `Screen.kind`, in which there is never one; None for any.
        words: a text with these may be one, as a regular expression; "" for none.
        nouns: of windows that may have one, as a regular expression; "" for none.
        asked: kinds of questions that only such a thing answers.
        prompt: the id of the quick action that asks for it; "" for none.
        ways: how people ask.
    """

    answer: str
    ways: tuple[str, ...]
    kinds: frozenset[str] | None = None
    words: str = ""
    nouns: str = ""
    asked: frozenset[str] = frozenset()
    prompt: str = ""


THINGS: dict[str, Thing] = {
    "error": Thing(
        "There is no error.",
        ("What is the error?", "What went wrong?", "Which error is shown?", "Read the error message.",
         "What does the error say?", "Is there an error? Quote it.", "What is the error message?",
         "Quote the error."),
        words=_WRONG, nouns=r"error|warning|^dialog$|failure|process viewer", asked=frozenset({"explained"}),
        prompt="explain-error"),
    "table": Thing(
        "There is no table.",
        ("Which columns does the table have?", "How many rows does the table have?", "What does the table show?",
         "Read the first row of the table.", "What are the headings of the table?", "Give me the table as JSON.",
         "What is in the last row of the table?", "Copy the table."),
        kinds=(_PLAIN | {"shapes", "chart", "chat", "settings"}) - {"paragraph"}, words=r"table|column",
        asked=_TABLES, prompt="table-to-json"),
    "receipt": Thing(
        "There is no receipt.",
        ("Which shop is the receipt from?", "What was bought?", "Which items are on the receipt?",
         "What is the date of the receipt?", "What does the receipt say?", "Give the receipt as JSON.",
         "How many items are on the receipt?", "Extract the receipt as JSON."),
        words=_MONEY, nouns="receipt|invoice|order", asked=frozenset({"total", "shop", "items"}),
        prompt="receipt-to-json"),
    "total": Thing(
        "There is no total.",
        ("What is the total?", "How much is it in total?", "Read the total.", "Which total is shown?",
         "What does it cost in total?", "How high is the total?"),
        kinds=_PLAIN | _FORMS | _LINES | _WRITING | {"table", "shapes", "facts"},
        words=_MONEY + r"|\ball\b|together|count|\d\d?\.\d\d", asked=frozenset({"total", "how_many"})),
    "formula": Thing(
        "There is no formula.",
        ("Which formula is shown?", "What is the formula?", "Read the formula.", "Write the formula as LaTeX.",
         "What does the equation say?", "Copy the equation."),
        words=_FORMULA, nouns="sheet|calculator|formula", prompt="formula-to-latex"),
    "chart": Thing(
        "There is no chart.",
        ("What does the chart show?", "Which bar is the highest?", "What is the title of the chart?",
         "What are the axes of the chart?", "Explain the chart.", "Which value is the highest in the chart?"),
        kinds=_PLAIN | _FORMS | _LINES | _WRITING | _LISTS | {"receipt", "table", "facts"},
        words="chart|diagram|graph|plot|axis|bar", nouns="process|monitor|meter|sheet", prompt="explain-chart"),
    "code": Thing(
        "There is no code.",
        ("Which programming language is it?", "What does the code do?", "Copy the code.",
         "Which functions does the code define?", "What is in the first line of the code?"),
        kinds=frozenset({"dialog", "menu", "receipt", "table", "chart", "shapes", "keypad", "form", "settings",
                         "properties", "options", "about", "file_manager", "mail_program", "calculator"}),
        words=_CODE, asked=frozenset({"command"}), prompt="code-from-screenshot"),
    "file": Thing(
        "No file is selected.",
        ("Which file is selected?", "What is the name of the selected file?", "Which file did I select?",
         "Which file is highlighted?"),
        kinds=frozenset({"dialog", "status", "line", "receipt", "keypad", "chart", "form", "shapes"}), words=_CHOSEN,
        asked=frozenset({"file", "selected", "list"})),
    "terminal": Thing(
        "There is no terminal.",
        ("What does the terminal say?", "Which command was typed into the terminal?", "What is in the terminal?",
         "Read the last line of the terminal.", "Which error does the terminal show?"),
        kinds=_FORMS | {"dialog", "status", "menu", "receipt", "table", "chart", "shapes", "keypad", "mail",
                        "mail_program", "agenda", "chat", "document_viewer", "writer", "file_manager"},
        words=r"terminal|console|shell|[$#>] |~", nouns="terminal|text-mode|console", asked=frozenset({"command"})),
}  # fmt: skip
"""By what people call it."""
_NEARLY_NOWHERE = {"formula": 0.96, "receipt": 0.85, "chart": 0.75, "code": 0.2}
"""How often these are left out, which most screens have none of: they are asked for as often where they are."""
NO_CIRCLE, NO_ARROW = "Nothing is circled.", "There is no arrow."
_UNMARKED_KINDS = frozenset({"dialog", "line", "paragraph", "receipt", "table", "form"})


def absent_things(screens: Sequence[Screen], more: str = "") -> list[str]:
    """The names of those of `THINGS` of which these windows, and the texts beside them, surely show none."""
    kinds = {one.kind for one in screens}
    nouns = [one.noun for one in screens]
    said = [one.text for screen in screens for one in texts_of(screen.glyphs)]
    text = "\n".join([*said, more]).lower()
    questions = [question for screen in screens for question in screen.questions]
    asked = {question.kind for question in questions} | {question.asked[0] for question in questions if question.asked}
    prompts = {question.text for question in questions}
    found = []
    for name, thing in THINGS.items():
        if thing.kinds is not None and not kinds <= thing.kinds:
            continue
        if thing.nouns and any(re.search(thing.nouns, noun) for noun in nouns):
            continue
        if thing.asked & asked or (thing.prompt and PROMPTS[thing.prompt] in prompts):
            continue
        if thing.words and re.search(thing.words, text):
            continue
        if name == "error" and ("error" in asked or (KIND in kinds and "message" in asked)):
            continue
        found.append(name)
    return found


def absent_questions(rng: random.Random, screens: Sequence[Screen], more: str = "", *, prompts: int = 1,
                     ways: int = 1) -> list[Question]:  # fmt: skip
    """So many quick actions' prompts, and questions in people's words, for what these windows do not show."""
    names = [name for name in absent_things(screens, more) if rng.random() >= _NEARLY_NOWHERE.get(name, 0.0)]
    prompted = [THINGS[name] for name in names if THINGS[name].prompt]
    found = [Question("absent", PROMPTS[thing.prompt], thing.answer)
             for thing in rng.sample(prompted, min(prompts, len(prompted)))]  # fmt: skip
    chosen = [THINGS[name] for name in rng.sample(names, min(ways, len(names)))]
    return found + [Question("absent", phrased(rng, thing.ways), thing.answer) for thing in chosen]


def no_mark(rng: random.Random, screen: Screen) -> list[Question]:
    """A question about a mark on a small image without any."""
    return no_mark_of(rng, ()) if screen.kind in _UNMARKED_KINDS else []


def no_mark_of(rng: random.Random, drawn: Collection[str]) -> list[Question]:
    """A question about a ring or an arrow on a screen whose marks are of these kinds; none where it has both.

    It is asked in the words that ask for marks which are there: no words may tell that there is none.
    """
    free = [one for one in (("circle", NO_CIRCLE), ("arrow", NO_ARROW)) if one[0] not in drawn]
    if not free:
        return []
    kind, answer = rng.choice(free)
    return [question(rng, "absent", answer, unmarked_ways(rng, kind))]
