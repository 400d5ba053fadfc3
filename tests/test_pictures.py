"""Opening pictures that nobody vouches for."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.errors import UserError
from desktop_vlm.pictures import content_key, open_picture, to_rgb

RED, BLUE = (255, 0, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def two_colours(mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (40, 20), RED)
    image.paste(BLUE, (20, 0, 40, 20))
    return image.convert(mode)


def lying_png(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than there are."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "JPEG"])
def test_every_format_gives_the_pixels(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    image = to_rgb(open_picture(encoded(two_colours(), kind, **options)))
    assert image.size == (40, 20)
    assert np.abs(np.asarray(image).astype(int) - np.asarray(two_colours())).max() <= (6 if kind == "JPEG" else 0)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "CMYK"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    image = to_rgb(open_picture(encoded(two_colours(mode), kind)))
    assert image.mode == "RGB"
    grey = np.asarray(image.convert("L"))
    left, right = grey[:, :20].mean(), grey[:, 20:].mean()
    assert left > right + 5  # red is brighter than blue, in grey too


def test_transparency_is_laid_over_white() -> None:
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    image.putpixel((0, 0), (*RED, 255))
    opened = to_rgb(open_picture(encoded(image)))
    assert opened.getpixel((0, 0)) == RED
    assert opened.getpixel((3, 3)) == (255, 255, 255)


def test_sixteen_bits_become_eight() -> None:
    values = np.array([[0, 257 * 128, 65535]], dtype=np.uint16)
    opened = to_rgb(open_picture(encoded(Image.fromarray(values))))
    assert [opened.getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (128, 128, 128), (255, 255, 255)]


def test_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    opened = open_picture(encoded(two_colours(), "JPEG", exif=exif, quality=95))
    assert opened.size == (20, 40)
    red, _, blue = to_rgb(opened).getpixel((10, 5))  # type: ignore[misc]
    assert red > 200 > blue


def test_an_animation_gives_its_first_frame() -> None:
    data = encoded(Image.new("RGB", (8, 8), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8), BLUE)])
    assert to_rgb(open_picture(data)).getpixel((0, 0)) == RED


@pytest.mark.parametrize("size", [(1, 1), (20000, 50), (1, 3000)])
def test_odd_sizes_open(size: tuple[int, int]) -> None:
    assert open_picture(encoded(Image.new("RGB", size))).size == size


def test_a_file_and_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "shot.txt"  # the content counts, not the name
    path.write_bytes(encoded(two_colours()))
    with path.open("rb") as stream:
        assert content_key(open_picture(path)) == content_key(open_picture(stream))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "shot is empty"),
        (b"just words, no picture", "shot is not a picture this app can read"),
        (encoded(two_colours())[:60], "shot is"),
        (encoded(Image.effect_noise((200, 200), 50))[:9000], "shot is damaged or incomplete"),
        (encoded(Image.effect_noise((200, 200), 50), "JPEG")[:3000], "shot is damaged or incomplete"),
        (lying_png(30000, 30000), "shot has more than 128 million pixels"),
        (lying_png(500, 500), "shot is damaged or incomplete"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "shot is not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "shot is not a picture"),
    ],
)
def test_what_is_no_good_picture_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        open_picture(data, name="shot")
    assert "\n" not in str(caught.value)


def test_places_without_a_picture_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"missing\.png does not exist"):
        open_picture(tmp_path / "missing.png")
    with pytest.raises(UserError, match="is a folder"):
        open_picture(tmp_path)


def test_keys_follow_the_pixels() -> None:
    image = two_colours()
    assert content_key(image) == content_key(image.convert("RGBA"))
    other = image.copy()
    other.putpixel((0, 0), (254, 0, 0))
    keys = {content_key(image), content_key(other), content_key(image.resize((20, 40)))}
    assert len(keys) == 3
