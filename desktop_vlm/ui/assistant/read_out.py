"""Answers that no model made: the text of the pictures, as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message
from desktop_vlm.images.text_layer.forms import fenced, plain_text
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture, pictures_of

READS = "reads"
"""In a question's options: what answers it where it can (`QuickAction.reads`)."""


def asks_for_text(options: Mapping[str, Any]) -> bool:
    """Whether a question is answered by the text of its pictures."""
    return options.get(READS) == "text"


def pictures_to_read(thread: Sequence[Message]) -> tuple[VisiblePicture, ...]:
    """The pictures that a question is about: those that came with it, or else all that the model would see."""
    included = [picture for picture in pictures_of(thread).values() if picture.included]
    own = tuple(picture for picture in included if thread and picture.message_id == thread[-1].id)
    return own or tuple(included)


def read_out(pictures: Sequence[tuple[str, TextLayer]], numbers: Sequence[int] = ()) -> tuple[str, str]:
    """The text of pictures, by their names, and where it is from; ("", "") where there is none.

    Several pictures have a line with number and name above their text; `numbers` are those in the conversation, from 1
    if they are not given.
    """
    texts = [(name, _text(layer), layer.source) for name, layer in pictures]
    if not any(text for _, text, _ in texts):
        return "", ""
    source = "ocr" if any(source == "ocr" for _, text, source in texts if text) else "pdf"
    if len(texts) == 1:
        return texts[0][1], source
    heading = QCoreApplication.translate("Assistant", "Picture {0}: {1}")
    none = QCoreApplication.translate("Assistant", "(no text)")
    counted = numbers or range(1, len(texts) + 1)
    parts = (f"{heading.format(at, name)}\n{text or none}" for at, (name, text, _) in zip(counted, texts, strict=True))
    return "\n\n".join(parts), source


def _text(layer: TextLayer) -> str:
    codes = (f"{code.symbology}: {code.text}" for code in layer.codes)
    return "\n\n".join(filter(None, (plain_text(layer), "\n".join(codes))))


def shown_markdown(message: Message) -> str:
    """An answer for a Markdown view: what was read out stands there letter by letter, whatever is in it."""
    return fenced(message.text) if is_read_out(message) and message.text else message.text
