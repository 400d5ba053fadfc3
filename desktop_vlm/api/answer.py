"""An answer as it comes."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARACTERS = 8_000_000
"""Of an answer, whatever was asked for."""


def most_characters(max_tokens: int) -> int:
    """How long the text of an answer of so many tokens may become: they have four characters or so, and rarely many."""
    return min(1024 + 64 * max_tokens, MOST_CHARACTERS)


@dataclass(frozen=True)
class Usage:
    """What an answer took.

    Attributes:
        prompt_tokens: tokens of the whole prompt; `cached_tokens` of them were still there from before.
        generated_tokens: tokens of the answer.
        dropped_messages: oldest messages left out so that the rest fits the context.
        encode_s: time for new images, in seconds (0 when they were still there from before).
        prefill_s, decode_s: time for the new part of the prompt, and for the answer.
    """

    prompt_tokens: int
    generated_tokens: int
    cached_tokens: int
    dropped_messages: int
    encode_s: float
    prefill_s: float
    decode_s: float

    @property
    def decode_tokens_per_s(self) -> float:
        """Generated tokens per second; 0 when there was nothing to measure."""
        return self.generated_tokens / self.decode_s if self.decode_s else 0.0


@dataclass(frozen=True)
class Chunk:
    """A piece of an answer.

    Attributes:
        text: what is new.
        finish_reason: None until the last chunk; then "stop" (the model ended its answer or reached a stop
            text), "length" (`max_tokens` or the context ran out) or "cancelled" (`Model.stop` was called).
        usage: on the last chunk only.
    """

    text: str
    finish_reason: str | None = None
    usage: Usage | None = None
