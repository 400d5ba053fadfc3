"""Facts of `training.screens.facts` in the prose of pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.screens.facts.questions import fact_questions
from training.screens.facts.slots import Maker
from training.screens.facts.telling import Statement
from training.screens.facts.writing import choose_facts
from training.web.board import Ask, Board

_MOST_ASKED = 12
"""Of a group of facts of one kind."""


@dataclass
class FactGroup:
    """Facts of one kind, which are asked about when the last of them is on the page.

    Attributes: `facts` are still to be written, the last one first; `ids` are of the texts that were.
    """

    board: Board
    maker: Maker
    facts: list[Statement]
    whole: tuple[Statement, ...]
    ids: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        """HTML of the next one."""
        board, fact = self.board, self.facts.pop()
        html = board.put(fact.text if fact.text[-1] in ".?!" else f"{fact.text}.")
        self.ids.append(board.last)
        if not self.facts:
            for question in fact_questions(board.rng, self.maker, self.whole, _MOST_ASKED):
                text = question.text.replace("{", "{{").replace("}", "}}")
                kind = "yes_no" if question.answer in {"Yes", "No"} else "value"
                board.asks.append(Ask(kind, question.answer, (text,), {}, tuple(self.ids)))
        return html


def fact_groups(board: Board, kinds: int) -> list[FactGroup]:
    """Facts of at most so many kinds, in whole sentences."""
    maker, groups = choose_facts(board.rng, board.writer, kinds, each=(1, 1, 2, 2, 3), sentences=True)
    return [FactGroup(board, maker, group[::-1], tuple(group)) for group in groups if group]
