"""Ways to choose the next word that have a name."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOM = "custom"
"""The preset of those who set the numbers themselves."""


@dataclass(frozen=True)
class SamplingPreset:
    """A named set of sampling options.

    Attributes:
        label: its name.
        note: one sentence on what it is good for.
        values: options of the engine (`SamplingOptions`) and their values; all that shape the choice.
    """

    label: str
    note: str
    values: dict[str, float | int]


SAMPLING_PRESETS: dict[str, SamplingPreset] = {
    "precise": SamplingPreset(
        "Precise",
        "Always the likeliest word. Best for copying text and reading numbers; the same question gets the same answer.",
        {"temperature": 0.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "repeat_penalty": 1.0},
    ),
    "balanced": SamplingPreset(
        "Balanced",
        "What Meta recommends for Llama 3.2: temperature 0.6, top-p 0.9. The demo reads pictures as with Precise.",
        {"temperature": 0.6, "top_k": 40, "top_p": 0.9, "min_p": 0.0, "repeat_penalty": 1.0},
    ),
    # The published pair relies on min-p alone to cut off what is unlikely, so the other cuts are off.
    "creative": SamplingPreset(
        "Creative (1.5 / min-p 0.1)",
        "Livelier answers, as often recommended for this model: temperature 1.5, min-p 0.1.",
        {"temperature": 1.5, "top_k": 0, "top_p": 1.0, "min_p": 0.1, "repeat_penalty": 1.0},
    ),
}
