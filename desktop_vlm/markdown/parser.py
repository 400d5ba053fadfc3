"""An answer to its parts, again and again while it grows: JSON where all of it is, else Markdown."""

from __future__ import annotations

from desktop_vlm.markdown.blocks import Leaf
from desktop_vlm.markdown.json_answer import json_answer, may_be_json
from desktop_vlm.markdown.json_parser import JsonParser, ShortJson
from desktop_vlm.markdown.markdown_parser import MarkdownParser
from desktop_vlm.markdown.pieces import PIECE


class Parser:
    """Parses one answer as it grows; never raises.

    Attributes:
        generation: another one where nothing of what was parsed before counts any more.
    """

    def __init__(self) -> None:
        self._source = ""
        self._current: MarkdownParser | JsonParser | ShortJson = MarkdownParser()
        self.generation = 0

    @property
    def leaves(self) -> list[Leaf]:
        """Of what is parsed so far; not to be changed."""
        return self._current.leaves

    @property
    def n_final(self) -> int:
        """How many of the leaves stay as they are, whatever comes."""
        return self._current.n_final

    @property
    def is_behind(self) -> bool:
        """Whether `advance` has more to parse."""
        return self._current.is_behind

    @property
    def is_catching_up(self) -> bool:
        """Whether less is parsed than there was before the text grew."""
        return self._current.is_catching_up

    def parse(self, text: str, *, streaming: bool = False) -> list[Leaf]:
        """The leaves of the whole text."""
        self.begin(text, streaming=streaming)
        while self.is_behind:
            self.advance()
        return list(self.leaves)

    def begin(self, text: str, *, streaming: bool = False) -> None:
        """Take a text; `advance` parses it piece by piece."""
        source = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        grows = bool(self._source) and source.startswith(self._source)
        self._source, self._streaming = source, streaming
        value = json_answer(source, streaming=streaming) if len(source) <= PIECE else None
        if value is not None:
            self._use(ShortJson(value), restarts=not (grows and isinstance(self._current, ShortJson)))
            return
        if not grows or isinstance(self._current, ShortJson):
            long_json = len(source) > PIECE and may_be_json(source)
            self._use(JsonParser() if long_json else MarkdownParser(), restarts=True)
        assert not isinstance(self._current, ShortJson)
        self._current.begin(source, streaming=streaming)

    def advance(self) -> None:
        """Parse one more piece."""
        if isinstance(self._current, ShortJson):
            return
        self._current.advance()
        if isinstance(self._current, JsonParser) and self._current.failed:
            markdown = MarkdownParser()
            self._use(markdown, restarts=True)
            markdown.begin(self._source, streaming=self._streaming)

    def _use(self, parser: MarkdownParser | JsonParser | ShortJson, *, restarts: bool) -> None:
        self._current = parser
        self.generation += restarts

    _streaming = False
