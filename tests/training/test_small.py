import random
from collections import Counter

import numpy as np
import pytest

from training.screens import Screen, draw_screen
from training.screens.phrases import Writer
from training.screens.records import Question
from training.screens.small import SMALL_SHARE, draw_small
from training.screens.small.looks import draw_look
from training.screens.small.messages import button_questions, draw_message
from training.screens.small.windows import MAX_SIZE, MIN_SIZE
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def windows(count: int) -> list[Screen]:
    return [draw_small(rng, Writer(rng, "train")) for rng in map(random.Random, range(count))]


def drawn(screen: Screen) -> str:
    return "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")


def answered(questions: tuple[Question, ...], kind: str) -> list[str]:
    return [one.answer for one in questions if one.kind == kind]


def test_they_are_small_and_of_many_kinds() -> None:
    screens = windows(150)
    assert all(MIN_SIZE[0] <= one.image.width <= MAX_SIZE[0] for one in screens)
    assert all(MIN_SIZE[1] <= one.image.height <= MAX_SIZE[1] for one in screens)
    nouns = Counter(one.noun for one in screens)
    assert {"dialog", "input dialog", "menu", "clock", "meter", "terminal", "notification"} <= set(nouns)
    assert nouns["terminal"] < 0.15 * len(screens)


def test_every_character_has_ink_in_its_box() -> None:
    inked = total = 0
    for screen in windows(60):
        pixels = np.asarray(screen.image.convert("L"), np.int16)
        for glyph in screen.glyphs:
            left, top, right, bottom = (round(value) for value in glyph.box)
            assert left >= 0
            assert right <= screen.image.width
            if glyph.char.isalnum():
                total += 1
                inked += int(np.ptp(pixels[max(0, top) : bottom + 1, left : right + 1])) > 40
    assert inked >= 0.99 * total


def test_all_buttons_are_named_in_the_order_in_which_they_stand() -> None:
    counts = Counter[int]()
    for seed in range(60):
        rng = random.Random(seed)
        screen = draw_message(rng, Writer(rng, "train"), draw_look(rng))
        named = answered(screen.questions, "buttons")
        labels = named[0].split(", ") if named else []
        counts[len(labels)] += 1
        assert drawn(screen).endswith("".join(labels).replace(" ", ""))
        assert set(answered(screen.questions, "button")) <= set(labels)
        for count in answered(screen.questions, "count"):
            assert count == str(len(labels))
    assert set(counts) >= {1, 2, 3}


def test_a_message_has_only_what_is_drawn_and_no_icons_mark() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        screen = draw_message(rng, Writer(rng, "train"), draw_look(rng))
        (title,) = answered(screen.questions, "title") or [""]
        message = answered(screen.questions, "message")[0]
        assert drawn(screen).startswith((title + message).replace(" ", ""))


def test_absent_buttons_are_denied() -> None:
    rng = random.Random(4)
    for _ in range(30):
        buttons = ["Reply", "Keep", "Deny"]
        found = [one for one in button_questions(rng, Writer(rng, "train"), buttons) if one.kind == "present"]
        for one in found:
            assert (one.answer == "Yes") == any(f" {label}" in f" {one.text}" for label in buttons)


def test_a_terminal_is_not_taken_for_a_dialog() -> None:
    said = Counter[tuple[str, str]]()
    for screen in windows(250):
        for one in screen.questions:
            if one.kind == "present" and "a terminal" in one.text:
                said[screen.noun, one.answer] += 1
    assert said["terminal", "Yes"] > 5
    assert said["terminal", "No"] == 0
    assert said["dialog", "No"] > 10
    assert said["dialog", "Yes"] == 0


def test_they_are_a_share_of_training_images_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTOP_VLM_PACK", raising=False)
    drawn_small: list[int] = []

    def count(rng: random.Random, writer: Writer) -> Screen:
        drawn_small.append(1)
        return draw_small(rng, writer)

    monkeypatch.setattr("training.screens.generator.draw_small", count)
    rng = random.Random(2)
    for _ in range(300):
        draw_screen(rng, split="train")
    assert len(drawn_small) / 300 == pytest.approx(SMALL_SHARE, abs=0.06)
    before = len(drawn_small)
    for _ in range(40):
        draw_screen(rng, split="held_out")
    assert len(drawn_small) == before
