"""Words and their borders of lines that were read; which of two readings of an image holds. No engine."""

# ruff: noqa: RUF001 - Chinese has its own punctuation
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer.crops import Crop
from desktop_vlm.images.text_layer.line_reading import Reading, is_eastern, western_where_all_is
from desktop_vlm.images.text_layer.words import line_of


def reading(text: str, *, ink: bool = True, confidence: float = 0.9) -> Reading:
    """Characters of 10 px, each with ink in its middle eight columns; it begins at 100, 50 of the image."""
    mask = np.zeros((12, 10 * len(text)), bool)
    for number, character in enumerate(text):
        if character != " ":
            mask[2:10, 10 * number + 1 : 10 * number + 9] = True
    width = 10 * len(text)
    crop = Crop(np.zeros((12, width, 3), np.uint8), Box(101, 50, 99 + width, 62), mask if ink else None, (1, width - 1))
    starts = tuple(10.0 * number + 3 for number in range(len(text)))
    return Reading(crop, text, starts, tuple(start + 3 for start in starts), confidence)


def spans(text: str, *, ink: bool = True) -> list[tuple[str, float, float]]:
    return [(word.text, word.box.left, word.box.right) for word in line_of(reading(text, ink=ink)).words]


def test_words_end_where_the_ink_ends() -> None:
    assert spans("ab c") == [("ab", 101, 119), ("c", 131, 139)]


def test_without_ink_words_end_where_their_characters_do() -> None:
    assert spans("ab c", ink=False) == [("ab", 101, 116), ("c", 133, 139)]


def test_a_gap_as_wide_as_a_character_is_a_space() -> None:
    read = reading("ab cd")
    glued = replace(
        read, text="abcd", starts=(*read.starts[:2], *read.starts[3:]), ends=(*read.ends[:2], *read.ends[3:])
    )
    assert glued.crop.ink is not None
    glued.crop.ink[:, 17:33] = False
    line = line_of(glued)
    assert line.text == "ab cd"
    assert [(word.text, word.box.left, word.box.right) for word in line.words] == [("ab", 101, 117), ("cd", 133, 149)]


def test_chinese_has_a_word_for_each_character() -> None:
    assert [word for word, _, _ in spans("打开 README。")] == ["打", "开", "README", "。"]
    assert [(left, right) for _, left, right in spans("打开")] == [(101, 109), (111, 119)]


def test_a_line_has_single_spaces_and_the_crops_box() -> None:
    line = line_of(reading(" a  b "))
    assert line.text == "a b"
    assert [word.text for word in line.words] == ["a", "b"]
    assert line.box == Box(101, 50, 159, 62)


@pytest.mark.parametrize("character", ["文", "Ⅱ", "，", "ア"])
def test_eastern(character: str) -> None:
    assert is_eastern(character)


@pytest.mark.parametrize("character", ["a", "é", "→", "€"])
def test_not_eastern(character: str) -> None:
    assert not is_eastern(character)


def both(text: str, western: str, confidence: float = 0.9) -> Reading:
    one = reading(text, confidence=confidence)
    return Reading(one.crop, text, one.starts, one.ends, confidence, reading(western))


def test_single_chinese_characters_in_a_western_image_are_mistakes() -> None:
    read = [reading("total = 3"), both("二", "="), both("a，b", "a,b")]
    assert [one.text for one in western_where_all_is(read)] == ["total = 3", "=", "a,b"]


def test_they_stay_where_there_are_chinese_words() -> None:
    read = [both("第 1 页", "# 1 R"), both("打开", "TH")]
    assert [one.text for one in western_where_all_is(read)] == ["第 1 页", "打开"]
    assert [one.text for one in western_where_all_is([both("打开", "TH", confidence=0.6)])] == ["TH"]
