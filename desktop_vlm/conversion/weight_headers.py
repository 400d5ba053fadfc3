"""The tensors of a weight file, of whichever kind it is."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.conversion import pytorch_file, safetensors_file
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.stored_tensor import StoredTensor


def read_header(path: Path, access: FileAccess = LOCAL) -> list[StoredTensor]:
    """What the file `path` holds, by the ending of its name.

    Raises:
        UserError: it cannot be read, or is not of that kind, or broken.
    """
    if path.suffix == ".safetensors":
        return safetensors_file.read_header(path, access)
    return pytorch_file.read_header(path, access)
