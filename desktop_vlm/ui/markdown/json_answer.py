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


def _indented(text: str) -> str | None:
    """None where something follows the value, or it is too deep."""
    out: list[str] = []
    depth = 0
    opened = False  # the last token opened an object or array
    for match in _TOKEN.finditer(text):
        token = match[0]
        if (out and depth <= 0) or depth > _DEEPEST:
            return None
        if token in "}]":
            depth -= 1
            out.append(token if opened else _line(depth) + token)
            opened = False
            continue
        if opened:
            out.append(_line(depth))
        opened = token in "{["
        depth += opened
        if token == ",":
            out.append("," + _line(depth))
        else:
            out.append(": " if token == ":" else token)
    return "".join(out).rstrip()


def _line(depth: int) -> str:
    return "\n" + " " * (_INDENT * max(depth, 0))
