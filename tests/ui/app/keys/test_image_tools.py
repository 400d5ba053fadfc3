"""Items 11 (the editor) and 12: an image is changed, blacked out for good, and pointed at; with real keys and mouse."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.ui.app.keys.hand import Hand, Thing
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""

RED, GREEN, BLUE, WHITE, BLACK = (200, 0, 0), (0, 160, 0), (0, 0, 200), (250, 250, 250), (0, 0, 0)
SIZE = (400, 300)


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Red, green / blue, white."""
    image = Image.new("RGB", SIZE, RED)
    for color, corner in ((GREEN, (200, 0)), (BLUE, (0, 150)), (WHITE, (200, 150))):
        image.paste(color, (*corner, corner[0] + 200, corner[1] + 150))
    file = tmp_path_factory.mktemp("files") / "shot.png"
    image.save(file)
    return file


def corners(image: Image.Image) -> list[object]:
    """Near the upper left, upper right, lower left and lower right."""
    right, bottom = image.width - 6, image.height - 6
    return [image.getpixel(place) for place in ((5, 5), (right, 5), (5, bottom), (right, bottom))]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def is_near(size: tuple[int, int], expected: tuple[int, int]) -> bool:
    return all(abs(one - other) <= 2 for one, other in zip(size, expected, strict=True))


def on_image(canvas: Thing, x: int, y: int, size: tuple[int, int] = SIZE) -> tuple[int, int]:
    """Where a pixel of an image is on the screen that is shown in the middle of a canvas, in its own size."""
    left, top, width, height = canvas["place"]
    return round(left + (width - size[0]) / 2 + x), round(top + (height - size[1]) / 2 + y)


def edit(hand: Hand) -> Thing:
    """Open the image of the question in the editor, in its own size; returns the canvas."""
    hand.menu("Picture 1", "Edit", kind="Thumbnail")
    hand.until(lambda: hand.thing("Done")["enabled"], "the image in the editor")
    hand.key("ctrl+1")
    return hand.settled(kind="EditCanvas")


def done(hand: Hand) -> None:
    hand.key("Return")
    hand.is_gone(kind="PictureEditor")


def test_an_image_is_cropped_turned_and_brought_back(hand: Hand, shot: Path) -> None:
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    canvas = edit(hand)
    hand.key("c")
    hand.drag(on_image(canvas, 200, 150), on_image(canvas, 500, 400))
    hand.key("r", "r", "ctrl+z")  # turned once
    done(hand)
    hand.ask_and_hear("Which colour?")
    (sent,) = hand.sent()
    assert is_near(sent.size, (150, 200))
    assert corners(sent) == [WHITE] * 4

    hand.key("ctrl+n")
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    canvas = edit(hand)
    hand.key("r")
    done(hand)
    edit(hand)
    hand.click("Reset")
    done(hand)
    hand.ask_and_hear("And now?")
    (sent,) = hand.sent()
    assert sent.size == SIZE
    assert corners(sent) == [RED, GREEN, BLUE, WHITE]


def test_changes_are_given_up_by_escape_twice(hand: Hand, shot: Path) -> None:
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    edit(hand)
    hand.key("r", "Escape")
    hand.thing("Escape once more discards the changes.")
    hand.key("Escape")
    hand.is_gone(kind="PictureEditor")
    hand.ask_and_hear("Which colours?")
    assert hand.sent()[0].size == SIZE


def test_what_is_blacked_out_is_so_in_what_is_stored_sent_and_exported(hand: Hand, shot: Path, tmp_path: Path) -> None:
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    hand.ask_and_hear("Whose colours?")
    canvas = edit(hand)
    hand.key("k")
    hand.drag(on_image(canvas, -20, -20), on_image(canvas, 190, 140))
    hand.thing("Done takes what is blurred or blacked out away for good, also where the picture is kept already")
    done(hand)
    hand.ask_and_hear("And now?")
    (sent,) = hand.sent()
    assert sent.size == SIZE
    hidden = [BLACK, GREEN, BLUE, WHITE]
    assert corners(sent) == hidden
    stored = [row[0] for row in hand.written("SELECT data FROM picture_bytes")]
    assert [corners(opened(data)) for data in stored if opened(data).size == SIZE][-1:] == [hidden]
    assert shot.read_bytes() not in stored
    hand.key("ctrl+shift+e")
    hand.choose("Web page with pictures")
    hand.save_as(tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text()
    exported = [opened(base64.b64decode(one)) for one in re.findall(r"data:image/\w+;base64,([^\"]+)", page)]
    assert [corners(one) for one in exported] == [hidden]


def test_a_place_is_pointed_at_and_that_is_what_is_sent(hand: Hand, shot: Path) -> None:
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    hand.click("Picture 1", "Thumbnail", button=3)
    hand.choose("Point at it")
    hand.key("1")
    canvas = hand.settled(kind="PictureCanvas")
    hand.click_at(on_image(canvas, 300, 75))
    hand.thing("the question points at a place in it")
    hand.key("Return")
    hand.is_gone(kind="PictureViewer")
    hand.ask_and_hear("What is this?")
    (sent,) = hand.sent()
    assert corners(sent) == [RED, GREEN, BLUE, WHITE]
    assert {color for _, color in sent.crop((280, 55, 320, 95)).getcolors() or []} != {GREEN}
