"""What images are known by: the same pixels, the same key, wherever they lie; and no other image's."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.images import identity
from desktop_vlm.images.identity import content_key
from desktop_vlm.images.pixel_memory import PixelMemory

RED, GREEN = (255, 0, 0), (0, 255, 0)
LARGE = (700, 1000)
EDGES = [(0, 0), (699, 41), (699, 42), (699, 499), (699, 500), (699, 999)]  # of strips and parts


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (*size[::-1], 3), dtype=np.uint8))


def two_by_one(left: Any, right: Any) -> Image.Image:
    image = Image.new("RGB", (2, 1))
    image.putpixel((0, 0), left)
    image.putpixel((1, 0), right)
    return image


def as_documented(image: Image.Image, n_parts: int) -> str:
    """The key of a large image, written down once more: four bytes for each pixel."""
    array = np.full((image.height, image.width, 4), 255, dtype=np.uint8)
    array[..., :3] = np.asarray(image)
    digest = hashlib.sha256(f"RGB {image.width}x{image.height}\n".encode())
    for part in np.split(array, n_parts):
        digest.update(hashlib.sha256(part.tobytes()).digest())
    return digest.hexdigest()


def test_the_key_is_the_hash_of_mode_size_and_pixels() -> None:
    image = two_by_one(RED, GREEN)
    assert content_key(image) == hashlib.sha256(b"RGB 2x1\n" + bytes([255, 0, 0, 0, 255, 0])).hexdigest()
    assert content_key(noise(LARGE)) == as_documented(noise(LARGE), 2)


def test_the_key_follows_what_is_seen() -> None:
    opaque = two_by_one(RED, GREEN)
    assert content_key(opaque.convert("RGBA")) == content_key(opaque)
    assert content_key(opaque.transpose(Image.Transpose.ROTATE_90)) != content_key(opaque)  # same bytes but the size
    assert content_key(two_by_one(RED, (0, 254, 0))) != content_key(opaque)
    large = noise(LARGE)
    turned = Image.frombytes("RGB", LARGE[::-1], large.tobytes())  # the same bytes again
    assert content_key(turned) != content_key(large)


@pytest.mark.parametrize("at", EDGES)
def test_every_pixel_of_a_large_image_counts(at: tuple[int, int]) -> None:
    image = Image.new("RGB", LARGE, RED)
    before = content_key(image)
    assert content_key(image.convert("RGBA")) == before
    for channel in range(3):
        other = [255, 0, 0]
        other[channel] ^= 1
        image.putpixel(at, tuple(other))
        assert content_key(image) != before
    image.putpixel(at, RED)
    assert content_key(image) == before


def test_pixels_are_the_same_where_they_lie_and_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    image = noise(LARGE)
    lying = content_key(image)

    def scattered(_: Image.Image) -> PixelMemory:
        raise ValueError("not in one piece")

    monkeypatch.setattr(identity, "PixelMemory", scattered)
    assert content_key(image) == lying


def test_an_image_in_several_pieces_of_memory_has_a_key_as_any() -> None:
    image = noise((3000, 1600))
    with pytest.raises(ValueError, match="contiguous"):
        PixelMemory(image)
    assert content_key(image) == as_documented(image, 8)


def test_the_byte_that_is_not_used_does_not_count() -> None:
    array = np.random.default_rng(3).integers(0, 256, (*LARGE[::-1], 4), dtype=np.uint8)
    keys, memories = set(), []
    for unused in (0, 255, array[..., 3].copy()):
        array[..., 3] = unused
        image = Image.frombytes("RGB", LARGE, array.tobytes(), "raw", "RGBX")
        keys.add(content_key(image))
        memories.append(PixelMemory(image).pixels())
        del image  # the array keeps what it shows
    assert len(keys) == 1
    assert len({memory.tobytes() for memory in memories}) == 3  # or nothing was tried


def test_a_crop_and_a_part_of_the_same_pixels_are_one_image() -> None:
    whole = noise((900, 1100))
    part = whole.crop((50, 60, 750, 1060))
    again = Image.new("RGB", LARGE)
    again.paste(whole, (-50, -60))
    assert content_key(part) == content_key(again)
