"""Images as files really hold them: pages, frames, thumbnails, deep colours, drawings."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from desktop_vlm.api.errors import UserError
from desktop_vlm.images import decoding
from desktop_vlm.images.formats import formats
from desktop_vlm.images.open import count_pages, open_image, open_pages
from tests.images.many_scans import jpeg_of_many_scans

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
COLOURS = (RED, GREEN, BLUE)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def tiff(*pages: tuple[Image.Image, dict[int, int]]) -> bytes:
    buffer = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(buffer, True) as writer:
        for image, tags in pages:
            info = TiffImagePlugin.ImageFileDirectory_v2()
            for tag, value in tags.items():
                info[tag] = value
            image.save(writer, "TIFF", tiffinfo=info)
            writer.newFrame()
    return buffer.getvalue()


def plain(colour: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (8, 8), colour)


def colours(images: tuple[Image.Image, ...]) -> list[Any]:
    return [image.getpixel((0, 0)) for image in images]


def test_every_page_of_a_tiff_is_there() -> None:
    found = open_pages(tiff(*((plain(colour), {}) for colour in COLOURS)))
    assert colours(found.images) == [RED, GREEN, BLUE]
    assert (found.numbers, found.count, found.left_out) == ((1, 2, 3), 3, ())


@pytest.mark.parametrize("tag", [{254: 1}, {254: 4}, {255: 2}])
def test_thumbnails_and_masks_are_no_pages(tag: dict[int, int]) -> None:
    data = tiff((plain(RED), tag), (plain(GREEN), {}), (plain(BLUE), {254: 2}))
    found = open_pages(data, name="scan.tif")
    assert colours(found.images) == [GREEN, BLUE]
    assert found.left_out == ("scan.tif also holds a thumbnail or mask, which is left out.",)
    assert open_image(data).getpixel((0, 0)) == GREEN


def test_pages_can_be_chosen_and_more_than_ten_are_said() -> None:
    data = tiff(*((plain((number, 0, 0)), {}) for number in range(12)))
    found = open_pages(data, name="book.tif")
    assert found.numbers == tuple(range(1, 11))
    assert found.left_out == ("book.tif has 12 pages; pages 1 to 10 are used.",)
    assert colours(open_pages(data, pages=[12, 3]).images) == [(11, 0, 0), (2, 0, 0)]
    assert open_image(data, page=12).getpixel((0, 0)) == (11, 0, 0)
    with pytest.raises(UserError, match=r"^book.tif has no page 13; it has 12\.$"):
        open_pages(data, name="book.tif", pages=[13])


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_on_which_there_is_something(kind: str) -> None:
    frames = [plain((0, 0, 0, 0), "RGBA"), plain((*RED, 255), "RGBA"), plain((*BLUE, 255), "RGBA")]
    options = {"lossless": True} if kind == "WEBP" else {"disposal": 2}
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    found = open_pages(data, name="moving")
    assert colours(found.images)[0][:3] == RED
    assert found.left_out == ("moving has 3 frames; frame 2 is used.",)
    assert colours(open_pages(data, pages=[3]).images)[0][:3] == BLUE


def test_the_second_view_in_a_phone_s_photo_is_not_mentioned() -> None:
    photo, gain_map = Image.new("RGB", (64, 48), RED), Image.new("L", (16, 12), 90)
    found = open_pages(encoded(photo, "MPO", save_all=True, append_images=[gain_map]), name="photo.jpg")
    assert found.images[0].size == (64, 48)
    assert (found.numbers, found.count, found.left_out) == ((1,), 1, ())


def test_only_documents_have_pages_to_ask_about() -> None:
    assert count_pages(tiff(*((plain(colour), {}) for colour in COLOURS))) == 3
    frames = [plain(colour) for colour in COLOURS]
    assert count_pages(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])) == 1
    assert count_pages(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>") == 1


def test_an_ordinary_image_leaves_nothing_out() -> None:
    found = open_pages(encoded(plain(RED), "PNG"))
    assert (found.count, found.left_out, found.transparent) == (1, (), False)
    assert open_pages(encoded(plain((*RED, 9), "RGBA"), "PNG")).transparent
    assert not open_pages(encoded(plain((*RED, 255), "RGBA"), "PNG")).transparent


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_grey_of_fewer_bits_than_sixteen_is_scaled_by_those(kind: str, bits: int) -> None:
    white = (1 << bits) - 1
    values = np.array([[0, white // 2, white]], dtype=np.uint16)
    opened = open_image(encoded(Image.fromarray(values), kind))
    assert [opened.getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (127, 127, 127), (255, 255, 255)]


def png_rgb16(values: np.ndarray[Any, Any]) -> bytes:
    """Pillow writes none: the bytes of 16-bit RGB in a PNG."""
    import struct
    import zlib

    height, width, _ = values.shape

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + values[y].astype(">u2").tobytes() for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def tiff_rgb16(values: np.ndarray[Any, Any], order: str) -> bytes:
    import struct

    height, width, _ = values.shape
    tags = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 3, 8 + 2 + 9 * 12 + 4), (259, 3, 1, 1), (262, 3, 1, 2)]
    start = 8 + 2 + 9 * 12 + 4 + 6
    tags += [(273, 4, 1, start), (277, 3, 1, 3), (278, 3, 1, height), (279, 4, 1, values.size * 2)]
    made = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, len(tags))
    for tag, kind, count, value in tags:
        short = struct.pack(order + "HH", value, 0) if kind == 3 and count == 1 else struct.pack(order + "I", value)
        made += struct.pack(order + "HHI", tag, kind, count) + short
    made += struct.pack(order + "IHHH", 0, 16, 16, 16)
    return made + values.astype(order + "u2").tobytes()


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("kind", ["PNG", "<", ">"])
def test_colours_of_fewer_bits_than_sixteen_are_scaled_by_those(kind: str, bits: int) -> None:
    white = (1 << bits) - 1
    values = np.array([[[0, white // 2, white], [white // 4, 0, 1]]], dtype=np.uint16)
    opened = open_image(png_rgb16(values) if kind == "PNG" else tiff_rgb16(values, kind))
    seen = np.array([opened.getpixel((x, 0)) for x in range(2)]).astype(int)
    assert np.abs(seen - values[0] * 255.0 / white).max() <= 1


def test_light_is_compressed_so_that_lamps_and_shadows_show() -> None:
    light = np.full((100, 100), 0.05, np.float32)
    light[:, 50:] = 20.0
    light[0, 0] = 5000.0
    opened = open_image(encoded(Image.fromarray(light), "TIFF"))
    dark, bright = opened.getpixel((10, 50))[0], opened.getpixel((90, 50))[0]  # type: ignore[index]
    assert 15 < dark < 60
    assert bright > 240
    assert opened.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["AVIF", "ICO"])
def test_formats_of_the_web(kind: str) -> None:
    opened = open_image(encoded(Image.new("RGB", (32, 32), RED), kind))
    assert opened.size == (32, 32)
    assert np.abs(np.array(opened.getpixel((9, 9))[:3]) - RED).max() < 6  # type: ignore[index]


@pytest.mark.parametrize(("module", "kind"), [("pillow_heif", "HEIF"), ("pillow_jxl", "JXL")])
def test_formats_of_the_extra(module: str, kind: str) -> None:
    plugin = pytest.importorskip(module)
    if kind == "HEIF":
        plugin.register_heif_opener()
    opened = open_image(encoded(Image.new("RGB", (64, 48), RED), kind))
    assert opened.size == (64, 48)
    assert np.abs(np.array(opened.getpixel((9, 9))) - RED).max() < 6


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\0\0\0\x18ftypheic" + bytes(60), "HEIC"), (b"\xff\x0a" + bytes(60), "JPEG XL")],
)
def test_without_the_extra_its_name_is_said(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pillow_heif", "pillow_jxl"):
        monkeypatch.setitem(sys.modules, module, None)
    formats.cache_clear()
    try:
        with pytest.raises(UserError, match=f"^x is {name}, which needs the extra `desktop-vlm"):
            open_image(data, name="x")
    finally:
        formats.cache_clear()


def test_a_jpeg_of_many_scans_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg_of_many_scans(3000, 800)
    monkeypatch.setattr(decoding, "DEADLINE_S", 0.3)
    started_s = time.thread_time()
    with pytest.raises(UserError, match=r"^slow\.jpg takes more than .* seconds to decode"):
        open_image(data, name="slow.jpg")
    assert time.thread_time() - started_s < 3
    monkeypatch.undo()
    assert open_image(jpeg_of_many_scans(64, 5)).getpixel((5, 5)) == (99, 99, 99)


@pytest.mark.parametrize(
    ("kind", "orientation", "size"),
    [("PNG", 1, (4000, 3000)), ("JPEG", 3, (4000, 3000)), ("JPEG", 6, (8000, 6000))],  # the last one takes most
)
def test_the_largest_image_costs_at_most_twice_its_pixels(
    tmp_path: Path, kind: str, orientation: int, size: tuple[int, int]
) -> None:
    path = tmp_path / "large"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, RED).save(path, kind, compress_level=1, exif=exif)
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from desktop_vlm.images.open import open_image; import desktop_vlm.images.opened as opened\n"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "before = used(); opened.OpenedImage.read(Path(sys.argv[1])); print(used() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 2 * size[0] * size[1] * 3


# --- drawings

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="{w}" height="{h}">{x}</svg>'
)
RECT = '<rect width="100%" height="100%" fill="red"/>'


def test_a_drawing_is_drawn_large_enough_to_see() -> None:
    opened = open_image(SVG.format(w=16, h=8, x=RECT).encode())
    assert opened.size == (512, 256)
    assert opened.getpixel((100, 100)) == (255, 0, 0, 255)


def test_a_huge_drawing_is_drawn_small() -> None:
    assert open_image(SVG.format(w=10**7, h=10**6, x=RECT).encode()).size == (2240, 224)


def test_a_drawing_reads_no_other_file(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    plain(BLUE).save(outside)
    for target in (str(outside), outside.as_uri(), "http://127.0.0.1:9/x.png"):
        images = (f'<image width="16" height="8" {name}="{target}"/>' for name in ("href", "xlink:href"))
        opened = open_image(SVG.format(w=16, h=8, x=RECT + "".join(images)).encode())
        assert opened.getpixel((100, 100)) == (255, 0, 0, 255)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><rect',
        b"<svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_a_drawing_that_is_none(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^a\.svg is an SVG that cannot be drawn"):
        open_image(data, name="a.svg")
