"""From a kept conversation to what the engine is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop_vlm.history.records import Message


def chat_messages(thread: Sequence[Message], picture: bytes | None, system_prompt: str) -> list[dict[str, Any]]:
    """Messages for the engine.

    Args:
        thread: the active branch, without the answer that is to be made.
        picture: the composite, as a file's bytes. It stands with the last question that brought a visible
            picture, so that questions after it reuse all that was computed for it.
        system_prompt: instructions for the whole conversation; "" for none.
    """
    messages: list[dict[str, Any]] = []
    if system_prompt.strip():
        messages.append({"role": "system", "content": system_prompt})
    place = _place_of_picture(thread) if picture is not None else None
    for message in thread:
        if message.id == place:
            parts = [{"type": "image", "image": picture}, {"type": "text", "text": message.text}]
            messages.append({"role": message.role, "content": parts})
        elif message.text.strip():
            messages.append({"role": message.role, "content": message.text})
    return messages


def _place_of_picture(thread: Sequence[Message]) -> int | None:
    """The last question with a picture that is switched on."""
    holders = [message.id for message in thread if any(picture.included for picture in message.pictures)]
    return holders[-1] if holders else None


def title_of(text: str, pictures: Sequence[str], action: str) -> str:
    """A conversation's first title: what was asked, in some forty characters."""
    if action:
        return f"{action}: {pictures[0]}" if pictures else action
    line = next((line.strip() for line in text.splitlines() if line.strip()), "") or (pictures[0] if pictures else "")
    if len(line) <= 44:
        return line
    return line[:44].rsplit(" ", 1)[0] + "…"
