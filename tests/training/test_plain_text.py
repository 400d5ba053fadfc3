"""Editors of plain text and dialogs around a list: what is asked is the text's, or names the buttons it means."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import pytest

from training.screens.neighbours import texts_of
from training.screens.panes.code import draw_code_window
from training.screens.panes.columns import alike, draw_columns
from training.screens.panes.controls.list_buttons import draw_list_dialog, draw_list_window
from training.screens.panes.controls.properties import draw_property_window
from training.screens.panes.controls.wizards import draw_two_lists
from training.screens.panes.folders import draw_folder
from training.screens.panes.frame import Frame
from training.screens.panes.looks import BOLD_ROW, ROW_LOOKS, row_look, show_row
from training.screens.panes.managers import draw_manager
from training.screens.panes.names import Names
from training.screens.panes.options import PAGES, spin_value
from training.screens.panes.plain_text import draw_plain_text, is_of_text
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.themes import draw_style, luminance
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def drawn(draw: Callable[..., Screen], seed: int, *size: int) -> Screen:
    rng = random.Random(seed)
    return draw(rng, Writer(rng, "train"), draw_style(rng, "train"), *size)


def text_window(seed: int) -> Screen:
    return drawn(draw_plain_text, seed, 1000, 640)


@needs_fonts
def test_first_and_last_line_are_the_texts_and_no_bars() -> None:
    asked = 0
    for seed in range(25):
        screen = text_window(seed)
        rows = [text.text for text in texts_of(screen.glyphs)]
        title = next(one.answer for one in screen.questions if one.kind == "title")
        firsts = {one.answer for one in screen.questions if re.search("first line(?! (that )?(start|begin))", one.text)
                  and one.kind == "line"}  # fmt: skip
        assert len(firsts) <= 1
        for line in firsts:
            asked += 1
            assert line != title
            assert "".join(line.split()) in "".join("".join(rows).split())
    assert asked > 15


@needs_fonts
def test_the_first_line_with_a_word_is_above_the_last() -> None:
    found = 0
    for seed in range(25):
        screen = text_window(seed)
        tops = {"".join(text.text.split()): text.box[1] for text in texts_of(screen.glyphs)}
        for one in screen.questions:
            word = re.search(r"first line (?:that )?(?:starts|begins|starting|beginning) with '?([^'?]+)'?", one.text)
            last = [other.answer for other in screen.questions if word and "last line" in other.text.lower()
                    and other.text.rstrip("?.").rstrip("'").endswith(word[1])]  # fmt: skip
            a, b = ("".join(line.split()) for line in (one.answer, (last or [one.answer])[0]))
            if last and a in tops and b in tops and a != b:
                assert tops[a] < tops[b]
                found += 1
    assert found > 3


@pytest.mark.parametrize(
    ("question", "clear"),
    [
        (Question("line", "What does the top line say?", "x"), False),
        (Question("line", "Read line 12.", "x"), True),
        (Question("line", "Read line 13.", "x"), False),
        (Question("lines", "Quote lines 9 through 14.", "x"), False),
        (Question("how_many", "On which line is 'sky'?", "30"), False),
        (Question("how_many", "On which line is 'sky'?", "3"), True),
        (Question("line", "Read the line with 1999.", "x"), True),
    ],
)
def test_nobody_counts_far_in_a_text_without_numbers(question: Question, clear: bool) -> None:
    assert is_of_text(question) == clear


@needs_fonts
def test_questions_about_buttons_say_which_are_meant() -> None:
    groups = 0
    for seed in range(16):
        rng = random.Random(seed)
        writer, style = Writer(rng, "train"), draw_style(rng, "train")
        screen = draw_list_dialog(rng, writer, style) if seed % 2 else draw_list_window(rng, writer, style, 900, 600)
        groups += len({one.answer for one in screen.questions if one.kind == "buttons"})
        for one in screen.questions:
            if "button" in one.text.lower() and one.kind not in {"present", "selected", "describe"}:
                assert re.search("list|bottom|edge|right side", one.text), one
    assert groups > 12


@needs_fonts
def test_two_lists_are_asked_for_what_is_there_and_what_is_not() -> None:
    answers = []
    for seed in range(60):
        rng = random.Random(seed)
        screen = draw_two_lists(rng, Writer(rng, "train"), draw_style(rng, "train"))
        answers += [one.answer for one in screen.questions if one.kind == "present"]
    assert answers.count("Yes") == answers.count("No") > 5


@needs_fonts
def test_tabs_beside_a_list_of_pages_are_asked_for_as_tabs() -> None:
    both = 0
    for seed in range(60):
        screen = drawn(draw_property_window, seed, 1000, 640)
        chosen = [one for one in screen.questions if one.kind == "selected" and one.answer in PAGES]
        tabs = [one for one in chosen if "tab" in one.text.lower()]
        if len({one.answer for one in chosen}) == 2:
            both += 1
            assert len({one.answer for one in tabs}) == 1
            assert not any("page" in one.text.lower() and one.answer == tabs[0].answer for one in chosen
                           if "tab" not in one.text.lower())  # fmt: skip
    assert both > 3


def test_what_is_not_there_could_be() -> None:
    said: list[tuple[str, str]] = []

    def say(kind: str, answer: str, phrasings: Sequence[str], **slots: object) -> None:
        assert kind == "present"
        assert phrasings
        said.append((answer, str(slots.get("name"))))

    for seed in range(40):
        rng = random.Random(seed)
        Names(rng, Writer(rng, "train"), say, ("OK", "Cancel"), "button", "buttons", "", across=True)._is_there()
    absent = [name for answer, name in said if answer == "No"]
    assert not {"OK", "Cancel"} & set(absent)
    assert sum(name in {"Apply", "Help", "Close", "Yes", "No", "Save", "Reset", "Open"} for name in absent) > 3
    assert len(absent) == sum(answer == "Yes" for answer, _ in said)


@needs_fonts
def test_a_selected_rows_text_can_be_read() -> None:
    for seed in range(12):
        for look in sorted(set(ROW_LOOKS)):
            rng = random.Random(seed)
            writer, style = Writer(rng, "train"), draw_style(rng, "train")
            frame = Frame(rng, writer, style, 400, 300, "file manager")
            ink = show_row(frame, (10, 100, 200, 130), frame.ground, frame.ink, look)
            pixel = frame.sketch.image.getpixel((150, 115))
            assert isinstance(pixel, tuple)
            ground = (int(pixel[0]), int(pixel[1]), int(pixel[2]))
            assert abs(luminance(ink) - luminance(ground)) > 30 or ink == frame.ink, look
    assert BOLD_ROW not in {row_look(random.Random(seed)) for seed in range(200)}
    assert BOLD_ROW in {row_look(random.Random(seed), bold=True) for seed in range(200)}


@needs_fonts
def test_nothing_that_is_seen_is_said_to_be_absent() -> None:
    for seed in range(40):
        screen = drawn(draw_property_window, seed, 1000, 640)
        seen = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        for one in screen.questions:
            name = re.search(r"the (?:button|tab|page) (\w+) ", one.text)
            if one.kind == "present" and one.answer == "No" and name:
                assert name[1] not in seen, one
        answers = [one.answer for one in screen.questions if one.kind == "present"]
        assert answers.count("Yes") == answers.count("No")


@needs_fonts
def test_columns_show_what_is_selected_in_each() -> None:
    for seed in range(20):
        screen = drawn(draw_columns, seed, 1000, 640)
        seen = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        for one in screen.questions:
            if one.kind in {"selected", "line"}:
                assert "".join(one.answer.split()) in seen
        described = next(one.answer for one in screen.questions if one.kind == "describe")
        assert " with lists of " in described


def test_values_of_a_column_are_written_alike() -> None:
    values = iter(("2024-01-02", "3 May 2020", "2020-09-09", "04.05.2001", "1999-12-31"))
    made = alike(lambda: next(values))
    assert [made(), made()] == ["2020-09-09", "1999-12-31"]


@needs_fonts
def test_an_outline_lists_the_classes_and_functions_of_the_file() -> None:
    found, shown = 0, 0
    for seed in range(80):
        screen = drawn(draw_code_window, seed, 1300, 900)
        listed = [one for one in screen.questions if one.kind == "list" and "symbols" in one.text.lower()]
        code = "".join(glyph.char for glyph in screen.glyphs)
        for one in listed:
            found += 1
            assert all(name in code for name in one.answer.split(", "))
            shown += any(f"class {name}" in code for name in one.answer.split(", "))
    assert shown > 0.6 * found > 0  # of others the file goes on below the window


@needs_fonts
def test_states_are_counted_as_the_rows_show_them() -> None:
    found = 0
    for seed in range(120):
        screen = drawn(draw_manager, seed, 1300, 900)
        rows = texts_of(screen.glyphs)
        if not any(text.text == "Status" for text in rows):
            continue
        for one in screen.questions:
            state = re.fullmatch(r"(?i)how many (?:\w+ )?are (complete|failed|paused|active|finished)\??", one.text)
            if state and one.kind == "how_many":
                found += 1
                assert sum(text.text == state[1].lower() for text in rows) == int(one.answer)
    assert found


@needs_fonts
def test_folders_of_a_tree_are_asked_for_in_the_tree() -> None:
    trees = 0
    for seed in range(120):
        screen = drawn(draw_folder, seed, 1000, 640)
        trees += any("in the tree" in one.text for one in screen.questions)
        if any("in the tree" in one.text for one in screen.questions):
            listed = [one for one in screen.questions if one.kind == "list" and "folders" in one.text.lower()]
            assert all("tree" in one.text or "left" in one.text for one in listed)
    assert trees > 3


def test_numbers_are_those_of_their_unit() -> None:
    for seed in range(50):
        rng = random.Random(seed)
        assert 0 <= spin_value(rng, "%") <= 100
        assert 72 <= spin_value(rng, "dpi") <= 1200
        assert 0 <= spin_value(rng, "") <= 10000


@needs_fonts
def test_the_cursor_is_on_a_line_of_the_text() -> None:
    found = 0
    for seed in range(90):
        screen = drawn(draw_plain_text, seed, 900, 600)
        status = [one.answer for one in screen.questions if one.kind == "status"]
        place = re.search(r"(?:Ln|Line:?|line:?|L) ?(\d+)", status[0]) if status else None
        lines = re.search(r"; (\d+) lines", " ".join(one.answer for one in screen.questions if one.kind == "describe"))
        if place and lines:
            found += 1
            assert int(place[1]) <= 2 * int(lines[1])  # of which empty lines are not counted there
    assert found > 10
