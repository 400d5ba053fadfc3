"""From which size on text is readable: by scale, and by the text that is really there."""

from __future__ import annotations

import pytest
from PIL import ImageFont

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine
from desktop_vlm.images.legibility import (
    font_px,
    is_lost,
    loses_text,
    ordinary_font_px,
    says_too_small,
    smallest_font_px,
)
from training.screens.legibility import TOO_SMALL


@pytest.mark.parametrize(
    ("px", "scale", "lost"),
    [
        (20, 0.4, False),
        (20, 0.39, True),
        (12, 0.5, True),
        (50, 0.2, False),
        (5, 1.0, False),
        (5, 2.0, False),
        (0, 0.1, False),
    ],
)
def test_text_is_lost_by_scaling_alone(px: float, scale: float, lost: bool) -> None:
    assert is_lost(px, scale) == lost


def line(text: str, width: float, height: float) -> TextLine:
    return TextLine(text, Box(0, 0, width, height), (), 1.0)


@pytest.mark.parametrize(
    "text", ["Save changes to the document?", "Total: 1,284.50 EUR", "FILE NOT FOUND", "will it fill"]
)
@pytest.mark.parametrize("px", [10, 14, 24])
@pytest.mark.parametrize("around", [0, 8], ids=["close", "as OCR sees it"])
def test_the_size_of_a_font_by_its_line(text: str, px: int, around: int) -> None:
    """Measured on Pillow's own font; OCR engines leave some pixels around small text."""
    width = ImageFont.load_default(px).getlength(text)
    assert font_px(line(text, width + around, 1.2 * px + around)) == pytest.approx(px, rel=0.25)


def test_chinese_fills_its_squares() -> None:
    assert font_px(line("\u65e5\u672c\u8a9e\u306e\u672c\u6587", 72, 30)) == pytest.approx(12, rel=0.1)


def test_an_image_loses_text_where_one_line_does() -> None:
    large, small, icon = line("Large", 150, 60), line("small one", 90, 18), line("o", 4, 5)
    assert not loses_text(TextLayer(99, 99, (large,)), 0.5)
    assert loses_text(TextLayer(99, 99, (large, small)), 0.5)
    assert not loses_text(TextLayer(99, 99, (large, icon)), 0.5)
    assert loses_text(TextLayer(99, 99, (icon,)), 0.9)
    assert (smallest_font_px(TextLayer(99, 99)), loses_text(TextLayer(99, 99), 0.1)) == (0, False)


def test_the_ordinary_text_of_an_image_is_what_most_of_it_is_written_in() -> None:
    heading, text, note = line("Heading", 7 * 22, 48), line("ordinary text " * 3, 42 * 7.7, 16.8), line("note", 16, 9.6)
    layer = TextLayer(999, 999, (heading, text, note))
    assert ordinary_font_px(layer) == font_px(text)
    assert smallest_font_px(layer) == font_px(note)
    assert ordinary_font_px(TextLayer(99, 99, (heading, note))) == font_px(heading)
    assert ordinary_font_px(TextLayer(99, 99)) == 0


@pytest.mark.parametrize(
    ("answer", "is_so"),
    [
        (TOO_SMALL, True),
        (f"A dialog. {TOO_SMALL}\n", True),
        (f"The title: t{TOO_SMALL[1:-1]}", True),
        ("The dialog says that the letters are too small.", False),
    ],
)
def test_what_the_demo_was_taught_to_say_of_small_text_is_known_again(answer: str, is_so: bool) -> None:
    assert says_too_small(answer) is is_so
