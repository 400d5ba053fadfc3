"""Layers as they are kept: the same when they are read back, and damage is noticed."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer, TextLine, Word
from desktop_vlm.history.layer_form import decode, encode

LAYER = TextLayer(
    1920,
    1080,
    (
        TextLine(
            "Total 12.50",
            Box(10.25, 20, 110, 38.5),
            (Word("Total", Box(10.25, 20, 58, 38.5)), Word("12.50", Box(64, 20, 110, 38.5))),
            0.9931,
        ),
        TextLine("領収", Box(0, 50, 40, 70), (Word("領", Box(0, 50, 20, 70)), Word("収", Box(20, 50, 40, 70))), 1.0),
    ),
    (0, 1),
    (Table(0, 1, (((0,), (1,)), ((), (0, 1)))),),
    (Code("QR Code", "https://example.org", Box(1, 2, 3, 4)),),
    "ja",
    "pdf",
)


def test_a_layer_comes_back_as_it_was() -> None:
    assert decode(encode(LAYER)) == LAYER
    assert decode(encode(TextLayer(3, 2))) == TextLayer(3, 2)


def test_places_are_kept_to_a_hundredth_of_a_pixel() -> None:
    line = TextLine("a", Box(1 / 3, 2 / 3, 10 / 3, 5), (), 0.5)
    assert decode(encode(TextLayer(9, 9, (line,), (0,)))).lines[0].box == Box(0.33, 0.67, 3.33, 5.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, len(encode(LAYER)) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(at: int, flipped: int) -> None:
    data = bytearray(encode(LAYER))
    data[at] ^= flipped
    try:
        assert decode(bytes(data)) == LAYER  # a bit of the header that means nothing
    except ValueError:
        pass
    else:
        assert at < 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", [1]),
        ("size", [1, -2]),
        ("size", [1, 2, 3]),
        ("lines", [["a", 0.5, [1, 2, 3], []]]),
        ("lines", [["a", 0.5, [1, 2, 3, "x"], []]]),
        ("lines", [["a", 0.5, [1, 2, 3, 1e999], []]]),
        ("lines", [["a", 2, [1, 2, 3, 4], []]]),
        ("lines", [[5, 0.5, [1, 2, 3, 4], []]]),
        ("lines", [["a", 0.5, [1, 2, 3, 4], [[7, 1, 2, 3, 4]]]]),
        ("lines", {"a": 1}),
        ("paragraphs", [2]),
        ("paragraphs", [True]),
        ("tables", [[0, 1, [[[2]]]]]),
        ("tables", [[0, 2, []]]),
        ("codes", [["QR Code", "x"]]),
        ("language", None),
        ("source", 3),
    ],
)
def test_what_is_no_layer_is_refused(key: str, value: object) -> None:
    kept = json.loads(zlib.decompress(encode(LAYER)))
    with pytest.raises(ValueError):  # noqa: PT011 - what is said of it matters to nobody
        decode(zlib.compress(json.dumps({**kept, key: value}).encode()))


@pytest.mark.parametrize("data", [b"", b"text", zlib.compress(b"[]"), zlib.compress(b"{}"), encode(LAYER)[:-5]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(data)
