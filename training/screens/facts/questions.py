"""Questions about facts that a screen tells: values, who or what has them, the most and the least, yes and no."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from training.screens.facts.kinds import FactKind, Phrasing
from training.screens.facts.slots import Maker, Value
from training.screens.facts.telling import Statement, filled
from training.screens.phrasing import phrased
from training.screens.records import Question

FACT, WHETHER = "fact", "whether"
"""Kinds of questions: a text of the screen answers, or yes or no."""
_SHORT_SHARE = 0.3
"""Of names in questions that are shorter than in the text, where that is clear."""
_UNASKED = 0.25
"""Of facts that nobody doubts."""
_TRUE = (
    "Is it true that {t}?",
    "Does it say that {t}?",
    "Yes or no: {t}?",
    "Is this right: {t}?",
    "Can I read here that {t}?",
)


def fact_questions(rng: random.Random, maker: Maker, said: Sequence[Statement], most: int = 30) -> list[Question]:
    """Questions with one answer each about facts that are all on one screen; yes and no about as often."""
    asked: list[Question] = []
    for kind in {id(one.kind): one.kind for one in said}.values():
        same = [one for one in said if one.kind is kind]
        for one in same:
            asked += [*_values(rng, one, same, said), *_states(rng, one, same, said)]
            asked += _whether(rng, maker, one, same, said)
        asked += _extremes(rng, kind, same)
    answers: dict[str, set[str]] = {}
    for question in asked:  # two kinds of facts may be asked about in the same words
        answers.setdefault(_plain(question), set()).add(question.answer)
    chosen = [one for one in {question.text: question for question in asked}.values() if len(answers[_plain(one)]) == 1]
    return rng.sample(chosen, min(most, len(chosen)))


def _plain(question: Question) -> str:
    return question.text.lower().rstrip("?. ")


def _written(rng: random.Random, phrasing: Phrasing, values: Mapping[str, Value], said: Sequence[Statement]) -> str:
    """The question, sometimes with shorter names."""
    names = {slot: _called(rng, values[slot], said) for slot in sorted(phrasing.slots)}
    return phrased(rng, (filled(phrasing, names).replace("{", "{{").replace("}", "}}"),))


def _called(rng: random.Random, value: Value, said: Sequence[Statement]) -> str:
    if not value.short or rng.random() > _SHORT_SHARE:
        return value
    clear = all(
        value.lower() in one.text.lower() or value in one.values.values() or value.short.lower() not in one.text.lower()
        for one in said
    )
    return value.short if clear else value


def _answers(phrasing: Phrasing, one: Statement, same: Sequence[Statement]) -> bool:
    """Whether what the question names is shown, and stands for this fact alone."""
    if not phrasing.slots <= one.shown:
        return False
    return not any(
        other is not one and all(other.values.get(slot) == one.values[slot] for slot in phrasing.slots)
        for other in same
    )


def _values(rng: random.Random, one: Statement, same: Sequence[Statement], said: Sequence[Statement]) -> list[Question]:
    found = []
    for slot, phrasings in one.kind.asks.items():
        fitting = [phrasing for phrasing in phrasings if slot in one.shown and _answers(phrasing, one, same)]
        if one.kind.states:
            continue
        chosen = rng.sample(fitting, min(len(fitting), rng.choice((1, 1, 2))))
        found += [Question(FACT, _written(rng, phrasing, one.values, said), one.spelled(slot)) for phrasing in chosen]
    return found


def _states(rng: random.Random, one: Statement, same: Sequence[Statement], said: Sequence[Statement]) -> list[Question]:
    """What is in a state, where it is the only one, and whether it is in this state or another."""
    if one.state is None:
        return []
    found = []
    if sum(other.state is one.state for other in same) == 1:
        for slot, phrasings in one.state.asks.items():
            found.append(Question(FACT, _written(rng, rng.choice(phrasings), one.values, said), one.spelled(slot)))
    other = (
        one.state if rng.random() < 0.5 else rng.choice([state for state in one.kind.states if state is not one.state])
    )
    answer = "Yes" if other is one.state else "No"
    found.append(Question(WHETHER, _written(rng, rng.choice(other.whether), one.values, said), answer))
    return found


def _whether(
    rng: random.Random, maker: Maker, one: Statement, same: Sequence[Statement], said: Sequence[Statement]
) -> list[Question]:
    """True and false with one value of another fact, or of none."""
    sentences = [form for form in one.kind.forms if form.is_sentence]
    if one.state or not (one.kind.whether or sentences) or rng.random() < _UNASKED:
        return []
    direct = bool(one.kind.whether) and (not sentences or rng.random() < 0.6)
    phrasing = rng.choice(one.kind.whether if direct else sentences)
    slots = sorted(phrasing.slots - {"s", "p"}) or sorted(phrasing.slots - {"s"})
    if not phrasing.slots <= one.shown or not slots or len(phrasing.slots) < 2:
        return []
    values, true = dict(one.values), rng.random() < 0.5
    if not true:
        slot = rng.choice(slots)
        others = [other.values[slot] for other in same if other is not one]
        changed = rng.choice(others) if others and rng.random() < 0.7 else maker.make(one.kind.slots[slot])
        if changed == values[slot]:
            return []
        values[slot] = changed
    answer = "Yes" if true else "No"
    if direct:
        return [Question(WHETHER, _written(rng, phrasing, values, said), answer)]
    text = filled(phrasing, values).rstrip(".")
    text = text[0].lower() + text[1:] if text.startswith(("The ", "In ", "On ")) else text
    return [Question(WHETHER, rng.choice(_TRUE).format(t=text), answer)]


def _extremes(rng: random.Random, kind: FactKind, same: Sequence[Statement]) -> list[Question]:
    keys = [one.values["x"].key for one in same] if "x" in kind.slots else []
    known = [key for key in keys if key is not None]
    answer = "s" if "s" in kind.slots else "p"
    if len(same) < 2 or len(set(known)) < len(same) or not all({"x", answer} <= one.shown for one in same):
        return []
    found = []
    for phrasings, chosen in ((kind.least, min(known)), (kind.most, max(known))):
        if phrasings:
            one = same[keys.index(chosen)]
            found.append(Question(FACT, phrased(rng, (rng.choice(phrasings).text,)), one.spelled(answer)))
    return found
