"""A Hugging Face checkpoint folder, read lazily: every tensor's place at first, its rows when asked."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.json_file import read_object
from desktop_vlm.conversion.tensor_names import Spelling, TensorNames

_ITEM_BYTES = {"F32": 4, "F16": 2, "BF16": 2}
_MAX_HEADER_BYTES = 100_000_000  # the format's own limit

# Not weights: recomputed by every implementation, saved by some.
_BUFFER_SUFFIXES = (".inv_freq", ".original_inv_freq", ".position_ids", ".cos_cached", ".sin_cached")


@dataclass(frozen=True)
class WeightFiles:
    """How the files with the weights are called: `stem`.safetensors, or several with an index."""

    stem: str = "model"

    @property
    def index_name(self) -> str:
        """The file that says which tensor is in which file."""
        return f"{self.stem}.safetensors.index.json"

    def without_index(self, names: Iterable[str]) -> list[str]:
        """Those of a folder with the files `names`, where there is no index."""
        found = sorted(name for name in names if name.endswith(".safetensors"))
        if f"{self.stem}.safetensors" in found:
            return [f"{self.stem}.safetensors"]
        return [name for name in found if name.startswith(f"{self.stem}-")] or found


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies.

    Attributes:
        name: as the checkpoint spells it.
        dtype: safetensors' name of the type, such as `BF16`.
        shape: in PyTorch's order.
        path: the file.
        offset: the first byte in the file.
        access: how the file is read.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    path: Path
    offset: int
    access: FileAccess = LOCAL

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """`count` values from the `first` on, in memory order, as float32 (count,).

        Raises:
            UserError: the file cannot be read or ends early.
        """
        item_bytes = _ITEM_BYTES[self.dtype]
        raw = np.empty(count * item_bytes, dtype=np.uint8)
        if self.access.read_into(self.path, self.offset + first * item_bytes, raw.data) < len(raw):
            raise UserError(f"{self.path} ends inside `{self.name}`: download the file again.")
        return _as_float32(raw, self.dtype)


def _as_float32(raw: NDArray[np.uint8], dtype: str) -> NDArray[np.float32]:
    if dtype == "F32":
        return raw.view("<f4").astype(np.float32, copy=False)
    if dtype == "F16":
        return raw.view("<f2").astype(np.float32)
    bits = raw.view("<u2").astype(np.uint32)  # bfloat16 is the upper half of a float32
    bits <<= 16
    return bits.view(np.float32)


@dataclass(frozen=True)
class Checkpoint:
    """The tensors of a checkpoint by their canonical names.

    Attributes:
        folder: where it is.
        tensors: what it holds.
        promised: the files that its index names, by canonical name.
        spelling: how it spells names.
        settings_name: the file that its shapes are said in.
    """

    folder: Path
    tensors: dict[str, StoredTensor]
    promised: dict[str, str]
    spelling: Spelling
    settings_name: str = "config.json"

    def account(self, expected: dict[str, tuple[int, ...]], *, also_allowed: Collection[str] = ()) -> None:
        """Check that the checkpoint holds the tensors `expected`, with their shapes, as floats, and no others.

        Tensors named in `also_allowed` may be there, too.

        Raises:
            UserError: one is missing, not expected, of another shape or of a type that is no plain float.
        """
        if missing := [name for name in expected if name not in self.tensors]:
            where = self.promised.get(missing[0])
            found = f"{where} does not hold it although the index says so" if where else "no file holds it"
            raise UserError(
                f"{self.folder}: tensor `{self.spelling.of(missing[0])}`{_more(missing)} is missing ({found}): "
                "download the checkpoint again."
            )
        if unexpected := sorted(self.tensors.keys() - expected.keys() - set(also_allowed)):
            stored = self.tensors[unexpected[0]]
            raise UserError(
                f"{stored.path} holds a tensor `{stored.name}`{_more(unexpected)} that {self.settings_name} leaves no "
                "place for: the two do not belong together, or the checkpoint was changed by an adapter or a quantiser."
            )
        for name, shape in expected.items():
            stored = self.tensors[name]
            if stored.shape != shape:
                raise UserError(
                    f"{stored.path}: `{stored.name}` has shape {list(stored.shape)}, but {self.settings_name} asks "
                    f"for {list(shape)}: the two do not belong together."
                )
            if stored.dtype not in _ITEM_BYTES:
                raise UserError(
                    f"{stored.path}: `{stored.name}` is stored as {stored.dtype}, only F32, F16 and BF16 can "
                    "be converted: use the original checkpoint."
                )


def _more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def has_weights(folder: Path) -> bool:
    """Whether weight files (or an index of them) are in `folder`."""
    return any(folder.glob("*.safetensors.index.json")) or any(folder.glob("*.safetensors"))


def open_checkpoint(
    folder: Path,
    names: TensorNames,
    files: WeightFiles | None = None,
    settings_name: str = "config.json",
    access: FileAccess = LOCAL,
) -> Checkpoint:
    """Read the index and the headers of the weight files in `folder`; the index is on this disk in any case.

    Raises:
        UserError: no weights, a missing or truncated file, a broken header, or a tensor that is there twice.
    """
    present = access.names(folder)
    promised = _promised(folder / (files or WeightFiles()).index_name, present)
    found = sorted(set(promised.values())) if promised else (files or WeightFiles()).without_index(present)
    if not found:
        raise _no_weights(folder)
    tensors: dict[str, StoredTensor] = {}
    for stored in (stored for file in found for stored in read_header(folder / file, access)):
        name = names.canonical(stored.name)
        if name.endswith(_BUFFER_SUFFIXES):
            continue
        if name in tensors:
            raise UserError(f"{stored.path} and {tensors[name].path} both hold the tensor `{name}`: remove one.")
        tensors[name] = stored
    spelling = names.spelling(stored.name for stored in tensors.values())
    promised = {names.canonical(name): file for name, file in promised.items()}
    return Checkpoint(folder, tensors, promised, spelling, settings_name)


def _promised(index_path: Path, present: Collection[str]) -> dict[str, str]:
    """The file of each tensor, as the index says, all of them among the files `present`; empty without an index."""
    if not index_path.is_file():
        return {}
    weight_map = read_object(index_path).get("weight_map")
    if not isinstance(weight_map, dict) or not all(isinstance(file, str) for file in weight_map.values()):
        raise UserError(f"{index_path} has no `weight_map`: download the file again.")
    files = sorted(set(weight_map.values()))
    if missing := [file for file in files if file not in present]:
        raise UserError(
            f"{index_path.parent / missing[0]}{_more(missing)} is missing although the index names it: "
            "download it again."
        )
    return weight_map


def _no_weights(folder: Path) -> UserError:
    if any(folder.glob("*.bin")):
        return UserError(
            f"{folder} has its weights only as pickle (.bin), which can run code when it is read: "
            "download the safetensors version."
        )
    if any(folder.glob("*.pth")):
        return UserError(f"{folder} is in Meta's own format (.pth): download the Hugging Face version (safetensors).")
    return UserError(f"{folder} has no weights (*.safetensors): download the whole checkpoint again.")


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
        header = json.loads(_read(path, 8, start - 8, access))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _broken(path, "its header is not valid JSON") from None
    if not isinstance(header, dict):
        raise _broken(path, "its header is not an object")
    found = [_stored(path, name, entry, start, access) for name, entry in header.items() if name != "__metadata__"]
    needed = max((end for _, end in found), default=start)
    if size < needed:
        raise UserError(f"{path} is truncated: it has {size:,} bytes of {needed:,}: download it again.")
    return [stored for stored, _ in found]


def _read(path: Path, offset: int, n_bytes: int, access: FileAccess) -> bytes:
    raw = bytearray(n_bytes)
    return bytes(raw[: access.read_into(path, offset, memoryview(raw))])


def _stored(path: Path, name: str, entry: Any, start: int, access: FileAccess) -> tuple[StoredTensor, int]:
    """The tensor that a header entry describes, and where its bytes end in the file."""
    try:
        dtype, shape = str(entry["dtype"]), tuple(int(side) for side in entry["shape"])
        begin, end = (int(offset) for offset in entry["data_offsets"])
    except (KeyError, TypeError, ValueError):
        raise _broken(path, f"its entry for `{name}` is incomplete") from None
    item_bytes = _ITEM_BYTES.get(dtype)
    consistent = 0 <= begin <= end and all(side >= 0 for side in shape)
    if not consistent or (item_bytes and end - begin != math.prod(shape) * item_bytes):
        raise _broken(path, f"the size of `{name}` contradicts its shape")
    return StoredTensor(name, dtype, shape, path, start + begin, access), start + end


def _broken(path: Path, why: str) -> UserError:
    return UserError(f"{path} is not a whole safetensors file ({why}): download it again.")
