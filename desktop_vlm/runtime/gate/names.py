"""Names of tensors: parts with points between them, which every reader takes apart."""

from __future__ import annotations

import re

from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_NAME = re.compile(r"[^.\s]+(\.[^.\s]+)*")
_GROUPS = frozenset({"blk", "v", "mm", "a"})
"""What stands in front of others."""


def check_names(file: GgufFile) -> None:
    """Check that names have no empty parts, and are no bare group's.

    Raises:
        UserError: one has, or is.
    """
    for name in file.tensors:
        if not _NAME.fullmatch(name) or name in _GROUPS:
            raise refused(file, f"the tensor {name!r} has no name that a tensor of a model has")
