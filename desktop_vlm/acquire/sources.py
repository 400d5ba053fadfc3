"""What a person means by a path or a name: a file, a folder with a model, or a model of Ollama's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.acquire.gguf_pairs import Pair, find_pair, gguf_files, importer_of, is_projector, open_pair
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import FoundModel
from desktop_vlm.models.ollama_folder import (
    OllamaFolder,
    OllamaModel,
    find_folders,
    find_models,
    is_blob,
    list_models,
    look_at,
    model_of_blob,
    unfinished_downloads,
)
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf

OLLAMA = "Ollama"


@dataclass(frozen=True)
class NamedPair:
    """A model that was found.

    Attributes:
        name: what a person calls it.
        pair: its files.
        place: the program that has them; empty for files of the person's own.
    """

    name: str
    pair: Pair
    place: str = ""


def find_source(source: str | Path, *, name: str = "", mmproj: Path | None = None) -> NamedPair:
    """The model that `source` names (`importing.import_model` says what it may be).

    Raises:
        UserError: nothing is there, or it is not clear which model is meant; the sentence lists what there is.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        folder = look_at(path)
        if folder is not None:
            return _open_ollama(_choose(folder, name))
        pair = find_pair(path) if mmproj is None else open_pair(find_pair(path).model.path, mmproj)
        return NamedPair(path.resolve().name, pair)
    if path.exists() or isinstance(source, Path):
        owners = model_of_blob(path) if mmproj is None else []
        if owners:
            return _open_ollama(owners[0])
        pair = open_pair(path, mmproj)
        return NamedPair(_name_of(pair.model), pair)
    return _open_ollama(_by_name(source))


def _name_of(file: GgufFile) -> str:
    """What the file says it is, where its own name is one of Ollama's numbers."""
    named = file.value("general.name") if is_blob(file.path) else ""
    return named if isinstance(named, str) and named and named.isprintable() else file.path.stem


def _by_name(name: str) -> OllamaModel:
    folders = find_folders()
    found = find_models(name, folders)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{OLLAMA} has several models {name}: {_names(found)}; name one of them.")
    if problem := next((folder.problem for folder in folders if folder.problem), ""):
        raise UserError(f"{name} is no file or folder here. {problem}")
    there = [model for folder in folders for model in list_models(folder)]
    has = f"has these models: {_names(there)}" if there else "is not here, or has no models"
    raise UserError(f"{name} is no file or folder here, and {OLLAMA} {has}.")


def _choose(folder: OllamaFolder, name: str) -> OllamaModel:
    models = list_models(folder)
    if name:
        models = find_models(name, [folder])
    elif len(models) > 1:
        seeing = [model for model in models if not model.problem and (model.projector or _is_foreign(model))]
        models = seeing if len(seeing) == 1 else models
    if len(models) == 1:
        return models[0]
    if name:
        raise UserError(f"{folder.path} has no model {name}; it has {_names(list_models(folder))}.")
    if not models:
        raise UserError(f"{folder.path} holds no models of {OLLAMA}'s.")
    raise UserError(f"{folder.path} holds several models of {OLLAMA}'s: {_names(models)}; choose one with --name.")


def _is_foreign(model: OllamaModel) -> bool:
    try:
        return model.model is not None and importer_of(read_gguf(model.model)) is not None
    except UserError:
        return False


def _open_ollama(model: OllamaModel) -> NamedPair:
    if model.problem or model.model is None:
        raise UserError(model.problem)
    projector = read_gguf(model.projector) if model.projector else None
    return NamedPair(model.name, Pair(read_gguf(model.model), projector), OLLAMA)


def _names(models: Sequence[OllamaModel]) -> str:
    return ", ".join(model.name for model in models)


# Lists


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
        named = _open_ollama(model)
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
