"""Some records of one kind, and what people ask about them, as far as a view shows it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.ordinals import ORDINALS
from training.web.board import Board
from training.web.kinds import Attribute, Kind, is_plural
from training.web.values import Value

_ABSENT = "Is {text} in the list?|Is {text} on this page?|Do you see {text}?|Is there an entry {text}?|Does the list have {text}?"
_SOME = 9
"""Questions about single values on one page, of each sort."""


@dataclass
class Deck:
    """Records of a kind.

    Attributes:
        title: what stands over them.
        rows: the values of each record by label; the key's label among them.
        attributes: those that are shown, without the key.
        selected: the place of the record that is selected, or None.
        prefix: of ids, to tell the decks of a page apart.
    """

    kind: Kind
    title: str
    rows: list[dict[str, Value]]
    attributes: list[Attribute]
    selected: int | None = None
    prefix: str = "r"

    def name(self, row: int, label: str) -> str:
        """The id of a value on the page."""
        return f"{self.prefix}{row}.{label}"

    def head(self, label: str) -> str:
        """The id of a heading."""
        return f"{self.prefix}h.{label}"

    @property
    def labels(self) -> list[str]:
        return [self.kind.key.label, *(one.label for one in self.attributes)]

    def key(self, row: int) -> str:
        return self.rows[row][self.kind.key.label].text

    def text(self, row: int, label: str) -> str:
        return self.rows[row][label].text


def draw_deck(board: Board, kinds: Sequence[Kind], *, least: int = 3, most: int = 12, columns: int = 6) -> Deck:
    """Random records, no two of which have the same name."""
    rng = board.rng
    kind = rng.choice(kinds)
    some = rng.sample(kind.attributes, rng.randint(min(2, len(kind.attributes)), min(columns, len(kind.attributes))))
    attributes = [one for one in kind.attributes if one in some] if rng.random() < 0.7 else some
    rows: list[dict[str, Value]] = []
    for name in board.alike(kind.key.type, rng.randint(least, most)):
        row = {kind.key.label: Value(name)}
        row.update((one.label, board.maker.make(one.type)) for one in attributes)
        rows.append(row)
    ordered = [one for one in attributes if rows[0][one.label].rank is not None]
    if ordered and rng.random() < 0.3:
        by = rng.choice(ordered).label
        rows.sort(key=lambda row: row[by].rank or 0)
    return Deck(kind, rng.choice(kind.titles.split("|")), rows, attributes)


def cell(board: Board, deck: Deck, row: int, label: str, style: str = "") -> str:
    """HTML of a value."""
    return board.put(deck.text(row, label), deck.name(row, label), style=style)


def name_of(board: Board, deck: Deck, row: int, style: str = "") -> str:
    """HTML of a record's name."""
    return cell(board, deck, row, deck.kind.key.label, style)


class DeckAsker:
    """Asks about a deck what its view shows."""

    def __init__(self, board: Board, deck: Deck) -> None:
        self.board, self.deck, self.rng = board, deck, board.rng
        self._key = deck.kind.key.label
        self._all = [self._id(row) for row in range(len(deck.rows))]

    def _id(self, row: int, label: str = "") -> str:
        return self.deck.name(row, label or self._key)

    def ask_all(self, attributes: Sequence[Attribute] | None = None, *, labelled: bool = True) -> None:
        """Everything that a list of records answers; `labelled`: whether labels are shown beside or above the values."""
        attributes = self.deck.attributes if attributes is None else attributes
        if not labelled:
            attributes = unmistakable(attributes)
        self.ask_values(attributes, labelled=labelled)
        self.ask_back(attributes)
        if self.rng.random() < 0.6:
            self.ask_beside(attributes)
        if self.rng.random() < 0.6:
            self.ask_ends(named(attributes))
        if labelled and self.rng.random() < 0.5:
            self.ask_record(attributes)
        self.ask_extremes(attributes)
        self.ask_choices(attributes)
        self.ask_whether(attributes)
        self.ask_places()

    def _places(self, attributes: Sequence[Attribute], count: int) -> list[tuple[int, Attribute]]:
        every = [(row, one) for row in range(len(self.deck.rows)) for one in attributes]
        return self.rng.sample(every, min(count, len(every)))

    def ask_values(self, attributes: Sequence[Attribute], *, labelled: bool = True) -> None:
        """An attribute of a record that is named."""
        for row, one in self._places(attributes, 2 * _SOME):
            plain = (f"What is the {lower(one.label)} of {{k}}?|{one.label} of {{k}}?|What does it say for {{k}} under {one.label}?|{{k}}: {lower(one.label)}?"
                     f"|Which {lower(one.label)} does {{k}} have?|What {lower(one.label)} is given for {{k}}?|Look up {{k}}: what is the {lower(one.label)}?"
                     f"|What stands beside {{k}} under {one.label}?|Find the {lower(one.label)} of {{k}}.")  # fmt: skip
            if is_counted(one):
                plain = (f"How many {lower(one.label)} does {{k}} have?|{one.label} of {{k}}?|What does it say for {{k}} under {one.label}?"
                         f"|What is the number of {lower(one.label)} of {{k}}?|{{k}}: how many {lower(one.label)}?")  # fmt: skip
            elif is_plural(one.label):
                plain = (f"What are the {lower(one.label)} of {{k}}?|{one.label} of {{k}}?|What does it say for {{k}} under {one.label}?"
                         f"|Which {lower(one.label)} does {{k}} have?|Look up {{k}}: what are the {lower(one.label)}?")  # fmt: skip
            if not named((one,)):
                plain = f"What does it say for {{k}} under {one.label}?|{{k}}: {lower(one.label)}?|What stands beside {{k}} under {one.label}?|{{k}}, {one.label}?"
            asked = (one.ask or plain) if not labelled or self.rng.random() < 0.6 else plain
            self._ask("value", self.deck.text(row, one.label), asked, (self._id(row), self._id(row, one.label)), row)

    def ask_back(self, attributes: Sequence[Attribute]) -> None:
        """The record that has a value, where but one has."""
        asked = [one for one in attributes if one.back]
        for row, one in self._places(asked, _SOME):
            value = self.deck.text(row, one.label)
            if self._count(one.label)[value] == 1:
                shown = value.lower() if one.type.startswith("choice:") else value
                self._ask("value", self.deck.key(row), one.back, (*self._needs(one.label), self._id(row, one.label)), row,
                          v=shown)  # fmt: skip

    def ask_beside(self, attributes: Sequence[Attribute]) -> None:
        """The record beside a value, in words that fit any kind of record."""
        noun = self.deck.kind.noun
        asked = (f"Which {noun} has {{v}}?|Which {noun} does {{v}} belong to?|At which {noun} does it say {{v}}?|Beside which {noun} stands {{v}}?"
                 f"|Find the {noun} with {{v}}.|Name the {noun} where it says {{v}}.|{{v}} belongs to which {noun}?|What {noun} goes with {{v}}?")  # fmt: skip
        everything = [
            self._id(row, label)
            for row in range(len(self.deck.rows))
            for label in [self._key, *(one.label for one in attributes)]
        ]
        counts = Counter(
            self.deck.text(row, one.label) for row in range(len(self.deck.rows)) for one in self.deck.attributes
        )
        for row, one in self._places(attributes, _SOME // 2):
            value = self.deck.text(row, one.label)
            if counts[value] == 1:
                self._ask("value", self.deck.key(row), asked, everything, row, v=value)

    def ask_ends(self, attributes: Sequence[Attribute]) -> None:
        """An attribute of the first, of the last and of a numbered record, and the largest and smallest value."""
        noun, last = self.deck.kind.noun, len(self.deck.rows) - 1
        for row, which in ((0, "first"), (last, "last"), (self.rng.randint(1, max(1, last)), "")):
            if row > last or not attributes:
                continue
            one = self.rng.choice(attributes)
            named = f"{which} {noun}" if which else f"{_ordinal(row + 1)} {noun}"
            asked = (f"What {'are' if is_plural(one.label) else 'is'} the {lower(one.label)} of the {named}?|Read the {lower(one.label)} of the {named}."
                     f"|Which {lower(one.label)} does the {named} have?|{one.label} of the {named}?")  # fmt: skip
            if is_counted(one):
                asked = f"How many {lower(one.label)} does the {named} have?|{one.label} of the {named}?"
            self._ask("value", self.deck.text(row, one.label), asked, (*self._all, self._id(row, one.label)), row)
        for one in attributes:
            ranks = [row[one.label].rank for row in self.deck.rows]
            known = [rank for rank in ranks if rank is not None]
            if len(known) != len(ranks) or len(ranks) < 2 or one.type in {"date", "time", "year"}:
                continue
            for rank, word, other in ((max(known), "highest", "largest"), (min(known), "lowest", "smallest")):
                if known.count(rank) == 1 and self.rng.random() < 0.5:
                    row, label = (
                        known.index(rank),
                        f"number of {lower(one.label)}" if is_counted(one) else lower(one.label),
                    )
                    asked = f"What is the {word} {label}?|Which is the {other} value under {one.label}?|Read the {word} value of {label}.|What is the {other} {label} on the page?"
                    self._ask("value", self.deck.text(row, one.label), asked, self._needs(one.label), row)

    def ask_record(self, attributes: Sequence[Attribute]) -> None:
        """One record as JSON, under a schema of some of its labels."""
        row = self.rng.randrange(len(self.deck.rows))
        some = self.rng.sample(list(attributes), min(len(attributes), self.rng.randint(1, 4)))
        if not some:
            return
        keys = {one.label: lower(one.label).replace(" ", "_") for one in some}
        answer = json.dumps({keys[one.label]: self.deck.text(row, one.label) for one in some}, ensure_ascii=False)
        asked = "Give {j} of {k} as JSON.|JSON of {k} with the keys {j}, please.|Return a JSON object with {j} for {k}.|{k} as JSON: {j}"
        self._ask(
            "json",
            answer,
            asked,
            (self._id(row), *(self._id(row, one.label) for one in some)),
            row,
            j=", ".join(keys.values()),
        )

    def ask_extremes(self, attributes: Sequence[Attribute]) -> None:
        """The record with the largest value, and with the smallest."""
        for one in attributes:
            ranks = [row[one.label].rank for row in self.deck.rows]
            known = [rank for rank in ranks if rank is not None]
            if len(known) != len(ranks) or len(ranks) < 2:
                continue
            for asked, rank in ((one.most, max(known)), (one.least, min(known))):
                if asked and known.count(rank) == 1:
                    row = known.index(rank)
                    self._ask("highest", self.deck.key(row), asked, self._needs(one.label), row)

    def ask_choices(self, attributes: Sequence[Attribute]) -> None:
        """Which records, and how many, have one of few values."""
        for one in attributes:
            counts = self._count(one.label)
            if not one.many[0]:
                continue
            for value in counts:
                rows = [row for row in range(len(self.deck.rows)) if self.deck.text(row, one.label) == value]
                slots = {"v": value.lower()}
                if 2 <= len(rows) <= 5:
                    names = [self.deck.key(row) for row in rows]
                    if not any("," in name for name in names):
                        self._ask("list", ", ".join(names), one.many[0], self._needs(one.label), rows[0], **slots)
                self._ask("how_many", str(len(rows)), one.many[1], self._needs(one.label), rows[0], **slots)

    def ask_whether(self, attributes: Sequence[Attribute]) -> None:
        """Yes once, and no once, for each question that is asked."""
        there = [(self.deck.key(row), self._all) for row in range(len(self.deck.rows))]
        other = self.board.maker.make(self.deck.kind.key.type).text
        self.board.whether(_ABSENT, there, other)
        for one in self.rng.sample(some := named(attributes), min(2, len(some))):
            row, label = self.rng.randrange(len(self.deck.rows)), lower(one.label)
            right = self.deck.text(row, one.label)
            others = [value for value in self._count(one.label) if value != right]
            asked = "Does it say {v} for {k}?|Does {v} stand beside {k}?|"
            if is_counted(one):
                asked += f"Does {{k}} have {{v}} {label}?"
            else:
                asked += f"{'Are' if is_plural(one.label) else 'Is'} the {label} of {{k}} {{v}}?|Does {{k}} have the {label} {{v}}?"
            if others:
                for value, answer in ((right, "Yes"), (self.rng.choice(others), "No")):
                    self._ask(
                        "present",
                        answer,
                        asked,
                        [self._id(row), *(self._id(row, each.label) for each in attributes)],
                        row,
                        v=value,
                    )
        for one in attributes:
            values = list(self._count(one.label))
            if not one.whether or len(values) < 2:
                continue
            choice = one.type.startswith("choice:")
            row = self.rng.randrange(len(self.deck.rows))
            right = self.deck.text(row, one.label)
            wrong = self.rng.choice([value for value in values if value != right])
            for value, answer in ((right, "Yes"), (wrong, "No")):
                shown = value.lower() if choice else value
                self._ask("present", answer, one.whether, (self._id(row), self._id(row, one.label)), row, v=shown)

    def ask_places(self) -> None:
        """How many there are, and which is first, last and in between."""
        kind, keys, n = self.deck.kind, self._all, len(self.deck.rows)
        many = (f"How many {kind.plural} are listed?|How many {kind.plural} are there?|Count the {kind.plural}."
                f"|How many {kind.plural} do you see?|How many {kind.plural} are shown?|How many {kind.plural} are on the page?"
                f"|What is the number of {kind.plural}?|How many {kind.plural} does the page list?")  # fmt: skip
        self._ask("how_many", str(n), many, keys, 0)
        one = kind.noun
        self._ask("value", self.deck.key(0), f"What is the first {one} in the list?|Which {one} is at the top?"
                  f"|Which {one} comes first?|Name the first {one} on the page.|Which {one} is listed first?|What is at the top of the list?", keys[:1], 0)  # fmt: skip
        self._ask("value", self.deck.key(n - 1), f"What is the last {one} in the list?|Which {one} is at the bottom?"
                  f"|Which {one} comes last on the page?|Which {one} is listed last?|What is at the bottom of the list?", keys, 0)  # fmt: skip
        if n > 3:
            row = self.rng.randrange(1, n - 1)
            self._ask("value", self.deck.key(row), f"Which {one} is number {{n}}?|What is {one} number {{n}}?|Which {one} is in place {{n}} of the list?"
                      f"|Which is the {one} in row {{n}}?", keys[: row + 1], row, n=str(row + 1))  # fmt: skip
            self._ask(
                "value",
                self.deck.key(row),
                f"Which {one} comes right before {{a}}?|What is listed above {{a}}?|Which {one} stands directly above {{a}}?",
                keys[row : row + 2],
                row,
                a=self.deck.key(row + 1),
            )
            self._ask("value", self.deck.key(row), f"Which {one} comes right after {{k}}?|What follows {{k}} in the list?"
                      "|What is listed below {k}?", keys[row - 1 : row + 1], row - 1)  # fmt: skip
        names = [self.deck.key(row) for row in range(n)]
        if n <= 6 and not any("," in name for name in names):
            self._ask("list", ", ".join(names), f"Which {kind.plural} are listed?|List the {kind.plural}."
                      f"|Name all {kind.plural}.|Which {kind.plural} are shown?", keys, 0)  # fmt: skip

    def ask_selected(self) -> None:
        """Which record is selected."""
        row, one = self.deck.selected, self.deck.kind.noun
        if row is not None:
            asked = f"Which {one} is selected?|Which {one} is open?|Which {one} is highlighted?|What is selected?|Which entry of the list is selected?"
            self._ask("selected", self.deck.key(row), asked, (self._id(row),), row)

    def ask_solo(self, row: int, attributes: Sequence[Attribute]) -> None:
        """About the one record that a page is about."""
        for one in attributes:
            needs = (self._id(row, one.label),)
            if one.solo:
                self._ask("value", self.deck.text(row, one.label), one.solo, needs, row)
            self._ask("value", self.deck.text(row, one.label), one.ask or f"What is the {lower(one.label)}?",
                      (self._id(row), *needs), row)  # fmt: skip
            self._ask("value", self.deck.text(row, one.label), f"What does it say for {one.label}?|{one.label}?"
                      f"|Read {one.label}.|What is the value of {one.label}?", needs, row)  # fmt: skip

    def ask_table(self) -> None:
        """Of a view with columns: the headings, rows, and the table as JSON."""
        deck, rng = self.deck, self.rng
        heads = [deck.head(label) for label in deck.labels]
        everything = [*heads, *(self._id(row, label) for row in range(len(deck.rows)) for label in deck.labels)]
        self.board.ask_as("columns", ", ".join(deck.labels), heads)
        self.board.ask(
            "how_many",
            str(len(deck.labels)),
            "How many columns does the table have?|How many columns are there?|Count the columns.",
            heads,
        )
        self.board.ask_as("row_count", str(len(deck.rows)), self._all, "how_many")
        for row in rng.sample(range(len(deck.rows)), min(2, len(deck.rows))):
            cells = [deck.text(row, label) for label in deck.labels]
            needs = [self._id(row, label) for label in deck.labels]
            self.board.ask_as("row_of", ", ".join(cells), needs, "row", label=cells[0])
            self.board.ask_as("row", ", ".join(cells), [*needs, *self._all], n=str(row + 1))
        whole = {
            "columns": deck.labels,
            "rows": [[deck.text(row, label) for label in deck.labels] for row in range(len(deck.rows))],
        }
        self.board.prompt("table-to-json", "json", json.dumps(whole, ensure_ascii=False), everything)
        some = sorted(rng.sample(range(len(deck.labels)), rng.randint(1, min(3, len(deck.labels)))))
        keys = [deck.labels[place] for place in some]
        rows = [{lower(label): deck.text(row, label) for label in keys} for row in range(len(deck.rows))]
        asked = "Give {keys} of every row as JSON.|Return a JSON list with {keys} of each row.|List {keys} as JSON.|All {keys} as JSON, please."
        self.board.ask(
            "json", json.dumps(rows, ensure_ascii=False), asked, everything, keys=" and ".join(map(lower, keys))
        )

    def _needs(self, label: str) -> list[str]:
        """All names and all values of an attribute: what must be seen to say which one."""
        return [*self._all, *(self._id(row, label) for row in range(len(self.deck.rows)))]

    def _count(self, label: str) -> Counter[str]:
        return Counter(row[label].text for row in self.deck.rows)

    def _ask(self, kind: str, answer: str, phrasings: str, needs: Sequence[str], row: int, **slots: str) -> None:
        if slots.get("v") == "1":  # nobody says "1 items"
            phrasings = "|".join(one for one in phrasings.split("|") if not _PLURAL_AFTER.search(one))
            if not phrasings:
                return
        self.board.ask(kind, answer, phrasings, needs, k=self.deck.key(row), **slots)


_UNNAMED = frozenset(
    (
        "From",
        "To",
        "Opened",
        "Due",
        "Who",
        "Built",
        "First",
        "Last",
        "Modified",
        "Expected",
        "Apply by",
        "Since",
        "Starts",
        "Comments",
    )
)
"""Labels that are no names of things, so that nobody asks for "the to"."""


_PLURAL_AFTER = re.compile(r"{v} [a-z]+s\b")
_ORDINALS = ORDINALS[:10]


def _ordinal(number: int) -> str:
    """As a word up to the tenth."""
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th" if number < 21 else f"number {number}"


def is_counted(attribute: Attribute) -> bool:
    """Whether an attribute is a number of things, as "Items" is."""
    return attribute.type in {"count", "small"} and is_plural(attribute.label)


def named(attributes: Sequence[Attribute]) -> list[Attribute]:
    """Those that can be called by their labels."""
    return [one for one in attributes if one.label not in _UNNAMED]


_NUMBERS = frozenset(("count", "small", "year", "rating"))
_NAMES = frozenset(("person", "place", "app", "noun", "thing"))


def unmistakable(attributes: Sequence[Attribute]) -> list[Attribute]:
    """Those whose values are clear without labels: no bare numbers, which may count anything."""
    sorts = [
        "number" if one.type in _NUMBERS else "name" if one.type in _NAMES and one.type != "person" else one.type
        for one in attributes
    ]
    return [one for one, sort in zip(attributes, sorts, strict=True) if sort != "number" and sorts.count(sort) == 1]


def lower(label: str) -> str:
    """A label inside a sentence; abbreviations stay."""
    return label if label[1:2].isupper() else label[0].lower() + label[1:]


def head(board: Board, deck: Deck, label: str, style: str = "") -> str:
    """HTML of a label, over a column or beside a value."""
    return board.put(label, deck.head(label), style=style)
