"""Images from anywhere: right pixels or one plain sentence."""

from __future__ import annotations

import io
import os
import random
import struct
import tracemalloc
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.images import reading as images
from desktop_vlm.images.open import MAX_PIXELS, open_image, to_rgb

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def two_by_one(left: Any, right: Any, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (2, 1))
    image.putpixel((0, 0), left)
    image.putpixel((1, 0), right)
    return image


def pixels(image: Image.Image) -> list[Any]:
    return [image.getpixel((x, y)) for y in range(image.height) for x in range(image.width)]


def png_claiming(width: int, height: int) -> bytes:
    """A valid PNG header of that size over a few bytes of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def refusal(source: Any, name: str | None = None) -> str:
    with pytest.raises(UserError) as caught:
        open_image(source, name=name)
    return str(caught.value)


# --- what opens, and as what


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_lossless_formats_keep_every_pixel(kind: str) -> None:
    opened = open_image(encoded(two_by_one(RED, BLUE), kind))
    assert (opened.mode, pixels(opened)) == ("RGB", [RED, BLUE])


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_are_close(kind: str) -> None:
    opened = open_image(encoded(Image.new("RGB", (16, 16), (200, 100, 50)), kind, quality=95))
    assert opened.mode == "RGB"
    assert np.abs(np.asarray(opened).astype(int) - (200, 100, 50)).max() <= 4


def test_a_path_bytes_and_a_stream_give_the_same_image(tmp_path: Path) -> None:
    data = encoded(two_by_one(RED, GREEN), "PNG")
    path = tmp_path / "shot.jpeg"  # the content decides, not the name
    path.write_bytes(data)
    for source in (path, data, io.BytesIO(data)):
        assert pixels(open_image(source)) == [RED, GREEN]


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (3, 1)), (6, (1, 0)), (8, (0, 3))])
def test_a_photo_is_turned_upright(orientation: int, corner: tuple[int, int]) -> None:
    image = Image.new("RGB", (4, 2))
    image.putpixel((0, 0), RED)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(encoded(image, "PNG", exif=exif))
    assert opened.size == ((4, 2) if orientation in (1, 3) else (2, 4))
    assert opened.getpixel(corner) == RED


def test_broken_exif_does_not_lose_the_pixels() -> None:
    data = encoded(two_by_one(RED, GREEN), "PNG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff broken")
    assert pixels(open_image(data)) == [RED, GREEN]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_shows_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    options = {"lossless": True} if kind == "WEBP" else {}
    opened = open_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options))
    assert opened.getcolors() == [(64, RED)]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_and_not_clipped(kind: str) -> None:
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    opened = open_image(encoded(Image.fromarray(values), kind))
    assert pixels(opened) == [(0, 0, 0), (1, 1, 1), (128, 128, 128), (255, 255, 255)]


def test_sixteen_bit_pgm_is_scaled() -> None:
    opened = open_image(b"P5 2 1 65535\n" + struct.pack(">HH", 0, 32896))
    assert pixels(opened) == [(0, 0, 0), (128, 128, 128)]


@pytest.mark.parametrize(
    ("values", "greys"),
    [
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 100.0, 255.0]], np.float32), [0, 100, 255]),
        (np.array([[-10.0, 0.0, 10.0]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 0.0, 1.0]], np.float32), [0, 0, 255]),
        (np.array([[100000, 150000, 200000]], np.int32), [0, 128, 255]),
        (np.array([[-7, -7, -7]], np.int32), [0, 0, 0]),
    ],
)
def test_wide_values_without_a_stated_white(values: Any, greys: list[int]) -> None:
    opened = open_image(encoded(Image.fromarray(values), "TIFF"))
    assert pixels(opened) == [(grey, grey, grey) for grey in greys]


def test_cmyk_becomes_rgb() -> None:
    opened = open_image(encoded(two_by_one((0, 255, 255, 0), (0, 0, 0, 255), "CMYK"), "TIFF"))
    assert (opened.mode, pixels(opened)) == ("RGB", [RED, (0, 0, 0)])


def test_a_palette_with_a_clear_colour_becomes_rgba_and_then_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    opened = open_image(encoded(image, "PNG", transparency=1))
    assert (opened.mode, pixels(opened)) == ("RGBA", [(*RED, 255), (*BLUE, 0)])
    assert pixels(to_rgb(opened)) == [RED, (255, 255, 255)]


def test_half_transparent_grey_keeps_its_transparency() -> None:
    opened = open_image(encoded(two_by_one((0, 255), (0, 51), "LA"), "PNG"))
    assert (opened.mode, pixels(to_rgb(opened))) == ("RGBA", [(0, 0, 0), (204, 204, 204)])


def test_black_and_white() -> None:
    opened = open_image(encoded(two_by_one(0, 1, "1"), "PNG"))
    assert (opened.mode, pixels(opened)) == ("RGB", [(0, 0, 0), (255, 255, 255)])


@pytest.mark.parametrize("size", [(1, 1), (20000, 50), (1, 3000)])
def test_odd_shapes_open(size: tuple[int, int]) -> None:
    assert open_image(encoded(Image.new("RGB", size, GREEN), "PNG")).getcolors() == [(size[0] * size[1], GREEN)]


# --- what is refused, and how


def test_missing_folder_empty_and_pipe(tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    assert refusal(tmp_path / "gone.png") == "gone.png does not exist; check the name or choose the image again."
    assert refusal(empty) == "empty.png is empty (0 bytes); save or copy the image again."
    assert refusal(tmp_path) == f"{tmp_path.name} is a folder; choose an image inside it."
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refusal(tmp_path / "pipe") == "pipe is not an ordinary file; choose an image saved on disk."


def test_an_unreadable_file_names_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")

    def denied(*_: Any) -> Any:  # the tests may run as root, whom no file mode stops
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", denied)
    assert refusal(path) == f"{path} cannot be read (Permission denied); check its permissions."


def test_a_stream_that_fails_names_the_reason() -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    assert refusal(Broken(), "drop") == (
        "drop cannot be read (Input/output error); check its permissions or copy it elsewhere."
    )


def test_an_impossible_path() -> None:
    assert refusal(Path("a\0b.png")).startswith("a?b.png cannot be read (")


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",  # Pillow would start Ghostscript
        b"%PDF-1.7\n",
        b"\x00\x00\x01\x00\x01\x00",
        b"\x89PNG\r\n\x1a\n",
        bytes(1000),
    ],
)
def test_not_an_image(data: bytes) -> None:
    assert refusal(data, "x.png") in (
        "x.png is not an image this app can read; save it as PNG or JPEG and use that.",
        "x.png is damaged or incomplete; save or download the image again.",
    )


def test_a_file_name_cannot_break_the_sentence() -> None:
    assert refusal(b"hello", "a\nb\x1b[31m\udcff.png").startswith("a?b?[31m?.png is not an image")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "PPM"])
def test_a_cut_off_image_is_found_here(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), kind)
    assert refusal(data[: len(data) * 2 // 3], "cut") in (
        "cut is damaged or incomplete; save or download the image again.",
        "cut is not an image this app can read; save it as PNG or JPEG and use that.",
    )


def test_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_FILE_BYTES", 2**20)
    expected = "big.png is larger than 1 MiB; save a smaller copy and use that."
    path = tmp_path / "big.png"
    path.write_bytes(bytes(2**20 + 1))
    assert refusal(path) == expected
    assert refusal(bytes(2**20 + 1), "big.png") == expected
    assert refusal(io.BytesIO(bytes(2**20 + 1)), "big.png") == expected


@pytest.mark.parametrize("size", [(16000, 8001), (65000, 65000), (1, MAX_PIXELS + 1), (2**31 - 1, 2**31 - 1)])
def test_a_header_claiming_too_much_is_refused_before_memory_is_taken(size: tuple[int, int]) -> None:
    data = png_claiming(*size)
    tracemalloc.start()
    message = refusal(data, "bomb.png")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message == "bomb.png has more than 128 million pixels; save a smaller copy and use that."
    assert peak_bytes < 2**20


def test_a_gif_frame_larger_than_its_screen_is_refused() -> None:
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    control = b"\x21\xf9\x04" + bytes([2 << 2, 0, 0, 0]) + b"\x00"  # disposal 2: clear the frame's area
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\x00\x3b"
    assert refusal(screen + control + frame, "a.gif") == (
        "a.gif has more than 128 million pixels; save a smaller copy and use that."
    )


def test_between_pillows_limit_and_ours_there_is_no_warning() -> None:
    # The header passes, the pixels are missing: had a warning been raised, the fixture would have made it an error.
    assert refusal(png_claiming(10000, 9000), "photo.png") == (
        "photo.png is damaged or incomplete; save or download the image again."
    )


def test_two_thousand_broken_files_give_an_image_or_a_sentence() -> None:
    rng = random.Random(5)
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 256, (9, 7, 3), dtype=np.uint8))
    seeds = [encoded(noise, kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")]
    opened = 0
    sentences = []
    for _ in range(2000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(min(len(data), rng.choice([40, 4000])))] = rng.randrange(256)
        try:
            image = open_image(bytes(data), name="fuzz")
        except UserError as error:
            sentences.append(str(error))
        else:
            opened += 1
            assert image.mode in ("RGB", "RGBA")
    assert opened > 100
    assert len(sentences) > 100
    assert all(sentence.startswith("fuzz ") and sentence.endswith(".") for sentence in sentences)


# --- the model's form and its name


def test_rgb_is_returned_as_is() -> None:
    image = two_by_one(RED, GREEN)
    assert to_rgb(image) is image


def test_transparency_over_white() -> None:
    image = two_by_one((255, 0, 0, 0), (0, 0, 0, 128), "RGBA")
    assert pixels(to_rgb(image)) == [(255, 255, 255), (127, 127, 127)]
