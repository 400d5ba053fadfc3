"""Answers that are one JSON value (schema-constrained decoding), also while they stream."""

from __future__ import annotations

import re

from desktop_vlm.structured.closing import close_json

_BEGINS = re.compile(r"\s*(?:\{\s*(?:\"|\}|\Z)|\[\s*(?:[\[{\"]|\Z))")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)
_INDENT = 2
_DEEPEST = 100  # beyond it is no answer to a question, and indentation alone would grow with the square


def json_answer(text: str, *, streaming: bool) -> str | None:
    """The answer pretty-printed when it is one JSON object or array and nothing else, else None.

    Numbers, names and their order stay as they were written. A beginning of JSON that was cut off counts too, and
    while streaming one that can only become JSON.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    if streaming:
        return _indented(text) if _BEGINS.match(text) else None
    try:
        is_complete = close_json(text) == text
    except ValueError:
        return None
    return _indented(text) if is_complete or _BEGINS.match(text) else None


class JsonPrinter:
    """Prints JSON that grows, some tokens at a time; what is printed is never printed again.

    Attributes:
        failed: it is no JSON: something follows the value, or it is too deep.
    """

    def __init__(self) -> None:
        self.failed = False
        self._at = 0  # of the source
        self._depth = 0
        self._opened = False  # the last token opened an object or array
        self._begun = False
        self._out: list[str] = []

    def read(self, source: str, most: int | None = None) -> bool:
        """Take in so many tokens, or all; whether there is more."""
        count = 0
        while not self.failed and (most is None or count < most):
            match = _TOKEN.search(source, self._at)
            if match is None or (match.end() == len(source) and not _is_whole(match[0])):
                return False  # it may go on
            self._take(match[0])
            self._at = match.end()
            count += 1
        return not self.failed

    def finish(self, source: str) -> None:
        """Take in the token at the end, which does not go on."""
        match = _TOKEN.search(source, self._at)
        if match is not None and not self.failed:
            self._take(match[0])
            self._at = match.end()

    def taken(self) -> str:
        """What was printed since the last time."""
        out, self._out = "".join(self._out), []
        return out

    def rest(self, source: str) -> str:
        """The token at the end that may go on, as it would be printed now."""
        match = _TOKEN.search(source, self._at)
        if match is None or self.failed:
            return ""
        return (_line(self._depth) if self._opened else "") + match[0]

    def _take(self, token: str) -> None:
        if (self._begun and self._depth <= 0) or self._depth > _DEEPEST:
            self.failed = True
            return
        self._begun = True
        if token in "}]":
            self._depth -= 1
            self._out.append(token if self._opened else _line(self._depth) + token)
            self._opened = False
            return
        if self._opened:
            self._out.append(_line(self._depth))
        self._opened = token in "{["
        self._depth += self._opened
        if token == ",":
            self._out.append("," + _line(self._depth))
        else:
            self._out.append(": " if token == ":" else token)


def may_be_json(text: str) -> bool:
    """Whether a text that is too long to be read at once begins as JSON does."""
    return _BEGINS.match(text) is not None or (_BEGINS_WITH_VALUES.match(text) is not None)


_BEGINS_WITH_VALUES = re.compile(r"\s*\[\s*(?:-?\d|true|false|null)[^\n]{0,400}?,\s*(?:-?\d|true|false|null|\")")


def _is_whole(token: str) -> bool:
    """Whether a token at the end of a text can be no other when the text grows."""
    return token in "{}[],:" or (token[0] == '"' and _STRING.fullmatch(token) is not None)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _indented(text: str) -> str | None:
    """None where something follows the value, or it is too deep."""
    printer = JsonPrinter()
    printer.read(text)
    printer.finish(text)
    return None if printer.failed else printer.taken().rstrip()


def _line(depth: int) -> str:
    return "\n" + " " * (_INDENT * max(depth, 0))
