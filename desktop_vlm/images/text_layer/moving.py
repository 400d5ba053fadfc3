"""A layer of a part of an image as one of the whole image."""

from __future__ import annotations

from dataclasses import replace

from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine, Word


def moved(layer: TextLayer, left: int, top: int, width: int, height: int) -> TextLayer:
    """The layer of a part, as one of the whole image of which the part begins at (left, top)."""

    def box(at: Box) -> Box:
        return Box(at.left + left, at.top + top, at.right + left, at.bottom + top)

    def word(of: Word) -> Word:
        return replace(of, box=box(of.box))

    def line(of: TextLine) -> TextLine:
        return replace(of, box=box(of.box), words=tuple(word(one) for one in of.words))

    def code(of: Code) -> Code:
        return replace(of, box=box(of.box))

    return replace(
        layer,
        width=width,
        height=height,
        lines=tuple(line(one) for one in layer.lines),
        codes=tuple(code(one) for one in layer.codes),
    )
