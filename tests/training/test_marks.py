"""Marks on screens to train on: what they may be on, and that each can mean one text only."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from training.screens.arrows import arrow_at, crosses, distance, means
from training.screens.drawn_marks import Drawing
from training.screens.mark_questions import Marked
from training.screens.mark_strokes import hand_drawn, ring_around, rounded
from training.screens.marks import draw_marks, stands_alone
from training.screens.records import Box, Glyph
from training.screens.sketch import Sketch
from training.screens.striking import struck_texts

SIZE = (900, 600)


def word(text: str, left: float, top: float) -> list[Glyph]:
    return [Glyph(char, (left + 8 * i, top, left + 8 * i + 8, top + 12)) for i, char in enumerate(text)]


def lines() -> list[Glyph]:
    return [glyph for n in range(12) for glyph in word(f"line number {n}", 300, 40 + 16 * n)]


def drawn(seed: int, glyphs: list[Glyph]) -> tuple[list[Marked], np.ndarray]:
    sketch = Sketch(*SIZE, (128, 128, 128))
    marked = draw_marks(random.Random(seed), sketch, glyphs, least_px=10)
    return marked, (np.asarray(sketch.image) != 128).any(axis=2)


def test_an_arrow_means_the_first_text_in_its_direction() -> None:
    box, other = (100.0, 100.0, 160.0, 112.0), (100.0, 130.0, 160.0, 142.0)
    assert means((165, 106), (260, 120), box, [box, other])
    assert not means((165, 106), (260, 106), box, [box, (150, 90, 200, 101)])  # the other is as near
    assert not means((165, 118), (165, 60), box, [box, other])  # it points past the text
    assert not means((130, 118), (130, 60), box, [box, other])  # it points away from it


@pytest.mark.parametrize("seed", range(30))
def test_arrows_come_from_afar_and_cross_nothing_that_is_marked(seed: int) -> None:
    rng = random.Random(seed)
    boxes: list[Box] = [(300, 40 + 20 * n, 400, 52 + 20 * n) for n in range(8)]
    ends = arrow_at(rng, SIZE, boxes[3], 3, boxes, [boxes[0], boxes[6]], careless=seed % 2 == 0)
    assert ends
    tip, tail = ends
    assert math.dist(tip, tail) >= 22
    assert all(0 <= x < SIZE[0] and 0 <= y < SIZE[1] for x, y in ends)
    assert min(boxes, key=lambda one: distance(one, tip)) == boxes[3]
    assert not crosses(ends, [boxes[0], boxes[6]], 4)
    assert seed % 2 == 0 or not crosses(ends, [one for one in boxes if one != boxes[3]], 0)


def test_arrows_have_many_directions_and_lengths() -> None:
    box: Box = (400, 300, 460, 312)
    found = [arrow_at(random.Random(seed), SIZE, box, 3, [box], [], careless=False) for seed in range(120)]
    ends = [one for one in found if one]
    assert len(ends) > 110
    angles = {round(math.degrees(math.atan2(tail[1] - tip[1], tail[0] - tip[0])) / 45) for tip, tail in ends}
    assert len(angles) >= 8
    lengths = sorted(math.dist(*one) for one in ends)
    assert lengths[5] < 50
    assert lengths[-5] > 200


def test_there_is_no_arrow_where_another_text_is_as_near() -> None:
    box: Box = (100, 100, 160, 112)
    around: list[Box] = [(92, 100, 99, 112), (161, 100, 170, 112), (90, 88, 170, 99), (90, 113, 170, 124)]
    assert arrow_at(random.Random(1), SIZE, box, 3, [box, *around], [], careless=True) is None


def test_what_belongs_to_a_longer_text_does_not_stand_alone() -> None:
    box, cell = (100.0, 10.0, 150.0, 22.0), (180.0, 10.0, 220.0, 22.0)
    assert stands_alone(box, [box, cell, (100, 26, 150, 38)])
    assert not stands_alone(box, [box, (155, 10, 200, 22)])
    assert not stands_alone(box, [box, (60, 11, 96, 23)])


@pytest.mark.parametrize("seed", range(60))
def test_what_is_marked_stays_free_of_strokes(seed: int) -> None:
    marked, pixels = drawn(seed, lines())
    for one in marked:
        if one.box and one.kind != "highlight":
            left, top, right, bottom = (round(side) for side in one.box)
            assert not pixels[top + 2 : bottom - 2, left + 2 : right - 2].any(), one


def test_texts_that_are_hidden_are_known() -> None:
    glyphs = lines()
    for seed in range(60):
        marked, pixels = drawn(seed, glyphs)
        if any(one.kind == "highlight" for one in marked):
            continue
        struck = struck_texts(marked, glyphs)
        for n in range(12):
            hidden = pixels[40 + 16 * n + 4 : 40 + 16 * n + 8, 302:398].sum()
            assert hidden < 30 or f"line number {n}" in struck, (seed, n)


def test_there_are_up_to_six_marks_mostly_red_of_all_kinds() -> None:
    glyphs = [glyph for row in range(8) for column in range(5)
              for glyph in word(f"cell {row}{column}", 40 + 170 * column, 40 + 66 * row)]  # fmt: skip
    found = [draw_marks(random.Random(seed), Sketch(*SIZE, (255, 255, 255)), glyphs, least_px=10)
             for seed in range(200)]  # fmt: skip
    marks = [one for some in found for one in some]
    assert {len(some) for some in found} == {1, 2, 3, 4, 5, 6}
    assert {one.kind for one in marks} == {"box", "circle", "arrow", "underline", "highlight"}
    assert sum(one.colour == "red" for one in marks) > 0.45 * len(marks)
    assert {2, 3, 4, 6} <= {one.thick for one in marks}


def test_a_hand_drawn_ring_and_a_round_frame_hold_their_text() -> None:
    box = (100.0, 100.0, 180.0, 114.0)
    ring = ring_around(box, 4)
    for seed in range(40):
        points = hand_drawn(random.Random(seed), *ring)
        assert all(max(abs(x - 140) / 40, abs(y - 107) / 7) > 1 for x, y in points)
    assert all(x <= 98 or x >= 182 or y <= 98 or y >= 116 for x, y in rounded(96, 96, 184, 118, 8))


@pytest.mark.parametrize("kind", ["box", "circle"])
def test_no_mark_is_drawn_that_touches_another_marked_text(kind: str) -> None:
    sketch = Sketch(*SIZE, (255, 255, 255))
    chosen: list[Box] = [(100, 100, 180, 112), (184, 100, 240, 112)]
    drawing = Drawing(random.Random(1), sketch, chosen, chosen, 4, careless=True, words=False)
    assert drawing.draw(kind, 0, 4.0, (255, 0, 0)) is None
    assert (np.asarray(sketch.image) == 255).all()


def test_marks_are_the_same_for_the_same_seed() -> None:
    first, image = drawn(7, lines())
    again, same = drawn(7, lines())
    assert first == again
    assert (image == same).all()
