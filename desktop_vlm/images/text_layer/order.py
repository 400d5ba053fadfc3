"""The order in which a person reads what stands in an image, with its paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.api.text_layer import Code, Table, TextLayer, TextLine
from desktop_vlm.images.text_layer.columns import Block, Divider
from desktop_vlm.images.text_layer.language import language_of
from desktop_vlm.images.text_layer.paragraphs import paragraph_starts


def arrange(lines: Sequence[TextLine], width: int, height: int, codes: Sequence[Code] = ()) -> TextLayer:
    """The layer of an image of `width` x `height` px with these lines, which come in any order.

    Lines of scripts that are written from right to left stay as they are.
    """
    ordered: list[TextLine] = []
    paragraphs: list[int] = []
    tables: list[Table] = []
    for block in Divider([line.box for line in lines], [len(line.text) for line in lines]).blocks():
        first = len(ordered)
        ordered += [lines[number] for number in block.numbers]
        if block.rows:
            paragraphs.append(first)
            tables.append(_table(block, first))
        else:
            boxes = [lines[number].box for number in block.numbers]
            paragraphs += [first + start for start in paragraph_starts(boxes)]
    language = language_of(line.text for line in lines)
    return TextLayer(width, height, tuple(ordered), tuple(paragraphs), tuple(tables), tuple(codes), language)


def _table(block: Block, first: int) -> Table:
    place = {number: first + index for index, number in enumerate(block.numbers)}
    rows = tuple(tuple(tuple(place[number] for number in cell) for cell in row) for row in block.rows)
    return Table(first, first + len(block.numbers) - 1, rows)
