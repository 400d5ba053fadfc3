"""What a window that others laid out can be asked, by its controls: questions with one right answer each.

    questions = Questioner(random.Random(1))
    for interface in interfaces:
        asked = questions.of(interface)

A question is recorded with all its phrasings, and is phrased again whenever the image is shown.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

from training.interfaces.questions.counts import ask_counts
from training.interfaces.questions.documents import PROSE, ask_documents
from training.interfaces.questions.forms import ask_form
from training.interfaces.questions.groups import ask_groups
from training.interfaces.questions.lines import ask_lines
from training.interfaces.questions.lists import ask_lists
from training.interfaces.questions.offers import ask_offers
from training.interfaces.questions.rows import ask_rows
from training.interfaces.questions.seen_lines import ask_seen_lines
from training.interfaces.questions.sheet import Asked, Earlier, Sheet
from training.interfaces.questions.states import ask_states
from training.interfaces.questions.tables import ask_tables
from training.interfaces.questions.values import ask_values
from training.interfaces.questions.whether import ask_whether
from training.interfaces.questions.whole import ask_whole
from training.interfaces.records import Interface
from training.screens.asking import PHRASINGS

_MOST_OF_A_KIND = 14
"""Questions of one kind about a window."""
_MOST_OF_AN_ANSWER = 4
"""Yes to questions of one kind about a window, and no."""
_LONGEST_ANSWER = 900
_PROSE = 0.1
"""Share of a window's questions that are about paragraphs and sentences."""


class Questioner:
    """Asks about windows one after the other.

    It remembers what earlier ones say, to ask for what is not there, and answers yes as often as no.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._earlier = rng, Earlier()

    def of(self, interface: Interface, contrasts: Mapping[int, float] | None = None) -> list[Asked]:
        """What can be asked about a window; nothing where nothing of it can be read.

        `contrasts` are those of controls in the image, by their id: see `contrast.seen_in`.
        """
        sheet = Sheet(self._rng, interface, self._earlier, contrasts or {})
        for ask in (ask_whole, ask_values, ask_states, ask_lists, ask_tables, ask_form, ask_rows, ask_counts,
                    ask_lines, ask_seen_lines, ask_groups, ask_whether, ask_documents, ask_offers):  # fmt: skip
            ask(sheet)
        self._earlier.add(sheet)
        return less_prose(self._rng, fewer(self._rng, clear(sheet.asked)))


def less_prose(rng: random.Random, asked: list[Asked]) -> list[Asked]:
    """With few questions about paragraphs and sentences, of which long texts would have most."""
    prose = [one for one in asked if not isinstance(one.phrasings, str) and set(one.phrasings) <= PROSE]
    most = max(1, round((len(asked) - len(prose)) * _PROSE / (1 - _PROSE)))
    dropped = {id(one) for one in rng.sample(prose, max(0, len(prose) - most))}
    return [one for one in asked if id(one) not in dropped]


def clear(asked: Iterable[Asked]) -> list[Asked]:
    """Those that have one answer, in the phrasings that have one."""
    asked = [one for one in asked if 0 < len(one.answer) <= _LONGEST_ANSWER]
    answers: dict[str, set[str]] = {}
    for one in asked:
        for text in _texts(one):
            answers.setdefault(text, set()).add(one.answer)
    kept: list[Asked] = []
    before: set[tuple[str, str]] = set()
    for one in asked:
        texts = _texts(one)
        fitting = [place for place, text in enumerate(texts) if len(answers[text]) == 1]
        if not fitting or (texts[fitting[0]], one.kind) in before:
            continue
        before.add((texts[fitting[0]], one.kind))
        if len(fitting) < len(texts):
            options = PHRASINGS[one.phrasings] if isinstance(one.phrasings, str) else one.phrasings
            kept.append(replace(one, phrasings=tuple(options[place] for place in fitting)))
        else:
            kept.append(one)
    return kept


def _texts(asked: Asked) -> list[str]:
    """The question in all its phrasings; a quick action's prompt as it is."""
    if isinstance(asked.phrasings, str):
        if asked.phrasings not in PHRASINGS:
            return [asked.phrasings]
        return [one.format(**asked.slots) for one in PHRASINGS[asked.phrasings]]
    return [one.format(**asked.slots) for one in asked.phrasings]


def fewer(rng: random.Random, asked: list[Asked], most: int = _MOST_OF_A_KIND) -> list[Asked]:
    """Not too many of one kind; of what is asked with yes and no, as many of each."""
    dropped: set[int] = set()
    for kind in dict.fromkeys(one.kind for one in asked):
        places = [place for place, one in enumerate(asked) if one.kind == kind]
        if kind not in _BALANCED:
            dropped |= set(rng.sample(places, max(0, len(places) - most)))
            continue
        for answer in ("Yes", "No"):
            said = [place for place in places if asked[place].answer == answer]
            dropped |= set(rng.sample(said, max(0, len(said) - _MOST_OF_AN_ANSWER)))
    return [one for place, one in enumerate(asked) if place not in dropped]


_BALANCED = frozenset({"present", "is_checked", "yes_no"})
