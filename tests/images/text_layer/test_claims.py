"""What an answer claims to be in an image."""

from __future__ import annotations

import pytest

from desktop_vlm.images.text_layer.claims import Claim, Passage, PassageKind, claims_of
from desktop_vlm.images.text_layer.prose_claims import prose_claims


def certain(text: str, code: tuple[tuple[int, int], ...] = ()) -> list[str]:
    return [found.text for found in prose_claims(text, code) if found.certain]


def all_of(claims: list[Claim]) -> list[Claim]:
    return [one for claim in claims for one in (claim, *claim.inner)]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ('The button says "Save as".', ["Save as"]),
        ("Es steht \u201eSpeichern unter\u201c da.", ["Speichern unter"]),
        ("Le titre est \u00ab Enregistrer \u00bb.", ["Enregistrer"]),
        ("\u5b83\u5199\u7740\u300c\u51fa\u53e3\u300d\u3002", ["\u51fa\u53e3"]),
        ("It reads \u2018Open file\u2019 and 'Close file'.", ["Open file", "Close file"]),
        ("The cat's toy isn't the dog's.", []),
        ('A 5" screen and a 7" one', []),
        ("The total is $45.20.", ["$45.20"]),
        ("The total is 45,20 \u20ac, with 19% tax.", ["45,20 \u20ac", "19%"]),
        ("It has 1,204 rows and loses -3.5 points.", ["1,204", "-3.5"]),
        ("Invoice INV-2024-0113 of 2024-03-05, 14:30", ["INV-2024-0113", "2024-03-05", "14:30"]),
        ("Call +1 (555) 123-4567 now", ["+1 (555) 123-4567"]),
        ("\u7535\u8bdd\u662f010-12345678\u3002", ["010-12345678"]),
        ("Error 0x80070005 in item 12345", ["0x80070005", "12345"]),
        ("Quantity: 12", ["12"]),
        ('Invoice no.: "A-4711"', ["A-4711"]),
        ('Change: 4.85, type: "Visa debit"', ["4.85", "Visa debit"]),
    ],
)
def test_quotes_and_telling_numbers_are_claims(text: str, claimed: list[str]) -> None:
    assert certain(text) == claimed


@pytest.mark.parametrize(
    "text",
    [
        "There are 2 items and 12 rows.",
        "Python appeared in 1991.",
        "It costs about $45.00, or roughly 50.5 in all.",
        "The difference is $12.40.",
        "7.00 + 2.50 = 9.50",
        'There is no "Help" button.',
        "It doesn't say \u201cThank you\u201d.",
        'The sign means "Exit here".',
        'Rename it to "final.txt".',
        "100% sure",
        "See https://example.org/2024/12345 for more.",
        'Press "X".',
        "Released on March 5.",
        "This works since Python 3.0 or so.",
        "The bars are #1f77b4 and #333.",
        "Set it to 144 or more.",
        'A reply would be: "Thanks, I will come".',
    ],
)
def test_what_is_the_models_own_is_not(text: str) -> None:
    assert certain(text) == []


def test_code_is_quoted_unless_it_is_advice() -> None:
    assert certain("The file is report.csv here.", ((12, 22),)) == ["report.csv"]
    assert certain("Run sfc /scannow first.", ((4, 16),)) == []
    assert certain("Or use text, e.g. int(value) there.", ((18, 28),)) == []


def test_places_are_those_of_the_text() -> None:
    text = 'Total \u2212$1,234.50 and "T\u00e9a" \U0001f600 "Milk tea"'
    assert [text[one.start : one.end] for one in prose_claims(text)] == ["\u2212$1,234.50", "T\u00e9a", "Milk tea"]


def test_what_the_person_wrote_is_not_claimed() -> None:
    passages = [Passage(PassageKind.PROSE, 'It is less than you think: "Grand total" is $500.00, not $45.20.')]
    claims = all_of(claims_of(passages, ["Is the grand total over $500.00?"]))
    assert [claim.text for claim in claims if claim.certain] == ["$45.20"]


def test_table_cells_are_judged_with_their_columns() -> None:
    cells = [("#", "0"), ("Item", "1"), ("1", "0"), ("Tea", "1"), ("2", "0"), ("Coffee 2.50", "1")]
    passages = [Passage(PassageKind.HEAD if n < 2 else PassageKind.CELL, *cell) for n, cell in enumerate(cells)]
    claims = claims_of(passages)
    assert [(claim.text, claim.certain, claim.group and claim.group.key) for claim in claims] == [
        ("Item", False, None),
        ("Tea", False, "column 1"),
        ("Coffee 2.50", False, "column 1"),
    ]
    assert [inner.text for inner in claims[2].inner] == ["2.50"]


def test_a_column_of_the_models_own_names_claims_nothing() -> None:
    cells = [("Field", "0.0"), ("Value", "0.1"), ("From", "0.0"), ("Anna Schmidt", "0.1")]
    passages = [Passage(PassageKind.HEAD if n < 2 else PassageKind.CELL, *cell) for n, cell in enumerate(cells)]
    claims = {claim.text: claim.group for claim in claims_of(passages)}
    assert claims["From"] is None
    assert claims["Anna Schmidt"] is not None


def test_json_values_with_their_places() -> None:
    text = (
        '{\n  "shop": "Caf\\u00e9 \\"A\\"",\n  "total": 9.5, "count": 3, "paid": true, "tax": null,\n'
        '  "items": [{"n": "Tea", "kind": "drink", "amount": 2.0}, {"n": "cake"}]\n}'
    )
    claims = claims_of([Passage(PassageKind.JSON, text)])
    assert [(text[claim.start : claim.end], claim.text, claim.certain) for claim in claims] == [
        ('Caf\\u00e9 \\"A\\"', 'Caf\u00e9 "A"', True),
        ("9.5", "9.5", True),
        ("3", "3", False),
        ("Tea", "Tea", True),
        ("drink", "drink", False),
        ("2.0", "2.0", True),
        ("cake", "cake", False),
    ]
    assert [claim.group.key for claim in claims if claim.group][-1] == claims[3].group.key  # type: ignore[union-attr]


def test_json_that_was_cut_off() -> None:
    claims = claims_of([Passage(PassageKind.JSON, '{"a": "Total", "b": [1.25, "un')])
    assert [claim.text for claim in claims][:2] == ["Total", "1.25"]


def test_block_quotes_quote_but_for_notes() -> None:
    claims = claims_of([Passage(PassageKind.QUOTE, "Access is denied\nNote: ask the administrator")])
    assert [(claim.text, claim.certain) for claim in claims] == [("Access is denied", True)]
