"""Places of words in a text, as a search finds them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.history.folding import folded, spaced, spans, storable


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Total 12.50 total", ["total"], ["Total", "total"]),
        ("Müller und Mueller", ["muller"], ["Müller"]),
        ("Straße", ["strasse"], ["Straße"]),
        ("Straße", ["s"], ["S", "ß"]),
        ("cafe\u0301 au lait", ["café", "lait"], ["cafe\u0301", "lait"]),
        ("settings", ["set", "etti", "tings"], ["settings"]),
        ("領収書", ["収"], ["収"]),
        ("a 🎉 b", ["🎉", "B"], ["🎉", "b"]),
        ("a.b*c", ["a.b", "*"], ["a.b", "*"]),
        ("nothing", ["else", ""], []),
        ("", ["a"], []),
        ("text", [], []),
    ],
)
def test_where_words_stand(text: str, words: list[str], found: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, words)] == found


@settings(max_examples=150, deadline=None)
@given(st.text("aßéÉe\u0301ﬁ 中🎉.", max_size=12), st.text("aséf中i", min_size=1, max_size=3))
def test_every_place_holds_the_word_and_none_overlaps(text: str, word: str) -> None:
    found = spans(text, [word])
    assert all(folded(word) in folded(text[start:end]) for start, end in found)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    assert bool(found) == (folded(word) in "".join(folded(char) for char in text))


def test_scripts_without_spaces_are_parted() -> None:
    assert spaced("用Python寫的\n Größe") == "用 python 寫 的 grosse"


def test_halves_of_pairs_can_be_stored() -> None:
    assert (storable("\ud83c\udf89"), storable("\ud83c"), storable("a")) == ("🎉", "\ufffd", "a")
