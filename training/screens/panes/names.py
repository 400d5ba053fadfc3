"""Questions about names in order, such as tabs, menus, files and buttons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from training.screens.ordinals import ORDINALS
from training.screens.panes.questions import IS_OPEN_TAB, IS_SELECTED, LIST_PHRASINGS, MORE_THAN
from training.screens.phrases import Writer

NTH = ORDINALS[:10]
_MOST_LISTED = 220
"""Characters of all names, where they are asked for together."""
_MOST_COUNTED, _FEW = 25, 4
"""So many names at most are counted; more than a few more often, as small numbers are answers anyway."""
_COUNTED_SHARE, _FEW_COUNTED_SHARE = 0.85, 0.35
"""Of lists of names, those that are counted."""


_ELSEWHERE_SHARE, _WHETHER_SHARE = 0.7, 0.4
_PAGES = ("General", "Appearance", "Colors", "Fonts", "Keyboard", "Mouse", "Network", "Privacy", "Language", "Sound",
          "Display", "Power", "Updates", "Users", "Advanced", "Plugins", "Printing", "Security", "Details")  # fmt: skip
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "button": ("OK", "Cancel", "Apply", "Help", "Close", "Yes", "No", "Save", "Reset", "Open", "New", "Delete", "Print",
               "Search", "Add", "Remove", "Edit", "Next", "Back", "Finish", "Stop", "Refresh"),
    "menu": ("File", "Edit", "View", "Search", "Insert", "Format", "Tools", "Options", "Window", "Help", "Bookmarks",
             "Project", "Settings", "Go", "History"),
    "tab": _PAGES, "page": _PAGES, "category": _PAGES, "section": _PAGES, "topic": _PAGES,
    "place": ("Home", "Desktop", "Documents", "Downloads", "Music", "Photos", "Videos", "Trash", "Network"),
    "folder": ("Inbox", "Drafts", "Sent", "Junk", "Archive", "Templates", "Work", "Family"),
}  # fmt: skip
"""What other programs have, and this one perhaps not."""


class Say(Protocol):
    """Adds a question of a kind, in one of the phrasings."""

    def __call__(self, kind: str, answer: str, phrasings: Sequence[str], **slots: object) -> None: ...


@dataclass(frozen=True)
class Names:
    """Different names as they are shown, from top to bottom or, if `across`, from left to right.

    Attributes: `item`, `items`: what one of them is called, and several; `where`: such as " on the left", or "".
    """

    rng: Random
    writer: Writer
    say: Say
    names: Sequence[str]
    item: str
    items: str
    where: str
    across: bool
    lined: bool = True
    """Whether they stand in one line, so that each but the last has a neighbour."""

    def ask(self, kind: str, *, selected: str, whole: bool, most: int) -> None:
        """All, the selected one and about `most` others; `whole` says that there are no more than these."""
        rng, clear = self.rng, [name for name in self.names if self._is_clear(name)]
        if not clear:
            return
        if selected in clear:
            for _ in range(rng.choice((1, 1, 2))):
                self._ask("selected", selected, "selected")
            self._is_selected(selected, clear)
        listed = ", ".join(self.names)
        if whole and len(clear) == len(self.names) and len(self.names) > 1 and len(listed) < _MOST_LISTED:
            self._ask("all", listed, kind)
            if rng.random() < 0.25:
                self._ask("json", json.dumps(list(self.names), ensure_ascii=False), "json")
        makers = [self._first, self._kth, self._starts, self._is_there]
        makers += [self._next, self._next] if self.lined else []
        makers += [self._last] if whole else []
        for maker in rng.sample(makers, min(most, len(makers))):
            if len(self.names) > 1:
                maker()
        if whole and rng.random() < (_COUNTED_SHARE if len(self.names) > _FEW else _FEW_COUNTED_SHARE):
            self._count()

    def _ask(self, phrase: str, answer: str, kind: str, **slots: object) -> None:
        where = self.where if self.rng.random() < 0.6 else ""
        self.say(kind, answer, LIST_PHRASINGS[phrase], item=self.item, items=self.items, where=where, **slots)

    @staticmethod
    def _is_clear(name: str) -> bool:
        return bool(name) and not name.endswith("...") and not set(name) & set(",{}")

    def _value(self, phrase: str, name: str, **slots: object) -> None:
        if self._is_clear(name):
            self._ask(phrase, name, "value", **slots)

    def _first(self) -> None:
        self._value("first", self.names[0])

    def _last(self) -> None:
        self._value("last", self.names[-1])

    def _kth(self) -> None:
        place = self.rng.randrange(min(len(self.names), len(NTH)))
        self._value("kth", self.names[place], nth=NTH[place])

    def _next(self) -> None:
        place = self.rng.randrange(1, len(self.names))
        before, after = self.names[place - 1], self.names[place]
        if self._is_clear(before) and self._is_clear(after):
            self._ask("right" if self.across else "below", after, "value", name=before)
            self._ask("left" if self.across else "above", before, "value", name=after)

    def _starts(self) -> None:
        name = self.rng.choice(self.names)
        start = name[: self.rng.randint(1, min(4, max(1, len(name) - 1)))].strip()
        if start and len(name) > len(start) and sum(one.lower().startswith(start.lower()) for one in self.names) == 1:
            self._value("starts", name, start=start)

    def _is_there(self) -> None:
        there, absent = self.rng.choice(self.names), self._absent()
        if self._is_clear(there) and self._is_clear(absent) and absent.lower() not in {n.lower() for n in self.names}:
            self._ask("is_there", "Yes", "present", name=there)
            self._ask("is_there", "No", "present", name=absent)

    def _is_selected(self, selected: str, clear: Sequence[str]) -> None:
        """Whether it is the selected one, or another is."""
        others = [name for name in clear if name != selected]
        if others and self.rng.random() < _WHETHER_SHARE:
            phrasings = IS_OPEN_TAB if self.item == "tab" else IS_SELECTED
            for answer, name in (("Yes", selected), ("No", self.rng.choice(others))):
                self.say("yes_no", answer, phrasings, name=name, item=self.item)

    def _absent(self) -> str:
        """Something of the kind that is not among them, mostly as other programs have it."""
        others = [name for name in _ELSEWHERE.get(self.item, ()) if name not in self.names]
        if others and self.rng.random() < _ELSEWHERE_SHARE:
            return self.rng.choice(others)
        return self.writer.file() if self.item == "file" else self.writer.label()

    def _count(self) -> None:
        if len(self.names) <= _MOST_COUNTED:
            self._ask("count", str(len(self.names)), "how_many")
            if self.rng.random() < _WHETHER_SHARE:
                limit = max(0, len(self.names) + self.rng.choice((-2, -1, 0, 1)))
                where = self.where if self.rng.random() < 0.6 else ""
                answer = "Yes" if len(self.names) > limit else "No"
                self.say("yes_no", answer, MORE_THAN, items=self.items, n=limit, where=where)
