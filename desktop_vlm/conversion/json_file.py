"""JSON files of a checkpoint, read with errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.system.bounded.files import MAX_TEXT_BYTES
from desktop_vlm.system.bounded.json_text import read_json_object
from desktop_vlm.system.bounded.links import check_belongs
from desktop_vlm.system.bounded.section import Section

MOST_LAYERS, MOST_TOKENS, MOST_PX, MOST_WIDTH = 1000, 1 << 20, 1 << 14, 1 << 20
"""More than any model has: what is far beyond is a mistake, and would take long to find out."""


def read_object(path: Path, *, most_bytes: int = MAX_TEXT_BYTES) -> dict[str, Any]:
    """The object that the JSON file `path` holds.

    Raises:
        UserError: the file is missing, unreadable, broken, a link to another one, or holds something else than an
            object.
    """
    if not path.exists():
        raise UserError(f"{path} is missing: {get_again(path, 'the whole checkpoint')}.")
    check_belongs(path)
    return read_json_object(path, get_again(path), most_bytes=most_bytes)


def read_optional_object(path: Path) -> dict[str, Any]:
    """Like `read_object`, but a missing file reads as an empty object."""
    return read_object(path) if path.exists() else {}


def section_of(content: Mapping[str, Any], path: Path) -> Section:
    """The object that was read from `path`, to be read key by key."""
    return Section(content, str(path), get_again(path))
