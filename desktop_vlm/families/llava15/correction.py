"""A defect of libmtmd in LLaVA's encoder (ggml-org/llama.cpp#25814), repaired from outside.

The graph appends the class embedding behind the patches, but the positions and the rows that are taken out assume that
it comes first: each patch gets its neighbour's position, the first one is lost, and the class goes to the language
model. Attention does not care for the order, so it is enough to say the true positions and rows instead. A repaired
library has the class embedding as the first operand and is left alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.families.mtmd.encode_hook import set_input, source_name
from desktop_vlm.runtime.ggml.library import TensorStruct

_CLASS_EMBEDDING = "v.class_embd"


class ClassLast:
    """Positions and rows for patches followed by the class embedding (`families.mtmd.encode_hook.InputCorrection`)."""

    def __init__(self) -> None:
        self._class_is_last = False

    def begin(self, pixels: NDArray[np.uint8]) -> None:  # noqa: ARG002
        """Look at each graph again: nothing says that all are built alike."""
        self._class_is_last = False

    def offer(self, tensor: TensorStruct) -> bool:
        """Look at a node that is about to be computed, and correct what it reads."""
        if _appends_class(tensor):
            self._class_is_last = True
            return True
        name = source_name(tensor, 1)
        if not self._class_is_last or name not in ("positions", "patches"):
            return False
        n = tensor.src[1].contents.ne[0]
        rows = np.arange(n, dtype=np.int32)
        set_input(tensor, 1, np.append(rows[1:], 0).astype(np.int32) if name == "positions" else rows)
        return True


def _appends_class(tensor: TensorStruct) -> bool:
    """Whether this is rows [patch 1, ..., patch n, class]."""
    if source_name(tensor, 1) != _CLASS_EMBEDDING:
        return False
    first = tensor.src[0].contents
    # What adds or copies has the size of its first operand: only appending makes one row more.
    appends: bool = tensor.ne[1] == first.ne[1] + 1 and tensor.ne[0] == first.ne[0]
    return appends
