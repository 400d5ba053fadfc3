"""A right click opens one context menu: Escape leaves nothing of it, and the next click opens it once more."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""


def menus(hand: Hand) -> list[str]:
    """Those that are open, by their classes."""
    return [one["kind"] for one in hand.things() if one["kind"].endswith("Menu")]


@pytest.mark.parametrize("where", ["image in the question", "conversation", "answer", "question field"])
def test_a_right_click_opens_one_menu(where: str, hand: Hand, tmp_path: Path) -> None:
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
