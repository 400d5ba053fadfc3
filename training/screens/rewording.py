"""Questions of training images in other words: more phrasings, polite and indirect forms, haste, slips of the pen.

Held-out questions never pass through here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace

from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from training.screens.more_phrasings import MORE_PHRASINGS
from training.screens.place_phrasings import PLACE_PHRASINGS
from training.screens.records import Question

_OTHER_SHARE = 0.5
_FORM_SHARE, _FRAME_SHARE, _HASTY_SHARE, _SLIP_SHARE = 0.3, 0.2, 0.07, 0.015
_PROMPTS = frozenset(action.prompt for action in BUILTIN_ACTIONS)
_SLOT = re.compile(r"\{(\w+)\}")

_VERBS = "sent|wrote|has|made|uses|leads|comes|won|signed|built|goes|stands|runs|received|plays"
_FORMS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), forms)
    for pattern, forms in (
        (r"what is (the [^?.:]+)\??", (
            "Tell me {0}.", "What's {0}?", "Give me {0}.", "I need {0}.", "Please read {0}.", "Can you read {0}?",
            "I need to know {0}.", "I'd like to know {0}.", "Could you tell me {0}?", "Please tell me {0}.",
            "I'm looking for {0}.", "Find {0}.", "Read {0} for me.", "Show me {0}.", "Which is {0}?",
            "Do you know {0}?", "Say {0}.", "Look for {0}.")),
        (r"what are (the [^?.:]+)\??", (
            "Tell me {0}.", "List {0}.", "Give me {0}.", "I need {0}.", "Please name {0}.", "Read {0}.",
            "Can you list {0}?", "I'd like to know {0}.", "Enumerate {0}.", "Make a list of {0}.")),
        (r"how many ([^?.:]+?) (are|were) (there|listed|shown|open|done)( [^?.:]+)?\??", (
            "Tell me how many {0} {1} {2}{3}.", "I need to know how many {0} {1} {2}{3}.",
            "Count how many {0} {1} {2}{3}.", "Can you tell me how many {0} {1} {2}{3}?",
            "Please say how many {0} {1} {2}{3}.", "I wonder how many {0} {1} {2}{3}.")),
        (r"how (much|large|big|long|high|warm) is ([^?.:]+)\??", (
            "Tell me how {0} {1} is.", "I need to know how {0} {1} is.", "Can you tell me how {0} {1} is?",
            "Please say how {0} {1} is.", "I want to know how {0} {1} is.")),
        (r"(who|where|when) (is|was) ((?:the|'|\")[^?.:]+)\??", (
            "Tell me {0} {2} {1}.", "I need to know {0} {2} {1}.", "Can you tell me {0} {2} {1}?",
            "I wonder {0} {2} {1}.", "Please say {0} {2} {1}.")),
        (rf"(who|which \w+|what) ({_VERBS}) ([^?.:]+)\??", (
            "Tell me {0} {1} {2}.", "I need to know {0} {1} {2}.", "Can you tell me {0} {1} {2}?",
            "I want to know {0} {1} {2}.", "Please say {0} {1} {2}.")),
        (r"what does (the [^?.:]+?) say\??", (
            "Read {0}.", "Tell me what {0} says.", "What stands in {0}?", "Can you read {0}?", "Please read {0}.",
            "I need to know what {0} says.", "Quote {0}.", "Copy {0}.", "What is written in {0}?")),
        (r"read (the [^?.:]+)\.?", (
            "Please read {0}.", "Can you read {0}?", "Could you read {0} for me?", "Read {0} to me.",
            "I can't read {0}. What does it say?", "Read out {0}.", "I'd like you to read {0}.", "Quote {0}.")),
        (r"(list|name|count) (the [^?.:]+)\.?", (
            "Please {0} {1}.", "Can you {0} {1}?", "Could you {0} {1} for me?", "{0} {1}, please.",
            "I'd like you to {0} {1}.", "I need you to {0} {1}.")),
        (r"is ([^?.:]+) (on|open|selected|checked|ticked|done|listed|enabled)\??", (
            "Can you tell me whether {0} is {1}?", "Tell me whether {0} is {1}.", "I wonder if {0} is {1}.",
            "Check if {0} is {1}.", "Yes or no: is {0} {1}?")),
        (r"is there ([^?.:]+)\??", (
            "Can you find {0}?", "Tell me if there is {0}.", "Check whether there is {0}.", "Do you find {0}?",
            "Yes or no: is there {0}?", "Is there {0} or not?")),
    )
)  # fmt: skip
"""What a whole question looks like, and others that ask for the same."""

_FRAMES = (
    "Look at the screenshot: {q}", "Please answer: {q}", "Quick question: {q}", "Can you help me? {Q}", "Question: {Q}",
    "{Q} Just the answer, please.", "{Q} Answer briefly.", "{Q} Thanks!", "Hi! {Q}", "Hello, {q}",
    "On this screen, {q}",
    "In this picture, {q}", "In the screenshot, {q}", "Please look closely. {Q}", "{Q} Only what is written there.",
    "I can't see it well. {Q}", "{Q} Please.", "Tell me, {q}", "One more thing: {q}", "Sorry, {q}",
    "{Q} Read it exactly.",
    "According to the screenshot, {q}", "Going by what is shown, {q}", "I need to know: {q}", "{Q} Quote it.",
    "And {q}", "So {q}", "Ok, {q}", "Here is my screen. {Q}", "{Q} No explanation.",
)  # fmt: skip
_SAFE = frozenset((
    "what", "which", "read", "there", "does", "line", "window", "button", "buttons", "title", "message", "heading",
    "error", "many", "much", "tell", "please", "list", "name", "count", "where", "when", "shown", "screen",
    "text", "says", "value", "written", "selected", "highlighted", "number", "column", "table",
))  # fmt: skip
"""Words in which a slip changes nothing that is asked."""


def in_other_words(rng: random.Random, questions: Iterable[Question]) -> tuple[Question, ...]:
    """Half of those whose kind of phrasing is known, in another one."""
    return tuple(_other(rng, question) if question.asked else question for question in questions)


def reworded(rng: random.Random, questions: Iterable[Question], *, most: int = 90) -> tuple[Question, ...]:
    """In other words, then in other forms, at most so many; quick actions' own prompts stay word for word."""
    chosen = list(questions)
    if len(chosen) > most:
        kept = set(rng.sample(range(len(chosen)), most))
        chosen = [question for place, question in enumerate(chosen) if place in kept]
    return tuple(_formed(rng, question) for question in in_other_words(rng, chosen))


def _other(rng: random.Random, question: Question) -> Question:
    kind, slots = question.asked or ("", {})
    phrasings = (*MORE_PHRASINGS.get(kind, ()), *PLACE_PHRASINGS.get(kind, ()))
    if not phrasings or rng.random() >= _OTHER_SHARE:
        return question
    text = _SLOT.sub(lambda slot: str(slots.get(slot[1], slot[0])), phrasing := rng.choice(phrasings))
    if any(slot not in slots for slot in _SLOT.findall(phrasing)):
        return question
    return replace(question, text=text[0].upper() + text[1:] if phrasing[0] == "{" else text, asked=None)


def _formed(rng: random.Random, question: Question) -> Question:
    text = question.text
    if text in _PROMPTS or "{" in text or "\n" in text or not text.strip("?. "):
        return question
    quoted = "'" in text or '"' in text
    draw = rng.random()
    if draw < _FORM_SHARE and question.kind != "kind":  # "find the dialog" would not ask what kind of window it is
        text = _in_form(rng, text)
    if rng.random() < _FRAME_SHARE and len(text) < 70:
        lower = text if text[:2].isupper() or text.startswith(("I ", "I'")) else text[0].lower() + text[1:]
        whole = text if text[-1] in "?.!)" else text + "?"
        frame = rng.choice(_FRAMES)
        if frame.endswith(("{q}", "{Q}")) or not quoted:
            text = frame.replace("{q}", lower).replace("{Q}", whole[0].upper() + whole[1:])
    elif draw > 1 - _HASTY_SHARE and not quoted:
        text = text.lower().rstrip("?.")
    if rng.random() < _SLIP_SHARE:
        text = _slip(rng, text)
    return question if text == question.text else replace(question, text=text, asked=None)


def _in_form(rng: random.Random, text: str) -> str:
    for pattern, forms in _FORMS:
        found = pattern.fullmatch(text)
        if found and " called" not in text and text.rstrip("?. ").rpartition(" ")[2] not in _LOOSE_ENDS:
            parts = [part or "" for part in found.groups()]
            lowered = [part[:1].lower() + part[1:] if part.split(" ")[0].lower() in _FIRST_WORDS else part
                       for part in parts]  # fmt: skip
            made = rng.choice(forms).format(*lowered)
            return made[0].upper() + made[1:]
    return text


_LOOSE_ENDS = frozenset({"at", "to", "for", "in", "on", "about", "like", "of", "from", "by", "with", "set",
                         "called", "named", "titled", "behind", "around"})  # fmt: skip
"""After which a question would not be one any more."""
_FIRST_WORDS = frozenset({"who", "which", "where", "when", "what", "list", "name", "count", "much", "is", "was"})


def _slip(rng: random.Random, text: str) -> str:
    """A letter too many, too few or at its neighbour's place, in a word that any question has."""
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if word.lower().strip("?.,") in _SAFE and len(word) > 3]
    if not places:
        return text
    place = rng.choice(places)
    word = words[place]
    at = rng.randrange(1, len(word) - 2)
    words[place] = rng.choice((word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :],
                               word[:at] + word[at] + word[at:]))  # fmt: skip
    return " ".join(words)
