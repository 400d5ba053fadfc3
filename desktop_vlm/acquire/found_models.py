"""What can be imported, and what not, from files and folders or from where other programs keep their models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_vlm.acquire.gguf_pairs import Pair, gguf_files, importer_of, is_projector, open_pair
from desktop_vlm.acquire.sources import OLLAMA, find_source, open_ollama
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import FoundModel
from desktop_vlm.models.ollama_folder import (
    OllamaFolder,
    OllamaModel,
    find_folders,
    list_models,
    look_at,
    unfinished_downloads,
)
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf


def find_importable(paths: Sequence[Path] = ()) -> tuple[tuple[FoundModel, ...], bool]:
    """What can be imported from some files and folders, or from where other programs keep their models, and what not.

    Also returns whether Ollama's folder is here.
    """
    folders = [one for one in map(look_at, paths) if one] if paths else find_folders()
    found = [model for folder in folders for model in _in_ollama(folder)]
    for path in paths:
        if look_at(path) is None:
            found += _at(path)
    return tuple(found), bool(folders)


def _in_ollama(folder: OllamaFolder) -> list[FoundModel]:
    if folder.problem:
        return [FoundModel(OLLAMA, OLLAMA, folder.path, problem=folder.problem)]
    found = [_judge_ollama(model) for model in list_models(folder)]
    partial = unfinished_downloads(folder)
    if partial:
        problem = f"{len(partial)} of its files are not downloaded whole; run `ollama pull` for their model again."
        found.append(FoundModel("unfinished downloads", OLLAMA, folder.path, problem=problem))
    return found


def _judge_ollama(model: OllamaModel) -> FoundModel:
    try:
        named = open_ollama(model)
        n_bytes, note = judge(named.pair)
    except UserError as error:
        return FoundModel(model.name, OLLAMA, model.folder, problem=str(error))
    return FoundModel(model.name, OLLAMA, model.folder, n_bytes, note)


def _at(path: Path) -> list[FoundModel]:
    place = str(path if path.is_dir() else path.parent)
    try:
        paths = [find_source(path).pair.model.path]
    except UserError as error:
        paths = _candidates(path)
        if not paths:
            return [FoundModel(path.name, place, path, problem=str(error))]
    found = []
    for one in paths:
        try:
            n_bytes, note = judge(open_pair(one))
            found.append(FoundModel(one.stem, place, one, n_bytes, note))
        except UserError as error:
            found.append(FoundModel(one.stem, place, one, problem=str(error)))
    return found


def _candidates(folder: Path) -> list[Path]:
    """The language models of a folder that holds several."""
    found = []
    for path in gguf_files(folder) if folder.is_dir() else []:
        try:
            if not is_projector(read_gguf(path)):
                found.append(path)
        except UserError:
            continue
    return found


def judge(pair: Pair) -> tuple[int, str]:
    """About how many bytes importing writes, and what it does, without reading weights.

    Raises:
        UserError: it cannot be imported.
    """
    importer = importer_of(pair.model)
    if importer:
        if importer.needs_projector(pair.model) and pair.projector is None:
            raise UserError(f"{pair.model.path.name} lacks its vision projector, the other file of the pair.")
        return sum(file.n_bytes for file in pair.files), f"{importer.title}: written again, without requantising."
    check_usable(pair)
    if pair.projector is None:
        return 0, f"A language model alone ({pair.model.architecture}): used where it is; it sees no images."
    return 0, "Used where it is; nothing is written."
