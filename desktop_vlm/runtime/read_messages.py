"""Messages as other programs write them (OpenAI's and Hugging Face's form) to turns and images."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from PIL import Image

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.images.collage import compose
from desktop_vlm.images.open import open_image
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.runtime.chat_format import Turn
from desktop_vlm.runtime.session import no_vision

_REMEMBERED_COMPOSITES = 4

_Part = str | OpenedImage


class MessageReader:
    """Reads conversations for one model; a composite is made once, however often its conversation goes on."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities
        self._composites: OrderedDict[tuple[str, ...], OpenedImage] = OrderedDict()

    def read(
        self,
        messages: Sequence[Mapping[str, Any] | ChatMessage],
        images: Mapping[str, OpenedImage] | None = None,
    ) -> tuple[list[Turn], dict[str, Image.Image]]:
        """Turns, and the images in them by content key.

        Args:
            messages: see `backend.Model.chat`.
            images: those that `ChatMessage`s name.

        Raises:
            UserError: a message, a part or an image is not usable, or there are more images than the model takes.
        """
        found: dict[str, Image.Image] = {}
        turns = []
        for message in messages:
            role, parts = _read(message, images or {})
            parts = self._in_order(parts)
            found.update((part.key, part.pixels) for part in parts if isinstance(part, OpenedImage))
            turns.append(Turn(role, tuple(_of_turn(part) for part in parts)))
        self._check_count(sum(len(turn.images) for turn in turns))
        return turns, found

    def _check_count(self, n_images: int) -> None:
        most = self._capabilities.max_images
        if most > 1 and n_images > most:
            raise UserError(
                f"The conversation holds {n_images} images, and this model takes {most}; remove some or start a new "
                "conversation."
            )

    def _in_order(self, parts: list[_Part]) -> list[_Part]:
        """The parts as the model takes them: several images as one, where it sees one at a time."""
        images = [part for part in parts if isinstance(part, OpenedImage)]
        if images and not self._capabilities.max_images:
            raise no_vision()
        if not images or not self._capabilities.composes_images:
            return parts
        image = images[0] if len(images) == 1 else self._composite(images)
        return [image, *(part for part in parts if isinstance(part, str))]

    def _composite(self, images: Sequence[OpenedImage]) -> OpenedImage:
        sizing = self._capabilities.sizing
        assert sizing is not None  # a model with images has one
        keys = tuple(image.key for image in images)
        if keys not in self._composites:
            tile_size, max_tiles = sizing.canvas
            made = compose([one.pixels for one in images], tile_size=tile_size, max_tiles=max_tiles)
            self._composites[keys] = OpenedImage.of(made.image)
            while len(self._composites) > _REMEMBERED_COMPOSITES:
                self._composites.popitem(last=False)
        self._composites.move_to_end(keys)
        return self._composites[keys]


def _of_turn(part: _Part) -> tuple[str, str]:
    return ("image", part.key) if isinstance(part, OpenedImage) else ("text", part)


def _read(message: Mapping[str, Any] | ChatMessage, images: Mapping[str, OpenedImage]) -> tuple[str, list[_Part]]:
    """The role of a message, and its texts and images in their order."""
    if isinstance(message, ChatMessage):
        return message.role, [part.text if part.image is None else images[part.image] for part in message.parts]
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str):
        raise UserError("A message has no role; give each message a role and a content.")
    if isinstance(content, str):
        return role, [content]
    if not isinstance(content, Sequence):
        raise UserError(f"A message of the {role} has no content; give a text or a list of parts.")
    return role, [_read_part(part) for part in content]


def _read_part(part: Any) -> _Part:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind == "text" and isinstance(part.get("text"), str):
        text: str = part["text"]
        return text
    if kind == "image" and part.get("image") is not None:
        return opened(part["image"], part.get("page"))
    if kind == "image_url" and part.get("image_url"):
        url = part["image_url"]
        return OpenedImage.of(_image_from_url(url["url"] if isinstance(url, Mapping) else url))
    raise UserError(
        f"A message has a part of the type {kind} that cannot be read; "
        "use text, image (with an image, path or bytes) or image_url (with a data: URL)."
    )


def opened(source: Any, page: int | None = None) -> OpenedImage:
    """An image, decoded and identified.

    Args:
        source: an `OpenedImage`, which is taken as it is; or a PIL image, path or bytes.
        page: of a file with several pages or frames, from 1; without it, the first visible one.

    Raises:
        UserError: it is none of these, or cannot be read.
    """
    if isinstance(source, OpenedImage):
        return source
    if isinstance(source, Image.Image):
        return OpenedImage.of(source)
    if isinstance(source, (str, Path)):
        return OpenedImage.of(open_image(Path(source), page=page))
    if isinstance(source, (bytes, bytearray)):
        return OpenedImage.of(open_image(bytes(source), name="the image in a message", page=page))
    raise UserError(f"An image in a message is a {type(source).__name__}; give a PIL image, a path or bytes.")


def _image_from_url(url: str) -> Image.Image:
    header, comma, data = url.partition(",")
    if not comma or not header.startswith("data:"):
        raise UserError("An image's URL is not a data: URL; nothing is fetched from the network, so give the file.")
    try:
        raw = base64.b64decode(data, validate=True) if header.endswith(";base64") else unquote_to_bytes(data)
    except binascii.Error:
        raise UserError("An image's data: URL is not valid base64; copy the image again.") from None
    return open_image(raw, name="the image in a data: URL")
