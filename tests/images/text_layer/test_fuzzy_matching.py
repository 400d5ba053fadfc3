"""Finding what OCR engines and language models mix up, or write in another form."""

from __future__ import annotations

from time import thread_time

import pytest

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine
from desktop_vlm.images.text_layer.matching import find_fuzzy, index_of
from tests.quickest import quickest_s
from tests.ui.text_layer.fake_reader import layer_of


def found(lines: list[str], text: str) -> list[list[str]]:
    """The parts of lines that each match covers."""
    layer = layer_of(lines)
    return [
        [layer.lines[place.line].text[place.start : place.end] for place in match.places]
        for match in find_fuzzy(layer, text)
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("T0tal due", "Total due"),
        ("He1p | Fi1e", "help file"),
        ("l0ad", "LOAD"),
        ("5ave a5", "Save as"),
        ("8ack", "Back"),
        ("corner modern", "comer rnodern"),
        ("close", "dose"),
        ("caf\u00e9 na\u00efve", "cafe naive"),
        ("Stra\u00dfe", "StraBe"),
        ("\u201cAnn\u2013Marie\u2019s\u201d", "'Ann-Marie's'"),
        ("\uff21\uff22\uff23\uff11\uff12", "ABC12"),
        ("Foobar baz", "Foo bar baz"),
        ("Foo bar baz", "Foobarbaz"),
        ("InstallNow", "Install"),
        ("Total45.00", "Total"),
        ("2Tea", "Tea"),
        ("clickhere now", "here now"),
        ("foo_bar(x)", "foo bar (x)"),
        ("INV-2024-0113", "lnv-2O24-OII3"),
        ("0\u00d71F", "0x1F"),
        ("C:\\Users\\lauralnotes", "C:\\Users\\laura\\notes"),
        ("C:\\Users\\lauranotes", "C:\\Users\\laura\\notes"),
        ("\u65e5\u672c\u8a9e\u3067\u3059", "\u65e5\u672c"),
    ],
)
def test_what_looks_alike_is_found(line: str, text: str) -> None:
    assert len(found(["before", line, "after"], text)) == 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("12.50", "12.60"),
        ("12.50", "1250"),
        ("1.234,50", "1.234,05"),
        ("2024-0113", "2024-0118"),
        ("INV-0113", "INV-011"),
        ("45.99", "45"),
        ("345", "45"),
        ("so", "50"),
        ("start", "art"),
        ("Installation", "Install"),
        ("reinstall", "install"),
        ("A12B", "A12"),
        ("states of", "state of"),
        ("5 %", "-5 %"),
        ("1.2M", "1.2K"),
        ("v1.2.3", "v1.2.4"),
        ("Total $45.00", "Total \u20ac45.00"),
        ("invoice", "invoiec"),
        ("0042", "42"),
        ("555-123-4567", "555-123-4568"),
        ("", "\u2192"),
        ("3 4.09", "34.09"),
        ("C:\\Users\\laura", "C:\\Users\\lauri"),
        ("Jan 3, 2024 and 2021", "Jan 3, 2021"),
    ],
)
def test_another_number_or_word_is_not(line: str, text: str) -> None:
    assert found([line], text) == []


@pytest.mark.parametrize(
    ("line", "text", "part"),
    [
        ("sum 1,234.50", "1234.5", "1,234.50"),
        ("sum 1.234,50 EUR", "1,234.50", "1.234,50 EUR"),
        ("sum 1 234,50", "1234.50", "1 234,50"),
        ("sum 1'234.50", "1,234.5", "1'234.50"),
        ("sum 1,23,456.78", "123456.78", "1,23,456.78"),
        ("sum l2.5O", "12.50", "l2.5O"),
        ("sum $3 4.09", "34.09", "$3 4.09"),
        ("sum 35, 46", "35.46", "35, 46"),
        ("sum \u0661\u0662.\u0665\u0660", "12.50", "\u0661\u0662.\u0665\u0660"),
        ("sum 45", "45.00", "45"),
        ("sum 1.500 kg", "1.5", "1.500"),
        ("sum $45.00", "45 USD", "$45.00"),
        ("sum 45,00 \u20ac", "\u20ac45", "45,00 \u20ac"),
        ("sum (1,200)", "-1200", "1,200"),
        ("up \u22125 %", "5%", "5"),
        ("Total 1.234,50 EUR", "Total: 1,234.50", "Total 1.234,50"),
        ("Total 1.234,50 EUR", "total \u20ac1,234.50", "Total 1.234,50"),
        ("Total $45.00 due", "USD", "$"),
        ("Tel. +1 (555) 123-4567", "+15551234567", "1 (555) 123-4567"),
    ],
)
def test_numbers_are_found_in_any_form(line: str, text: str, part: str) -> None:
    assert found([line], text) == [[part]]


@pytest.mark.parametrize(
    ("line", "text", "parts"),
    [
        ("on 5 March 2024", "2024-03-05", ["5 March 2024"]),
        ("on 2024-03-05", "March 5th, 2024", ["2024-03-05"]),
        ("am 05.03.2024", "5 Mar 2024", ["05.03.2024"]),
        ("le 5 mars 2024", "03/05/24", ["5 mars 2024"]),
        ("2024\u5e743\u67085\u65e5", "2024-03-05", ["2024\u5e743\u67085\u65e5"]),
        ("at 2:30 PM", "14:30", ["2:30 PM"]),
        ("03/05/2024 2:30 PM", "2024-03-05T14:30:00Z", ["03/05/2024", "2:30 PM"]),
        ("Mar 5, in 2024", "2024-03-05", ["Mar 5"]),
    ],
)
def test_dates_and_times_are_found_in_any_form(line: str, text: str, parts: list[str]) -> None:
    assert found([line], text) == [parts]


@pytest.mark.parametrize(
    ("line", "text"),
    [("5 March 2024", "2024-03-06"), ("5 March", "2024-03-05"), ("2:30 PM", "02:30"), ("2024-03-05", "2023-03-05")],
)
def test_another_day_is_not_found(line: str, text: str) -> None:
    assert found([line], text) == []


def test_what_is_left_out_may_stand_between() -> None:
    assert found(["It was the best of times"], "It was \u2026 of times") == [["It was", "of times"]]
    assert found(["It was the best of times"], "It was ... of time") == []


def test_text_across_lines_and_beside_each_other() -> None:
    assert found(["the hyphen-", "ation of it"], "hyphenation of") == [["hyphen", "ation of"]]
    columns = [("Subtotal", 0, 0), ("Total", 0, 30), ("40.00", 200, 2), ("45.00", 200, 32)]
    lines = tuple(TextLine(text, Box(x, y, x + 100, y + 20), (), 1.0) for text, x, y in columns)
    matches = find_fuzzy(TextLayer(400, 100, lines, (0,)), "Total: 45.00")
    assert [match.boxes for match in matches] == [(Box(0, 30, 100, 50), Box(200, 32, 300, 52))]


def test_many_claims_are_found_at_once() -> None:
    """200 texts among 5,000 words, with an index that is made once: 50 ms on a quiet core."""
    words = [f"word{n}x" if n % 3 else f"{n}.50" for n in range(5000)]
    layer = layer_of([" ".join(words[n : n + 8]) for n in range(0, 5000, 8)])
    assert index_of(layer) is index_of(layer)
    assert [len(find_fuzzy(layer, text)) for text in ("word4x", "6.50", "word3x")] == [1, 1, 0]

    def find_all() -> None:
        assert sum(len(find_fuzzy(layer, f"{words[n]} {words[n + 1]}")) for n in range(0, 4000, 20)) == 200

    assert quickest_s(find_all, 0.15, clock=thread_time) < 0.15
