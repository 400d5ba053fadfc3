"""Items 7 and 9: one truth about the model, Tab order, answers from right to left; one context menu at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""


def other_than(hand: Hand, before: str) -> str:
    """What has the focus, if that is another than before."""
    focus = str(hand.sees()["focus"])
    return "" if focus == before else focus


BAD = "small.gguf is no model; get it again."


def test_a_load_that_failed_says_the_same_everywhere(hand: Hand) -> None:
    for name in ("small.gguf", "mmproj.gguf"):
        (hand.home / name).write_bytes(b"GGUF")
    hand.tell(refuse=BAD)
    hand.key("ctrl+shift+m")
    hand.click("Load Small model", "QPushButton")
    hand.thing("Could not be loaded")
    hand.thing(BAD)
    hand.key("Escape")
    hand.thing(f"Small model could not be loaded. {BAD}")  # on the card that welcomes
    failed = "Small model could not be loaded: press to choose another"
    hand.until(lambda: hand.thing("Model", "ElidedButton", "Desktop VLM")["text"] == failed, "the status line")

    hand.click("Model", "ElidedButton", "Desktop VLM")  # the way out, in the status line
    hand.tell(refuse="")
    hand.click("Load Small model", "QPushButton")
    hand.thing("Loaded", "QLabel")
    hand.is_gone(BAD)
    hand.key("Escape")
    hand.is_gone("could not be loaded")
    hand.until(lambda: "Small model" in hand.thing("Model", "ElidedButton", "Desktop VLM")["text"], "the model")


def test_tab_goes_through_the_window_and_comes_back(hand: Hand) -> None:
    """From the question to what is below it, the sidebar, the bar and what is above, as they are read."""
    hand.ask_and_hear("Hello")
    hand.key("ctrl+n", "ctrl+l")
    hand.has_focus("Question")
    steps = ["Question"]
    while len(steps) == 1 or (steps[-1] != "Question" and len(steps) < 60):
        hand.key("Tab")
        steps.append(hand.until(lambda: other_than(hand, steps[-1]), f"the focus after {steps}"))
    parts = [
        "Capture a part of the screen",
        "Add pictures",
        "Model",
        "New conversation",
        "Search conversations",
        "Conversations",
        "Settings",
        "Show or hide the conversations (Ctrl+B)",
        "Models",
        "Capture the screen",
        "Question",
    ]
    assert [one for one in steps[1:] if one in parts] == parts
    assert len(set(steps)) == len(steps) - 1
    hand.key("shift+Tab")
    hand.has_focus(steps[-2])


def test_lists_from_right_to_left_stand_on_the_right(hand: Hand, tmp_path: Path) -> None:
    hand.ask_and_hear("List", "1. \u05e9\u05dc\u05d5\u05dd\n2. \u05e2\u05d5\u05dc\u05dd")
    left, top, width, height = hand.settled(kind="Prose")["place"]

    def inked() -> tuple[int, int, int, int] | None:
        hand.screen.picture(tmp_path / "screen.png")
        with Image.open(tmp_path / "screen.png") as screen:
            part = screen.convert("L").crop((left, top, left + width, top + height))
        return part.point([255 if value < 128 else 0 for value in range(256)]).getbbox()

    ink = hand.until(inked, "the list on the screen")
    assert ink[0] > 0.8 * width
    assert ink[2] > width - 40


def menus(hand: Hand) -> list[str]:
    """Those that are open, by their classes."""
    return [one["kind"] for one in hand.things() if one["kind"].endswith("Menu")]


@pytest.mark.parametrize("where", ["image in the question", "conversation", "answer", "question field"])
def test_a_right_click_opens_one_menu(where: str, hand: Hand, tmp_path: Path) -> None:
    """Escape leaves nothing of it, and the next click opens it once more."""
    file = tmp_path / "shot.png"
    Image.new("RGB", (160, 90), "navy").save(file)
    hand.ask_and_hear("What is it?", "A navy blue image, and nothing else.")
    hand.drop(hand.thing(kind="ConversationPane"), file)
    hand.until_pictures("shot")
    name, kind = {
        "image in the question": ("shot", "Thumbnail"),
        "conversation": ("What is it?", "row"),
        "answer": ("", "Prose"),
        "question field": ("", "QuestionField"),
    }[where]
    for _ in range(2):
        hand.click(name, kind, button=3)
        hand.until(lambda: hand.sees()["popup"], "a menu")
        assert len(menus(hand)) == 1
        hand.key("Escape")
        hand.until(lambda: not hand.sees()["popup"], "no menu")
        assert menus(hand) == []
