"""Items 10, 11 (the overlay) and 13: the key, drawing on a capture, recent captures, watches; with real keys."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from desktop_vlm.settings import SettingsStore
from tests.ui.app.keys.hand import Hand
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""

GREEN, RED, BLACK = (0, 120, 60), (180, 20, 20), (0, 0, 0)
FIRST_COLOR = (229, 72, 77)
"""Of the marks, where nobody chose another."""


@pytest.fixture(autouse=True)
def _green(hand: Hand) -> None:
    hand.paint_screen(GREEN)


def select(hand: Hand, *places: tuple[int, int], held: str = "") -> None:
    """Drag over a part of the screen, once the overlay is there."""
    hand.thing(kind="Overlay")
    hand.drag(*places, held=held)


def open_captures(hand: Hand) -> None:
    hand.pop_up(lambda: hand.settled("Recent captures", "QToolButton"))
    hand.thing(kind="CapturesPopup")


def clipboard(hand: Hand) -> Image.Image:
    """The image that another program would paste."""
    took = ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"]

    def data() -> bytes:
        return subprocess.run(took, env=hand.screen.environment, capture_output=True, check=False, timeout=30).stdout

    return Image.open(io.BytesIO(hand.until(data, "an image in the clipboard"))).convert("RGB")


def colors(image: Image.Image, *places: tuple[int, int]) -> list[object]:
    return [image.getpixel(place) for place in places]


def all_colors(image: Image.Image) -> set[object]:
    return {color for _, color in image.convert("RGB").getcolors() or []}


def test_the_key_is_introduced_once_and_tried(hand: Hand) -> None:
    hand.thing("Ask about anything on your screen")
    hand.thing("Ctrl Shift Space")
    hand.click("Try it now")
    hand.thing(kind="Overlay")
    hand.key("Escape")  # given up: it is not known yet
    hand.is_gone(kind="Overlay")
    hand.click("Try it now")
    select(hand, (100, 100), (299, 219))
    hand.in_front("Quick question")
    hand.key("Escape")
    hand.in_front("Desktop VLM")
    hand.is_gone("Ask about anything on your screen")
    hand.thing("Ctrl Shift Space")
    assert SettingsStore(hand.paths.settings_file).current.recent.knows_capture_key


def test_capture_is_the_first_button(hand: Hand) -> None:
    """Of the welcome screen from above, and of the question from the left."""
    for kind, first, axis in (("Welcome", "Capture the screen", 1), ("Composer", "Capture a part of the screen", 0)):
        left, top, width, height = hand.thing(kind=kind)["place"]
        buttons = [
            one
            for one in hand.things()
            if one["kind"] in {"QPushButton", "QToolButton"}
            and left <= one["place"][0] < left + width
            and top <= one["place"][1] < top + height
        ]
        assert min(buttons, key=lambda one: (one["place"][axis], one["place"][0]))["name"] == first


def test_a_capture_is_drawn_on_and_copied(hand: Hand) -> None:
    hand.screen.clear_clipboard()
    hand.key("ctrl+shift+space")
    select(hand, (200, 200), (599, 499), held="shift")
    hand.thing("Black out")
    for key, *places in (
        ("k", (220, 220), (259, 259)),
        ("b", (300, 220), (359, 279)),
        ("a", (400, 220), (459, 220)),
        ("p", (220, 300), (240, 320), (279, 300)),
        ("u", (500, 400), (599, 499)),
    ):
        hand.key(key)
        hand.drag(*places)
    hand.key("n")
    hand.click_at((320, 320))
    hand.key("t")
    hand.click_at((400, 300))
    hand.type("cab")  # letters are text while it is written, and tools otherwise
    hand.key("Escape", "ctrl+z", "ctrl+z", "ctrl+y", "ctrl+c")
    hand.in_front("Desktop VLM")
    made = clipboard(hand)
    assert made.size == (400, 300)
    assert colors(made, (20, 20), (58, 58), (18, 18), (61, 61)) == [BLACK, BLACK, GREEN, GREEN]
    drawn = {"box": (100, 50), "arrow": (210, 20), "pen": (60, 109), "number": (110, 120)}
    assert dict(zip(drawn, colors(made, *drawn.values()), strict=True)) == dict.fromkeys(drawn, FIRST_COLOR)
    assert all_colors(made.crop((195, 90, 300, 150))) == {GREEN}  # the text was taken back


def test_a_capture_is_saved_straight_from_the_overlay(hand: Hand, tmp_path: Path) -> None:
    hand.key("ctrl+shift+space")
    select(hand, (200, 200), (299, 249), held="shift")
    hand.thing("Black out")
    hand.key("ctrl+s")
    hand.save_as(tmp_path / "shot.png")
    hand.thing("Picture saved")
    with Image.open(tmp_path / "shot.png") as saved:
        assert saved.size == (100, 50)
        assert all_colors(saved) == {GREEN}


def test_what_is_blacked_out_is_nowhere(hand: Hand) -> None:
    hand.key("ctrl+shift+space")
    select(hand, (200, 200), (599, 499), held="shift")
    hand.thing("Black out")
    hand.key("k")
    hand.drag((220, 220), (259, 259))
    hand.key("b")
    hand.drag((300, 220), (359, 279))
    hand.key("Return")
    hand.in_front("Quick question")
    hand.type("What is it?")
    hand.key("Return")
    hand.until_asked("What is it?")
    (sent,) = hand.sent()
    assert colors(sent, (20, 20), (58, 58), (100, 50)) == [BLACK, BLACK, FIRST_COLOR]
    hand.key("Escape")
    hand.in_front("Desktop VLM")
    hand.until_written("SELECT count(*) FROM messages WHERE state = 'complete'", 2)
    kept = [Image.open(io.BytesIO(row[0])).convert("RGB") for row in hand.written("SELECT data FROM picture_bytes")]
    seen = {tuple(colors(one, (20, 20), (58, 58), (100, 50))) for one in kept if one.size == (400, 300)}
    assert seen == {(BLACK, BLACK, FIRST_COLOR), (BLACK, BLACK, GREEN)}  # what else was done can be taken back


def test_a_region_is_captured_again_and_captures_are_listed(hand: Hand) -> None:
    open_captures(hand)
    if hand.things("Clear all"):
        hand.click("Clear all")
    else:
        hand.key("Escape")
    hand.is_gone(kind="CapturesPopup")
    hand.click("Capture a part of the screen")
    select(hand, (100, 100), (199, 149))
    hand.until(lambda: len(hand.pictures()) == 1, "the capture")
    hand.remove_picture(hand.pictures()[0])
    hand.until_pictures()
    hand.paint_screen(RED)
    hand.key("ctrl+shift+r")
    hand.until(lambda: len(hand.pictures()) == 1, "the same region")
    hand.ask_and_hear("Which colour?")
    (sent,) = hand.sent()
    assert sent.size == (100, 50)
    assert all_colors(sent) == {RED}

    open_captures(hand)
    hand.until(lambda: len(hand.things(kind="Thumbnail", window="CapturesPopup")) == 2, "both captures")
    hand.key("Right", "Return")
    hand.is_gone(kind="CapturesPopup")
    hand.until(lambda: len(hand.pictures()) == 1, "the first capture")
    hand.ask_and_hear("And now?")
    assert hand.asked()[-1]["images"] == [[280, 280]]  # both, as one image for this model
    open_captures(hand)
    hand.key("Delete")
    hand.until(lambda: len(hand.things(kind="Thumbnail", window="CapturesPopup")) == 1, "one capture")
    hand.click("Clear all")
    hand.is_gone(kind="CapturesPopup")


def test_a_region_is_watched_until_it_is_stopped(hand: Hand) -> None:
    open_captures(hand)
    hand.click("Watch a region")
    select(hand, (4, 100), (43, 199))
    hand.thing(kind="WatchDialog")
    hand.has_focus("Question")
    hand.type("Is it green?")
    hand.tell(replies="Yes.")
    hand.click("Look every", "QSpinBox")
    hand.key("ctrl+a", "2")
    hand.click("Watch", "QPushButton", "Watch a region")
    hand.thing("Is it green?, Yes.")
    assert all_colors(hand.sent()[-1]) == {GREEN}
    n_asked = len(hand.asked())
    hand.tell(replies="No, red.")
    hand.paint_screen(RED)
    hand.thing("Is it green? No, red.")  # said where the person looks
    hand.thing("Is it green?, No, red.", "WatchRow")
    assert len(hand.asked()) == n_asked + 1
    assert all_colors(hand.sent()[-1]) == {RED}
    bar, toast = hand.thing(kind="WatchBar")["place"], hand.thing(kind="Toast")["place"]
    assert toast[1] + toast[3] <= bar[1]  # the one does not cover the other
    hand.click("Stop watching: Is it green?")
    hand.is_gone(kind="WatchBar")
