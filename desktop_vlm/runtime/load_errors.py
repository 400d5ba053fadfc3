"""What llama.cpp's error lines say of a load that failed, as a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_vlm.api.errors import EngineError, OutOfMemoryError, UserError

_LONGEST_REASON = 300


def load_error(path: Path, errors: list[str]) -> Exception:
    """The error to raise for llama.cpp's error lines of a load that failed."""
    text = " ".join(errors)
    if re.search(r"out of memory|failed to allocate|unable to allocate|alloc.*failed", text, re.IGNORECASE):
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
