"""Markdown to the parts of an answer, piece by piece.

Appended text can change only the last top-level block of what was there (link reference definitions, which
could reach further back, are off), so only that one is parsed again. Of a long text one piece is parsed at a time (see
`pieces`), and what lies before the last cut stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import thread_time
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from desktop_vlm.markdown.blocks import Code, Grid, Leaf, Span, Text
from desktop_vlm.markdown.leaves import leaves
from desktop_vlm.markdown.math_rules import add_math_rules
from desktop_vlm.markdown.pieces import PIECE, Fence, code_part, cut, large_fence, large_table
from desktop_vlm.markdown.visible import make_visible

PARSE_LIMIT_S = 0.02
"""For a piece; one that takes longer is cut into smaller ones."""

_SMALL_PIECE = 1_000
_HASTE_S = 0.25
"""For small pieces altogether; what comes then is not tried any more."""

_DEEPEST = 40
_MOST_RUNS = 3_000  # of one paragraph
_LINK_BEGUN = re.compile(r"\[[^\[\]]*\]\([^()\s]*\Z")
_TABLE_BEGUN = re.compile(r" {0,3}\|[^\n]*[^\s|][^\n]*(?:\n[ |:-]*)?\Z")


class _TooHardError(Exception):
    """Too deep, too slow to parse, or too slow to show: it becomes plain text."""


@dataclass(frozen=True)
class _Segment:
    """A top-level block, or a part of one: where it begins in the source, and how many leaves it has."""

    start: int
    leaves: tuple[Leaf, ...]


class MarkdownParser:
    """Parses a text that grows; never raises.

    Attributes:
        leaves: of what is parsed so far.
        n_final: how many of them stay as they are, whatever comes.
        is_behind: whether `advance` has more to parse.
        is_catching_up: whether not even all of the text before it is parsed again.
    """

    def __init__(self) -> None:
        self._inlines = _InlineCache()
        self._source = ""
        self._streaming = False
        self._last: _Segment | None = None  # what comes may change it
        self._at = 0  # where the next piece begins
        self._fence: Fence | None = None
        self._fence_part = 0
        self._table_scanned = 0
        self._most = PIECE
        self._small_until = 0
        self._hard_at = -1  # a piece that is too deep or took too long
        self._small_s = 0.0
        self._was_at = 0
        self.leaves: list[Leaf] = []
        self.n_final = 0
        self.is_behind = False

    def begin(self, source: str, *, streaming: bool) -> None:
        """Take a text that begins with the one before."""
        if self._streaming and not streaming:
            self._hard_at, self._small_s = -1, 0.0  # what was too much in haste may do at the end
        self._source, self._streaming = source, streaming
        self._was_at = self._at
        if self._last is not None:
            self._at, self._last = self._last.start, None
            del self.leaves[self.n_final :]
        self.is_behind = True

    @property
    def is_catching_up(self) -> bool:
        return self.is_behind and self._at < self._was_at

    def advance(self) -> None:
        """Parse one more piece."""
        source, start = self._source, self._at
        if self._fence is None and (begun := large_fence(source, start)) is not None:
            self._fence, self._at = begun
            self._fence_part = 0
        if self._fence is not None:
            self._advance_code(self._fence)
        elif (end := large_table(source, start, self._table_scanned)) is not None:
            self._table_scanned = max(start, source.rfind("\n", start, max(end - 1, start)))
            self._add([_Segment(start, (Grid(source[start:end].rstrip("\n")),))], end)
        else:
            self._advance_markdown(start)

    def _advance_markdown(self, start: int) -> None:
        source = self._source
        if start >= self._small_until:
            self._most = PIECE
        end = cut(source, start, self._most)
        begun = thread_time()
        if start != self._hard_at and self._small_s < _HASTE_S:
            try:
                tokens = self._tokens(source[start:end], self._streaming and end == len(source))
                self._add(_segments(tokens, source[start:end], start), end)
                return
            except (_TooHardError, RecursionError):
                if self._most == PIECE and end - start > _SMALL_PIECE:
                    self._most, self._small_until = _SMALL_PIECE, end
                    return
            finally:
                self._small_s += thread_time() - begun if self._most < PIECE else 0.0
        self._hard_at = start
        self._add([_Segment(start, _plain(source[start:end]))], end)

    def _advance_code(self, fence: Fence) -> None:
        source, start = self._source, self._at
        end, after, goes_on = code_part(source, start, fence)
        is_last = after == len(source) and goes_on
        code = Code(
            make_visible(source[start:end]),
            make_visible(fence.language)[:40],
            part=self._fence_part,
            more=goes_on and not is_last,
        )
        if not is_last:
            self._fence = fence if goes_on else None
            self._fence_part += 1
        self._add([_Segment(start, (code,))], after, is_final=not is_last)

    def _add(self, segments: list[_Segment], end: int, *, is_final: bool = False) -> None:
        self.leaves += [leaf for segment in segments for leaf in segment.leaves]
        self._at = end
        self.is_behind = end < len(self._source)
        self.n_final = len(self.leaves)
        if self.is_behind or is_final:
            self._table_scanned = 0
        elif segments:
            self._last = segments[-1]
            self.n_final -= len(self._last.leaves)

    def _tokens(self, tail: str, streaming: bool) -> list[Token]:
        env: dict[str, Any] = {
            "streaming": streaming,
            "deadline": thread_time() + PARSE_LIMIT_S,
            "inlines": self._inlines,
        }
        tokens = _markdown().parse(_table_completed(tail) if streaming else tail, env)
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


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """One for all: making it takes some milliseconds. What belongs to one text is in its `env`."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    md.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    md.normalizeLink = str  # type: ignore[method-assign, assignment] # addresses are shown as written
    add_math_rules(md)
    md.inline.ruler.before("text", "deadline", _inline_deadline)
    md.block.ruler.before("table", "deadline", _block_deadline, {"alt": []})
    md.core.ruler.before("inline", "complete", _complete_last_inline)
    md.core.ruler.at("inline", _parse_inlines)
    return md


def _inline_deadline(state: StateInline, silent: bool) -> bool:  # noqa: ARG001
    return _check(state.env)


def _block_deadline(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: ARG001
    return _check(state.env)


def _check(env: Any) -> bool:
    if thread_time() > env["deadline"]:
        raise _TooHardError
    return False


def _parse_inlines(state: StateCore) -> None:
    """markdown-it's rule "inline", but see `_InlineCache`."""
    state.env["inlines"].parse(state)


class _InlineCache:
    """Of one text: what stood in the last parse is not parsed again: long lists and tables."""

    def __init__(self) -> None:
        self._known: dict[str, Token] = {}

    def parse(self, state: StateCore) -> None:
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
