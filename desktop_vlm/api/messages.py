"""A conversation as it travels from the window to the model; no Qt and no engine here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a message: text, or an image.

    Attributes:
        text: what is written; "" where this is an image.
        image: what tells the image apart, such as the SHA-256 of its file; None where this is text. The image itself
            is handed over beside the messages.
    """

    text: str = ""
    image: str | None = None


@dataclass(frozen=True)
class ChatMessage:
    """What one side said.

    Attributes:
        role: "system", "user" or "assistant".
        parts: in reading order.
    """

    role: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, role: str, text: str, *images: str) -> ChatMessage:
        """A message of images, if there are any, and a text after them."""
        return cls(role, (*(Part(image=image) for image in images), Part(text)))

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(part.image for part in self.parts if part.image is not None)
