"""What is kept in the details of messages for more than one room: the keys, and what they mean."""

from __future__ import annotations

from desktop_vlm.history.records import Message

IMAGE_TEXT = "image_text"
"""Of a question: SHA-256 of an image -> the `Excerpt` of its text that went along, as JSON."""
IMAGE_TEXT_OFF = "image_text_off"
"""Of a question: SHA-256s of the images whose text the person kept back."""
POINTERS = "pointers"
"""Of a question: SHA-256 of an image -> the places in it that the question is about, as boxes (`images.pointing`)."""
READ_BY = "read_by"
"""Of an answer: "ocr" or "pdf" where it is the text of images and no model made it."""
READ_IMAGES = "read_images"
"""Of such an answer: SHA-256s of these images."""
REPEATS = "repeats"
"""Of an answer that was cut: true where that was because it only repeated itself."""
QUEUED = "queued"
"""Of an answer that was stopped before it was its turn: true; read, it is its state."""


def is_read_out(message: Message) -> bool:
    """Whether an answer is the text of images, and no model's."""
    return bool(message.details.get(READ_BY))
