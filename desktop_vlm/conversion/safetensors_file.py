"""The header of a safetensors file: which tensors it holds, and where."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.stored_tensor import ITEM_BYTES, StoredTensor
from desktop_vlm.system.bounded.json_text import BadJsonError, parse_json

_MAX_HEADER_BYTES = 100_000_000  # the format's own limit
_MAX_DIMENSIONS = 16
_MAX_SIDE = 1 << 48


def read_header(path: Path, access: FileAccess = LOCAL) -> list[StoredTensor]:
    """The tensors that the safetensors file `path` says it holds, with the file checked to be long enough.

    Raises:
        UserError: the file cannot be read, is no safetensors file, is inconsistent or is truncated.
    """
    size = access.size(path)
    start = 8 + int.from_bytes(_read(path, 0, min(8, size), access), "little")
    if not 10 <= start <= min(8 + _MAX_HEADER_BYTES, size):
        raise _broken(path, "its header is cut off or is none")
    try:
        header = parse_json(_read(path, 8, start - 8, access))
    except BadJsonError as error:
        raise _broken(path, f"its header {error}") from None
    if not isinstance(header, dict):
        raise _broken(path, "its header is not an object")
    found = [_stored(path, name, entry, start, access) for name, entry in header.items() if name != "__metadata__"]
    needed = max((stored.offset + stored.n_bytes for stored in found), default=start)
    if size < needed:
        raise UserError(f"{path} is truncated: it has {size:,} bytes of {needed:,}: {get_again(path)}.")
    return found


def _read(path: Path, offset: int, n_bytes: int, access: FileAccess) -> bytes:
    raw = bytearray(n_bytes)
    return bytes(raw[: access.read_into(path, offset, memoryview(raw))])


def _stored(path: Path, name: str, entry: Any, start: int, access: FileAccess) -> StoredTensor:
    """The tensor that a header entry describes."""
    try:
        dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    except (KeyError, TypeError, ValueError):
        raise _broken(path, f"its entry for `{shown(name)}` is incomplete") from None
    is_typed = isinstance(dtype, str) and isinstance(shape, list) and len(shape) <= _MAX_DIMENSIONS
    if not is_typed or not all(type(n) is int and 0 <= n < _MAX_SIDE for n in (*shape, begin, end)):
        raise _broken(path, f"its entry for `{shown(name)}` is incomplete")
    item_bytes = ITEM_BYTES.get(dtype)
    if begin > end or (item_bytes and end - begin != math.prod(shape) * item_bytes):
        raise _broken(path, f"the size of `{shown(name)}` contradicts its shape")
    return StoredTensor(name, dtype, tuple(shape), path, start + begin, end - begin, access)


def _broken(path: Path, why: str) -> UserError:
    return UserError(f"{path} is not a whole safetensors file ({why}): {get_again(path)}.")
