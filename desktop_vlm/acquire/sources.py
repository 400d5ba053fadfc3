"""What a person means by a path or a name: a file, a folder with a model, or a model of Ollama's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.acquire.gguf_pairs import Pair, checked_pair, find_pair, importer_of, open_pair
from desktop_vlm.api.errors import UserError
from desktop_vlm.models.ollama_folder import (
    OllamaFolder,
    OllamaModel,
    find_folders,
    find_models,
    is_blob,
    list_models,
    look_at,
    model_of_blob,
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
            return open_ollama(_choose(folder, name))
        pair = find_pair(path) if mmproj is None else open_pair(find_pair(path).model.path, mmproj)
        return NamedPair(path.resolve().name, pair)
    if path.exists() or isinstance(source, Path):
        owners = model_of_blob(path) if mmproj is None else []
        if owners:
            return open_ollama(owners[0])
        pair = open_pair(path, mmproj)
        return NamedPair(_name_of(pair.model), pair)
    return open_ollama(_by_name(source))


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


def open_ollama(model: OllamaModel) -> NamedPair:
    """The files of a model of Ollama's.

    Raises:
        UserError: they are not whole, damaged, or do not belong together.
    """
    if model.problem or model.model is None:
        raise UserError(model.problem)
    pair = Pair(read_gguf(model.model))
    if model.projector:
        pair = checked_pair(pair.model, read_gguf(model.projector))
    return NamedPair(model.name, pair, OLLAMA)


def _names(models: Sequence[OllamaModel]) -> str:
    return ", ".join(model.name for model in models)
