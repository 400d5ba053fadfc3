"""The special tokens that a tokenizer.json puts around a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError


def template_ends(content: dict[str, Any], path: Path) -> tuple[str | None, str | None]:
    """The special tokens that the post-processor puts in front of and behind a text.

    Raises:
        UserError: `path` asks for something else.
    """
    processor = content.get("post_processor") or {}
    steps = processor.get("processors", []) if processor.get("type") == "Sequence" else [processor]
    first = last = None
    for step in steps:
        kind = step.get("type", "ByteLevel")
        if kind == "TemplateProcessing":
            pieces = step.get("single") or []
            names = [(piece.get("SpecialToken") or {}).get("id") for piece in pieces]
            place = names.index(None) if None in names else len(names)
            before, after = names[:place], names[place + 1 :]
            if len(before) > 1 or len(after) > 1 or place == len(names):
                raise UserError(f"{path}: llama.cpp cannot add the special tokens that {pieces} asks for.")
            first, last = (before or [None])[0], (after or [None])[0]
        elif kind != "ByteLevel":
            raise UserError(f"{path}: llama.cpp has no post-processor {kind}.")
    return first, last
