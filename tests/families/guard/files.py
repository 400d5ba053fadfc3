"""The files of a tiny Llama Guard."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.convert import ModelFiles, convert
from tests.checkpoints import CHECKPOINTS, build, write_json

TEMPLATE = "{{ bos_token }}<BEGIN UNSAFE CONTENT CATEGORIES>S1: Violent Crimes.<END UNSAFE CONTENT CATEGORIES>"
"""What tells it from the models that chat."""


def guard_files(folder: Path) -> ModelFiles:
    """Convert a tiny checkpoint with Llama Guard's chat template."""
    checkpoint = build(CHECKPOINTS["alpha"], folder / "checkpoint")
    write_json(checkpoint / "chat_template.json", {"chat_template": TEMPLATE})
    return convert(checkpoint, folder / "converted", text_type="F32", vision_type="F32")
