from __future__ import annotations

import time

import pytest

from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine, Word
from desktop_vlm.ui.text_layer.found_places import found_places
from tests.ui.text_layer.fake_reader import layer_of


@pytest.mark.parametrize(
    ("lines", "words", "boxes"),
    [
        (["Total 12.50"], ["12.50"], [(60, 0, 110, 20)]),
        (["Total 12.50", "total"], ["total"], [(0, 0, 50, 20), (0, 20, 50, 40)]),
        (["Bäcker Müller"], ["muller"], [(70, 0, 130, 20)]),
        (["settings"], ["ting"], [(30, 0, 70, 20)]),
        (["rolls and bread"], ["bread", "rolls"], [(0, 0, 50, 20), (100, 0, 150, 20)]),
        (["the docu-", "mentation here"], ["documentation"], [(40, 0, 80, 20), (0, 20, 90, 40)]),
        (["the docu-", "mentation here"], ["here"], [(100, 20, 140, 40)]),
        (["東京", "都の"], ["京都"], [(10, 0, 20, 20), (0, 20, 10, 40)]),
        (["ab", "cd"], ["bc"], []),
        (["a -", "b"], ["b"], [(0, 20, 10, 40)]),
        ([""], ["a"], []),
        ([], ["a"], []),
    ],
)
def test_where_words_stand(lines: list[str], words: list[str], boxes: list[tuple[float, float, float, float]]) -> None:
    assert found_places(layer_of(lines), words) == tuple(Box(*box) for box in boxes)


def test_codes_that_hold_a_word() -> None:
    code = Code("QR Code", "https://example.org", Box(1, 2, 3, 4))
    assert found_places(TextLayer(9, 9, codes=(code,)), ["example"]) == (Box(1, 2, 3, 4),)
    assert found_places(TextLayer(9, 9, codes=(code,)), ["other"]) == ()


def test_a_large_layer_takes_no_time() -> None:
    words = tuple(Word("größe", Box(0, 0, 9, 9)) for _ in range(10))
    layer = TextLayer(9, 9, tuple(TextLine(" ".join(["größe"] * 10), Box(0, 0, 99, 9), words, 1.0) for _ in range(500)))
    start_s = time.thread_time()
    assert len(found_places(layer, ["grosse"])) == 5000
    assert time.thread_time() - start_s < 0.5
