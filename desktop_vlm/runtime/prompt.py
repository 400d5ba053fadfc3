"""What goes into the model: token ids, and the pictures that stand at the image tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Prompt:
    """A sequence for the model.

    Attributes:
        tokens: ids; `image_token` marks the place of a picture.
        images: content keys of the pictures, one per image token, in order.
        image_token: the id of `<|image|>`: one past the text model's vocabulary.
    """

    tokens: tuple[int, ...]
    images: tuple[str, ...]
    image_token: int

    def __post_init__(self) -> None:
        marks = self.tokens.count(self.image_token)
        if marks != len(self.images):
            raise ValueError(f"{marks} image tokens but {len(self.images)} pictures")

    def __len__(self) -> int:
        return len(self.tokens)

    def entries(self) -> list[int | str]:
        """The sequence with each image token replaced by its picture's key: what decides a row's content."""
        images = iter(self.images)
        return [next(images) if token == self.image_token else token for token in self.tokens]


@dataclass(frozen=True)
class Segment:
    """Consecutive tokens that see the same pictures: `tokens[start:stop]`."""

    start: int
    stop: int
    visible: tuple[str, ...]


def segments(prompt: Prompt) -> list[Segment]:
    """Cut a prompt where the visible pictures change.

    A token sees the last picture before it (its own, for an image token), and when several image tokens
    stand in a row, all of them up to its own place; tokens before the first picture see none. That is
    `get_cross_attention_token_mask` of transformers' processing_mllama.py.
    """
    visible = _visible(prompt.entries())
    starts = [i for i in range(len(visible)) if i == 0 or visible[i] != visible[i - 1]]
    ends = [*starts[1:], len(visible)]
    return [Segment(start, end, visible[start]) for start, end in zip(starts, ends, strict=True)]


def _visible(entries: Sequence[int | str]) -> list[tuple[str, ...]]:
    seen: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for i, entry in enumerate(entries):
        if isinstance(entry, str):
            in_a_row = i > 0 and isinstance(entries[i - 1], str)
            current = (*current, entry) if in_a_row else (entry,)
        seen.append(current)
    return seen


def common_prefix(a: Sequence[int | str], b: Sequence[int | str]) -> int:
    """How many entries two sequences share from their start on."""
    n = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        n += 1
    return n
