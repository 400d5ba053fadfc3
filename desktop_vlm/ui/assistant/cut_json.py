"""Answers that were to be JSON and ended before it was complete: their last complete form, and the way back."""

from __future__ import annotations

from dataclasses import replace

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.structured.closing import close_json

_CUT_TEXT = "cut_text"
"""In an answer's details: what the model wrote, where that was closed; "" where it is as it was again."""


def is_closed(message: Message) -> bool:
    """Whether an answer is shown in its last complete form."""
    return bool(message.details.get(_CUT_TEXT))


def can_close(message: Message) -> bool:
    """Whether an answer was to be JSON, ended before it was complete, and has not been closed."""
    ended = message.state not in {MessageState.COMPLETE, MessageState.STREAMING}
    is_json = bool((message.details.get("options") or {}).get("json_schema"))
    return ended and is_json and bool(message.text) and _closed(message.text) not in {"", message.text}


def closed(message: Message) -> Message:
    """An answer that `can_close`, closed."""
    return replace(message, text=_closed(message.text), details={**message.details, _CUT_TEXT: message.text})


def as_it_was(message: Message) -> Message:
    """An answer that `is_closed`, as the model wrote it."""
    return replace(message, text=message.details[_CUT_TEXT], details={**message.details, _CUT_TEXT: ""})


def _closed(text: str) -> str:
    try:
        return close_json(text)
    except ValueError:
        return ""
