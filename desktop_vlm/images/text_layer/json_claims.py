"""The values of JSON, each with its place in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_MOST_WORDS = 12
_DEEPEST = 8  # names of a path

_SAID = re.compile(
    r"(?:^|_)(?:description|summary|category|kind|type|reason|explanation|notes?|comment|language|sentiment|analysis"
    r"|answer|caption|unit|color|colour|layout|theme|purpose|position|style|mood|topic|tags?)$"
)
"""Names of values that a model says in its own words."""
_COUNTED = re.compile(
    r"(?:^|_)(?:count|counts|confidence|score|probability|index|idx|id|page|pages|number_of\w*|num\w*|n|x|y|w|h|width|height"
    r"|left|top|right|bottom|bbox|box|coordinates|x\d|y\d|rows|columns|row|column)$"
)
"""Names of numbers that a model counts or measures."""


@dataclass(frozen=True)
class JsonValue:
    """A text or number of JSON.

    Attributes:
        start, end: its place, without quotation marks.
        text: what it says.
        path: names that lead to it, of lists without the places in them.
        certain: it claims to stand in the image.
    """

    start: int
    end: int
    text: str
    path: str
    certain: bool


def json_values(text: str) -> Iterator[JsonValue]:
    """The texts and numbers of JSON, also of one that was cut off; truth values and null say nothing."""
    path: list[str] = []  # what is open: "[", or "{" and the name of the value that comes
    awaits_name = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            path.append(token)
            awaits_name = token == "{"
        elif token in "}]":
            if path:
                path.pop()
            awaits_name = False
        elif token == ",":
            awaits_name = bool(path) and path[-1].startswith("{")
        elif token == ":":
            awaits_name = False
        elif awaits_name and token.startswith('"'):
            path[-1] = "{" + _unquoted(token)
        else:
            yield from _value(match.start(), token, "/".join(step[1:] for step in path[-_DEEPEST:] if len(step) > 1))


def _value(start: int, token: str, path: str) -> Iterator[JsonValue]:
    name = path.rsplit("/", 1)[-1].lower()
    if token.startswith('"'):
        said = _unquoted(token)
        if said.strip():
            yield JsonValue(start + 1, start + len(token) - 1, said, path, _quotes(name, said))
    elif _NUMBER.fullmatch(token):
        certain = not _COUNTED.search(name) and not _SAID.search(name) and token not in {"0", "1", "0.0", "1.0"}
        yield JsonValue(start, start + len(token), token, path, certain)


def _quotes(name: str, said: str) -> bool:
    """Whether a text claims to stand in the image: a single lower-case word, or a long sentence, may be the model's."""
    if _SAID.search(name) or len(said.split()) > _MOST_WORDS or len(said) < 2:
        return False
    return not (said.isalpha() and said.islower())


def _unquoted(token: str) -> str:
    try:
        said = json.loads(token, strict=False)
    except ValueError:
        return token.strip('"')
    return str(said)
