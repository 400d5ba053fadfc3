"""A checkpoint folder, read lazily: every tensor's place at first, its rows when asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion import bitsandbytes
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.stored_tensor import SourceTensor, StoredTensor
from desktop_vlm.conversion.tensor_names import Spelling, TensorNames
from desktop_vlm.conversion.weight_files import FoundFiles, WeightFiles, find_weight_files, promised_files
from desktop_vlm.conversion.weight_headers import read_header

# Not weights: recomputed by every implementation, saved by some.
_BUFFER_SUFFIXES = (".inv_freq", ".original_inv_freq", ".position_ids", ".cos_cached", ".sin_cached")

_WRAPPERS = ("_orig_mod.", "module.", "base_model.model.")
"""What torch.compile, data parallelism and PEFT put in front of names, and some people save."""

Shapes = Mapping[str, tuple[int, ...]]
"""Canonical name -> shape, in PyTorch's order."""


@dataclass(frozen=True)
class Checkpoint:
    """The tensors of a checkpoint by their canonical names.

    Attributes:
        folder: where it is.
        tensors: what it holds.
        promised: the files that its index names, by canonical name.
        spelling: how it spells names.
        settings_name: the file that its shapes are said in.
        notes: sentences about what was left aside or understood.
    """

    folder: Path
    tensors: dict[str, SourceTensor]
    promised: dict[str, str]
    spelling: Spelling
    settings_name: str = "config.json"
    notes: tuple[str, ...] = ()

    def parts_of(self, name: str) -> tuple[StoredTensor, ...]:
        """What is stored for the tensor with the canonical `name`: it can be read as soon as these bytes are there."""
        return self.tensors[name].parts

    def account(
        self, expected: Shapes, *, also_allowed: Collection[str] = (), may_be_longer: Collection[str] = ()
    ) -> None:
        """Check that the checkpoint holds the tensors `expected`, with their shapes, as numbers, and no others.

        Tensors named in `also_allowed` may be there, too; those in `may_be_longer` may have more rows.

        Raises:
            UserError: one is missing, not expected, of another shape or of a type that cannot be read.
        """
        check_names(self, expected, self.tensors.keys(), also_allowed)
        for name, shape in expected.items():
            found = self.tensors[name]
            is_longer = name in may_be_longer and found.shape[1:] == shape[1:] and found.shape[0] > shape[0]
            if found.shape != shape and not is_longer:
                raise UserError(
                    f"{found.path}: `{shown(found.name)}` has shape {list(found.shape)}, but {self.settings_name} asks "
                    f"for {list(shape)}: the two do not belong together."
                )
            if not found.is_readable:
                raise UserError(
                    f"{found.path}: `{shown(found.name)}` is stored as {shown(found.dtype)}, only F32, F16, BF16 and "
                    "what bitsandbytes quantised can be converted: use the original checkpoint."
                )
        _check_places(part for tensor in self.tensors.values() for part in tensor.parts)


def _check_places(parts: Iterable[StoredTensor]) -> None:
    """No byte of a safetensors file is two tensors: where they overlap, one of them is not what its name says.

    PyTorch's own files may share, and do where an embedding is the output matrix, too.

    Raises:
        UserError: two overlap.
    """
    places = {
        (one.path, one.offset, one.name): one for one in parts if one.path.suffix == ".safetensors" and one.n_bytes
    }
    for before, one in pairwise(places[key] for key in sorted(places)):
        if one.path == before.path and one.offset < before.offset + before.n_bytes:
            overlap = f"`{shown(one.name)}` begins inside `{shown(before.name)}`"
            raise UserError(f"{one.path} is not a whole safetensors file ({overlap}): {get_again(one.path)}.")


def check_names(
    checkpoint: Checkpoint, expected: Collection[str], found: Collection[str], also_allowed: Collection[str] = ()
) -> None:
    """Check that the names `found` are those `expected` or `also_allowed`, before anything else is known of them.

    Raises:
        UserError: one is missing or not expected.
    """
    folder = checkpoint.folder
    if missing := [name for name in expected if name not in found]:
        where = checkpoint.promised.get(missing[0])
        said = f"{where} does not hold it although the index says so" if where else "no file holds it"
        raise UserError(
            f"{folder}: tensor `{checkpoint.spelling.of(missing[0])}`{_more(missing)} is missing ({said}): "
            f"{get_again(folder, 'the checkpoint')}."
        )
    if unexpected := sorted(set(found) - set(expected) - set(also_allowed)):
        stored = checkpoint.tensors.get(unexpected[0])
        path, name = (stored.path, stored.name) if stored else (folder, unexpected[0])
        raise UserError(
            f"{path} holds a tensor `{shown(name)}`{_more(unexpected)} that {checkpoint.settings_name} leaves no "
            "place for: the two do not belong together, or the checkpoint was changed by an adapter or a quantiser."
        )


def _more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


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
    found = find_weight_files(folder, files or WeightFiles(), access.names(folder))
    if not found.files:
        raise _no_weights(folder)
    stored = [one for file in found.files for one in read_header(folder / file, access)]
    return _checkpoint(folder, names, stored, found, settings_name)


def promised_checkpoint(
    folder: Path, names: TensorNames, files: WeightFiles, settings_name: str = "config.json"
) -> Checkpoint | None:
    """What an index in `folder` says of weights that are elsewhere: names without tensors; None without an index.

    Raises:
        UserError: the index is broken.
    """
    promised = promised_files(folder, files)
    return _checkpoint(folder, names, [], FoundFiles([], promised), settings_name) if promised else None


def _checkpoint(
    folder: Path, names: TensorNames, stored: Iterable[StoredTensor], found: FoundFiles, settings_name: str
) -> Checkpoint:
    tensors: dict[str, SourceTensor] = {}
    for one in stored:
        name = names.canonical(without_wrappers(one.name))
        if name.endswith(_BUFFER_SUFFIXES):
            continue
        if name in tensors:
            raise UserError(f"{one.path} and {tensors[name].path} both hold the tensor `{shown(name)}`: remove one.")
        tensors[name] = one
    promised = {names.canonical(without_wrappers(name)): file for name, file in found.promised.items()}
    whole = bitsandbytes.without_parts(promised)
    promised = {name: file for name, file in promised.items() if name in whole and not name.endswith(_BUFFER_SUFFIXES)}
    spelled = [without_wrappers(tensor.name) for tensor in tensors.values()] or list(found.promised)
    tensors = bitsandbytes.assemble(tensors)
    return Checkpoint(folder, tensors, promised, names.spelling(spelled), settings_name, found.notes)


def without_wrappers(name: str) -> str:
    """A tensor's name without what wrappers of the model put in front of it."""
    for prefix in _WRAPPERS * 2:
        name = name.removeprefix(prefix)
    return name


def _no_weights(folder: Path) -> UserError:
    if any(folder.glob("*.gguf")):
        return UserError(f"{folder} holds a GGUF file, which is converted already: name it with --model.")
    return UserError(
        f"{folder} has no weights (*.safetensors, pytorch_model*.bin): {get_again(folder, 'the whole checkpoint')}."
    )
