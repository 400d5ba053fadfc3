"""Dense lists of messages, commits and mails: a value is found by its neighbours."""

from __future__ import annotations

import random
import re

import pytest

from training.screens.panes.feed_questions import ask_entries, asked_of
from training.screens.panes.feeds import _write, draw_feed
from training.screens.panes.frame import Frame
from training.screens.panes.program_names import named_title, title_form
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def _feed(seed: int) -> Screen:
    rng = random.Random(seed)
    return draw_feed(rng, Writer(rng, "train"), draw_style(rng, "train"), 1000, 700)


def test_no_question_has_two_answers() -> None:
    for seed in range(25):
        answers: dict[str, str] = {}
        for one in _feed(seed).questions:
            assert answers.setdefault(one.text.lower().rstrip("?."), one.answer) == one.answer


def test_answers_are_on_the_screen() -> None:
    for seed in range(15):
        screen = _feed(seed)
        shown = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        for one in screen.questions:
            if one.kind in {"value", "selected", "title"}:
                assert "".join(one.answer.split()) in shown, one


def test_a_row_is_found_by_its_neighbours_its_time_and_who_wrote_it() -> None:
    rows = [("ann", "10:01", "good night", ""), ("bob", "10:02", "thanks @ann!", ""), ("ann", "10:04", "same here", "")]
    found: set[tuple[str, str]] = set()
    for seed in range(80):
        rng = random.Random(seed)
        frame = Frame(rng, Writer(rng, "train"), draw_style(rng, "train"), 800, 600, "chat program")
        ask_entries(frame, rows, asked_of("chat"))
        found |= {(one.text, one.answer) for one in frame.asker.questions}
    assert found >= {
        ("Which message is below 'good night'?", "thanks @ann!"),
        ("Which message is above 'same here'?", "thanks @ann!"),
        ("Who wrote 'same here'?", "ann"), ("When was 'thanks @ann!' written?", "10:02"),
        ("What did ann write at 10:04?", "same here"), ("What did bob write?", "thanks @ann!"),
        ("How many messages did ann write?", "2"), ("Count the messages.", "3"), ("Who wrote messages?", "ann, bob"),
        ("Who mentions ann?", "bob"), ("Whom does 'thanks @ann!' mention?", "ann"),
        ("What is the topmost message by ann?", "good night"), ("What is the lowest message by ann?", "same here"),
        ("Did bob write 'same here'?", "No"), ("What is the newest message?", "same here"),
    }  # fmt: skip
    assert not {text for text, _ in found} & {"What did ann write?", "Which message is below 'same here'?"}


def test_what_is_newer_has_a_later_time_and_mentions_are_whole() -> None:
    for seed in range(150):
        rng = random.Random(seed)
        kind = rng.choice(("chat", "commit", "mail", "comment"))
        entries = _write(rng, Writer(rng, "train"), kind, ["Ann Berg", "Bo Lund"])
        whens = [one.when for one in entries]
        oldest_first = whens if kind in {"chat", "comment"} else whens[::-1]
        if all(re.fullmatch(r"\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d( \d\d:\d\d)?", when) for when in whens):
            assert oldest_first == sorted(oldest_first)
        said = {name for one in entries for name in re.findall(r"(?<!\S)@(\w+)", one.text)}
        assert said <= {"AnnBerg", "BoLund"}


def test_most_titles_name_the_program_behind_what_is_open() -> None:
    rng = random.Random(3)
    forms = [title_form(rng, lambda char: char.isascii()) for _ in range(400)]
    behind = [form for form in forms if "{d}" in form and form.find("{a}") > form.find("{d}")]
    assert len(behind) > 240
    assert all(char.isascii() for form in forms for char in form)


def test_a_window_is_titled_with_its_program() -> None:
    for seed in range(30):
        rng = random.Random(seed)
        title, app = named_title(rng, Writer(rng, "train"), "terminal", str.isascii)
        assert app
        assert app in title
