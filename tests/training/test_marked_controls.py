"""Marks on whole controls, and questions that name what kind of thing is marked."""

from __future__ import annotations

import random

import pytest

from training.screens.mark_questions import Marked
from training.screens.mark_strokes import bent, rough_frame
from training.screens.marked_controls import Role, control_questions, roles_of
from training.screens.neighbours import Text
from training.screens.outlines import control_around
from training.screens.records import Box, Question
from training.screens.sketch import Sketch

BUTTON: Box = (100.0, 50.0, 160.0, 64.0)


def sketch() -> Sketch:
    made = Sketch(400, 200, (230, 230, 230))
    made.draw.rectangle((80, 42, 181, 73), (250, 250, 250), (90, 90, 90))
    made.draw.rectangle((100, 53, 158, 61), (20, 20, 20))
    return made


def test_a_button_has_edges_around_its_text() -> None:
    image = sketch().image
    assert control_around(image, BUTTON, [BUTTON]) == (80, 42, 182, 74)
    assert control_around(image, BUTTON, [BUTTON, (82.0, 50.0, 90.0, 64.0)]) is None
    assert control_around(image, (100.0, 120.0, 160.0, 134.0), []) is None  # open ground


def at(text: str, left: float, top: float) -> Text:
    return Text(text, (left, top, left + 7.0 * len(text), top + 12))


def test_what_texts_are_is_known_from_what_is_asked_and_from_where_they_stand() -> None:
    asked = [Question("buttons", "Which buttons are there?", "Save, Cancel"),
             Question("value", "Is Sound checked?", "Yes", ("is_checked", {"label": "Sound"})),
             Question("menu", "Read the menu bar.", "File, Edit"), Question("menu", "Which links are there?", "News"),
             Question("title", "Title?", "Letter")]  # fmt: skip
    texts = [at("Letter", 10, 0), at("Letter", 10, 300), at("File", 10, 20), at("Edit", 60, 20), at("News", 10, 40),
             at("Name:", 10, 60), at("Ada", 80, 60), at("Town:", 10, 80), at("Save", 80, 80), at("Sound", 10, 100),
             at("Side:", 10, 120), at("Left", 80, 120), at("Right", 140, 120), at("Far:", 10, 140),
             at("away", 300, 140), at("Cancel", 10, 160)]  # fmt: skip
    roles = roles_of(asked, texts)
    assert roles == {"Cancel": Role("button"), "Name": Role("label", "Ada"), "Ada": Role("value", "Name"),
                     "Town": Role("label", "Save"), "Sound": Role("check box"), "File": Role("menu"),
                     "Edit": Role("menu")}  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_questions_say_what_is_marked(seed: int) -> None:
    roles = {"Cancel": Role("button"), "Ada": Role("value", "Name"), "Town": Role("label", "Paris")}
    marks = [Marked("Cancel", "circle", "red", box=BUTTON), Marked("Ada", "circle", "blue", box=BUTTON),
             Marked("Town:", "arrow", "red", box=BUTTON)]  # fmt: skip
    found = control_questions(random.Random(seed), marks, roles)
    assert [one.answer for one in found] == ["Cancel", "Cancel", "A button.", "Name", "Name: Ada", "Paris"]
    assert not any("{" in one.text for one in found)
    assert not any("that is in" in one.text or "that is at" in one.text for one in found if one.kind == "marked")
    assert all("red" in one.text for one in found[:3])  # the other ring is blue
    unclear = [Marked("Cancel", "box", number=2, box=BUTTON), Marked("Cancel", "box")]
    assert control_questions(random.Random(seed), unclear, roles) == []


def test_rough_frames_keep_off_what_they_hold_and_bent_arrows_stay_on_the_image() -> None:
    for seed in range(30):
        points = rough_frame(random.Random(seed), 90, 90, 200, 120, 3)
        assert not any(90 < x < 200 and 90 < y < 120 for x, y in points)
        assert all(80 < x < 210 and 80 < y < 130 for x, y in points)
        line = bent(random.Random(seed), (100, 100), (200, 160), (400, 300))
        assert line
        assert line[0] == pytest.approx((100, 100))
        assert line[-1] == pytest.approx((200, 160), abs=3)
        assert bent(random.Random(seed), (1, 1), (200, 1), (400, 300)) is None
