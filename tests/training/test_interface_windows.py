"""Windows from packs of interfaces on desktops to train on: where their characters are not known, and what is asked."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from training.interfaces.pack import write_pack
from training.interfaces.records import Control, Interface
from training.letters import UNKNOWN, letter_targets, make_tiles
from training.screens import draw_desktop
from training.screens.framing import moved
from training.screens.interfaces import draw_interface, grown
from training.screens.records import Box, Glyph, Question, Screen, Unlocated
from training.screens.stacking import Window, markable_texts, unlocated_parts, with_window
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder
from training.screens.window_questions import questions_of

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

_BUTTON: Box = (20, 20, 80, 40)


def _window(box: tuple[int, int, int, int], *, located: bool) -> Window:
    """A window with one button "Store", and a question about it."""
    image = Image.new("RGB", (box[2] - box[0], box[3] - box[1]))
    parts = () if located else (Unlocated((0, 0, *image.size), (11, 11), (("Store", _BUTTON),), (0,)),)
    asked = (Question("value", "What is it?", "Store", needs=(_BUTTON,)), Question("title", "Title?", "Shop"))
    screen = Screen(image, (), asked, "interface", "window", unlocated=parts)
    return Window(moved(screen, box[0], box[1]), "Shop", box, [])


def test_a_window_in_front_takes_its_box_from_what_is_unlocated() -> None:
    behind, front = _window((0, 0, 100, 100), located=False), _window((50, 60, 150, 160), located=True)
    parts = {part.box for part in unlocated_parts(with_window([behind], front))}
    assert parts == {(0, 0, 100, 60), (0, 60, 50, 100)}


def test_what_is_covered_is_neither_asked_nor_marked() -> None:
    behind = _window((0, 0, 100, 100), located=False)
    assert markable_texts(behind, 10) == [("Store", _BUTTON)]
    assert markable_texts(behind, 12) == []
    with_window([behind], _window((60, 30, 160, 130), located=True))
    assert not behind.whole
    assert questions_of(behind) == []
    assert markable_texts(behind, 10) == []


def test_of_a_window_covered_elsewhere_its_controls_are_asked_but_not_the_whole() -> None:
    behind = _window((0, 0, 100, 100), located=False)
    with_window([behind], _window((60, 50, 160, 150), located=True))
    assert [question.kind for question in questions_of(behind)] == ["value"]


def test_slots_of_unlocated_parts_are_unknown() -> None:
    tiled = make_tiles(Image.new("RGB", (56, 56)), 56, 1)
    glyphs: list[Any] = [Glyph("A", (0, 0, 3, 6)), Glyph("B", (30, 30, 33, 36))]
    targets = letter_targets(glyphs, tiled, 14, [(28, 28, 56, 56)])
    assert targets[0, 0, 0] == ord("A") - 32
    assert (targets[0, 10] == UNKNOWN).all()  # the third patch of the third row
    assert np.count_nonzero(targets == UNKNOWN) == 4 * targets.shape[2]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One window, 300 x 200 px, a dialog whose characters are not located."""
    image = Image.new("RGB", (300, 200), (240, 240, 240))
    texts = (("Owner", "Vera"), ("Place", "Hall"), ("Hour", "Nine"))
    controls = [Control("field", value, (100, 20 + 40 * n, 250, 44 + 40 * n), 11, label=label)
                for n, (label, value) in enumerate(texts)]  # fmt: skip
    controls.append(Control("button", "Store", (200, 150, 280, 180), 11))
    for one in controls:
        ImageDraw.Draw(image).rectangle((one.box[0] + 8, one.box[1] + 8, one.box[0] + 40, one.box[3] - 8), (20, 20, 20))
    interface = Interface("dialog", "Booking", False, "", tuple(controls), is_dialog=True)
    assert write_pack(tmp_path / "pack.zip", [(image, interface)], 1) == 1
    monkeypatch.setenv("DESKTOP_VLM_INTERFACES", str(tmp_path / "pack.zip"))
    return tmp_path / "pack.zip"


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_a_window_is_enlarged_where_letters_would_be_too_small() -> None:
    style = draw_style(random.Random(1), "train")
    found = [draw_interface(random.Random(seed), style, (2000, 1500), size="dialog", least_px=16, small_px=12)
             for seed in range(12)]  # fmt: skip
    wide = [screen.image.width for screen in found if screen]
    assert len(wide) == 12
    enlarged = [screen for screen in found if screen and screen.image.width > 400]
    assert len(enlarged) >= 8
    for screen in enlarged:
        assert screen.unlocated[0].letters[0] >= 16
        assert {question.answer for question in screen.questions if question.kind == "buttons"} == {"Store"}
        answers = [json.loads(question.answer) for question in screen.questions if question.kind == "json"]
        assert all(set(answer.values()) <= {"Vera", "Hall", "Nine"} for answer in answers)


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_a_window_keeps_its_pixels_where_it_can_be_read_and_shrinks_where_it_must() -> None:
    style = draw_style(random.Random(1), "train")
    own = [draw_interface(random.Random(seed), style, (2000, 1500), size="dialog", least_px=9, small_px=5)
           for seed in range(20)]  # fmt: skip
    assert sum(screen.image.width == 300 for screen in own if screen) >= 12
    small = draw_interface(random.Random(1), style, (240, 400), size="dialog", least_px=6, small_px=5)
    assert small
    assert small.image.width == 240
    left, top, right, bottom = small.unlocated[0].texts[0][1]
    assert (left, right, bottom - top) == pytest.approx((80, 200, 19.2))
    assert draw_interface(random.Random(1), style, (200, 400), size="dialog", least_px=6, small_px=5) is None


def test_a_maximised_window_goes_on_to_the_edges_of_the_screen() -> None:
    image = Image.new("RGB", (300, 200), (240, 240, 240))
    ImageDraw.Draw(image).rectangle((0, 0, 300, 20), (60, 60, 90))
    screen = Screen(image, (), (), "interface", "window")
    whole = grown(screen, 400, 260).image
    assert whole.size == (400, 260)
    assert [whole.getpixel(at) for at in ((399, 10), (399, 100), (20, 259))] == [
        (60, 60, 90), (240, 240, 240), (240, 240, 240)]  # fmt: skip
    assert grown(screen, 600, 260) is screen
    ImageDraw.Draw(image).line((290, 60, 300, 90), (0, 0, 0))
    assert grown(screen, 400, 260) is screen


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_held_out_screens_never_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with_packs = draw_desktop(random.Random(5), split="held_out")
    monkeypatch.delenv("DESKTOP_VLM_INTERFACES")
    without = draw_desktop(random.Random(5), split="held_out")
    assert with_packs.image.tobytes() == without.image.tobytes()
    assert with_packs.questions == without.questions


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_some_desktops_to_train_on_have_them() -> None:
    screens = [draw_desktop(random.Random(seed), split="train") for seed in range(12)]
    assert any(screen.unlocated for screen in screens)
