"""Facts put into words: values for a kind of fact, and a text that says it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.screens.facts.kinds import FactKind, Phrasing, State
from training.screens.facts.slots import Maker, Value

_TRIES = 12
_IN_ORDER = (["time", "time"], ["date", "date"])
"""Kinds of the values x and y of which the first is the earlier."""


@dataclass(frozen=True)
class Statement:
    """A fact in words.

    Attributes: `values` by slot; `text` as it stands on the screen; `shown`: the slots whose values the reader sees;
    `state`: where the kind has such.
    """

    kind: FactKind
    values: Mapping[str, Value]
    text: str
    shown: frozenset[str]
    state: State | None = None

    def spelled(self, slot: str) -> str:
        """The value as the text spells it: capital at its beginning."""
        value = str(self.values[slot])
        capital = value[0].upper() + value[1:]
        return value if value in self.text or capital not in self.text else capital


def filled(phrasing: Phrasing, values: Mapping[str, str]) -> str:
    """The phrasing with its slots filled, "a" or "an" before them, and a capital at its beginning."""
    parts = phrasing.text.split("{")
    text = parts[0]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        value = values[slot]
        if value[0].lower() in "aeiou" and (text in {"a ", "A "} or text.endswith((" a ", " A "))):
            text = f"{text[:-1]}n "
        text += value + rest
    fixed = phrasing.text[0] == "{" and getattr(values[phrasing.text[1]], "fixed", False)
    return text if fixed else text[0].upper() + text[1:]


def tell(rng: random.Random, maker: Maker, kind: FactKind, count: int, *, sentences: bool = False,
         people: Sequence[Value] = ()) -> list[Statement]:  # fmt: skip
    """At most `count` facts of a kind, no value of which comes twice.

    With `sentences` they are said in whole sentences where the kind has such; `people` say it in their own words,
    each once, where the kind has words for that.
    """
    said: list[Statement] = []
    senders = list(people)
    rng.shuffle(senders)
    for _ in range(count + _TRIES):
        if len(said) == count:
            break
        own = bool(senders) and bool(kind.own)
        values = {slot: maker.make(spec) for slot, spec in kind.slots.items()}
        if [kind.slots.get(slot) for slot in "xy"] in _IN_ORDER and values["x"].key > values["y"].key:  # type: ignore[operator]
            values["x"], values["y"] = values["y"], values["x"]
        if own:
            values["p"] = senders[0]
        state = rng.choice(kind.states) if kind.states else None
        if _is_new(kind, values, said, stated=bool(state)) and len(set(values.values())) == len(values):
            said.append(_said(rng, kind, values, state, own=own, sentences=sentences))
            senders = senders[1:] if own else senders
    return said


def _is_new(kind: FactKind, values: Mapping[str, Value], said: Sequence[Statement], *, stated: bool) -> bool:
    """Whether no value, and no last word of one, is among those of the others."""
    for other in said:
        for slot, value in values.items():
            known = other.values.get(slot)
            if known and (value == known or (value.short or value).lower() == (known.short or known).lower()):
                return False
    return stated or bool(kind.forms)


def _said(rng: random.Random, kind: FactKind, values: dict[str, Value], state: State | None, *, own: bool,
          sentences: bool) -> Statement:  # fmt: skip
    forms = kind.own if own else state.forms if state else kind.forms
    whole = [form for form in forms if form.text.endswith(".")]
    form = rng.choice(whole if sentences and whole else forms)
    return Statement(kind, values, filled(form, values), form.slots | ({"p"} if own else frozenset()), state)
