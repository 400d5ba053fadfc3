"""What a page in the making knows: the texts on it by their ids, and what can be asked about them.

A question names the texts that it needs; after the page has been laid out, only those are kept whose texts are seen.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from training.screens.pages import PROMPTS, explained
from training.screens.phrases import Writer
from training.web.values import Maker

TITLES = (
    "{d} - {a}",
    "{d} - {a}",
    "{d} - {a}",
    "{d} \u2013 {a}",
    "{d} \u2014 {a}",
    "{d} | {a}",
    "{a}: {d}",
    "{a} - {d}",
    "{d} ({a})",
    "*{d} - {a}",
    "{a} - [{d}]",
)
"""Of windows: what is open, and the program's name."""
PROGRAM = ("Which program is this?|What program is it?|Which application is open?|What is the program called?|Which app is this?|Which program's window is this?"
           "|With which program is it opened?|What is the name of the application?|Which program does the title bar name?|In which program am I?")  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """A question that a page may answer.

    Attributes:
        kind: of the question, as in `training.screens.records.Question`.
        phrasings: alternatives with `{slots}`; a name in `asking.PHRASINGS`; or "prompt:ID", a quick action's own prompt.
        needs: ids of the texts that must be seen, as a whole, for it to have this answer.
    """

    kind: str
    answer: str
    phrasings: tuple[str, ...] | str
    slots: dict[str, str]
    needs: tuple[str, ...]


@dataclass
class Board:
    """Collects the texts and the questions of one page.

    Attributes:
        texts: what stands at each id.
        about: what the page is, for its description; views set it.
        noun: what people call it.
        error: the error that it shows, if any.
        title: what its tab or title bar says; "" for its heading.
        app: the name of the program, where the title has it.
        last: the id of the text that was put last.
        whole: whether the page has its own browser, and needs nothing around it.
    """

    rng: random.Random
    writer: Writer
    maker: Maker
    texts: dict[str, str] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    about: str = ""
    noun: str = "browser"
    error: str = ""
    title: str = ""
    app: str = ""
    last: str = ""
    whole: bool = False

    def put(self, text: str, name: str = "", tag: str = "span", style: str = "") -> str:
        """HTML of a text that questions may be about; its id is `name`, or a new one: see `last`."""
        name = name or f"t{len(self.texts)}"
        if self.texts.setdefault(name, text) != text:
            raise ValueError(f"Two texts are called {name}: {self.texts[name]!r} and {text!r}.")
        self.last = name
        kind, _, more = tag.partition(" ")
        return f'<{kind} {more} data-t="{escape(name)}" class="{style}">{escape(text)}</{kind}>'

    def ask(self, kind: str, answer: str, phrasings: str, needs: Sequence[str], **slots: str) -> None:
        """Phrasings are parted by "|"."""
        parts = tuple(phrasings.split("|"))
        self.asks.append(Ask(kind, answer, parts, slots, tuple(needs)))

    def ask_as(self, name: str, answer: str, needs: Sequence[str], kind: str = "", **slots: str) -> None:
        """In the phrasings of `asking.PHRASINGS`."""
        self.asks.append(Ask(kind or name, answer, name, slots, tuple(needs)))

    def prompt(self, action: str, kind: str, answer: str, needs: Sequence[str]) -> None:
        """A quick action's own prompt."""
        if action not in PROMPTS:
            raise ValueError(f"There is no quick action {action}.")
        self.asks.append(Ask(kind, answer, f"prompt:{action}", {}, tuple(needs)))

    def whether(self, phrasings: str, there: Sequence[tuple[str, Sequence[str]]], absent: str, **slots: str) -> None:
        """Once about a text that is there, with the ids that it needs, and once about one that is not."""
        if there and all(absent != text for text, _ in there):
            text, needs = self.rng.choice(there)
            self.ask("present", "Yes", phrasings, needs, text=text, **slots)
            self.ask("present", "No", phrasings, needs, text=absent, **slots)

    def tell_error(self, error: str, name: str, noun: str = "page") -> None:
        """What is asked about an error that the page shows."""
        self.ask_as("error", error, (name,), "message")
        self.ask("message", error, "What is the problem?|Quote the error.|Which error does the page show?|Why did it fail?",
                 (name,))  # fmt: skip
        self.prompt("explain-error", "message", explained(error, noun), (name,))
        self.error = error

    def name_window(self, document: str) -> None:
        """A title of what is open and the program's name, and which program that is."""
        self.app = self.pick(("{}", "{}", "{} Desk", "Open{}", "{}Edit", "{} Studio", "{} 3")).format(
            self.maker.make("app").text
        )
        self.title = self.pick(TITLES).format(d=document, a=self.app)
        self.ask("program", self.app, PROGRAM, ())

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, options: Sequence[Any]) -> Any:
        return self.rng.choice(options)

    def in_order(self, kind: str, count: int) -> list[str]:
        """`count` different texts of a type with an order, ascending."""
        made: dict[str, float] = {}
        while len(made) < count:
            value = self.maker.make(kind)
            if value.rank not in made.values():
                made[value.text] = value.rank or 0
        return sorted(made, key=made.__getitem__)

    def alike(self, kind: str, count: int) -> list[str]:
        """`count` different texts of a type of `values.Maker`."""
        made: list[str] = []
        for _ in range(20 * count):
            text = self.maker.make(kind).text
            if text not in made:
                made.append(text)
            if len(made) == count:
                break
        return made
