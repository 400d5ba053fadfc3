"""The models that are damaged: a tiny one of each family, written into a folder."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.convert import convert
from tests.checkpoints import CHECKPOINTS, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.families.mtmd.gguf_pairs import write_pair, write_siglip
from tests.fuzz.gguf.document import Document
from tests.fuzz.gguf.edits import STRING, edited, setting

Pair = tuple[Path, Path]
"""A language model and its vision projector."""

NAMES = ("mllama", "mllama-q8", "llava", "pixtral", "qwen", "gemma", "internlm2")


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
    elif name == "internlm2":  # an architecture without a table
        write_pair(FAMILY_CHECKPOINTS["llava"], folder / name)
        edited(text, text, _of_another_architecture, setting("general.architecture", STRING, name))
    elif name == "gemma":
        write_pair(FAMILY_CHECKPOINTS["llava"], folder / name)
        width = FAMILY_CHECKPOINTS["llava"].config["text_config"]["hidden_size"]
        mmproj.unlink()
        write_siglip(mmproj, text_width=width)
    else:
        write_pair(FAMILY_CHECKPOINTS[name], folder / name)
    return text, mmproj


def _of_another_architecture(document: Document) -> None:
    """Llama's settings under InternLM 2's names; the tensors are the same."""
    for entry in document.entries:
        entry.key = entry.key.replace(b"llama.", b"internlm2.")
