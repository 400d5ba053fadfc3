"""From a kept conversation to what the engine is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.history.records import Message
from desktop_vlm.ui.assistant.visible_pictures import pictures_of
from desktop_vlm.ui.pictures.composer import Prepared

VERDICT = "verdict"
"""In an answer's details: a safety model's answer as it wrote it; its text says it in words."""
UNSENT = "unsent_prompt"
"""In a question's options: how its text begins for the reader only (`QuickAction.sends_prompt`)."""


def chat_messages(
    thread: Sequence[Message],
    prepared: Prepared,
    system_prompt: str,
    *,
    judged: bool = False,
    texts: Mapping[int, str] | None = None,
) -> list[ChatMessage]:
    """Messages for the engine.

    Args:
        thread: the active branch, without the answer that is to be made.
        prepared: what is sent of its pictures. A composite stands with the last question that brought a visible
            picture, so that questions after it reuse all that was computed for it; other images stand in their own
            turns.
        system_prompt: instructions for the whole conversation; "" for none.
        judged: whether the model judges the conversation: instructions, verdicts and what only asked for them are no
            part of what is judged.
        texts: by a message's id, the text of images: before a question, and instead of an answer that was read out.
    """
    messages = []
    texts = texts or {}
    if system_prompt.strip() and not judged:
        messages.append(ChatMessage.of("system", system_prompt))
    images = _images_by_message(thread, prepared)
    for message in thread:
        held = images.get(message.id, [])
        text = _judged_text(message) if judged else _with_text(message, texts.get(message.id, ""))
        if held or text.strip():
            messages.append(ChatMessage.of(message.role, text, *held))
    return messages


def _with_text(message: Message, of_images: str) -> str:
    if not of_images or message.role != "user":
        return of_images or message.text
    return f"{of_images}\n\n{message.text}" if message.text.strip() else of_images


def _judged_text(message: Message) -> str:
    """What a message adds to a conversation that is judged."""
    if VERDICT in message.details:
        return ""
    unsent = message.details.get("options", {}).get(UNSENT, "") if message.role == "user" else ""
    return message.text.removeprefix(unsent).strip() if unsent else message.text


def _images_by_message(thread: Sequence[Message], prepared: Prepared) -> dict[int, list[str]]:
    """Which images stand with which message."""
    if prepared.composition:
        holders = [message.id for message in thread if any(picture.included for picture in message.pictures)]
        return {holders[-1]: [prepared.composition.sha256]} if holders else {}
    found: dict[int, list[str]] = {}
    for picture in pictures_of(thread).values():
        sent = [image.sha256 for image in prepared.images if image.picture == picture.sha256]  # then parts of it
        if sent and picture.included and picture.message_id is not None:
            found.setdefault(picture.message_id, []).extend(sent)
    return found


def title_of(text: str, pictures: Sequence[str], action: str) -> str:
    """A conversation's first title: what was asked, in some forty characters."""
    if action:
        return f"{action}: {pictures[0]}" if pictures else action
    line = next((line.strip() for line in text.splitlines() if line.strip()), "") or (pictures[0] if pictures else "")
    if len(line) <= 44:
        return line
    return line[:44].rsplit(" ", 1)[0] + "…"
