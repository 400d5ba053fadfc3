"""A defect of libmtmd in LLaVA's encoder (ggml-org/llama.cpp#25814), repaired from outside.

The graph appends the class embedding behind the patches, but the positions and the rows that are taken out assume that
it comes first: each patch gets its neighbour's position, the first one is lost, and the class goes to the language
model. So the rows are put in order right after that node was computed. A repaired library has the class embedding as
the first operand and is left alone.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.runtime.ggml.graph import get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import TensorStruct

_CLASS_EMBEDDING = b"v.class_embd"


class ClassFirst:
    """Moves the class embedding in front of the patches (`families.mtmd.encode_hook.NodeCorrection`)."""

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """Nothing depends on the image."""

    def is_at(self, tensor: TensorStruct) -> bool:
        """Whether this is patches followed by the class embedding: rows [.., class]."""
        first, last = tensor.src[0], tensor.src[1]
        if not first or not last or last.contents.name != _CLASS_EMBEDDING:
            return False
        # What adds or copies has the size of its first operand: only appending makes one row more.
        grown: bool = tensor.ne[1] == first.contents.ne[1] + 1 and tensor.ne[0] == first.contents.ne[0]
        return grown

    def apply(self, tensor: TensorStruct) -> None:
        """[patch 1, ..., patch n, class] -> [class, patch 1, ..., patch n]."""
        pointer = ctypes.pointer(tensor)
        rows = get_tensor(pointer).reshape(tensor.ne[1], tensor.ne[0])
        set_tensor(pointer, np.ascontiguousarray(np.roll(rows, 1, axis=0)))
