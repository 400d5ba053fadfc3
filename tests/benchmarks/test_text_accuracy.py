"""The measures of text that was read, and the screens' truth."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageChops

from benchmarks.text_accuracy.measures import iou, score
from benchmarks.text_accuracy.real import ROOT, compare
from benchmarks.text_accuracy.real import TRUTH as REAL
from benchmarks.text_accuracy.screens import KINDS, TrueLine, TrueWord, installed, render
from desktop_vlm.api.text_layer import Box, TextLine, Word
from tests.images.text_layer.layers import line
from training.scoring import edit_distance


def truth(text: str, left: float, top: float) -> TrueLine:
    made = line(text, left, top)
    return TrueLine(text, made.box, tuple(TrueWord(word.text, word.box) for word in made.words))


TRUTH = [truth("one two", 10, 10), truth("three", 10, 40)]


def test_what_is_read_exactly_has_no_errors() -> None:
    found = score(TRUTH, [line("three", 10, 40), line("one two", 10, 10)])
    assert (found.errors, found.characters, found.whole_lines, found.lines) == (0, 12, 2, 2)
    assert found.ious == [1, 1, 1]


def test_pieces_of_a_line_count_as_that_line() -> None:
    assert score(TRUTH, [line("two", 30, 10), line("one", 10, 10), line("three", 10, 40)]).errors == 0


@pytest.mark.parametrize(
    ("read", "errors"),
    [
        ([line("one two", 10, 10)], 5),
        ([line("one tw0", 10, 10), line("three", 10, 40)], 1),
        ([line("onetwo", 10, 10), line("three", 10, 40)], 1),
        ([line("one two", 10, 10), line("three", 10, 40), line("ghost", 200, 200)], 5),
        ([], 12),
    ],
)
def test_errors_are_characters(read: list[TextLine], errors: int) -> None:
    assert score(TRUTH, read).errors == errors


def test_chinese_is_measured_by_its_whole_line() -> None:
    true = TrueLine("打开", Box(0, 0, 20, 10), (TrueWord("打开", Box(0, 0, 20, 10)),))
    words = (Word("打", Box(0, 0, 10, 10)), Word("开", Box(10, 0, 20, 10)))
    found = score([true], [TextLine("打开", Box(0, 0, 20, 10), words, 1.0)])
    assert (found.errors, found.ious) == (0, [1])


@pytest.mark.parametrize(
    ("one", "other", "far"), [("kitten", "sitting", 3), ("", "ab", 2), ("ab", "ab", 0), ("ab", "ba", 2)]
)
def test_distance(one: str, other: str, far: int) -> None:
    assert edit_distance(one, other) == far


def test_iou() -> None:
    assert iou(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert iou(Box(0, 0, 10, 10), Box(10, 0, 20, 10)) == 0


@pytest.mark.skipif(not installed(("DejaVuSans.ttf",)), reason="needs the fonts of Linux desktops")
@pytest.mark.parametrize("number", [0, 13])
def test_the_truth_is_where_the_ink_is(number: int) -> None:
    screen = render(number, 0, 12, 1, 0)
    assert KINDS[0][0] == screen.kind == "prose"
    ground = Image.new("RGB", screen.image.size, screen.image.getpixel((0, 0)))
    ink = ImageChops.difference(screen.image, ground).convert("L").point(lambda value: 255 * (value > 60))
    first = screen.lines[0]
    row = ink.crop((0, int(first.box.top) - 1, ink.width, int(first.box.bottom) + 2)).getbbox()
    assert row is not None
    assert abs(row[0] - first.box.left) <= 2
    assert abs(row[2] - first.box.right) <= 2
    assert " ".join(word.text for word in first.words) == first.text


def test_real_screens_are_compared_line_by_line() -> None:
    read = [line("Q Search all", 0, 0), line("Cancel 0K", 0, 20)]
    found = compare(["Search all", "Cancel", "OK", "Mode"], read)
    assert (found.characters, found.errors, found.beyond) == (22, 1 + 4, 1)


def test_every_real_screen_is_there() -> None:
    images = json.loads(REAL.read_text(encoding="utf-8"))
    assert all((ROOT / path).is_file() and lines for path, lines in images.items())
    assert len(images) == 16
