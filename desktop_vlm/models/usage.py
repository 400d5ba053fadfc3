"""When models were used last, and how fast they were: `.usage.json` in the models folder, by the language model's path.

It is worth no error: where it cannot be read or written, nothing is known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filelock

from desktop_vlm.api.library import Speed
from desktop_vlm.system.bounded.json_text import optional_object

_FILE = ".usage.json"
_MOST_BYTES = 1 << 20
_MOST_MODELS = 300
_LOCK_S = 0.2


@dataclass(frozen=True)
class Usage:
    """What is known of a model's use; `last_used` is UTC, empty for never."""

    last_used: str = ""
    speed: Speed = field(default_factory=Speed)


def read_usage(folder: Path) -> dict[str, Usage]:
    """Path of a language model -> its use."""
    table = optional_object(folder / _FILE, _MOST_BYTES)
    return {key: _usage(value) for key, value in table.items() if isinstance(value, dict)}


def note_usage(folder: Path, text: Path, when: str, speed: Speed) -> None:
    """Note that a model was used, and how fast it was; a speed of 0 was not measured and leaves the old one."""
    with suppress(OSError, filelock.Timeout, NotImplementedError):
        if not folder.is_dir():
            return
        with filelock.FileLock(folder / f"{_FILE}.lock").acquire(timeout=_LOCK_S):
            known = read_usage(folder)
            old = known.pop(str(text), Usage()).speed
            merged = Speed(speed.decode_tokens_per_s or old.decode_tokens_per_s, speed.encode_s or old.encode_s)
            known[str(text)] = Usage(when, merged)
            _write(folder / _FILE, dict(list(known.items())[-_MOST_MODELS:]))


def _usage(value: Mapping[str, Any]) -> Usage:
    numbers = [value.get(key, 0.0) for key in ("decode_tokens_per_s", "encode_s")]
    speed = Speed(*(float(one) if isinstance(one, (int, float)) and 0 <= one < 1e9 else 0.0 for one in numbers))
    last_used = value.get("last_used", "")
    return Usage(last_used if isinstance(last_used, str) else "", speed)


def _write(path: Path, known: Mapping[str, Usage]) -> None:
    table = {
        key: {
            "last_used": one.last_used,
            "decode_tokens_per_s": round(one.speed.decode_tokens_per_s, 2),
            "encode_s": round(one.speed.encode_s, 3),
        }
        for key, one in known.items()
    }
    partial = path.with_name(f"{_FILE}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(table, indent=1), encoding="ascii")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
