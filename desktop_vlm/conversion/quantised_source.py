"""Checkpoints whose settings say that they are quantised: which of them are, which can be converted, what is lost."""

from __future__ import annotations

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.bitsandbytes import EIGHT_BITS, FOUR_BITS
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.conversion.recipe import Settings

_BITSANDBYTES = "bitsandbytes"
_FINE = ("F32", "BF16", "F16", "Q8_0", "Q6_K")
"""Types that lose next to nothing of a matrix of 4 bits."""


def method(settings: Settings) -> str:
    """How config.json says that the weights are quantised; empty where it does not."""
    section = settings.config.get("quantization_config")
    if not section:
        return ""
    if not isinstance(section, dict):
        return "unknown"
    if section.get("load_in_4bit") or section.get("load_in_8bit"):
        return _BITSANDBYTES
    return str(section.get("quant_method", "unknown"))


def can_convert(settings: Settings) -> bool:
    """Whether quantised weights of that kind can be read."""
    return method(settings) in ("", _BITSANDBYTES)


def refusal(settings: Settings) -> UserError:
    """For weights that were quantised in another way than bitsandbytes'."""
    return UserError(
        f"{settings.folder} is already quantised ({method(settings)}): convert the original checkpoint instead."
    )


def notes(settings: Settings, checkpoint: Checkpoint, file_types: list[FileType]) -> list[str]:
    """What a person should know of the weights' quantisation before they are converted to `file_types`."""
    found = {tensor.dtype for tensor in checkpoint.tensors.values()} & {FOUR_BITS, EIGHT_BITS}
    if not found:
        return [_stale(settings)] if method(settings) else []
    coarse = [file_type.name for file_type in file_types if file_type.name not in _FINE]
    if FOUR_BITS not in found or not coarse:
        return []
    note = (
        f"{checkpoint.folder} has weights of 4 bits (bitsandbytes), which {coarse[0]} quantises a second time: "
        "Q6_K or Q8_0 keeps what is left, and the original checkpoint has more."
    )
    return [note]


def _stale(settings: Settings) -> str:
    where = settings.folder / "config.json"
    return f"{where} says that the weights are quantised ({method(settings)}), but they are plain, and taken so."
