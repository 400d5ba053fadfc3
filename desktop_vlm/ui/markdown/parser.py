"""Markdown to the parts of an answer, again and again while it grows.

Appended text can change only the last top-level block of what was there (link reference definitions, which
could reach further back, are off), so only that one is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import thread_time
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from desktop_vlm.ui.markdown.blocks import Code, Leaf, Span, Text
from desktop_vlm.ui.markdown.json_answer import json_answer
from desktop_vlm.ui.markdown.leaves import leaves
from desktop_vlm.ui.markdown.math_rules import add_math_rules
from desktop_vlm.ui.markdown.visible import make_visible

PARSE_LIMIT_S = 0.25
_DEEPEST = 40
_LONGEST_TAIL = 200_000
_MOST_RUNS = 3_000  # of one paragraph
_LINK_BEGUN = re.compile(r"\[[^\[\]]*\]\([^()\s]*\Z")
_TABLE_BEGUN = re.compile(r" {0,3}\|[^\n]*[^\s|][^\n]*(?:\n[ |:-]*)?\Z")


class _TooHardError(Exception):
    """Too deep, too slow to parse, or too slow to show: it becomes plain text."""


@dataclass(frozen=True)
class _Segment:
    """A top-level block: where it begins in the source, and its leaves."""

    start: int
    leaves: tuple[Leaf, ...]


class Parser:
    """Parses one answer as it grows."""

    def __init__(self) -> None:
        self._md = _markdown()
        self._source = ""
        self._streaming = False
        self._plain_from: int | None = None
        self._segments: list[_Segment] = []

    def parse(self, text: str, *, streaming: bool = False) -> list[Leaf]:
        """The leaves of the whole text. Never raises, and takes no longer than about PARSE_LIMIT_S of this thread."""
        source = text.replace("\r\n", "\n").replace("\r", "\n")
        json_text = json_answer(source, streaming=streaming)
        if json_text is not None:
            self._segments, self._source = [], ""
            return [Code(make_visible(json_text), "json")]
        if not source.startswith(self._source) or self._source == "":
            self._segments, self._plain_from = [], None
        elif self._plain_from is not None and self._streaming and not streaming:
            self._plain_from = None  # what was too much in haste may do at the end
        start = self._segments.pop().start if self._segments else 0
        self._source, self._streaming = source, streaming
        self._segments += self._tail(source[start:], start, streaming)
        return [leaf for segment in self._segments for leaf in segment.leaves]

    def _tail(self, tail: str, start: int, streaming: bool) -> list[_Segment]:
        if self._plain_from is None and len(tail) <= _LONGEST_TAIL:
            try:
                return _segments(self._tokens(tail, streaming), tail, start)
            except (_TooHardError, RecursionError):
                pass
        self._plain_from = start
        return [_Segment(start, _plain(tail))]

    def _tokens(self, tail: str, streaming: bool) -> list[Token]:
        env: dict[str, Any] = {"streaming": streaming, "deadline": thread_time() + PARSE_LIMIT_S}
        tokens = self._md.parse(_table_completed(tail) if streaming else tail, env)
        if any(token.level >= _DEEPEST - 1 for token in tokens):  # markdown-it drops what lies deeper
            raise _TooHardError
        if any(len(token.children or ()) > _MOST_RUNS for token in tokens):
            raise _TooHardError
        return tokens


def _segments(tokens: Sequence[Token], tail: str, start: int) -> list[_Segment]:
    lines = [0, *(match.end() for match in re.finditer("\n", tail)), len(tail)]
    out: list[_Segment] = []
    begin = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            line = (tokens[begin].map or [0])[0]
            segment = _Segment(start + lines[line], tuple(leaves(tokens[begin : index + 1])))
            if out and index == len(tokens) - 1 and tail[lines[line - 1] : lines[line]].strip():
                # No blank line between them: as it grows, it may turn out to belong to the one before.
                before = out.pop()
                segment = _Segment(before.start, before.leaves + segment.leaves)
            out.append(segment)
            begin = index + 1
    return out


def _plain(text: str) -> tuple[Leaf, ...]:
    return tuple(Text((Span(make_visible(part)),)) for part in re.split(r"\n{2,}", text) if part.strip())


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    md.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    md.normalizeLink = str  # type: ignore[method-assign, assignment] # addresses are shown as written
    add_math_rules(md)
    md.inline.ruler.before("text", "deadline", _inline_deadline)
    md.block.ruler.before("table", "deadline", _block_deadline, {"alt": []})
    md.core.ruler.before("inline", "complete", _complete_last_inline)
    md.core.ruler.at("inline", _InlineCache())
    return md


def _inline_deadline(state: StateInline, silent: bool) -> bool:  # noqa: ARG001
    return _check(state.env)


def _block_deadline(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: ARG001
    return _check(state.env)


def _check(env: Any) -> bool:
    if thread_time() > env["deadline"]:
        raise _TooHardError
    return False


class _InlineCache:
    """markdown-it's rule "inline", but what stood in the last parse is not parsed again: long lists and tables."""

    def __init__(self) -> None:
        self._known: dict[str, Token] = {}

    def __call__(self, state: StateCore) -> None:
        known: dict[str, Token] = {}
        inlines = [token for token in state.tokens if token.type == "inline"]
        for token in inlines:
            twin = self._known.get(token.content)  # a token, since later rules put another list into it
            if twin is not None:
                token.children = twin.children
            else:
                token.children = []
                state.env["open_end"] = token is state.env.get("open")
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            if token is not inlines[-1]:  # that one may be completed, and another time not
                known[token.content] = token
        self._known = known


def _table_completed(tail: str) -> str:
    """A table shows as one from its first line, not only when its second is complete."""
    head, blank, last = tail.rpartition("\n\n")
    if tail.count("```") % 2 or "~~~" in tail or not _TABLE_BEGUN.fullmatch(last):
        return tail
    header = last.split("\n")[0].rstrip()
    cells = max(1, header.count("|") - 1 if header.endswith("|") and len(header) > 1 else header.count("|"))
    return f"{head}{blank}{header}\n{'|-' * cells}|"


def _complete_last_inline(state: StateCore) -> None:
    """While streaming, **bold, `code and [links](htt whose end has yet to come look as they will."""
    if not state.env.get("streaming"):
        return
    last = next((token for token in reversed(state.tokens) if token.nesting >= 0), None)
    if last is not None and last.type == "inline":
        last.content = _completed(last.content)
        state.env["open"] = last


def _completed(text: str) -> str:
    if text.count("`") % 2:
        return text + "`"
    if _LINK_BEGUN.search(text):
        text += ")"
    text = (
        text.rstrip("*_~").rstrip()
        if text.endswith((" *", " **", "\n**", " _", " ~~")) or text in {"**", "*"}
        else text
    )
    return text.rstrip() + "**" if text.count("**") % 2 else text
