"""Token bytes to text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm.runtime.text_stream import TextStream


def feed_all(stream: TextStream, data: bytes, sizes: list[int]) -> str:
    text, at = "", 0
    for size in [*sizes, len(data)]:
        text += stream.feed(data[at : at + size])
        at += size
    return text + stream.flush()


def test_characters_come_whole() -> None:
    stream = TextStream()
    assert [stream.feed(bytes([byte])) for byte in "é👋".encode()] == ["", "é", "", "", "", "👋"]


def test_a_character_that_never_ends_is_replaced_at_the_end() -> None:
    stream = TextStream()
    assert stream.feed(b"a\xf0\x9f") == "a"
    assert stream.flush() == "\ufffd"


def test_a_stop_text_in_pieces_ends_the_answer() -> None:
    stream = TextStream(["</end>"])
    assert [stream.feed(piece) for piece in (b"ab<", b"/e", b"x</", b"end>more")] == ["ab", "", "</ex", ""]
    assert stream.ended
    assert stream.feed(b"more") + stream.flush() == ""


def test_what_only_looked_like_a_stop_text_is_given_at_the_end() -> None:
    stream = TextStream(["stop"])
    assert stream.feed(b"one sto") == "one "
    assert stream.flush() == "sto"


@given(st.text(), st.lists(st.integers(0, 5)))
def test_any_cut_gives_the_same_text(text: str, sizes: list[int]) -> None:
    assert feed_all(TextStream(), text.encode(), sizes) == text


@given(st.text("abc"), st.booleans(), st.lists(st.text("abc", min_size=1, max_size=3), max_size=3))
def test_any_cut_ends_before_a_stop_text(text: str, in_bytes: bool, stops: list[str]) -> None:
    found = feed_all(TextStream(stops), text.encode(), [1] * len(text) if in_bytes else [])
    assert text.startswith(found)
    assert not any(stop in found for stop in stops)
    assert found == text or any(text[len(found) :].startswith(stop) for stop in stops)
