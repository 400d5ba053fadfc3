"""The models that are damaged: a tiny one of each family, written into a folder."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.convert import convert
from tests.checkpoints import CHECKPOINTS, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.families.mtmd.gguf_pairs import write_pair, write_siglip

Pair = tuple[Path, Path]
"""A language model and its vision projector."""

NAMES = ("mllama", "mllama-q8", "llava", "pixtral", "qwen", "gemma")


def write_subject(name: str, folder: Path) -> Pair:
    """Write one of `NAMES` into `folder`, unless it is there."""
    text, mmproj = folder / name / "text.gguf", folder / name / "mmproj.gguf"
    if mmproj.exists():
        return text, mmproj
    if name.startswith("mllama"):
        kind = "Q8_0" if name.endswith("q8") else "F32"
        files = convert(
            build(CHECKPOINTS["alpha"], folder / "checkpoint"), folder / name, text_type=kind, vision_type=kind
        )
        files.text.rename(text)
        files.mmproj.rename(mmproj)
    elif name == "gemma":
        write_pair(FAMILY_CHECKPOINTS["llava"], folder / name)
        width = FAMILY_CHECKPOINTS["llava"].config["text_config"]["hidden_size"]
        mmproj.unlink()
        write_siglip(mmproj, text_width=width)
    else:
        write_pair(FAMILY_CHECKPOINTS[name], folder / name)
    return text, mmproj
