"""What a conversation has of its own instead of the settings, as JSON in its row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_vlm.history.folding import storable


@dataclass(frozen=True)
class OwnSettings:
    """What is asked differently in one conversation.

    Attributes:
        instructions: the system prompt; None for that of the settings, "" for none at all.
        sampling: options of the engine that replace those of the settings, by their names there.
        actions: ids of the quick actions that are shown first, in this order; None for those of the settings.
    """

    instructions: str | None = None
    sampling: Mapping[str, float | int] = field(default_factory=dict)
    actions: tuple[str, ...] | None = None

    @property
    def is_default(self) -> bool:
        """Whether everything is as the settings say."""
        return self == NOTHING_OWN


NOTHING_OWN = OwnSettings()


def written(own: OwnSettings) -> str:
    """As it is stored."""
    return json.dumps(as_values(own), ensure_ascii=False)


def as_values(own: OwnSettings) -> dict[str, Any]:
    """What differs from the settings, for JSON."""
    values: dict[str, Any] = {}
    if own.instructions is not None:
        values["instructions"] = storable(own.instructions)
    if own.sampling:
        values["sampling"] = dict(own.sampling)
    if own.actions is not None:
        values["actions"] = [storable(one) for one in own.actions]
    return values


def read(text: str) -> OwnSettings:
    """What was stored; whatever of it is damaged is as the settings say, because the conversation matters more."""
    if text in {"", "{}"}:
        return NOTHING_OWN
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return NOTHING_OWN
    return from_values(found)


def from_values(found: object) -> OwnSettings:
    """The reverse of `as_values`; what is of no use is left out."""
    if not isinstance(found, dict):
        return NOTHING_OWN
    instructions, sampling, actions = (found.get(name) for name in ("instructions", "sampling", "actions"))
    return OwnSettings(
        instructions if isinstance(instructions, str) else None,
        {name: value for name, value in sampling.items() if _is_number(value)} if isinstance(sampling, dict) else {},
        tuple(one for one in actions if isinstance(one, str)) if isinstance(actions, list) else None,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9  # NaN is not, either
