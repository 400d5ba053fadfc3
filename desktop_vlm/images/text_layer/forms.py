"""A layer as text that leaves the program: plain, Markdown, tab-separated, hOCR (`hocr`), JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.indentation import indents

_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
"""A letter and a hyphen at the end of a line."""


def plain_text(layer: TextLayer, *, join_hyphens: bool = False) -> str:
    """All lines; an empty one between paragraphs, and a tab between cells of a table. Code keeps its indentation.

    Args:
        layer: what was read.
        join_hyphens: whether a word that a line's end divides is put together again.
    """
    found = list(blocks_of(layer))
    spaces = indents(layer.lines, [block for block in found if isinstance(block, range)])
    blocks = []
    for block in found:
        if isinstance(block, Table):
            blocks.append(tsv(layer, block))
        else:
            texts = [" " * spaces.get(number, 0) + layer.lines[number].text for number in block]
            blocks.append("\n".join(join_divided(texts) if join_hyphens else texts))
    return "\n\n".join(blocks)


def join_divided(lines: Sequence[str]) -> list[str]:
    """Lines whose last word goes on in the next one, after a hyphen, with that word whole."""
    joined: list[str] = []
    for line in lines:
        if joined and _HYPHENATED.search(joined[-1]) and line[:1].islower():
            rest, _, after = line.partition(" ")
            joined[-1] = joined[-1][:-1] + rest
            if after:
                joined.append(after)
        else:
            joined.append(line)
    return joined


def tsv(layer: TextLayer, table: Table) -> str:
    """A table's rows, one a line, with a tab between cells."""
    return rows_as_tsv(_cells(layer, table))


def rows_as_tsv(rows: Iterable[Sequence[str]]) -> str:
    """Rows of any texts; what would break a row becomes a space."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def fenced(text: str) -> str:
    """Any text as a code block of Markdown, which shows it letter by letter."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def markdown(layer: TextLayer) -> str:
    """Paragraphs and tables as Markdown; what would be read as markup is escaped."""
    blocks = []
    for block in blocks_of(layer):
        if isinstance(block, Table):
            blocks.append(_markdown_table(_cells(layer, block)))
        else:
            blocks.append("  \n".join(_escaped(layer.lines[number].text) for number in block))
    return "\n\n".join(blocks)


def to_json(layer: TextLayer) -> str:
    """The whole layer on one line; `from_json` reads it back."""
    return json.dumps(dataclasses.asdict(layer), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> TextLayer:
    """What `to_json` wrote.

    Raises:
        ValueError: it is something else.
    """
    try:
        found: Mapping[str, Any] = json.loads(text)
        return TextLayer(
            width=int(found["width"]),
            height=int(found["height"]),
            lines=tuple(_line(line) for line in found["lines"]),
            paragraphs=tuple(int(number) for number in found["paragraphs"]),
            tables=tuple(_table(table) for table in found["tables"]),
            codes=tuple(Code(str(one["symbology"]), str(one["text"]), _box(one["box"])) for one in found["codes"]),
            language=str(found["language"]),
            source=str(found["source"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a text layer: {error}") from error


def _line(found: Mapping[str, Any]) -> TextLine:
    words = tuple(Word(str(word["text"]), _box(word["box"])) for word in found["words"])
    return TextLine(str(found["text"]), _box(found["box"]), words, float(found["confidence"]))


def _table(found: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(tuple(int(number) for number in cell) for cell in row) for row in found["rows"])
    return Table(int(found["first"]), int(found["last"]), rows)


def _box(found: Mapping[str, Any]) -> Box:
    return Box(float(found["left"]), float(found["top"]), float(found["right"]), float(found["bottom"]))


def blocks_of(layer: TextLayer) -> Iterator[Table | range]:
    """Tables, and the numbers of each paragraph's lines outside them, in reading order."""
    tables = {table.first: table for table in layer.tables}
    ends = {len(layer.lines), *layer.paragraphs, *tables, *(table.last + 1 for table in layer.tables)}
    start = 0
    while start < len(layer.lines):
        if start in tables:
            yield tables[start]
            start = tables[start].last + 1
        else:
            end = min(end for end in ends if end > start)
            yield range(start, end)
            start = end


def _cells(layer: TextLayer, table: Table) -> list[list[str]]:
    return [[" ".join(layer.lines[number].text for number in cell) for cell in row] for row in table.rows]


def _markdown_table(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    rule = "|" + " --- |" * len(rows[0])
    return "\n".join([lines[0], rule, *lines[1:]])


_MARKUP = re.compile(r"[\\`*_\[\]<>]")
_AT_START = re.compile(r"^(\s*)([#>+-]|\d+(?=[.)]\s))")


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    found = _AT_START.match(text)
    if not found:
        return text
    start = found.group(2)
    escaped = f"{start}\\" if start.isdigit() else f"\\{start}"
    return found.group(1) + escaped + text[found.end() :]
