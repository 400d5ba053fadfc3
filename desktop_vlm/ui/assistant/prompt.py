"""From a kept conversation to what the engine is asked."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.history.records import Message
from desktop_vlm.ui.assistant.visible_pictures import pictures_of
from desktop_vlm.ui.pictures.composer import Prepared


def chat_messages(thread: Sequence[Message], prepared: Prepared, system_prompt: str) -> list[ChatMessage]:
    """Messages for the engine.

    Args:
        thread: the active branch, without the answer that is to be made.
        prepared: what is sent of its pictures. A composite stands with the last question that brought a visible
            picture, so that questions after it reuse all that was computed for it; other images stand in their own
            turns.
        system_prompt: instructions for the whole conversation; "" for none.
    """
    messages = []
    if system_prompt.strip():
        messages.append(ChatMessage.of("system", system_prompt))
    images = _images_by_message(thread, prepared)
    for message in thread:
        held = images.get(message.id, [])
        if held or message.text.strip():
            messages.append(ChatMessage.of(message.role, message.text, *held))
    return messages


def _images_by_message(thread: Sequence[Message], prepared: Prepared) -> dict[int, list[str]]:
    """Which images stand with which message."""
    if prepared.composition:
        holders = [message.id for message in thread if any(picture.included for picture in message.pictures)]
        return {holders[-1]: [prepared.composition.sha256]} if holders else {}
    sent = prepared.files
    found: dict[int, list[str]] = {}
    for picture in pictures_of(thread).values():
        if picture.sha256 in sent and picture.included and picture.message_id is not None:
            found.setdefault(picture.message_id, []).append(picture.sha256)
    return found


def title_of(text: str, pictures: Sequence[str], action: str) -> str:
    """A conversation's first title: what was asked, in some forty characters."""
    if action:
        return f"{action}: {pictures[0]}" if pictures else action
    line = next((line.strip() for line in text.splitlines() if line.strip()), "") or (pictures[0] if pictures else "")
    if len(line) <= 44:
        return line
    return line[:44].rsplit(" ", 1)[0] + "…"
