"""JSON answers to parts of code, piece by piece."""

from __future__ import annotations

from desktop_vlm.markdown.blocks import Code, Leaf
from desktop_vlm.markdown.json_answer import JsonPrinter
from desktop_vlm.markdown.pieces import CODE_PART, CODE_PART_LINES
from desktop_vlm.markdown.visible import make_visible

_TOKENS = 1_500
"""Printed at once."""


class ShortJson:
    """JSON that is printed as a whole; attributes as those of `MarkdownParser`."""

    n_final = 0
    is_behind = False
    is_catching_up = False

    def __init__(self, value: str) -> None:
        """`value`: as it is printed."""
        self.leaves: list[Leaf] = [Code(make_visible(value), "json")]


class JsonParser:
    """Long JSON; attributes as those of `MarkdownParser`.

    Attributes:
        failed: it is no JSON.
    """

    is_catching_up = False

    def __init__(self) -> None:
        self._printer = JsonPrinter()
        self._source = ""
        self._streaming = False
        self._open = ""
        self.leaves: list[Leaf] = []
        self.n_final = 0
        self.is_behind = False

    @property
    def failed(self) -> bool:
        return self._printer.failed

    def begin(self, source: str, *, streaming: bool) -> None:
        """Take a text that begins with the one before."""
        self._source, self._streaming = source, streaming
        self.is_behind = True

    def advance(self) -> None:
        """Print some more."""
        more = self._printer.read(self._source, _TOKENS)
        if not more and not self._streaming:
            self._printer.finish(self._source)
        self._open += make_visible(self._printer.taken())
        del self.leaves[self.n_final :]
        while (end := _part_end(self._open)) is not None:
            self._add(self._open[:end], more=True)
            self.n_final = len(self.leaves)
            self._open = self._open[end:]
        rest = "" if more else make_visible(self._printer.rest(self._source))
        self._add((self._open + rest).rstrip(), more=False)
        self.is_behind = more

    def _add(self, text: str, *, more: bool) -> None:
        self.leaves.append(Code(text, "json", part=len(self.leaves), more=more))


def _part_end(text: str) -> int | None:
    """Where a part of printed JSON ends; None while it may grow."""
    if len(text) <= CODE_PART and text.count("\n") <= CODE_PART_LINES:
        return None
    window = text[:CODE_PART]
    lines = window.split("\n", CODE_PART_LINES)
    if len(lines) > CODE_PART_LINES:
        return len(window) - len(lines[-1])
    return window.rfind("\n") + 1 or len(window)
