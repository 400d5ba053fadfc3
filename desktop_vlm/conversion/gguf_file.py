"""Writing a GGUF file: everything before the tensors' bytes at once, then the bytes as they come.

The layout is known before a byte is written, so a file's exact size is known too, and a finished file can be
recognised by its beginning. The format: ggml/docs/gguf.md.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gguf import GGUF_DEFAULT_ALIGNMENT, GGUF_MAGIC, GGUF_VERSION, GGUFValueType
from gguf import GGMLQuantizationType as Type

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.metadata import KeyValue
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.runtime.ggml.quantize import row_bytes
from desktop_vlm.system.bounded.files import open_regular

if sys.platform != "win32":
    import fcntl

_ALIGNMENT = int(GGUF_DEFAULT_ALIGNMENT)
_SCALARS = {
    GGUFValueType.UINT32: "<I",
    GGUFValueType.INT32: "<i",
    GGUFValueType.FLOAT32: "<f",
    GGUFValueType.BOOL: "<?",
}


@dataclass(frozen=True)
class PlacedTensor:
    """A tensor with its type and its place, `offset` bytes into the tensors' part of the file."""

    tensor: GgufTensor
    type: Type
    offset: int

    @property
    def row_bytes(self) -> int:
        """Packed bytes of a row."""
        return row_bytes(self.type, self.tensor.n_per_row)

    @property
    def n_bytes(self) -> int:
        """Packed bytes of the tensor, without the padding behind it."""
        return self.row_bytes * self.tensor.n_rows


@dataclass(frozen=True)
class FileLayout:
    """A whole GGUF file but for its tensors' bytes."""

    header: bytes
    tensors: list[PlacedTensor]
    n_bytes: int

    def is_written_to(self, path: Path) -> bool:
        """Whether the file `path` is this one: of the same size, and the same up to the tensors' bytes."""
        try:
            with open_regular(path) as file:
                return os.fstat(file.fileno()).st_size == self.n_bytes and file.read(len(self.header)) == self.header
        except (OSError, UserError):
            return False


def padded(n_bytes: int) -> int:
    """`n_bytes` rounded up to the file's alignment."""
    return -(-n_bytes // _ALIGNMENT) * _ALIGNMENT


def lay_out(metadata: list[KeyValue], tensors: list[tuple[GgufTensor, Type]]) -> FileLayout:
    """The file with these entries and tensors, each tensor at an aligned place."""
    placed, offset = [], 0
    for tensor, tensor_type in tensors:
        placed.append(PlacedTensor(tensor, tensor_type, offset))
        offset += padded(placed[-1].n_bytes)
    parts = [struct.pack("<IIQQ", GGUF_MAGIC, GGUF_VERSION, len(placed), len(metadata))]
    parts += [_string(entry.key) + struct.pack("<I", entry.type) + _value(entry) for entry in metadata]
    for place in placed:
        shape = place.tensor.shape
        parts.append(_string(place.tensor.name) + struct.pack("<I", len(shape)))
        parts.append(struct.pack(f"<{len(shape)}QIQ", *reversed(shape), place.type, place.offset))
    header = b"".join(parts)
    header += bytes(padded(len(header)) - len(header))
    return FileLayout(header, placed, len(header) + offset)


def _string(text: str) -> bytes:
    encoded = text.encode("utf-8", errors="replace")  # a folder's name can be anything
    return struct.pack("<Q", len(encoded)) + encoded


def _value(entry: KeyValue) -> bytes:
    if entry.type is not GGUFValueType.ARRAY:
        return _scalar(entry.value, entry.type)
    assert entry.item_type is not None
    head = struct.pack("<IQ", entry.item_type, len(entry.value))
    return head + b"".join(_scalar(item, entry.item_type) for item in entry.value)


def _scalar(value: Any, value_type: GGUFValueType) -> bytes:
    return _string(value) if value_type is GGUFValueType.STRING else struct.pack(_SCALARS[value_type], value)


def prepare_folder(folder: Path, n_bytes: int) -> None:
    """Make the output folder and check that files of `n_bytes` will fit.

    Raises:
        UserError: it cannot be made, or there is no room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise UserError(f"{folder} cannot be used for the result: {error.strerror or error}.") from error
    if free_bytes < n_bytes:
        raise UserError(
            f"{folder} has {free_bytes / 1e9:.1f} GB free, but the result needs {n_bytes / 1e9:.1f} GB: make room or "
            "choose another folder."
        )


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that becomes `path` only when the block ends well; otherwise nothing is left of it.

    Raises:
        UserError: the file cannot be written, the disk being full for example.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        file = partial.open("ab")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error
    try:
        with file:
            _claim(file, path)
            file.truncate(0)
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except _TakenError:
        raise
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error
        raise
    flush_folder(path.parent)


class _TakenError(UserError):
    """Another run is writing the file; it is not ours to remove."""


def _claim(file: BinaryIO, path: Path) -> None:
    """Keep a second run from writing the same file; the claim ends with the file, or with the process."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _TakenError(f"{path} is being written by another conversion: wait for it to end.") from None
    except OSError:
        pass  # some network file systems have no locks


def flush_folder(folder: Path) -> None:
    """Make the new name last through a power failure, where the system has a way to."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems have no such thing; the file itself is safe
    finally:
        os.close(handle)
