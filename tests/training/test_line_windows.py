"""Smaller windows of lines: what is asked of them is on them, and no line is cut."""

from __future__ import annotations

import random
import re

import pytest

from training.screens.line_contents import write_log, write_session, write_text
from training.screens.line_windows import draw_line_window
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.several_windows import names_by_title
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def windows() -> list[Screen]:
    found = []
    for seed in range(60):
        rng = random.Random(seed)
        size = rng.choice(((260, 200), (700, 420), (1200, 700)))
        found.append(draw_line_window(rng, Writer(rng, "train"), draw_style(rng, "train"), *size))
    return found


@needs_fonts
def test_what_is_asked_is_there_as_a_whole() -> None:
    kinds = set()
    for screen in windows():
        shown = "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")
        width, height = screen.image.size
        assert all(glyph.box[2] <= width and glyph.box[3] <= height for glyph in screen.glyphs)
        for one in screen.questions:
            kinds.add(one.kind)
            if one.kind == "line":
                assert "".join(one.answer.split()) in shown
            if one.kind in {"line", "lines", "yes_no"}:
                assert one.needs, one.text
            assert all(box[2] <= width and box[3] <= height for box in one.needs)
    assert {"line", "lines", "how_many", "yes_no", "command", "title"} <= kinds


def test_contents_are_no_wider_and_no_longer_than_asked() -> None:
    for seed in range(80):
        rng = random.Random(seed)
        writer = Writer(rng, "train")
        session = write_session(rng, writer, 40, 9)
        assert all(len(line) <= 40 for line in session.lines)
        assert 1 <= len(session.lines) <= 9
        assert [line for line in session.lines if line in session.errors] == session.errors
        for lines in (write_log(rng, writer, 36, 8), write_text(rng, writer, 36, 8)):
            assert all(len(line) <= 36 for line in lines)
            assert 2 <= len(lines) <= 8
            assert lines[-1]


def test_a_title_that_can_be_quoted_names_a_window() -> None:
    assert "window titled 'me@host: ~'" in names_by_title("me@host: ~", "terminal")
    assert all(re.search("'a b'", name) for name in names_by_title("a b", "log viewer"))
    assert names_by_title("it's", "terminal") == []
    assert names_by_title("", "terminal") == []
