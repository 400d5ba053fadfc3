"""Finding a text in a conversation: in all that its messages say, whether it is laid out or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_vlm.history.folding import spans
from desktop_vlm.history.records import Message
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.ui.assistant.read_out import shown_markdown
from desktop_vlm.ui.markdown.chunks import groups
from desktop_vlm.ui.markdown.group_text import group_text
from desktop_vlm.ui.markdown.view import SHORT, length_shown

MOST_HITS = 10_000


@dataclass(frozen=True)
class Occurrence:
    """Where something stands: in a message, in the part of an answer of this number, the first there being 0."""

    message: int
    part: int
    occurrence: int


def parts_of(message: Message) -> list[str]:
    """The texts of a message's parts, as a view of it has them; what is too long to be shown is the last one."""
    if message.role == "user":
        return [message.text]
    markdown = shown_markdown(message)
    length = length_shown(markdown)
    shown, left_out = markdown[:length], markdown[length:]
    leaves = Parser().parse(shown)
    found = [group_text(group) for _, group in groups(leaves, 0, cut=len(shown) > SHORT)]
    return [*found, left_out] if left_out else found


def places_in(parts: Sequence[tuple[int, Sequence[str]]], sought: str) -> list[Occurrence]:
    """Where a text stands in messages, by their ids and parts; without regard to accents and capitals."""
    found: list[Occurrence] = []
    for message, texts in parts:
        for part, text in enumerate(texts):
            found += [Occurrence(message, part, number) for number in range(len(spans(text, [sought])))]
            if len(found) > MOST_HITS:
                return found[:MOST_HITS]
    return found
