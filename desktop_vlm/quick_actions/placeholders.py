"""Words in curly braces that stand in prompts for something that the person chooses: `{language}`.

A new one is one entry here, and the setting that it names; it is filled in, and offered where the action is, by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_vlm.settings.declarations import Settings


@dataclass(frozen=True)
class Placeholder:
    """One of them.

    Attributes:
        name: without the braces.
        label, icon: what is chosen, in a menu.
        section, setting: where the choice is kept.
        choices: that are offered; others can be written into the setting.
    """

    name: str
    label: str
    icon: str
    section: str
    setting: str
    choices: tuple[str, ...]


PLACEHOLDERS = (
    Placeholder(
        "language",
        "Translate into",
        "languages",
        "answers",
        "language",
        (
            *("Arabic", "Chinese", "Czech", "Dutch", "English", "French", "German", "Greek", "Hindi", "Italian"),
            *("Japanese", "Korean", "Polish", "Portuguese", "Russian", "Spanish", "Swedish", "Turkish", "Ukrainian"),
        ),
    ),
)


def values_of(settings: Settings, otherwise: Mapping[str, str]) -> dict[str, str]:
    """What each stands for; `otherwise` holds what is taken where nothing was chosen."""
    chosen = {one.name: str(getattr(getattr(settings, one.section), one.setting)).strip() for one in PLACEHOLDERS}
    return {name: value or otherwise.get(name, "") for name, value in chosen.items()}
