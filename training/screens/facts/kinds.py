"""What a kind of fact is, and how one is declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SLOT = re.compile(r"\{(\w)\}")


@dataclass(frozen=True)
class Phrasing:
    """A text with slots of one letter, and which those are."""

    text: str
    slots: frozenset[str]

    @property
    def is_sentence(self) -> bool:
        """Whether it is one full sentence, which can be said to be true."""
        return (
            self.text.endswith(".") and self.text.count(". ") == 0 and self.text[:4] in {"The ", "In t", "{p} ", "On t"}
        )


@dataclass(frozen=True)
class State:
    """One of several things that may be so of a subject: how it is said, who or what it is so of, whether it is so."""

    forms: tuple[Phrasing, ...]
    asks: Mapping[str, tuple[Phrasing, ...]]
    whether: tuple[Phrasing, ...]


@dataclass(frozen=True)
class FactKind:
    """A relation between values.

    Attributes:
        slots: by letter, what fills it: a name of `slots.MAKERS`, or words divided by "/" of which one is chosen.
        forms: how the fact is said; `own` says the same in the words of its person, slot p.
        asks: questions by the slot that answers them.
        whether: questions that are true with the fact's values, and false with those of another.
        least, most: ask for the subject, slot s, with the lowest and the highest value of slot x.
        columns: headings of a table of such facts, by slot, or none.
        states: what the fact says, in place of `forms`.
    """

    name: str
    slots: Mapping[str, str]
    forms: tuple[Phrasing, ...]
    asks: Mapping[str, tuple[Phrasing, ...]]
    own: tuple[Phrasing, ...] = ()
    whether: tuple[Phrasing, ...] = ()
    least: tuple[Phrasing, ...] = ()
    most: tuple[Phrasing, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: tuple[State, ...] = ()


def phrasings(text: str) -> tuple[Phrasing, ...]:
    """Those divided by "|"."""
    parts = [part.strip() for part in text.split("|")]
    return tuple(Phrasing(part, frozenset(_SLOT.findall(part))) for part in parts if part)


def state(forms: str, whether: str, **asks: str) -> State:
    """A state; each argument is phrasings divided by "|"."""
    return State(phrasings(forms), {slot: phrasings(text) for slot, text in asks.items()}, phrasings(whether))


def kind(name: str, slots: str, forms: str = "", *states: State, own: str = "", whether: str = "", least: str = "",
         most: str = "", columns: str = "", **asks: str) -> FactKind:  # fmt: skip
    """A kind of fact; slots are written "s:train x:time", columns "s:Train/Line x:Time", other texts divided by "|"."""
    pairs = dict(part.split(":", 1) for part in slots.split())
    headings = {
        slot: tuple(names.replace("_", " ").split("/"))
        for slot, names in (part.split(":", 1) for part in columns.split())
    }
    return FactKind(
        name, pairs, phrasings(forms), {slot: phrasings(text) for slot, text in asks.items()}, phrasings(own),
        phrasings(whether), phrasings(least), phrasings(most), headings, states,
    )  # fmt: skip
