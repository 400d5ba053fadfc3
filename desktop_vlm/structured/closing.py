"""JSON that was cut off -> its last complete form: brackets closed, the value that was not finished dropped."""

from __future__ import annotations

import json
import re

_LITERALS = ("true", "false", "null")
_WORD = re.compile(r"[^\s\[\]{},:\"]+")
_SPACE = " \t\r\n"


def close_json(text: str) -> str:
    """The last complete form of JSON text that may have been cut off anywhere.

    What is complete is returned as it is. Otherwise a name without its value, a text, a number or a word that was
    not finished is dropped, and what is open is closed. Where no value is left, that is `null`. A number counts as
    finished only where something follows it. The result is always JSON, but may lack what a schema requires.

    Raises:
        ValueError: the text is no beginning of JSON.
    """
    return text if _is_json(text) else _Closing(text).run()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class _Closing:
    """One walk through the text, which remembers where everything was last complete."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []  # closing brackets, the innermost last
        self._complete: int | None = None  # text up to here is JSON once what is open is closed
        self._at = 0

    def run(self) -> str:
        expects = "value"
        while self._skip_space():
            char = self._text[self._at]
            if expects in {"name", "first name"} and char == '"':
                expects = self._name()
            elif expects in {"value", "first item"} and char not in "]},:":
                expects = self._value(char)
            elif expects in {"more", "first item", "first name"}:
                expects = self._after(char, expects)
            else:
                raise self._no_json()
            if not expects:
                break
        return self._closed()

    def _closed(self) -> str:
        closed = "null" if self._complete is None else self._text[: self._complete] + "".join(reversed(self._open))
        if not _is_json(closed):
            raise self._no_json()
        return closed

    def _no_json(self) -> ValueError:
        return ValueError(f"character {self._at} is not how JSON goes on")

    def _skip_space(self) -> bool:
        while self._at < len(self._text) and self._text[self._at] in _SPACE:
            self._at += 1
        return self._at < len(self._text)

    def _remember(self) -> None:
        """Called after every bracket, so that what is open then is still open at the end."""
        self._complete = self._at

    def _name(self) -> str:
        """Past a name and its colon; "" where the text ends before the colon."""
        if not self._string() or not self._skip_space():
            return ""
        if self._text[self._at] != ":":
            raise self._no_json()
        self._at += 1
        return "value"

    def _value(self, char: str) -> str:
        if char in "[{":
            self._open.append("]" if char == "[" else "}")
            self._at += 1
            self._remember()
            return "first item" if char == "[" else "first name"
        if not (self._string() if char == '"' else self._word()):
            return ""
        self._remember()
        return "more"

    def _after(self, char: str, expects: str) -> str:
        if self._open and char == self._open[-1]:
            self._open.pop()
            self._at += 1
            self._remember()
            return "more"
        if char != "," or expects != "more" or not self._open:
            raise self._no_json()
        self._at += 1
        return "name" if self._open[-1] == "}" else "value"

    def _string(self) -> bool:
        """Past a text in quotes; False if it has no end."""
        at = self._at + 1
        while at < len(self._text):
            if self._text[at] == '"':
                self._at = at + 1
                return True
            at += 2 if self._text[at] == "\\" else 1
        return False

    def _word(self) -> bool:
        """Past a number, true, false or null; False if more of it may be yet to come."""
        found = _WORD.match(self._text, self._at)
        if not found:
            raise self._no_json()
        if found.end() == len(self._text) and found[0] not in _LITERALS:
            return False
        self._at = found.end()
        return True
