"""Sentences that hold a fact, with what people ask to learn it."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.screens.facts.single import one_fact
from training.screens.page import Page
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.sites.more_facts import MORE_SENTENCES

_SENTENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("The first {noun} leaves at {x}.", "time", ("When does the first {noun} leave?",
                                                 "What time is the first {noun}?")),
    ("The {noun} opens at {x} every day.", "time", ("When does the {noun} open?",
                                                    "At what time does the {noun} open?")),
    ("There were {x} {noun}s on board.", "count", ("How many {noun}s were on board?", "How many {noun}s were there?")),
    ("The {noun} stays closed until {x}.", "day", ("Until when is the {noun} closed?",
                                                   "How long does the {noun} stay closed?")),
    ("The {noun} is in {x}.", "place", ("Where is the {noun}?", "In which town is the {noun}?")),
    ("The new {noun} costs {x}.", "amount", ("What does the new {noun} cost?", "How much is the new {noun}?")),
    ("The {noun} was built by {x}.", "name", ("Who built the {noun}?", "By whom was the {noun} built?")),
    ("The {noun} code is {x}.", "code", ("What is the {noun} code?", "Which {noun} code is mentioned?")),
    ("Please write to {x} about the {noun}.", "email", ("Which e-mail address is given?", "Whom should I write to?",
                                                        "What is the e-mail address for the {noun}?")),
    ("Repairs of the {noun} will take {x} days.", "count", ("How many days will repairs of the {noun} take?",
                                                            "How long will the repairs take?")),
    ("The {noun} weighs {x} kg.", "count", ("How heavy is the {noun}?", "What does the {noun} weigh?")),
    ("{x} has been chosen to lead the {noun}.", "name", ("Who leads the {noun}?",
                                                         "Who was chosen to lead the {noun}?")),
    ("The next {noun} will be on {x}.", "date", ("When is the next {noun}?", "On which day is the next {noun}?")),
    ("Keep the {noun} in {x}.", "path", ("Where should the {noun} be kept?", "Which path is mentioned?")),
    ("The {noun} moved from room {x} to the cellar.", "count", ("Which room was the {noun} in?",
                                                                "From which room did the {noun} move?")),
    ("The {noun} needs {app} {x} or later.", "version", ("Which version of {app} does the {noun} need?",
                                                         "Which version is needed?")),
    ("Only {x} of the {noun}s came back.", "percent", ("What share of the {noun}s came back?",
                                                       "How many of the {noun}s came back?")),
    ("Since {x} the {noun} belongs to the town.", "year", ("Since when does the {noun} belong to the town?",)),
    ("The {noun} on line {x} is late.", "count", ("Which line is late?", "Which line's {noun} is late?")),
    ("The winner of the {noun} was {x}.", "name", ("Who won the {noun}?", "Who was the winner?")),
)  # fmt: skip

_ALL = _SENTENCES + MORE_SENTENCES
_NATURAL_SHARE = 0.6
"""Of facts for training that are of the kinds in `training.screens.facts`."""


def fact(rng: random.Random, writer: Writer, without: frozenset[str] = frozenset()) -> tuple[str, str, tuple[str, ...]]:
    """A sentence, the fact in it, and the questions that it answers; none twice in training, and none of some kinds."""
    if writer.training and rng.random() < _NATURAL_SHARE:
        return one_fact(rng, writer, without)
    sentence, kind, questions = rng.choice(_ALL if writer.training else _SENTENCES)
    while writer.training and (sentence in writer.stated or kind in without) and len(writer.stated) < len(_ALL) // 2:
        sentence, kind, questions = rng.choice(_ALL)
    writer.stated.add(sentence)
    made: dict[str, Callable[[], str]] = {
        "small": lambda: str(rng.randint(2, 14)), "minutes": lambda: f"{rng.randint(2, 90)} minutes",
        "count": lambda: str(rng.randint(2, 999)), "day": lambda: rng.choice(DAYS),
        "year": lambda: str(rng.randint(1850, 2025)),
        "place": lambda: rng.choice(writer.vocabulary.places), "percent": lambda: f"{rng.randint(1, 99)} %",
    }  # fmt: skip
    value = made[kind]() if kind in made else writer.slot(kind)
    slots = {"noun": writer.slot("noun"), "app": writer.slot("app"), "x": value}
    if "{month}" in sentence:
        slots["month"] = rng.choice(MONTHS)
    return sentence.format(**slots), value, tuple(question.format(**slots) for question in questions)


def say_text(page: Page, sentences: int, *, facts: int = 1, most: int = 6) -> str:
    """A paragraph of some sentences, in which facts are; asks for them. Returns what was drawn."""
    rng = page.rng
    more = rng.choice((0, 0, 1, 2)) if page.writer.training and facts else 0
    known = [fact(rng, page.writer) for _ in range(facts + more)]
    parts = [page.writer.sentence(4, 11) for _ in range(sentences)]
    for sentence, _, _ in known:
        parts.insert(rng.randint(0, len(parts)), sentence)
    if page.writer.training and facts and rng.random() < 0.4:  # nothing but facts, that are easily mixed up
        parts = [sentence for sentence, _, _ in known]
    if not page.say(" ".join(parts), most=most):
        return ""
    for _, value, questions in known:
        if sum(other[2][0] == questions[0] for other in known) == 1:
            page.ask("value", value, *(q.replace("{", "{{").replace("}", "}}") for q in questions))
    return " ".join(parts)
