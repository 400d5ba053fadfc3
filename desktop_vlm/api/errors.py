"""The errors that reach a person, split by whose turn it is to act.

Anything else that escapes is a bug in Desktop VLM and keeps its traceback.
"""

from __future__ import annotations

import re

_BREAKS_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udc7f\udd00-\udfff]")
"""What ends or turns a line, or is no character; bytes of file names, which are none either, stay (`system.border`)."""


_LONGEST, _HEAD, _TAIL = 1_400, 1_000, 300


def one_line(text: str) -> str:
    """A text that cannot break a line, or turn it around, without the middle of what is very long."""
    text = text if len(text) <= _LONGEST else f"{text[:_HEAD]} ... {text[-_TAIL:]}"
    return _BREAKS_A_LINE.sub(lambda found: repr(found[0])[1:-1], text)


class UserError(Exception):
    """The input, a file or a setting is wrong; the message is one plain sentence that names it and the way out.

    What a sentence quotes may come from strangers: whatever would break its line is escaped.
    """

    def __init__(self, *words: object) -> None:
        super().__init__(*(one_line(word) if isinstance(word, str) else word for word in words))


class EngineError(Exception):
    """The model, the memory or the device failed although the input was fine; one plain sentence."""


class OutOfMemoryError(EngineError):
    """A device has no room for something; with less asked of it, the same may work."""


class DeviceLostError(EngineError):
    """A GPU failed, or its driver gave it up: nothing more comes from it in this process, and in another it may."""


class Cancelled(Exception):  # noqa: N818 - not an error
    """The person stopped the work; nothing is wrong and nothing half-written is left."""
