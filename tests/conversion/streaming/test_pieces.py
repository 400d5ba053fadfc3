"""How files are cut, and how much of them must be there at once."""

from __future__ import annotations

import pytest
from gguf import GGMLQuantizationType as Type

from desktop_vlm.conversion.gguf_file import PlacedTensor
from desktop_vlm.conversion.streaming.pieces import NEAR_BYTES, Pieces, held_bytes, merge
from desktop_vlm.conversion.streaming.tasks import Span, Task
from desktop_vlm.conversion.tensor_map import GgufTensor, Role


def task(start: int, end: int, *parts: Span, file: str = "a", n_rows: int = 10) -> Task:
    placed = PlacedTensor(GgufTensor("t", (n_rows, 4), Role.LINEAR), Type.F32, 0)
    return Task(0, placed, Span(file, start, end), parts)


def spans(pieces: Pieces) -> list[tuple[str, int, int, bool]]:
    return [(one.span.file, one.span.start, one.span.end, one.is_part) for one in pieces.all]


def test_files_are_cut_whole_and_in_order() -> None:
    pieces = Pieces({"b": 5, "a": 25}, [task(3, 20), task(2, 5, file="b")], 10)
    assert spans(pieces) == [("a", 0, 10, False), ("a", 10, 20, False), ("a", 20, 25, False), ("b", 0, 5, False)]
    assert [one.number for one in pieces.all] == [0, 1, 2, 3]
    assert [pieces.users(one) for one in pieces.all] == [[0], [0], [], [1]]
    assert [one.number for one in pieces.under([Span("a", 9, 11), Span("b", 4, 5)])] == [0, 1, 3]


def test_parts_that_others_need_elsewhere_are_pieces_of_their_own() -> None:
    """GIVEN a tensor with parts before its rows and in another file THEN those are cut out; near ones are not."""
    far, before, near = Span("b", 4, 6), Span("a", 1_000_000, 1_000_010), Span("a", 3_000_000, 3_000_100)
    rows = task(2_000_000, 3_000_000, before, near, far)
    pieces = Pieces({"a": 4_000_000, "b": 10}, [rows], 3_000_000)
    assert spans(pieces) == [
        ("a", 0, 1_000_000, False),
        ("a", 1_000_000, 1_000_010, True),
        ("a", 1_000_010, 4_000_000, False),
        ("b", 0, 4, False),
        ("b", 4, 6, True),
        ("b", 6, 10, False),
    ]
    assert pieces.part_bytes == 12


def test_neighbours_are_fetched_together() -> None:
    found = merge([Span("a", 50, 60), Span("a", 0, 10), Span("b", 0, 5), Span("a", 12, 20), Span("a", 13, 14)], 2)
    assert found == [Span("a", 0, 20), Span("a", 50, 60), Span("b", 0, 5)]


@pytest.mark.parametrize(
    ("tasks", "held"),
    [
        ([task(0, 100), task(100, 300)], 0),  # one after the other: dropped as it is used
        ([task(0, 100), task(0, 100), task(0, 100)], 100),  # three tensors take turns in the same bytes
        ([task(0, 100, Span("a", 150, 160))], 160),  # nothing can be done before the part behind is there
        ([task(0, 100, Span("a", 2 * NEAR_BYTES, 2 * NEAR_BYTES + 5))], 0),  # that is fetched first
        ([task(0, 100), task(0, 50, file="b")], 0),
    ],
)
def test_how_much_is_held(tasks: list[Task], held: int) -> None:
    assert held_bytes(tasks) == held


def test_rows_are_made_from_their_share_and_a_little_more() -> None:
    made = task(1_000_000, 2_000_000, Span("b", 0, 7), n_rows=10)
    assert made.spans(2, 3) == [Span("a", 1_200_000 - 4096, 1_500_000 + 4096), Span("b", 0, 7)]
    assert made.spans(0, 10) == [Span("a", 1_000_000, 2_000_000), Span("b", 0, 7)]
    assert made.spans(10, 0) == []
