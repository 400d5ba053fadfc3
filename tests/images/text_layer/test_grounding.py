"""Which claims of an answer stand in the images."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time

from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.images.text_layer.claims import Passage, PassageKind, claims_of
from desktop_vlm.images.text_layer.grounding import Standing, check
from tests.ui.text_layer.fake_reader import layer_of

RECEIPT = layer_of(["Corner Cafe", "2 Cappuccino 7.00", "1 Croissant 2.50", "3 Tea 6.00", "Total $15.50"])
STANDS, ABSENT, UNCHECKED = Standing.STANDS, Standing.ABSENT, Standing.UNCHECKED


def judged(passages: Sequence[Passage], *layers: TextLayer | None) -> list[tuple[str, Standing]]:
    return [(one.claim.text, one.standing) for one in check(claims_of(passages), layers)]


def prose(text: str) -> list[Passage]:
    return [Passage(PassageKind.PROSE, text)]


def test_prose_that_quotes_and_invents() -> None:
    text = 'At "Corner Cafe" the total was $15.60, in "Main Street".'
    assert judged(prose(text), RECEIPT) == [
        ("Corner Cafe", STANDS),
        ("$15.60", ABSENT),
        ("Main Street", ABSENT),
    ]


def test_places_are_those_in_the_image_that_shows_it() -> None:
    other = layer_of(["nothing"])
    (finding,) = check(claims_of(prose('It says "corner cafe"')), [other, RECEIPT])[:1]
    assert [(spot.image, spot.match.boxes) for spot in finding.spots] == [(1, (Box(0, 0, 110, 20),))]


def test_nothing_is_missing_while_an_image_is_not_read() -> None:
    text = 'It says "Corner Cafe" and "Main Street"'
    assert judged(prose(text), RECEIPT, None) == [("Corner Cafe", STANDS), ("Main Street", UNCHECKED)]
    assert judged(prose(text), None) == []
    assert judged(prose(text)) == []


def test_an_image_without_text_shows_nothing_of_it() -> None:
    assert judged(prose('It says "Main Street"'), layer_of([])) == [("Main Street", ABSENT)]


def test_a_column_that_is_copied_shows_what_was_invented() -> None:
    names = ["Cappuccino", "Croissant", "Espresso"]
    cells = [Passage(PassageKind.CELL, name, "1") for name in names]
    notes = [Passage(PassageKind.CELL, note, "2") for note in ("hot", "sweet", "strong")]
    assert judged([*cells, *notes], RECEIPT) == [
        ("Cappuccino", STANDS),
        ("Croissant", STANDS),
        ("Espresso", ABSENT),
        ("hot", UNCHECKED),
        ("sweet", UNCHECKED),
        ("strong", UNCHECKED),
    ]


def test_a_list_that_is_copied_shows_what_was_invented() -> None:
    items = ["Cappuccino", "Croissant", "Corner Cafe", "Muffin top"]
    passages = [Passage(PassageKind.ITEM, item, "l") for item in items]
    assert judged(passages, RECEIPT)[3] == ("Muffin top", ABSENT)
    assert judged(passages[1:], RECEIPT)[2] == ("Muffin top", UNCHECKED)


def test_a_label_and_its_value_that_stand_apart() -> None:
    assert judged(prose('It lists "Cappuccino, Tea"'), RECEIPT) == [("Cappuccino, Tea", STANDS)]
    assert judged(prose('It lists "Cappuccino, Cocoa"'), RECEIPT) == [("Cappuccino, Cocoa", ABSENT)]


def test_json() -> None:
    text = '{"shop": "Corner Cafe", "total": 15.5, "tax": 1.24, "currency": "EUR", "kind": "receipt"}'
    assert judged([Passage(PassageKind.JSON, text)], RECEIPT) == [
        ("Corner Cafe", STANDS),
        ("15.5", STANDS),
        ("1.24", ABSENT),
        ("EUR", ABSENT),
        ("receipt", UNCHECKED),
    ]


def test_lines_of_text_in_a_code_block() -> None:
    text = "Corner Cafe\nTotal $15.50\nThank you!"
    assert judged([Passage(PassageKind.CODE, text)], RECEIPT)[2] == ("Thank you!", ABSENT)
    assert judged([Passage(PassageKind.CODE, text, language="python")], RECEIPT)[2] == ("Thank you!", UNCHECKED)


def test_a_table_that_is_copied_speaks_for_a_short_column() -> None:
    rows = [("Cappuccino", "7.00"), ("Croisant", "2.50"), ("Teh", "6.00"), ("Toast", "15.50")]
    cells = [Passage(PassageKind.CELL, text, f"0.{column}") for row in rows for column, text in enumerate(row)]
    assert [text for text, standing in judged(cells, RECEIPT) if standing is ABSENT] == ["Croisant", "Teh", "Toast"]
    assert [text for text, standing in judged(cells[2:6], RECEIPT) if standing is ABSENT] == []


def test_a_date_is_not_put_together_of_others() -> None:
    layer = layer_of(["Jan 3, 2024", "2021"])
    assert judged(prose('It is dated "Jan 3, 2021".'), layer) == [("Jan 3, 2021", ABSENT)]


def test_answers_that_never_end_are_checked_all_the_same() -> None:
    """A model that repeats itself: what is read of it takes time in proportion to its length."""
    for text in ("7" * 20_000, "1.25 " * 200, '"a" ' * 200, "|" * 20_000, "a@" * 5_000, "\u2026" * 500):
        for kind in (PassageKind.PROSE, PassageKind.CELL, PassageKind.JSON):
            begun = thread_time()
            assert not any(standing is STANDS for _, standing in judged([Passage(kind, text, "0.0")], RECEIPT))
            assert thread_time() - begun < 2
