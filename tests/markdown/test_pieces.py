"""A text that is parsed in pieces says the same as one that is parsed at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_vlm.markdown import markdown_parser, pieces
from desktop_vlm.markdown.blocks import Leaf, Text

FILLER = "Some words.\n\n" * 6


@pytest.mark.parametrize(
    "markdown",
    [
        "".join(f"{number}. item\n" for number in range(1, 40)),
        "1. item\n" * 40,
        "".join(f"{number}) item\n\n" for number in range(7, 30)),
        f"{FILLER}It was in\n2023. So it was.\n" * 4,
        "7. item\n8. item\n\n3. shows nine\n" * 5,
        "# Head\n7. item\n8. item\n\n" * 6,
        f"{FILLER}$$\n- a\n- b\n$$\n\n" * 3,
        "- a\n  - b\n    c\n\n  e\n- f\n" * 8,
        "- a\n+ b\n2. of b\n" * 9,
        f"{FILLER}```\n- a\n\n- b\n```\ntext\n" * 3,
        f"{FILLER}text\n- \n- a\n" * 4,
        "> quote\nthat goes on\n\n" * 9,
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n" * 6,
    ],
)
@pytest.mark.parametrize("enough", [(20, 2), (60, 5), (150, 9)])
def test_nothing_changes_where_a_text_is_cut(
    markdown: str, enough: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markdown_parser, "PARSE_LIMIT_S", 60.0)  # a pause here is no nasty text
    whole = leaves(markdown, (10**9, 10**9), monkeypatch)
    assert leaves(markdown, enough, monkeypatch) == whole


def leaves(markdown: str, enough: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> list[Leaf]:
    """But for how close the items of a list are, which its last ones may decide."""
    for name, value in zip(("ENOUGH", "ENOUGH_LINES"), enough, strict=True):
        monkeypatch.setattr(pieces, name, value)
    parsed = markdown_parser.MarkdownParser()
    parsed.begin(markdown, streaming=False)
    while parsed.is_behind:
        parsed.advance()
    return [replace(leaf, tight=False) if isinstance(leaf, Text) else leaf for leaf in parsed.leaves]


def test_a_long_list_is_cut_at_an_item() -> None:
    items = "".join(f"- item {number}\n" for number in range(200))
    end = pieces.cut(items, 0)
    assert items[:end].count("\n") == pieces.ENOUGH_LINES
    assert items[end:].startswith("- item")
