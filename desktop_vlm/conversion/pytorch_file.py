"""Files that `torch.save` wrote: which tensors they hold, and where, without running what they ask for.

Such a file is a zip archive: `data.pkl` says which tensors there are, and every storage is a member of its own, not
compressed.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.pytorch_pickle import BrokenError, HarmfulError, PickledTensor, unpickle
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.stored_tensor import ITEM_BYTES, StoredTensor

_MAX_PICKLE_BYTES = 16 << 20
_MAX_READ_BYTES = 16 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_NESTED = ("model", "state_dict", "model_state_dict", "module")
"""Where checkpoints of training keep the weights."""


def read_header(path: Path, access: FileAccess = LOCAL) -> list[StoredTensor]:
    """The tensors that the file `path` holds.

    Raises:
        UserError: it cannot be read, is none of torch's files, is broken, or asks for what tensors do not need.
    """
    try:
        archive = _Archive(path, access)
        found = _tensors(unpickle(archive.read("data.pkl", _MAX_PICKLE_BYTES)))
        return [_stored(name, tensor, archive, path, access) for name, tensor in found.items()]
    except HarmfulError as error:
        raise UserError(f"{path} {error}: it may be harmful, do not use it.") from None
    except BrokenError as error:
        raise UserError(f"{path} is no whole file of PyTorch's weights ({error}): {get_again(path)}.") from None
    except (IndexError, KeyError, TypeError, ValueError, OverflowError):
        raise UserError(f"{path} is no whole file of PyTorch's weights: {get_again(path)}.") from None


def _stored(name: str, tensor: PickledTensor, archive: _Archive, path: Path, access: FileAccess) -> StoredTensor:
    dtype, item_bytes = tensor.storage.dtype, ITEM_BYTES[tensor.storage.dtype]
    offset, size = archive.place(f"data/{tensor.storage.member}")
    n_bytes = math.prod(tensor.shape) * item_bytes
    if tensor.first * item_bytes + n_bytes > size:
        raise BrokenError(f"`{shown(name)}` is larger than what is stored of it")
    return StoredTensor(name, dtype, tensor.shape, path, offset + tensor.first * item_bytes, n_bytes, access)


def _tensors(root: Any) -> dict[str, PickledTensor]:
    """The named tensors of a pickled dictionary, or of the one in it that training puts them into."""
    candidates = [root, *(root.get(key) for key in _NESTED)] if isinstance(root, dict) else []
    for candidate in candidates:
        if isinstance(candidate, dict):
            found = {str(name): value for name, value in candidate.items() if isinstance(value, PickledTensor)}
            if found:
                return found
    raise BrokenError("it holds no tensors by name")


class _Archive:
    """The members of a zip archive that are stored as they are."""

    def __init__(self, path: Path, access: FileAccess) -> None:
        self._path, self._access, self._size = path, access, access.size(path)
        try:
            with zipfile.ZipFile(_Window(path, access, self._size)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, struct.error, NotImplementedError, EOFError, UnicodeError, OSError):
            raise BrokenError("it is no zip archive, as torch.save writes since 2020") from None
        pickles = [member.filename for member in members if member.filename.rsplit("/", 1)[-1] == "data.pkl"]
        if len(pickles) != 1:
            raise BrokenError("it has no data.pkl")
        self._prefix = pickles[0].removesuffix("data.pkl")
        self._members = {member.filename: member for member in members}
        if f"{self._prefix}byteorder" in self._members and self.read("byteorder", 16) != b"little":
            raise BrokenError("its numbers are big-endian")

    def place(self, name: str) -> tuple[int, int]:
        """Where a member's bytes begin in the file, and how many there are."""
        member = self._members.get(self._prefix + name)
        if (
            member is None
            or member.compress_type != zipfile.ZIP_STORED
            or member.flag_bits & 1
            or member.header_offset < 0
        ):
            raise BrokenError(f"its {shown(name)} is missing or compressed")
        raw = bytearray(_LOCAL_HEADER.size)
        self._access.read_into(self._path, member.header_offset, memoryview(raw))
        signature, n_name, n_extra = _LOCAL_HEADER.unpack(raw)
        offset = member.header_offset + _LOCAL_HEADER.size + n_name + n_extra
        if signature != b"PK\3\4" or offset + member.file_size > self._size:
            raise BrokenError(f"it ends before its {shown(name)}")
        return offset, member.file_size

    def read(self, name: str, most_bytes: int) -> bytes:
        """All bytes of a member."""
        offset, size = self.place(name)
        if size > most_bytes:
            raise BrokenError(f"its {shown(name)} is too large")
        raw = bytearray(size)
        return bytes(raw[: self._access.read_into(self._path, offset, memoryview(raw))])


class _Window(io.RawIOBase):
    """A weight file as `zipfile` wants it, which must not read much at once."""

    def __init__(self, path: Path, access: FileAccess, size: int) -> None:
        self._path, self._access, self._size, self._place = path, access, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if self._place < 0:
            raise OSError
        return self._place

    def tell(self) -> int:
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self._place)
        count = left if size is None or size < 0 else min(size, left)
        if count > _MAX_READ_BYTES:
            raise zipfile.BadZipFile
        raw = bytearray(count)
        done = self._access.read_into(self._path, self._place, memoryview(raw))
        self._place += done
        return bytes(raw[:done])
