"""What the queue of questions promises, whatever is done with it in whatever order."""

from __future__ import annotations

import random

import pytest

from desktop_vlm.ui.assistant.queue import QuestionQueue, Queued


class Answerer:
    """Begins what the queue says, and may end it at once.

    Attributes:
        begun: ids, in order.
        at_once: whether what is begun ends before `begin` returns.
    """

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.at_once = False
        self.changes = 0
        self.queue = QuestionQueue(self._begin)
        self.queue.changed.connect(self._changed)

    def _begin(self, question: Queued) -> None:
        assert self.queue.current is question
        self.begun.append(question.answer_id)
        if self.at_once:
            self.queue.end(question.answer_id)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def waiting(self) -> list[int]:
        return [one.answer_id for one in self.queue.waiting]


@pytest.fixture
def answerer() -> Answerer:
    return Answerer()


def add(answerer: Answerer, *ids: int) -> None:
    for answer_id in ids:
        answerer.queue.add(Queued(answer_id, answer_id % 2))


def test_one_at_a_time_in_order(answerer: Answerer) -> None:
    add(answerer, 1, 2, 3)
    assert (answerer.begun, answerer.waiting) == ([1], [2, 3])
    assert [answerer.queue.position(one) for one in (1, 2, 3, 4)] == [None, 1, 2, None]
    answerer.queue.end(2)  # it is not its turn
    assert answerer.begun == [1]
    answerer.queue.end(1)
    answerer.queue.end(1)
    assert (answerer.begun, answerer.waiting) == ([1, 2], [3])


def test_what_ends_at_once_lets_the_next_begin(answerer: Answerer) -> None:
    add(answerer, 1, 2, 3)
    answerer.at_once = True
    answerer.queue.end(1)
    assert answerer.begun == [1, 2, 3]
    assert answerer.queue.current is None


def test_one_may_come_first(answerer: Answerer) -> None:
    add(answerer, 1, 2)
    answerer.queue.add(Queued(3, 0), first=True)
    answerer.queue.end(1)
    assert answerer.begun == [1, 3]


def test_what_is_withdrawn_never_begins(answerer: Answerer) -> None:
    add(answerer, 1, 2, 3, 4)
    assert answerer.queue.remove(3)
    assert not answerer.queue.remove(3)
    assert not answerer.queue.remove(1)  # it has begun
    assert answerer.queue.remove_conversations(0)
    assert answerer.waiting == []
    answerer.queue.end(1)
    assert answerer.begun == [1]


def test_what_is_held_waits_until_it_is_released_or_something_is_asked(answerer: Answerer) -> None:
    add(answerer, 1, 2, 3)
    answerer.queue.end(1, hold=True)
    assert (answerer.begun, answerer.waiting, answerer.queue.is_held) == ([1], [2, 3], True)
    answerer.queue.release()
    assert answerer.begun == [1, 2]
    answerer.queue.end(2, hold=True)
    add(answerer, 4)
    assert (answerer.begun, answerer.waiting) == ([1, 2, 3], [4])
    answerer.queue.end(3)
    answerer.queue.end(4, hold=True)  # there is nothing to hold
    assert not answerer.queue.is_held


def test_nothing_begins_after_the_end(answerer: Answerer) -> None:
    add(answerer, 1, 2)
    answerer.queue.close()
    answerer.queue.end(1)
    add(answerer, 3)
    assert (answerer.begun, answerer.waiting) == ([1], [2, 3])


@pytest.mark.parametrize("seed", range(60))
def test_every_question_is_begun_once_or_withdrawn_or_waits(seed: int) -> None:
    chance, answerer = random.Random(seed), Answerer()
    queue, added, withdrawn = answerer.queue, 0, set[int]()
    for _ in range(80):
        changes = answerer.changes
        what = chance.choice(["add", "add", "end", "hold", "remove", "first", "release", "at once"])
        before = (queue.current, answerer.waiting)
        answerer.at_once = what == "at once"
        current = queue.current.answer_id if queue.current else 0
        if what in {"add", "first"}:
            added += 1
            queue.add(Queued(added, 0), first=what == "first")
        elif what == "remove" and added:
            one = chance.randint(1, added)
            withdrawn |= {one} if queue.remove(one) else set()
        elif what == "release":
            queue.release()
        else:
            queue.end(current, hold=what == "hold")
        current_ids = [queue.current.answer_id] if queue.current else []
        ended = answerer.begun[: len(answerer.begun) - len(current_ids)]
        assert sorted([*ended, *current_ids, *answerer.waiting, *withdrawn]) == list(range(1, added + 1))
        assert queue.current or queue.is_held or not answerer.waiting
        assert (queue.current, answerer.waiting) == before or answerer.changes > changes
