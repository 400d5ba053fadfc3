"""The order in which a person reads what stands in an image."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.api.text_layer import Code, TextLayer, TextLine


def arrange(lines: Sequence[TextLine], width: int, height: int, codes: Sequence[Code] = ()) -> TextLayer:
    """The layer of an image of `width` x `height` px with these lines, which come in any order."""
    ordered = sorted(lines, key=lambda line: (line.box.top, line.box.left))
    return TextLayer(width, height, tuple(ordered), (0,) if ordered else (), codes=tuple(codes))
