"""Marks on images: what is drawn where, what is kept of them, and that what they hide is nowhere any more."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document, finished, render
from desktop_vlm.images.annotations.drawing import draw, mosaic
from desktop_vlm.images.annotations.marks import KINDS, Gesture, Mark, kind
from desktop_vlm.images.annotations.shapes import Blur, Disc, Shape, Stroke

SIZE = (200, 120)
RED = (229, 72, 77)


def noise(size: tuple[int, int] = SIZE, seed: int = 1) -> Image.Image:
    """Pixels of which every run tells where it comes from."""
    width, height = size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def stencil(size: tuple[int, int] = (40, 20)) -> bytes:
    image = Image.new("L", size)
    ImageDraw.Draw(image).rectangle((10, 5, 29, 14), fill=255)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def written(at: tuple[float, float] = (20, 30)) -> Mark:
    return Mark("text", (at,), text="Hi", stencil=stencil(), stencil_size=(40, 20))


MARKS = {
    "pen": Mark("pen", ((20, 20), (60, 20), (60, 80)), width=6),
    "arrow": Mark("arrow", ((20, 60), (120, 60)), width=6),
    "box": Mark("box", ((150, 90), (30, 20)), "#0091ff", 4),
    "number": Mark("number", ((80, 60),), width=6, text="1"),
    "text": written(),
    "blur": Mark("blur", ((20, 20), (100, 80))),
    "black-out": Mark("black-out", ((20.5, 20.5), (99.5, 79.5))),
}


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def drawn(mark: Mark) -> Image.Image:
    return render(Image.new("RGB", SIZE, "white"), Document(SIZE, marks=(mark,)))


def test_every_kind_has_a_mark_here() -> None:
    assert MARKS.keys() == KINDS.keys()
    assert len({one.key for one in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("pen", [(20, 20), (40, 21), (60, 79), (18, 20)], [(40, 30), (16, 20), (66, 80)]),
        ("arrow", [(20, 60), (70, 61), (110, 60), (100, 66)], [(100, 80), (123, 60), (70, 66)]),
        ("number", [(66, 60), (80, 76)], [(110, 60), (80, 90)]),
        ("text", [(31, 36), (48, 43)], [(25, 32), (55, 45)]),
    ],
)
def test_marks_are_where_their_points_say(
    name: str, inside: list[tuple[int, int]], outside: list[tuple[int, int]]
) -> None:
    image = drawn(MARKS[name])
    assert [pixel(image, *at) for at in inside] == [RED] * len(inside)
    assert [pixel(image, *at) for at in outside] == [(255, 255, 255)] * len(outside)


def test_a_box_is_a_frame_whichever_corner_came_first() -> None:
    image = drawn(MARKS["box"])
    assert pixel(image, 90, 20) == pixel(image, 30, 55) == pixel(image, 150, 90) == (0, 145, 255)
    assert pixel(image, 90, 55) == pixel(image, 90, 14) == (255, 255, 255)


def test_edges_are_smooth() -> None:
    values = np.asarray(drawn(MARKS["arrow"]).convert("L"))
    assert len(np.unique(values)) > 6


def test_a_part_has_the_same_pixels_as_the_whole() -> None:
    """The editor shows parts, and what is sent is the whole: both by this renderer."""
    image = noise((700, 500))
    marks = [
        Mark("pen", ((20, 20), (690, 480), (350, 10)), width=9),
        Mark("box", ((10, 10), (600, 400)), width=5),
        Mark("number", ((256, 256),), width=9, text="12"),
        Mark("blur", ((100, 100), (420, 380))),
        Mark("black-out", ((10, 200), (300, 260))),
        replace(written((300, 300)), width=8),
    ]
    whole = image.copy()
    mosaics = {shape: mosaic(image, shape) for mark in marks for shape in mark.shapes if isinstance(shape, Blur)}
    for mark in marks:
        draw(whole, mark.shapes, mosaics=mosaics)
    part = image.crop((200, 150, 456, 470))
    for mark in marks:
        draw(part, mark.shapes, (200, 150), 1.0, mosaics)
    difference = np.abs(np.asarray(part).astype(int) - np.asarray(whole.crop((200, 150, 456, 470))).astype(int))
    assert difference.max() <= 2  # rounding within a blur that is resized from a part of its cells


def test_transparency_stays_where_nothing_is_drawn() -> None:
    clear = Image.new("RGBA", SIZE, (9, 9, 9, 0))
    image = render(clear, Document(SIZE, marks=(MARKS["arrow"],)))
    assert pixel(image, 70, 60) == (*RED, 255)
    assert pixel(image, 5, 5) == (9, 9, 9, 0)


# --- documents


def test_turning_takes_everything_along_and_four_turns_are_none() -> None:
    image = noise()
    document = Document(SIZE, crop=(10, 5, 190, 110), marks=tuple(MARKS[one] for one in ("pen", "box", "arrow")))
    turned = document.turned()
    assert (turned.size, turned.crop) == ((120, 200), (10, 10, 115, 190))
    same = render(image, document).transpose(Image.Transpose.ROTATE_270)
    difference = np.abs(np.asarray(render(image, turned)).astype(int) - np.asarray(same).astype(int))
    assert difference.max() < 90  # an edge may be a quarter of a pixel beside
    assert (difference > 0).mean() < 0.05
    assert document.turned(4) == document
    assert document.turned(3).turned(1) == document


def test_what_is_written_stays_upright_where_it_is() -> None:
    """Its middle goes along; its lines are still read from left to right."""
    document = Document(SIZE, marks=(written((20, 30)),)).turned()
    (mark,) = document.marks
    assert (mark.points, mark.stencil_size) == (((120 - 40 - 20, 40 - 10),), (40, 20))
    assert document.turned(3).marks == (written((20, 30)),)


def test_a_crop_stays_within_the_image_and_has_pixels() -> None:
    document = Document(SIZE)
    assert document.cropped(Box(-50, 20.4, 1000, 60.6)).crop == (0, 20, 200, 61)
    assert document.cropped(Box(300, 300, 400, 400)) == document
    assert document.cropped(Box(0, 0, 200, 120)).crop is None
    assert render(noise(), document.cropped(Box(10, 20, 30, 50))).size == (20, 30)


def test_documents_come_back_as_they_were() -> None:
    document = Document(SIZE, 1, (5, 5, 100, 150), tuple(MARKS.values()))
    assert Document.from_json(document.as_json()) == document


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"original": [1]},
        {"crop": ["a", 0, 1, 1]},
        {"marks": 5},
        {"marks": [{"kind": "nuke", "points": [[1, 1]], "color": "#ffffff", "width": 2}]},
        {"marks": [{"kind": "pen", "points": [], "color": "#ffffff", "width": 2}]},
        {"marks": [{"kind": "pen", "points": [[1e999, 1]], "color": "#ffffff", "width": 2}]},
        {"marks": [{"kind": "pen", "points": [[1, 1]], "color": "red", "width": 2}]},
        {"marks": [{"kind": "pen", "points": [[1, 1]], "color": "#ffffff", "width": -2}]},
        {"marks": [{"kind": "text", "points": [[1, 1]], "color": "#ffffff", "width": 2, "stencil": "?"}]},
    ],
)
def test_a_damaged_document_is_refused(change: dict[str, object]) -> None:
    values = json.loads(Document(SIZE).as_json())
    with pytest.raises(ValueError, match="not a document of this program"):
        Document.from_json(json.dumps(values | change))


def test_a_new_kind_is_one_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.images.annotations.marks.KINDS", dict(KINDS))

    @kind("dot", icon="circle", label="Dot", key="D", gesture=Gesture.SPOT)
    def dot(mark: Mark) -> list[Shape]:
        return [Disc(mark.points[0], mark.width, mark.color)]

    document = Document(SIZE, marks=(Mark("dot", ((50, 50),), width=9),))
    assert pixel(render(Image.new("RGB", SIZE, "white"), document), 50, 57) == RED
    assert Document.from_json(document.as_json()) == document


# --- what is hidden


def test_what_is_hidden_is_nowhere_and_the_rest_can_be_taken_back() -> None:
    image = noise()
    document = (
        Document(SIZE, marks=(MARKS["arrow"], MARKS["black-out"], MARKS["blur"])).turned(3).cropped(Box(0, 0, 120, 150))
    )
    done = finished(image, document)
    assert done.is_changed
    assert [mark.kind for mark in done.document.marks] == ["arrow"]
    assert (done.document.turns, done.document.crop) == (document.turns, document.crop)
    original = np.asarray(done.original)
    assert done.original.size == SIZE
    assert not original[20:80, 20:100].any()
    before = np.asarray(image)
    assert (original[:20] == before[:20]).all()
    assert (original[:, 100:] == before[:, 100:]).all()
    assert done.image.size == (120, 150)


def test_a_blur_leaves_the_means_of_large_cells_only() -> None:
    image = noise()
    done = finished(image, Document(SIZE, marks=(MARKS["blur"],)))
    before, after = np.asarray(image)[20:80, 20:100].astype(float), np.asarray(done.original)[20:80, 20:100]
    assert after.std() < 0.25 * before.std()
    alike = np.corrcoef(before.ravel(), after.ravel())[0, 1]
    assert abs(alike) < 0.25
    assert (np.asarray(done.original)[:20] == np.asarray(image)[:20]).all()


def test_a_line_of_text_is_blurred_beyond_reading() -> None:
    """Three rows of cells at most, whatever the height."""
    for height in (12, 20, 40, 90):
        (shape,) = Mark("blur", ((0, 0), (400, height)), width=2).shapes
        assert isinstance(shape, Blur)
        assert shape.cell >= 12
        assert height / shape.cell <= 3.01


def test_nothing_that_transparency_covers_stays_where_something_is_hidden() -> None:
    secret = Image.new("RGBA", SIZE, (200, 10, 10, 0))
    done = finished(secret, Document(SIZE, marks=(MARKS["black-out"],)))
    assert done.original.mode == "RGB"
    assert pixel(done.original, 150, 100) == (255, 255, 255)


def test_an_original_in_which_nothing_is_hidden_is_the_same() -> None:
    image = noise()
    before = image.tobytes()
    done = finished(image, Document(SIZE, marks=(MARKS["pen"], MARKS["text"])))
    assert done.original is image
    assert not done.is_changed
    assert image.tobytes() == before


def test_who_points_beside_a_line_means_it() -> None:
    mark = MARKS["box"]
    assert mark.is_near(90, 26, 5)
    assert not mark.is_near(90, 55, 5)
    assert MARKS["black-out"].is_near(60, 50, 0)
    assert not Stroke(((0, 0), (0, 100)), 2, "#ffffff").is_near(10, 50, 5)
