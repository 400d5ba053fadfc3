"""Where the tensors' data lies: side by side, in the file, in the order of their list, as ggml insists."""

from __future__ import annotations

from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, damaged

_LEAST_ALIGNMENT = 32
"""ggml's buffers begin at multiples of it (`TENSOR_ALIGNMENT`); it aborts on a mapped file whose tensors do not."""


def check_layout(file: GgufFile) -> None:
    """Check the alignment, and that there is nothing between two tensors but padding.

    Raises:
        UserError: there is, or a tensor is not in the file.
    """
    file.check_data()
    if file.alignment % _LEAST_ALIGNMENT:
        raise refused(
            file, f"the setting general.alignment is {file.alignment} and must be a multiple of {_LEAST_ALIGNMENT}"
        )
    expected = -(-len(file.header) // file.alignment) * file.alignment
    for name, place in file.tensors.items():
        if place.offset != expected:
            raise damaged(file.path, f"the tensor `{name}` begins at byte {place.offset} in place of {expected}")
        expected += -(-place.n_bytes // file.alignment) * file.alignment
