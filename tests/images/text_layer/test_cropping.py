"""The part of an image that holds what a question names."""

from __future__ import annotations

import pytest

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.api.text_layer import Box, Table, TextLayer, TextLine, Word
from desktop_vlm.images.legibility import font_px, is_lost
from desktop_vlm.images.text_layer.cropping import crop_for

SIZING = ImageSizing("tiles", side=280, max_tiles=4)  # the demo's


def scale_of(width: int, height: int) -> float:
    seen = SIZING.measure(width, height)
    return max(seen.width, seen.height) / max(width, height)


def line(text: str, left: float, top: float, px: float = 12) -> TextLine:
    words, at = [], 0
    for part in text.split(" "):
        box = Box(left + at * px * 0.55, top, left + (at + len(part)) * px * 0.55, top + px * 1.2)
        words.append(Word(part, box))
        at += len(part) + 1
    return TextLine(text, Box(left, top, left + len(text) * px * 0.55, top + px * 1.2), tuple(words), 1.0)


SCREEN = TextLayer(
    1920,
    1080,
    (
        line("File Edit View Help", 10, 10),
        line("Invoice 2024-118", 1400, 300),
        line("Total 1,284.50 EUR", 1400, 340),
        line("the end of the line " * 12, 20, 700),
        line("a marmalade jar stands there " + "and so on " * 20, 20, 900),
    ),
)


@pytest.mark.parametrize(
    ("question", "words", "inside"),
    [
        ("What is the total?", "Total", (1400, 340, 1500, 350)),
        ("Which INVOICE is it?", "Invoice", (1400, 300, 1490, 310)),
        ("where is the marmalade jar", "marmalade jar", (40, 902, 130, 910)),
    ],
)
def test_it_holds_what_is_named_and_all_in_it_can_be_read(
    question: str, words: str, inside: tuple[int, int, int, int]
) -> None:
    crop = crop_for(SCREEN, question, scale_of)
    assert crop is not None
    assert crop.words == words
    left, top, right, bottom = crop.box
    assert left <= inside[0] and top <= inside[1] and right >= inside[2] and bottom >= inside[3]  # noqa: PT018
    scale = scale_of(right - left, bottom - top)
    seen = [one for one in SCREEN.lines if one.box.left < right and one.box.right > left]
    seen = [one for one in seen if one.box.top < bottom and one.box.bottom > top]
    assert seen
    assert not any(is_lost(font_px(one), scale) for one in seen)


def test_it_takes_a_little_around_along_and_stays_inside_the_image() -> None:
    crop = crop_for(SCREEN, "total", scale_of)
    assert crop is not None
    left, top, right, bottom = crop.box
    assert min(left, top) >= 0
    assert right <= 1920
    assert bottom <= 1080
    assert 300 < right - left < 119 + 2 * 12 * 15  # the row and some room beside it
    assert 340 - 2 * 15 - 1 <= top <= 300 + 15  # a line above
    assert 340 + 4 * 15 <= bottom <= 340 + 5 * 15  # and some below


@pytest.mark.parametrize("question", ["", "What is this?", "Describe the weather"])
def test_a_question_that_names_nothing_has_no_part(question: str) -> None:
    assert crop_for(SCREEN, question, scale_of) is None


def test_what_can_never_be_read_is_not_offered() -> None:
    tiny = TextLayer(4000, 3000, (line("Total " + "x" * 1500, 10, 10, 4),))
    assert crop_for(tiny, "total", lambda _width, _height: 0.5) is None


def test_a_clear_name_that_cannot_be_read_gives_way_to_one_that_can() -> None:
    long = TextLine("total " + "x" * 90, Box(0, 0, 3000, 6), (), 1.0)
    layer = TextLayer(3000, 500, (long, line("Total 5", 10, 300)))
    crop = crop_for(layer, "total", lambda width, height: min(1.0, 500 / max(width, height)))
    assert crop is not None
    assert crop.box[3] > 300
    assert crop.box[2] - crop.box[0] <= 500


def test_of_a_wide_row_of_a_table_only_the_named_cell_counts() -> None:
    cells = (line("Invoice 2024", 60, 100), line("Total 12,50", 1000, 100), line("a", 60, 130), line("b", 1000, 130))
    table = Table(0, 3, (((0,), (1,)), ((2,), (3,))))
    crop = crop_for(TextLayer(1920, 1080, cells, (0,), (table,)), "total", scale_of)
    assert crop is not None
    assert crop.words == "Total"
    assert 700 < crop.box[0] < 1000
    assert crop.box[2] - crop.box[0] <= 560
