"""Noting for the list of models that one was used, and how fast it was, also from a process that may write no files."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from desktop_vlm.api.library import Speed
from desktop_vlm.cli import supervision
from desktop_vlm.cli.hub_options import models_folder
from desktop_vlm.models.library import note_use


def note(text: Path, speed: Speed) -> None:
    """Note it, here or in the process that waits for this one."""
    line = json.dumps([str(text), speed.decode_tokens_per_s, speed.encode_s])
    if not supervision.report(line):
        take(line)


def take(line: str) -> None:
    """Note what another process reports; anything else is passed over."""
    with suppress(ValueError, TypeError):
        text, decode_tokens_per_s, encode_s = json.loads(line)
        note_use(models_folder(), Path(str(text)), Speed(float(decode_tokens_per_s), float(encode_s)))
