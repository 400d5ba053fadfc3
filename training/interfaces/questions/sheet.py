"""What is known of one window while questions about it are collected."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from training.interfaces.questions.contrast import looks_enabled
from training.interfaces.records import Control, Interface, Role

LONGEST_NAME = 80
"""Characters of a text that names something, or is a value."""
_MOST_LISTED = 400
"""Characters of names that are asked for together."""
_WORDS_BETWEEN = 4
"""Letters of words such as "in" and "from" between two fields, which are no labels."""
MOST_COUNTED = 12
_REMEMBERED = 400
"""Texts of a role in earlier windows."""
_LEAN = 3
"""How much more often a question of a topic may be answered with yes than with no, or the other way round."""


@dataclass(frozen=True)
class Asked:
    """A question that a window answers.

    Attributes:
        phrasings: alternatives with `{slots}`; a kind of `training.screens.asking.PHRASINGS`; or "prompt:ID".
        needs: the controls that must be seen to answer it; none: the window as a whole.
    """

    kind: str
    answer: str
    phrasings: tuple[str, ...] | str
    slots: dict[str, str]
    needs: tuple[Control, ...]


@dataclass
class Earlier:
    """What earlier windows say, by role, and how often each topic was answered with yes more than with no."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    lean: Counter[str] = field(default_factory=Counter)

    def add(self, sheet: Sheet) -> None:
        """Remember a window's texts."""
        for control in sheet.controls:
            name = sheet.name(control)
            if name and len(name) <= 40:
                known = self.texts.setdefault(role_of(control), [])
                if name not in known:
                    known.append(name)
                if len(known) > _REMEMBERED:
                    del known[: _REMEMBERED // 2]


def role_of(control: Control) -> str:
    """A control's role, where fields of all sorts are one."""
    return "field" if control.role in ("field", "combo", "spin", "slider", "text") else str(control.role)


def plain(text: str, most: int = LONGEST_NAME) -> str:
    """The text in one line, where it can be quoted; "" where it is too long or has other letters than ASCII's."""
    text = " ".join(text.split())
    return text if 0 < len(text) <= most and text.isascii() and text.isprintable() and "{" not in text else ""


class Sheet:
    """A window and the questions about it.

    Attributes:
        controls: all of them, in reading order.
        contrasts: of controls in the image, by their id, where that is known.
        said: how often each text stands in the window, in lower case.
    """

    def __init__(self, rng: random.Random, interface: Interface, earlier: Earlier,
                 contrasts: Mapping[int, float]) -> None:  # fmt: skip
        self.rng, self.interface, self.earlier = rng, interface, earlier
        self.controls, self.contrasts = interface.controls, contrasts
        self.asked: list[Asked] = []
        self.said = Counter(" ".join(one.text.split()).lower() for one in self.controls if one.text.strip())

    def ask(self, kind: str, answer: str, phrasings: Sequence[str] | str, needs: Iterable[Control],
            **slots: str) -> None:  # fmt: skip
        """Record a question."""
        ways = phrasings if isinstance(phrasings, str) else tuple(phrasings)
        self.asked.append(Asked(kind, answer, ways, slots, tuple(needs)))

    def ask_yes_no(self, topic: str, kind: str, states: Sequence[tuple[Control, bool, dict[str, str]]],
                   phrasings: Sequence[str], most: int = 3) -> None:  # fmt: skip
        """Whether something holds of controls, about as often as it does not, over all windows."""
        lean, rng = self.earlier.lean, self.rng
        some = {state: [one for one in states if one[1] is state] for state in (True, False)}
        both = min(len(some[True]), len(some[False]), most)
        chosen = [one for state in (True, False) for one in rng.sample(some[state], both)]
        for state, sign in ((True, 1), (False, -1)):
            left = [one for one in some[state] if one not in chosen]
            while left and lean[topic] * sign < 0 and len(chosen) < 2 * most:
                chosen.append(left.pop(rng.randrange(len(left))))
                lean[topic] += sign
            if not chosen and left and lean[topic] * sign < _LEAN:
                chosen.append(rng.choice(left))
                lean[topic] += sign
        for control, state, slots in chosen:
            self.ask(kind, "Yes" if state else "No", phrasings, [control], **slots)

    def of(self, *roles: Role) -> list[Control]:
        """The controls of these roles."""
        return [one for one in self.controls if one.role in roles]

    def name(self, control: Control) -> str:
        """What a control is called: a field by its label, others by their text; "" where that cannot be quoted."""
        if role_of(control) == "field":
            label = plain(control.label.rstrip(": "), 60)
            between = label.islower() and len(label) <= _WORDS_BETWEEN
            return label if any(map(str.isalpha, label)) and not between else ""
        text = control.text.rstrip(": ") if control.role in ("checkbox", "radio", "switch", "group") else control.text
        return plain(text) or plain(control.label.rstrip(": "), 60)

    def names(self, controls: Sequence[Control]) -> list[str]:
        """The names of all of them, in order; none where one has no name, or they are not all different."""
        names = [self.name(one) for one in controls]
        return names if all(names) and len(set(names)) == len(names) else []

    def alone(self, name: str, among: Sequence[Control]) -> bool:
        """Whether one control alone of some has a name."""
        return sum(self.name(one).lower() == name.lower() for one in among) == 1

    def is_whole(self, container: str) -> bool:
        """Whether all of a container is seen; "": whether all of the window is."""
        return container not in self.interface.cut

    def containers(self, *roles: Role) -> dict[str, list[Control]]:
        """The controls of these roles by their container, those without one left out."""
        found: dict[str, list[Control]] = {}
        for one in self.of(*roles):
            if one.container:
                found.setdefault(one.container, []).append(one)
        return found

    def looks_as_it_is(self, control: Control) -> bool:
        """Whether a control looks greyed out where it is disabled, and not where it is not."""
        usual = [found for one in self.controls if one.enabled and one.text.strip()
                 and (found := self.contrasts.get(id(one)))]  # fmt: skip
        return not usual or looks_enabled(control, self.contrasts, sorted(usual)[len(usual) // 2])

    def labels_of(self, control: Control) -> list[Control]:
        """The label beside a control, where it is known: it is needed too."""
        label = control.label.rstrip(": ").lower()
        return [one for one in self.of("label") if label and one.text.rstrip(": ").lower() == label][:1]

    def has_text(self, text: str) -> bool:
        """Whether the window may be said to have a text, also as a part of another."""
        text = text.lower()
        return any(text in said or said in text for said in self.said if len(said) > 1)


def listed_names(names: Sequence[str]) -> str:
    """As a question is answered: "A, B, C"; "" where that would not be clear, or too long."""
    said = ", ".join(names)
    return said if not any("," in name for name in names) and len(said) <= _MOST_LISTED else ""
