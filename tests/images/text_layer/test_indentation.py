"""The indentation of code, from where its lines stand."""

from __future__ import annotations

import pytest

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.indentation import character_width
from tests.images.text_layer.layers import line

CODE = [
    "def first(path, limit=3):",
    "    for line in open(path):",
    "        if not line:",
    "            return None",
    "}",
]


def drawn(code: list[str], *, left: float = 40, gap: float = 14) -> list[TextLine]:
    """Code in letters of 5 px, as it is read: without its indentation."""
    return [
        line(text.strip(), left + 5 * (len(text) - len(text.lstrip())), gap * number)
        for number, text in enumerate(code)
    ]


def proportional(text: str, top: float) -> TextLine:
    """A line whose letters have different widths."""
    widths = {letter: 3 if letter in "iltfj.,' " else 8 if letter in "mwMW" else 5 for letter in text}
    words, left = [], 40.0
    for part in text.split(" "):
        right = left + sum(widths[letter] for letter in part)
        words.append(Word(part, Box(left, top, right, top + 10)))
        left = right + 3
    return TextLine(text, Box(40, top, left - 3, top + 10), tuple(words), 1.0)


def test_code_keeps_its_indentation() -> None:
    assert plain_text(TextLayer(400, 400, tuple(drawn(CODE)), (0,))) == "\n".join(CODE)


def test_a_lone_brace_after_a_gap_belongs_to_it() -> None:
    lines = (*drawn(CODE[:4]), line("}", 40, 80))
    assert plain_text(TextLayer(400, 400, lines, (0, 4))) == "\n".join(CODE[:4]) + "\n\n}"


def test_paragraphs_of_one_listing_are_indented_alike() -> None:
    more = [line("yield line, limit, path, None", 60, 80), line("count = count + 1", 60, 94)]
    text = plain_text(TextLayer(400, 400, (*drawn(CODE[:4]), *more), (0, 4)))
    assert text.splitlines()[-2:] == ["    yield line, limit, path, None", "    count = count + 1"]


def test_prose_is_not_indented() -> None:
    prose = [
        proportional("It will take a little while to fill the list", 0),
        proportional("  with the twelve most swimming mammoths".strip(), 14),
        proportional("which will be in it still", 28),
    ]
    assert character_width(prose) == 0
    assert "\n " not in plain_text(TextLayer(400, 400, tuple(prose), (0,)))


@pytest.mark.parametrize("texts", [["Inbox", "Drafts", "Sent"], ["File"], []])
def test_single_words_say_nothing(texts: list[str]) -> None:
    lines = tuple(line(text, 10 + 7 * number, 14 * number) for number, text in enumerate(texts))
    assert plain_text(TextLayer(400, 400, lines, (0,) if lines else ())) == "\n".join(texts)
