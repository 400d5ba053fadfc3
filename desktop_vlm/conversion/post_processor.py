"""The special tokens that a tokenizer.json puts around a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.tokenizer_steps import objects, steps_of


def template_ends(content: dict[str, Any], path: Path) -> tuple[str | None, str | None]:
    """The special tokens that the post-processor puts in front of and behind a text.

    Raises:
        UserError: `path` asks for something else.
    """
    first = last = None
    for step in steps_of(content, "post_processor", path):
        kind = step.get("type", "ByteLevel")
        if kind == "TemplateProcessing":
            pieces = objects(step.get("single") or [], "post_processor", path)
            names = [_special(piece) for piece in pieces]
            place = names.index(None) if None in names else len(names)
            before, after = names[:place], names[place + 1 :]
            if len(before) > 1 or len(after) > 1 or place == len(names):
                raise UserError(f"{path}: llama.cpp cannot add the special tokens that {shown(str(pieces))} asks for.")
            first, last = (before or [None])[0], (after or [None])[0]
        elif kind != "ByteLevel":
            raise UserError(f"{path}: llama.cpp has no post-processor {shown(str(kind))}.")
    return first, last


def _special(piece: dict[str, Any]) -> str | None:
    """The special token that a piece of a template stands for; None for the text itself."""
    special = piece.get("SpecialToken")
    name = special.get("id") if isinstance(special, dict) else None
    return name if isinstance(name, str) else None
