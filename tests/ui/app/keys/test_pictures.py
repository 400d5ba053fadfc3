"""Items 2, 6, 14 and 17 (images): drafts, limits, pages, thumbnails; with real keys, mouse and drops."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten small images of different sizes."""
    folder = tmp_path_factory.mktemp("files")
    made = [folder / f"shot-{number}.png" for number in range(10)]
    for number, file in enumerate(made):
        Image.new("RGB", (60 + 2 * number, 40), (20 * number, 90, 200)).save(file)
    return made


def test_a_draft_belongs_to_its_conversation_and_survives_a_kill(hand: Hand, files: list[Path]) -> None:
    hand.ask_and_hear("The first one")
    hand.drop(hand.thing(kind="ConversationPane"), files[0], files[1])
    hand.until_pictures("shot-0", "shot-1")
    hand.key("ctrl+l")
    hand.type("About both")
    hand.field_is("About both")

    hand.key("ctrl+n")
    hand.field_is("")
    hand.until_pictures()
    hand.paste_image(files[2])
    hand.until(lambda: len(hand.pictures()) == 1, "the pasted image")
    hand.key("ctrl+l")
    hand.type("Another")
    hand.click("The first one", "row")
    hand.field_is("About both")
    hand.until_pictures("shot-0", "shot-1")
    hand.until_written("SELECT count(*) FROM drafts WHERE text IN ('About both', 'Another')", 2)

    hand.kill()
    hand.start()
    hand.until(lambda: "The first one" in hand.rows(), "the list")
    hand.field_is("Another")
    hand.until(lambda: len(hand.pictures()) == 1, "the pasted image")
    hand.click("The first one", "row")
    hand.field_is("About both")
    hand.until_pictures("shot-0", "shot-1")


def test_thumbnails_are_moved_numbered_removed_and_cleared(hand: Hand, files: list[Path]) -> None:
    hand.drop(hand.thing(kind="Welcome"), *files[3:6])
    hand.until_pictures("Picture 1: shot-3", "Picture 2: shot-4", "Picture 3: shot-5")
    first, third = hand.settled("shot-3"), hand.thing("shot-5")
    hand.drag(hand.at(first), hand.at(third), hand.at(third, 0.9))
    hand.until_pictures("Picture 1: shot-4", "Picture 2: shot-5", "Picture 3: shot-3")
    hand.click("Clear all pictures")
    hand.until_pictures()
    hand.click("Undo")
    hand.until_pictures("Picture 1: shot-4", "Picture 2: shot-5", "Picture 3: shot-3")

    hand.ask_and_hear("What are these?")
    hand.click("Picture 2: shot-5", "Thumbnail", button=3)
    hand.choose("Leave out for the model")
    hand.until(lambda: "left out" in hand.thing("Picture 2: shot-5")["name"], "an image that is left out")
    hand.drop(hand.thing(kind="ConversationPane"), files[6])
    hand.until_pictures("Picture 4: shot-6")
    assert hand.things("Picture 3: shot-3")


def test_limits_are_said_before_sending(hand: Hand, files: list[Path], tmp_path: Path) -> None:
    hand.drop(hand.thing(kind="Welcome"), *files)
    hand.until(lambda: len(hand.pictures()) == 10, "ten images")
    hand.thing("Choose")
    hand.click("Only the first 9")
    hand.is_gone("Choose")
    hand.key("ctrl+l")
    hand.type("What are these?")
    hand.key("Return")
    hand.field_is("")

    broken = [tmp_path / name for name in ("one.png", "two.jpg", "three.webp")]
    for file in broken:
        file.write_bytes(b"no image")
    hand.drop(hand.thing(kind="ConversationPane"), *broken)
    said = hand.thing("About what you added (3)")["text"]
    assert all(file.name in said for file in broken)


def test_pages_are_chosen_before_they_are_added(hand: Hand, tmp_path: Path) -> None:
    pages = [Image.new("RGB", (200, 280), color) for color in ("white", "yellow", "cyan", "pink")]
    file = tmp_path / "paper.pdf"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    hand.drop(hand.thing(kind="Welcome"), file)
    hand.thing("Add pages")
    hand.look("pages")
    hand.key("Escape")
    hand.is_gone("Add pages")
    hand.until_pictures()

    hand.drop(hand.thing(kind="Welcome"), file)
    hand.thing("Add pages")
    hand.click("Page 4", "row")
    hand.click("Page 2", "row", held="ctrl")
    hand.thing("2 of 4 chosen")
    hand.key("Return")
    hand.until_pictures("paper.pdf, page 2", "paper.pdf, page 4")
