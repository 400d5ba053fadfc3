"""Where words and numbers begin and end, also where OCR lost the space between them."""

from __future__ import annotations

from enum import IntFlag

from desktop_vlm.images.text_layer.folded import is_dense

_RUN_TOGETHER = 6
"""Characters from which a text is found also where the spaces around it may be lost."""


class Lost(IntFlag):
    """Where the space around a text may have been lost: next to a number, before a capital, before any letter."""

    NOWHERE = 0
    AT_NUMBERS = 1
    AT_CAPITALS = 2
    AT_LETTERS = 4


def spaces_lost(text: str, length: int) -> Lost:
    """Where the spaces around a text may be lost: nowhere around a name with digits, which could be part of another.

    Args:
        text: what is looked for.
        length: of its likeness.
    """
    one_word = len(text.split()) == 1
    if any(map(str.isdigit, text)):
        return Lost.NOWHERE if one_word or length < _RUN_TOGETHER else Lost.AT_LETTERS
    long = Lost.AT_CAPITALS if one_word else Lost.AT_LETTERS
    return Lost.AT_NUMBERS | (long if length >= _RUN_TOGETHER else Lost.NOWHERE)


def parts_at(text: str, place: int, lost: Lost, step: int) -> bool:
    """Whether no word and no number goes across a place in a line of plain text.

    Args:
        text: the line.
        place: between two of its characters.
        lost: where a space may be missing.
        step: 1 where what was found ends here, -1 where it begins.
    """
    before, after = text[place - 1 : place], text[place : place + 1]
    if not before or not after:
        return True
    if _is_in_number(text, place, before, after):
        return False
    if not (before.isalnum() and after.isalnum()) or is_dense(before) or is_dense(after):
        return True
    if before.isdigit() != after.isdigit():
        return bool(lost & (Lost.AT_NUMBERS | Lost.AT_LETTERS))
    other = text[place : place + 3] if step > 0 else text[max(place - 3, 0) : place]
    if len(other) < 3 or not other.isalnum():  # the s of a plural is no word to which the space was lost
        return False
    return Lost.AT_LETTERS in lost or (Lost.AT_CAPITALS in lost and before.islower() and after.isupper())


def _is_in_number(text: str, place: int, before: str, after: str) -> bool:
    if before in ".,":
        return after.isdigit() and text[place - 2 : place - 1].isdigit()
    if after in ".,":
        return before.isdigit() and text[place + 1 : place + 2].isdigit()
    return before.isdigit() and after.isdigit()
