"""Which files of a folder hold the weights: one file, or several with an index that says what is where."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL
from desktop_vlm.conversion.json_file import read_object
from desktop_vlm.conversion.remedy import get_again, shown

_INDEX = ".index.json"
_BESIDE = ("adapter_", "optimizer", "training_args", "scheduler", "rng_state")
"""What files are called that training leaves beside the weights."""


@dataclass(frozen=True)
class WeightFiles:
    """How the files with the weights are called: `stem`.safetensors, or several with an index."""

    stem: str = "model"

    @property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """Beginnings and endings of names; the first of which there are files is taken."""
        return ((self.stem, ".safetensors"), ("pytorch_model" if self.stem == "model" else self.stem, ".bin"))


@dataclass(frozen=True)
class FoundFiles:
    """The files to be read.

    Attributes:
        files: their names.
        promised: the file of each tensor, as the index says; empty without an index.
        notes: sentences about what was left aside.
    """

    files: list[str]
    promised: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def find_weight_files(folder: Path, target: WeightFiles, present: Collection[str]) -> FoundFiles:
    """The weight files among those that are `present` in `folder`; none found is no error here.

    A single file goes before an index, as in transformers.

    Raises:
        UserError: the index is broken, or names files that are missing or outside of the folder.
    """
    for stem, ending in target.forms:
        index_name = f"{stem}{ending}{_INDEX}"
        has_index = (folder / index_name).is_file()
        if f"{stem}{ending}" in present:
            note = f"{folder / index_name} is not used: {stem}{ending} holds all weights."
            return FoundFiles([f"{stem}{ending}"], notes=(note,) if has_index else ())
        if has_index:
            return _indexed(folder / index_name, present)
        if found := _without_index(stem, ending, present):
            return FoundFiles(found)
    return FoundFiles([])


def promised_files(folder: Path, target: WeightFiles) -> dict[str, str]:
    """The file of each tensor, as an index in `folder` says; empty without one. The files need not be there.

    Raises:
        UserError: the index is broken.
    """
    for stem, ending in target.forms:
        if (path := folder / f"{stem}{ending}{_INDEX}").is_file():
            return _weight_map(path)
    return {}


def has_weights(folder: Path) -> bool:
    """Whether all weight files are in `folder`: there are some, and none is missing that an index names.

    Raises:
        UserError: an index is broken.
    """
    present = LOCAL.names(folder)
    if not any(name.endswith((".safetensors", ".bin", ".pth")) and not _is_beside(name) for name in present):
        return False
    indices = [name for name in present if name.endswith(_INDEX)]
    return all(
        name.removesuffix(_INDEX) in present or set(_weight_map(folder / name).values()) <= set(present)
        for name in indices
    )


def _is_beside(name: str) -> bool:
    return name.startswith(_BESIDE)


def _without_index(stem: str, ending: str, present: Iterable[str]) -> list[str]:
    found = sorted(name for name in present if name.endswith(ending) and not _is_beside(name))
    named = [name for name in found if name.startswith(f"{stem}-")]
    return named or (found if ending == ".safetensors" else [])  # other .bin files are rarely weights


def _indexed(path: Path, present: Collection[str]) -> FoundFiles:
    promised = _weight_map(path)
    files = sorted(set(promised.values()))
    missing = [file for file in files if file not in present]
    if not missing:
        return FoundFiles(files, promised)
    if whole := _whole_set(path, present):
        note = f"{path} is not used: it names {shown(missing[0])}, which is not there, but {whole[0]} and so on are."
        return FoundFiles(whole, notes=(note,))
    others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    raise UserError(
        f"{path.parent / shown(missing[0])}{others} is missing although the index names it: {get_again(path, 'it')}."
    )


def _whole_set(index: Path, present: Iterable[str]) -> list[str]:
    """The files of a set `stem-00001-of-0000n` that is complete, where there is just one such set."""
    name = index.name.removesuffix(_INDEX)
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    found = [file for file in present if file.startswith(f"{stem}-") and file.endswith(ending)]
    expected = [f"{stem}-{number:05d}-of-{len(found):05d}{ending}" for number in range(1, len(found) + 1)]
    return expected if sorted(found) == expected else []


def _weight_map(path: Path) -> dict[str, str]:
    """The index's map of tensors to files of its own folder."""
    weight_map = read_object(path).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map or not all(isinstance(f, str) for f in weight_map.values()):
        raise UserError(f"{path} has no `weight_map`: {get_again(path)}.")
    for file in set(weight_map.values()):
        if file in ("", ".", "..") or any(char in file for char in "/\\:\0"):
            raise UserError(f"{path} names `{shown(file)}`, which is no file of its folder: {get_again(path)}.")
    return weight_map
