"""What holds for every model file, whatever is in it."""

from __future__ import annotations

from desktop_vlm.runtime.gate.layout import check_layout
from desktop_vlm.runtime.gate.names import check_names
from desktop_vlm.runtime.gate.types import check_types
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile


def check_file(file: GgufFile) -> None:
    """Check where the tensors' data lies, their names and their types.

    Raises:
        UserError: one cannot be a model's; the sentence names it.
    """
    check_layout(file)
    check_names(file)
    check_types(file)
