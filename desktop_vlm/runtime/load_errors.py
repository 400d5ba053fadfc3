"""What llama.cpp's error lines say of a load that failed, as a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_vlm.api.errors import DeviceLostError, EngineError, OutOfMemoryError, UserError

_LONGEST_REASON = 300
_NO_MEMORY = re.compile(
    r"out[ _]?of[ _]?(?:(?:device|host|pool)[ _]?)?memory|failed to allocate|unable to allocate|alloc.*failed",
    re.IGNORECASE,
)
_DEVICE_LOST = re.compile(
    r"^(?:\w+: )?device lost on |: ErrorDeviceLost\b|\bUR_RESULT_ERROR_DEVICE_LOST\b", re.MULTILINE
)
"""Exceptions of Vulkan and SYCL that llama.cpp catches while it loads, and ggml's own line before; no file's name."""


def load_error(path: Path, errors: list[str]) -> Exception:
    """The error to raise for llama.cpp's error lines of a load that failed."""
    text = " ".join(errors)
    if _DEVICE_LOST.search("\n".join(errors)):
        return device_lost(path.name)
    if _NO_MEMORY.search(text):
        return OutOfMemoryError(f"There is not enough memory to load {path.name}; choose a smaller quantisation.")
    if "CLIP cannot be used as main model" in text:
        return UserError(f"{path.name} is the vision projector of a model; give the text GGUF that was made with it.")
    architecture = re.search(r"unknown model architecture: '([^']*)'", text)
    if architecture:
        return UserError(
            f"{path.name} is a model of the architecture {architecture[1]}, which this llama.cpp does not know; "
            "give another model."
        )
    return UserError(f"{path.name} cannot be loaded ({reason_of(errors)}); convert or download it again.")


def projector_error(name: str, text_name: str, reason: str) -> Exception:
    """The error to raise for what libmtmd said of a vision projector `name` that it did not load."""
    if "mismatch between text model" in reason:
        return UserError(f"{name} was not made for {text_name}: their widths differ; use two files of one model.")
    if _DEVICE_LOST.search(reason):
        return device_lost(name)
    if "allocate" in reason or _NO_MEMORY.search(reason):
        return OutOfMemoryError(f"There is not enough memory to load {name}; choose fewer layers on the GPU.")
    found = reason_of([reason.split("; ", maxsplit=1)[0]] if reason else [])
    return UserError(f"{name} cannot be loaded by this llama.cpp ({found}); convert or download it again.")


def context_error(name: str, n_ctx: int, errors: list[str]) -> EngineError:
    """The error to raise for a context that llama.cpp did not make for the model `name`."""
    if _DEVICE_LOST.search("\n".join(errors)):
        return device_lost(name)
    reason = f": {reason_of(errors)}" if errors else ""
    return OutOfMemoryError(
        f"There is not enough memory for a context of {n_ctx:,} tokens{reason}; "
        "choose a shorter context or fewer layers on the GPU."
    )


def device_lost(name: str) -> DeviceLostError:
    """The error for a GPU that is gone while `name` is loaded, of which the file is innocent."""
    return DeviceLostError(
        f"The GPU's driver gave the GPU up while {name} was loaded; try again, and if it stays so, choose fewer layers "
        "on the GPU or update its driver."
    )


def context_too_large(n_tokens: int, n_bytes: int, free_bytes: int) -> EngineError:
    """The error for a KV cache that no memory here could hold."""
    return EngineError(
        f"A context of {n_tokens:,} tokens takes {n_bytes / 2**30:,.1f} GiB, and this machine has "
        f"{free_bytes / 2**30:,.1f} GiB; choose a shorter context."
    )


def reason_of(errors: list[str]) -> str:
    """The most telling of llama.cpp's error lines, without its function names; names in it are the file's."""
    for line in errors:
        found = re.search(r"error loading model: (.*)", line, re.DOTALL)
        if found:
            return _in_one_line(found[1])
    line = errors[0] if errors else "no reason was given"
    return _in_one_line(re.sub(r"^\w+: ", "", line))


def _in_one_line(text: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return shown[:_LONGEST_REASON].rstrip(". ")
