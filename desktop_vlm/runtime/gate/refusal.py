"""The sentences of the gate: the file, the field, what it is, what it must be, and the way out."""

from __future__ import annotations

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

WAY_OUT = "get the file again, or convert the model again"


def refused(file: GgufFile, what: str) -> UserError:
    """The sentence for a file that cannot be used; `what` names the field, what it is and what it must be."""
    return UserError(f"{file.path.name} cannot be used: {what}; {WAY_OUT}.")


def fields_of(file: GgufFile) -> Fields:
    """Look-ups of a file's settings that end in such sentences."""
    return Fields(file, WAY_OUT)
