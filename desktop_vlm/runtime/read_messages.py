"""Messages as other programs write them (OpenAI's and Hugging Face's form) to turns of ours."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.images.collage import compose
from desktop_vlm.images.open import open_image
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.runtime.chat_format import Turn
from desktop_vlm.runtime.session import no_vision


def read_messages(
    messages: Sequence[Mapping[str, Any] | ChatMessage],
    canvas: tuple[int, int] | None,
    images: Mapping[str, OpenedImage] | None = None,
) -> tuple[list[Turn], dict[str, Image.Image]]:
    """Turns, and the images in them by content key.

    Args:
        messages: see `backend.Model.chat`.
        canvas: tile size in pixels and most tiles of an image; None for a model that sees none.
        images: those that a `ChatMessage` names.

    Raises:
        UserError: a message, a part or an image is not usable.
    """
    found: dict[str, Image.Image] = {}
    turns = []
    for message in messages:
        if isinstance(message, ChatMessage):
            role, texts = message.role, [message.text]
            opened = [(images or {})[image] for image in message.images]
        else:
            role, texts, opened = _read_mapping(message)
        if opened and canvas is None:
            raise no_vision()
        parts = [("text", text) for text in texts]
        if opened and canvas:
            image = opened[0] if len(opened) == 1 else _compose(opened, canvas)
            found[image.key] = image.pixels
            parts.insert(0, ("image", image.key))
        turns.append(Turn(role, tuple(parts)))
    return turns, found


def _read_mapping(message: Mapping[str, Any]) -> tuple[str, list[str], list[OpenedImage]]:
    """The role, the texts and the images of a message in the form that other programs use."""
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str):
        raise UserError("A message has no role; give each message a role and a content.")
    if isinstance(content, str):
        return role, [content], []
    if not isinstance(content, Sequence):
        raise UserError(f"A message of the {role} has no content; give a text or a list of parts.")
    texts, images = _read_parts(content)
    return role, texts, [OpenedImage.of(image) for image in images]


def _compose(images: Sequence[OpenedImage], canvas: tuple[int, int]) -> OpenedImage:
    tile_size, max_tiles = canvas
    return OpenedImage.of(compose([one.pixels for one in images], tile_size=tile_size, max_tiles=max_tiles).image)


def _read_parts(content: Sequence[Any]) -> tuple[list[str], list[Image.Image]]:
    texts, images = [], []
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif kind == "image" and part.get("image") is not None:
            images.append(_picture(part["image"]))
        elif kind == "image_url" and part.get("image_url"):
            url = part["image_url"]
            images.append(_picture_from_url(url["url"] if isinstance(url, Mapping) else url))
        else:
            raise UserError(
                f"A message has a part of the type {kind} that cannot be read; "
                "use text, image (with a picture, path or bytes) or image_url (with a data: URL)."
            )
    return texts, images


def _picture(source: Any) -> Image.Image:
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, (str, Path)):
        return open_image(Path(source))
    if isinstance(source, (bytes, bytearray)):
        return open_image(bytes(source), name="the picture in a message")
    raise UserError(f"A picture in a message is a {type(source).__name__}; give a PIL image, a path or bytes.")


def _picture_from_url(url: str) -> Image.Image:
    header, comma, data = url.partition(",")
    if not comma or not header.startswith("data:"):
        raise UserError("A picture's URL is not a data: URL; nothing is fetched from the network, so give the file.")
    try:
        raw = base64.b64decode(data, validate=True) if header.endswith(";base64") else unquote_to_bytes(data)
    except binascii.Error:
        raise UserError("A picture's data: URL is not valid base64; copy the picture again.") from None
    return open_image(raw, name="the picture in a data: URL")
