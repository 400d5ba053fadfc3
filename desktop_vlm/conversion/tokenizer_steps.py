"""The steps of a normalizer, pre-tokenizer or post-processor in a tokenizer.json: one, or a sequence of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again

_SEQUENCES = {"normalizer": "normalizers", "pre_tokenizer": "pretokenizers", "post_processor": "processors"}


def steps_of(content: Mapping[str, Any], key: str, path: Path | str) -> list[dict[str, Any]]:
    """The steps at `key`; none where it is missing or null.

    Args:
        content: of a tokenizer.json.
        key: `normalizer`, `pre_tokenizer` or `post_processor`.
        path: the file, for sentences.

    Raises:
        UserError: they are no objects.
    """
    described = content.get(key) or {}
    if isinstance(described, dict) and described.get("type") == "Sequence":
        steps = described.get(_SEQUENCES[key], [])
    else:
        steps = [described] if described else []
    return objects(steps, key, path)


def objects(value: Any, key: str, path: Path | str) -> list[dict[str, Any]]:
    """`value`, which must be a list of objects.

    Raises:
        UserError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UserError(f"{path}: its `{key}` is broken: {get_again(Path(path))}.")
    return value
