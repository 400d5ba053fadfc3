"""Decoded images are kept within a limit, those that are needed now always."""

from __future__ import annotations

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.service import image_cache
from desktop_vlm.service.image_cache import ImageCache
from tests.ui.pictures.picture_files import png

BYTES = 3 * 100 * 100


def test_what_was_used_longest_ago_gives_way() -> None:
    cache = ImageCache(most_bytes=2 * BYTES)
    for name in ("a", "b"):
        cache.add(name, png(100, 100))
    cache.take({"a"})
    cache.add("c", png(100, 100))
    assert set(cache.take({"c"})) == {"c"}
    assert [name in cache for name in "abc"] == [True, False, True]


def test_what_is_needed_stays_however_large_it_is() -> None:
    cache = ImageCache(most_bytes=BYTES // 2)
    for name in ("a", "b", "c"):
        cache.add(name, png(100, 100))
    assert set(cache.take({"a", "b"})) == {"a", "b"}
    assert len(cache) == 2


def test_a_file_is_decoded_and_identified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[bytes] = []

    class Counting(OpenedImage):
        @classmethod
        def read(cls, source: object, name: str | None = None) -> OpenedImage:
            assert isinstance(source, bytes)
            decoded.append(source)
            return OpenedImage.read(source, name)

    monkeypatch.setattr(image_cache, "OpenedImage", Counting)
    cache = ImageCache()
    first = png(20, 10)
    cache.add("a", first)
    cache.add("a", first)
    assert cache.take({"a"})["a"] is cache.take({"a"})["a"]
    assert decoded == [first]


def test_a_broken_file_is_reported_and_not_kept() -> None:
    cache = ImageCache()
    with pytest.raises(UserError, match="an image of the conversation is not"):
        cache.add("a", b"rubbish")
    assert "a" not in cache
