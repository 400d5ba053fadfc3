"""A layer's text in each form in which it leaves the program."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer
from desktop_vlm.images.text_layer.forms import from_json, join_divided, markdown, plain_text, rows_as_tsv, to_json, tsv
from tests.images.text_layer.layers import line

TABLE = Table(2, 6, (((2,), (3,)), ((4,), ()), ((5, 6), ())))
LAYER = TextLayer(
    400,
    300,
    (
        line("The disk is al-", 10, 10),
        line("most full: 99 %", 10, 22),
        line("File", 10, 60),
        line("Size", 90, 60),
        line("a|b.txt", 10, 72),
        line("two", 10, 84),
        line("lines", 10, 90),
        line("# Not a heading", 10, 120),
    ),
    paragraphs=(0, 2, 7),
    tables=(TABLE,),
    codes=(Code("QR Code", "https://example.org/?a=1", Box(300, 200, 350, 250)),),
    language="en",
)


def test_plain_text_keeps_lines_and_separates_cells_with_tabs() -> None:
    assert plain_text(LAYER) == (
        "The disk is al-\nmost full: 99 %\n\nFile\tSize\na|b.txt\t\ntwo lines\t\n\n# Not a heading"
    )


def test_divided_words_are_joined_on_request() -> None:
    assert plain_text(LAYER, join_hyphens=True).startswith("The disk is almost\nfull: 99 %\n")


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["exam-", "ple"], ["example"]),
        (["a well-", "known and long-", "lived one"], ["a wellknown", "and longlived", "one"]),
        (["Müller-", "Schmidt"], ["Müller-", "Schmidt"]),
        (["pages 10-", "12"], ["pages 10-", "12"]),
        (["a list -", "of things"], ["a list -", "of things"]),
        (["soft\u00ad", "ware"], ["software"]),
        ([], []),
    ],
)
def test_hyphens_are_those_of_divided_words_only(lines: list[str], joined: list[str]) -> None:
    assert join_divided(lines) == joined


def test_tables_are_tab_separated() -> None:
    assert tsv(LAYER, TABLE) == "File\tSize\na|b.txt\t\ntwo lines\t"
    assert rows_as_tsv([["a\tb", "c\nd"]]) == "a b\tc d"


def test_markdown_shows_the_text_as_it_is() -> None:
    html = MarkdownIt("commonmark").enable("table").render(markdown(LAYER))
    assert "<p>The disk is al-<br />\nmost full: 99 %</p>" in html
    assert "<th>File</th>\n<th>Size</th>" in html
    assert "<td>a|b.txt</td>\n<td></td>" in html
    assert "<p># Not a heading</p>" in html


@pytest.mark.parametrize(
    "text", ["1. one", "2) two", "- a", "* b", "> c", "+ d", "`e` _f_ [g](h) <i>", "a \\* b", "#j"]
)
def test_markdown_escapes_markup(text: str) -> None:
    rendered = MarkdownIt("commonmark").render(markdown(TextLayer(9, 9, (line(text, 0, 0),), (0,))))
    assert rendered == f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>\n"


def test_an_empty_layer_is_empty_text() -> None:
    empty = TextLayer(1, 1)
    assert (plain_text(empty), markdown(empty)) == ("", "")
    assert from_json(to_json(empty)) == empty


def test_json_comes_back_as_it_was() -> None:
    assert from_json(to_json(LAYER)) == LAYER


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"width": 1}', to_json(LAYER)[:-9]])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text)
