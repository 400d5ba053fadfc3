"""Black boxes: what was under them is in no byte of the new file."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.open import open_image
from desktop_vlm.images.redaction import around, cover, pixels_of

BOX = Box(10.4, 5.0, 30.0, 12.2)


def noisy(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    values = np.random.default_rng(1).integers(1, 255, (size[1], size[0], len(mode)), np.uint8)
    return Image.fromarray(values, mode)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def redact(file: bytes, boxes: Sequence[Box]) -> bytes:
    return cover(open_image(file), boxes)


def chunks(png: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append(png[at + 4 : at + 8])
        at += 12 + length
    return found


def test_every_pixel_that_a_box_touches_is_black_and_no_other() -> None:
    image = noisy()
    with Image.open(io.BytesIO(redact(file_of(image), [BOX]))) as opened:
        made = np.asarray(opened)
    expected = np.asarray(image).copy()
    expected[5:13, 10:30] = 0
    assert made.tolist() == expected.tolist()


def test_the_file_holds_pixels_and_nothing_else() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret words")
    info.add_itxt("Title", "secret words")
    original = file_of(noisy(), pnginfo=info, icc_profile=b"profile secret words", dpi=(72, 72))
    made = redact(original, [BOX])
    assert set(chunks(made)) == {b"IHDR", b"IDAT", b"IEND"}
    assert b"secret words" not in made
    assert not any(original[at : at + 24] in made for at in range(60, len(original) - 24, 7))


def test_no_thumbnail_and_no_exif_of_a_photo_and_it_is_upright() -> None:
    image = noisy(size=(40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010E] = "secret words"
    thumbnail = file_of(image.resize((20, 10)), "JPEG")
    exif.get_ifd(0x8769)[0x9286] = thumbnail
    original = file_of(image, "JPEG", exif=exif, quality=95)
    made = redact(original, [Box(0, 0, 20, 10)])
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (20, 40)
        assert not opened.getexif()
        assert np.asarray(opened)[:10].max() == 0
        assert np.asarray(opened)[10:].min(axis=(0, 1)).max() > 0
    assert b"secret words" not in made
    assert thumbnail[:60] not in made


def test_pixels_that_transparency_hid_are_gone() -> None:
    image = noisy("RGBA")
    image.putalpha(0)
    with Image.open(io.BytesIO(redact(file_of(image), []))) as opened:
        assert opened.mode == "RGB"
        assert np.asarray(opened).min() == 255


def test_what_lies_under_a_box_can_not_be_read_from_the_compressed_data() -> None:
    """Two images that differ under the box only make the same file, byte by byte."""
    first, second = noisy(), noisy()
    second.paste((9, 9, 9), (12, 6, 28, 12))
    assert file_of(first) != file_of(second)
    assert redact(file_of(first), [BOX]) == redact(file_of(second), [BOX])


@pytest.mark.parametrize(
    ("box", "area"),
    [
        (Box(-5, -5, 3.1, 2), (0, 0, 4, 2)),
        (Box(60, 40, 900, 900), (60, 40, 64, 48)),
        (Box(64, 0, 70, 10), None),
        (Box(5, 5, 5, 9), None),
        (Box(9, 9, 3, 3), None),
    ],
)
def test_boxes_end_with_the_image(box: Box, area: tuple[int, int, int, int] | None) -> None:
    assert pixels_of(box, 64, 48) == area


def test_room_around_letters_grows_with_them() -> None:
    assert around(Box(10, 10, 50, 20)) == Box(7, 8, 53, 22)
    assert around(Box(100, 100, 500, 200)) == Box(70, 88, 530, 212)
