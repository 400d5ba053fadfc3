"""Answers that are the worst that we could think of for whoever lays them out."""

from __future__ import annotations

import json
from collections.abc import Callable


def code(size: int = 1_000_000) -> str:
    """Code of so many characters."""
    line = "for name in names: print(name, len(name), 'text')  # a comment\n"
    return "```python\n" + line * (size // len(line)) + "```"


def one_line(size: int = 1_000_000) -> str:
    """Code without a line break."""
    return "```javascript\n" + "a(b);" * (size // 5) + "\n```"


def table(rows: int = 1_000, columns: int = 1_000) -> str:
    """A table of so many cells."""
    head = "| " + " | ".join(f"c{number}" for number in range(columns)) + " |\n|" + "---|" * columns + "\n"
    return head + "".join(
        "| " + " | ".join(str(row * column) for column in range(columns)) + " |\n" for row in range(rows)
    )


def deep_list(levels: int = 2_000) -> str:
    """A list in a list in a list."""
    return "".join("  " * level + f"- item {level}\n" for level in range(levels))


def paragraph(size: int = 200_000) -> str:
    """A paragraph of so many characters."""
    sentence = "The quick brown fox jumps over the lazy dog, and **does it again** with `code`. "
    return sentence * (size // len(sentence))


def lines(count: int = 50_000) -> str:
    """Short lines."""
    return "".join(f"line {number}\n" for number in range(count))


def items(count: int = 20_000) -> str:
    """A list of short items."""
    return "".join(f"- item **{number}**\n" for number in range(count))


def json_text(size: int = 5_000_000) -> str:
    """One JSON value."""
    entry = {"name": "screen", "values": [1, 2.5, None, True], "text": "some text in it", "place": {"x": 1, "y": 2}}
    one = json.dumps(entry)
    return "[" + ", ".join([one] * (size // (len(one) + 2))) + "]"


def formulas(count: int = 300) -> str:
    """Display formulas, each another one, with one in a sentence."""
    return "\n\n".join(
        rf"With $a_{{{number}}}$ it is" + "\n\n" + rf"$$\frac{{a_{{{number}}}}}{{b^2+c}} = \sum_{{i=0}}^n x_i$$"
        for number in range(count)
    )


def sections(count: int = 300) -> str:
    """What answers are made of, many times."""
    prose = "## Part {0}\n\nSome **prose** about it.\n\n- one\n- two\n\n"
    part = prose + "```python\nprint({0})\n```\n\n| a | b |\n|---|---|\n| {0} | 2 |\n"
    return "\n\n".join(part.format(number) for number in range(count))


def links(count: int = 2_000) -> str:
    """A list of links, some in a line."""
    one = "- [page {0} of the manual](https://example.org/manual/{0}) and <https://example.org/{0}>, also [{0}][1]\n"
    return "".join(one.format(number) for number in range(count // 2)) + "\n[1]: https://example.org/notes\n"


def quotes(levels: int = 500) -> str:
    """A quote in a quote in a quote, some with code and a list."""
    lines = []
    for level in range(1, levels + 1):
        bars = ">" * level
        lines += [f"{bars} Level {level} says **this**.", bars]
        lines += [f"{bars} - one", f"{bars} - two", bars] if level % 7 == 0 else []
        lines += [f"{bars} ```python", f"{bars} print({level})", f"{bars} ```", bars] if level % 11 == 0 else []
    return "\n".join(lines)


def one_text_line(size: int = 1_000_000) -> str:
    """Words without a line break."""
    return "the quick brown fox jumps over the lazy dog " * (size // 44)


def endless_word(size: int = 1_000_000) -> str:
    """A megabyte without a space."""
    return "abcdefghij" * (size // 10)


ANSWERS: dict[str, Callable[[], str]] = {
    "1 MB of code": code,
    "1 MB of code in a line": one_line,
    "1,000 x 1,000 table": table,
    "2,000-level list": deep_list,
    "200,000-character paragraph": paragraph,
    "50,000 short lines": lines,
    "20,000 list items": items,
    "5 MB of JSON": json_text,
    "300 formulas": formulas,
    "300 sections": sections,
    "2,000 links": links,
    "500-level quotes": quotes,
    "1 MB of text in a line": one_text_line,
    "1 MB without a space": endless_word,
}
"""By what they are."""
