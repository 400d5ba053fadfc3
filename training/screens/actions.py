"""What the quick actions' own prompts are answered with that ask for a few sentences; for training images.

A summary says the kind of the window, its title and what it says; an alternative text the same in one sentence. The
model cannot translate, and says so. What differs between two pictures is quoted from each.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from training.screens.describing import kind_of, window_described
from training.screens.pages import PROMPTS
from training.screens.phrasing import phrased
from training.screens.records import Question, Screen
from training.screens.words import with_article

TRANSLATION = 'I cannot translate. "Extract text" copies what is written.'
"""To whoever wants a translation."""
_COMPARE = ("Compare the two pictures.", "What is the difference between the pictures?", "How do the pictures differ?",
            "What do the pictures have in common, and what differs?", "What differs?")  # fmt: skip
_LANGUAGES = ("German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Polish", "English", "Swedish", "Czech",
              "Turkish", "Chinese", "Japanese", "Danish", "Russian", "Hungarian", "Korean", "Greek")  # fmt: skip
_TRANSLATE = ("Translate this into {l}.", "What does this mean in {l}?", "Translate the text into {l}.",
              "Can you translate that into {l}?", "Put this into {l}.", "How do you say that in {l}?",
              "Give me a translation into {l}.", "Translate everything to {l}.")  # fmt: skip
_SUMMARISE = ("Summarise this.", "Give me a short summary.", "Sum up what this shows.", "What is this about?",
              "In a sentence or two: what is this?", "Summarise the screenshot.")  # fmt: skip
_FRONT_SHARE = 0.6
"""Of full screens, for which a summary is asked, and so on."""
_LONGEST = 220
"""Characters of what a window says, in a summary."""
_SENTENCE = re.compile(r"^(.+?[.!?])(?: |$)", re.DOTALL)
_SAYING = frozenset({"dialog", "status", "line", "text_box", "about"})
"""Layouts whose message is all that they say."""
_HEADED = frozenset({"paragraph", "facts", "browser", "webpage", "document_viewer", "writer"})
"""Layouts whose heading says what they are about."""


def summary(screen: Screen) -> str:
    """One or two sentences; "" where too little is known."""
    head, said, about = _parts(screen)
    if said:
        return f'{head}. It says "{said}".'
    if about:
        return f'{head}. Its heading is "{about}".'
    described = window_described(screen)
    return described if described and len(described) <= _LONGEST and '"' in described else ""


def alternative(screen: Screen) -> str:
    """One sentence; "" where too little is known."""
    head, said, about = _parts(screen)
    if said:
        return f'{head} that says "{said}".'
    if about:
        return f'{head} with the heading "{about}".'
    described = _SENTENCE.match(window_described(screen))
    return described[1] if described and len(described[1]) <= _LONGEST and '"' in described[1] else ""


def _parts(screen: Screen) -> tuple[str, str, str]:
    """The kind with the title, what it says, and its heading; "" for what there is none of."""
    answers = {one.kind: one.answer for one in reversed(screen.questions)}
    title = answers.get("title", "")
    head = with_article(kind_of(screen), capital=True) + (f' titled "{title}"' if title else "")
    said = answers.get("message", answers.get("text", "")) if screen.kind in _SAYING else ""
    about = answers.get("heading", "") if screen.kind in _HEADED else ""
    said = "" if "\n" in said or len(said) > _LONGEST else said
    return head, said, about if about != title else ""


def action_questions(rng: random.Random, screen: Screen, share: float) -> list[Question]:
    """Summary, alternative text and translation of an image that shows this window alone, each at this share."""
    found: list[Question] = []
    made = ((summary, "summary", "summarise", _SUMMARISE), (alternative, "alt_text", "alt-text", ()))
    for of, kind, action, ways in made:
        answer = of(screen)
        if answer and rng.random() < share:
            text = phrased(rng, ways) if ways and rng.random() < 0.3 else PROMPTS[action]
            found.append(Question(kind, text, answer))
    if rng.random() < 0.4 * share:
        found.append(translation(rng))
    return found


def front_questions(rng: random.Random, screens: Sequence[Screen]) -> list[Question]:
    """As `action_questions`, of a screen whose last window is in front of the others."""
    found = action_questions(rng, screens[-1], _FRONT_SHARE)
    if len(screens) == 1:
        return found
    before = f"A desktop with {len(screens)} windows. In front: "
    return [replace(one, answer=before + one.answer) if one.kind in ("summary", "alt_text") else one for one in found]


def translation(rng: random.Random) -> Question:
    """The quick action's prompt, or people's words, with any language."""
    text, language = PROMPTS["translate"], rng.choice(_LANGUAGES)
    if rng.random() < 0.35:
        return Question("translate", phrased(rng, _TRANSLATE, l=language), TRANSLATION)
    return Question("translate", text.replace("{language}", language), TRANSLATION)


def chart_explained(screen: Screen) -> list[Question]:
    """What a chart shows, with its highest and lowest value."""
    answers = {one.kind: one.answer for one in reversed(screen.questions)}
    values = {str(one.asked[1]["label"]): one.answer for one in screen.questions if one.asked and one.asked[0] == "bar"}
    ends = [one.answer for one in screen.questions if one.kind == "extreme"]
    if len(ends) != 2 or any(end not in values for end in ends) or "describe" not in answers:
        return []
    said = (f"{answers['describe']} The highest is {ends[0]} with {values[ends[0]]}, "
            f"the lowest is {ends[1]} with {values[ends[1]]}.")  # fmt: skip
    return [Question("chart", PROMPTS["explain-chart"], said)]


def receipt_copied(screen: Screen) -> list[Question]:
    """A receipt as JSON, by the quick action's prompt."""
    found = [one.answer for one in screen.questions if one.kind == "json"]
    return [Question("json", PROMPTS["receipt-to-json"], found[0])] if found and screen.noun == "receipt" else []


def compared(rng: random.Random, parts: Sequence[Screen]) -> list[Question]:
    """What two pictures have in common and what each of them says."""
    said = [alternative(part) for part in parts]
    if len(parts) != 2 or not all(said) or said[0] == said[1]:
        return []
    kinds = [kind_of(part) for part in parts]
    first = f"Both show {with_article(kinds[0])}." if kinds[0] == kinds[1] else "They show different things."
    each = "\n".join(f"Picture {number}: {one}" for number, one in enumerate(said, 1))
    text = phrased(rng, _COMPARE) if rng.random() < 0.3 else PROMPTS["compare"]
    return [Question("compared", text, f"{first}\n{each}")]
