"""What goes into the model: token ids, and images with the room that they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from desktop_vlm.runtime.vision_runner import ImageSpan

Entry = int | ImageSpan
"""A token id, or an image with all that its family puts around it."""


@dataclass(frozen=True)
class Prompt:
    """A sequence for the model.

    Attributes:
        entries: token ids and images, in order.
    """

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, tokens: Iterable[int], spans: Sequence[ImageSpan], image_token: int) -> Prompt:
        """From token ids, where each `image_token` stands for the next of `spans`.

        Raises:
            ValueError: there are more of the ones than of the others.
        """
        ids = tuple(tokens)
        marks = ids.count(image_token)
        if marks != len(spans):
            raise ValueError(f"{marks} image tokens but {len(spans)} images")
        rest = iter(spans)
        return cls(tuple(next(rest) if token == image_token else token for token in ids))

    @cached_property
    def n_tokens(self) -> int:
        """Cells of the KV cache that it takes."""
        return n_tokens(self.entries)


def n_tokens(entries: Iterable[Entry]) -> int:
    """Cells of the KV cache that a sequence takes."""
    return sum(entry.n_tokens if isinstance(entry, ImageSpan) else 1 for entry in entries)


def positions(entries: Iterable[Entry]) -> list[int]:
    """The position of every entry, and the one after the last."""
    steps = (entry.n_positions if isinstance(entry, ImageSpan) else 1 for entry in entries)
    return list(accumulate(steps, initial=0))


@dataclass(frozen=True)
class Segment:
    """Consecutive entries that see the same images: `entries[start:stop]`."""

    start: int
    stop: int
    visible: tuple[str, ...]


def segments(entries: Sequence[Entry]) -> list[Segment]:
    """Cut a sequence where the visible images change, for models whose rows look at images by cross-attention.

    A token sees the last image before it (its own, for an image's row), and when several images stand in a row, all
    of them up to its own place; tokens before the first image see none. That is `get_cross_attention_token_mask` of
    transformers' processing_mllama.py.
    """
    visible = _visible(entries)
    starts = [i for i in range(len(visible)) if i == 0 or visible[i] != visible[i - 1]]
    ends = [*starts[1:], len(visible)]
    return [Segment(start, end, visible[start]) for start, end in zip(starts, ends, strict=True)]


def _visible(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    seen: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for i, entry in enumerate(entries):
        if isinstance(entry, ImageSpan):
            in_a_row = i > 0 and isinstance(entries[i - 1], ImageSpan)
            current = (*current, entry.key) if in_a_row else (entry.key,)
        seen.append(current)
    return seen


def runs(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Cut a sequence into runs of text and single images: `entries[start:stop]` each."""
    start = 0
    for i, entry in enumerate(entries):
        if isinstance(entry, ImageSpan):
            if start < i:
                yield start, i
            yield i, i + 1
            start = i + 1
    if start < len(entries):
        yield start, len(entries)


def common_prefix(a: Sequence[Entry], b: Sequence[Entry]) -> int:
    """How many entries two sequences share from their start on."""
    n = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        n += 1
    return n
