"""What goes in a circle is collected, and what is much and stays costs no time again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest
from PySide6.QtCore import QObject

from desktop_vlm.ui.app import garbage
from desktop_vlm.ui.app.garbage import GarbageCollector


class Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    """Its timer never fires: no event loop runs here."""
    parent = QObject()
    yield GarbageCollector(parent)
    parent.deleteLater()


def test_a_circle_goes_when_so_much_was_made_that_python_would_look(collector: GarbageCollector) -> None:
    gone = ref(Ring())
    collector.collect()
    assert gone() is not None
    made: list[list[int]] = [[] for _ in range(gc.get_threshold()[0] + 1)]
    collector.collect()
    assert gone() is None
    assert made


def put_much_aside(collector: GarbageCollector) -> list[object]:
    """More than is looked at again, and a circle as the last of it."""
    much: list[object] = [*([] for _ in range(garbage._MOST_OLD)), Ring()]
    before = gc.get_freeze_count()  # what was put aside earlier may go meanwhile, so it can become less
    for _ in range(3):  # a generation each
        assert gc.get_freeze_count() <= before
        collector.collect()
    assert gc.get_freeze_count() > before + len(much) // 2
    return much


def test_much_that_stays_is_put_aside_and_still_goes_when_nobody_holds_it(collector: GarbageCollector) -> None:
    class Leaf:
        pass

    leaf = Leaf()
    gone, much = ref(leaf), [leaf, put_much_aside(collector)]
    del leaf
    assert len(gc.get_objects(generation=2)) < 1_000
    much.clear()
    assert gone() is None


def test_a_circle_that_was_put_aside_is_found_when_nothing_happens(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_QUIET_LOOKS", 3)
    much = put_much_aside(collector)
    gone = ref(much.pop())
    busy: list[list[int]] = []
    for _ in range(10):
        busy += [[] for _ in range(garbage._LITTLE + 100)]
        collector.look()
    assert gone() is not None
    for _ in range(4):
        collector.look()
    assert gone() is None
    assert len(much) == garbage._MOST_OLD


def test_it_looks_more_often_while_much_is_made(collector: GarbageCollector) -> None:
    collector.look()
    assert collector._timer.interval() == garbage._LOOK_EVERY_MS
    made: list[list[int]] = [[] for _ in range(garbage._MUCH + 1)]
    collector.look()
    assert collector._timer.interval() == garbage._LOOK_SOON_MS
    collector.look()
    assert collector._timer.interval() == garbage._LOOK_EVERY_MS
    assert made
