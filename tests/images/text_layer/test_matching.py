"""Finding a text in the text of an image."""

from __future__ import annotations

import pytest

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.matching import find_exact
from tests.ui.text_layer.fake_reader import layer_of


def found(lines: list[str], text: str, *, whole_words: bool = False) -> list[list[str]]:
    """The parts of lines that each match covers."""
    layer = layer_of(lines)
    return [
        [layer.lines[place.line].text[place.start : place.end] for place in match.places]
        for match in find_exact(layer, text, whole_words=whole_words)
    ]


@pytest.mark.parametrize(
    ("lines", "text", "expected"),
    [
        (["Total due: 45.00"], "total DUE", [["Total due"]]),
        (["one two", "three four"], "two three", [["two", "three"]]),
        (["a  lot   of room"], "lot of", [["lot   of"]]),
        (["a lot"], "  lot\n", [["lot"]]),
        (["one two one", "one"], "one", [["one"], ["one"], ["one"]]),
        (["aaaa"], "aa", [["aa"], ["aa"]]),
        (["Straße 5"], "STRASSE", [["Straße"]]),
        (["\uff21"], "\uff41", [["\uff21"]]),
        (["caf\u00e9"], "cafe\u0301", [["caf\u00e9"]]),
        (["caf\u00e9"], "cafe", []),
        (["hy\u00adphen"], "hyphen", [["hy\u00adphen"]]),
        (["日本", "語です"], "日本語", [["日本", "語"]]),
        (["한국", "사람"], "한국 사람", [["한국", "사람"]]),
        (["one", "", "two"], "one two", [["one", "two"]]),
        (["text"], "", []),
        (["text"], " \n", []),
        ([], "text", []),
    ],
)
def test_case_spaces_and_line_breaks_do_not_matter(lines: list[str], text: str, expected: list[list[str]]) -> None:
    assert found(lines, text) == expected


def test_whole_words_are_not_parts_of_others() -> None:
    lines = ["start art party", "art"]
    assert found(lines, "art") == [["art"], ["art"], ["art"], ["art"]]
    assert found(lines, "art", whole_words=True) == [["art"], ["art"]]
    assert found(["(art)"], "art", whole_words=True) == [["art"]]
    assert found(["2012"], "12", whole_words=True) == []


def test_boxes_cover_just_what_matched_one_a_line() -> None:
    layer = layer_of(["see the end", "of it"])
    (match,) = find_exact(layer, "end of")
    assert match.boxes == (Box(80, 0, 110, 20), Box(0, 20, 20, 40))
    (part,) = find_exact(layer, "e en")  # from the middle of a word to the middle of another
    assert part.boxes == (Box(60, 0, 100, 20),)


def test_words_of_any_width_give_the_boxes() -> None:
    words = (Word("wide", Box(0, 5, 200, 25)), Word("thin", Box(220, 0, 240, 20)))
    layer = TextLayer(300, 30, (TextLine("wide thin", Box(0, 0, 240, 25), words, 0.9),), (0,))
    (match,) = find_exact(layer, "wide thin")
    assert match.boxes == (Box(0, 0, 240, 25),)
    (half,) = find_exact(layer, "de")
    assert half.boxes == (Box(100, 5, 200, 25),)


def test_a_line_without_words_is_divided_evenly() -> None:
    layer = TextLayer(100, 20, (TextLine("abcd", Box(0, 0, 40, 20), (), 0.9),), (0,))
    assert find_exact(layer, "bc")[0].boxes == (Box(10, 0, 30, 20),)


def test_letters_that_grow_without_their_case_keep_their_places() -> None:
    layer = layer_of(["İİ x"])  # each becomes two characters
    assert find_exact(layer, "x")[0].boxes == (Box(30, 0, 40, 20),)
