"""Which two files belong together, found by what their headers say and never by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.importer import Importer
from desktop_vlm.families.base import ModelHeaders
from desktop_vlm.families.importers import IMPORTERS
from desktop_vlm.families.registry import family_of
from desktop_vlm.models.ollama_folder import is_blob, is_unfinished
from desktop_vlm.runtime.ggml.gguf_header import header_of
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf
from desktop_vlm.system.bounded.files import open_regular

_MOST_FILES = 500
_MAGIC = b"GGUF"
_NO_MODELS = ("adapter", "imatrix")


@dataclass(frozen=True)
class Pair:
    """A language model, and its vision projector where there is one of its own."""

    model: GgufFile
    projector: GgufFile | None = None

    @property
    def files(self) -> list[GgufFile]:
        """Both, or one."""
        return [self.model, self.projector] if self.projector else [self.model]


def importer_of(file: GgufFile) -> Importer | None:
    """Who imports this file; None where it is used as it is, or not at all."""
    return next((importer for importer in IMPORTERS if importer.recognises(file)), None)


def is_projector(file: GgufFile) -> bool:
    """Whether a file is only a vision projector."""
    importer = importer_of(file)
    return importer.is_projector(file) if importer else file.architecture == "clip"


def misfit(model: GgufFile, projector: GgufFile) -> str:
    """Why the two do not belong together, to stand after a colon; empty where nothing speaks against it."""
    of_model, of_projector = importer_of(model), importer_of(projector)
    if of_model is not of_projector:
        return "only one of them is in another program's layout"
    if of_model:
        return "" if of_model.needs_projector(model) else "the first has its own vision encoder"
    headers = ModelHeaders(header_of(model), header_of(projector))
    return family_of(headers, projector.path.name).misfit(model, projector)


def open_pair(path: Path, mmproj: Path | None = None) -> Pair:
    """The model that a file is a part of; its other part is `mmproj`, or in the same folder.

    Raises:
        UserError: a file cannot be read, the two do not belong together, or it is not clear which is meant.
    """
    file = _open(path)
    if mmproj is not None:
        return checked_pair(file, _open(mmproj))
    others = [one for one in _headers_in(path.parent) if one.path != path]
    if is_projector(file):
        models = [one for one in others if not is_projector(one) and _fits(one, file)]
        return Pair(_only(models, f"{path.name} is a vision projector, and beside it"), file)
    importer = importer_of(file)
    if importer and not importer.needs_projector(file):
        return Pair(file)
    projectors = [one for one in others if is_projector(one) and _fits(file, one)]
    if len(projectors) > 1:
        raise UserError(
            f"Beside {path.name} are {len(projectors)} vision projectors that fit ({_names(projectors)}); "
            "choose one with --mmproj."
        )
    return Pair(file, projectors[0] if projectors else None)


def find_pair(folder: Path) -> Pair:
    """The only model in a folder.

    Raises:
        UserError: there is none, or more than one; the sentence lists them.
    """
    paths = gguf_files(folder)
    if len(paths) == 1:  # what is wrong with it is worth knowing
        return open_pair(paths[0])
    models = [file for file in _headers_in(folder) if not is_projector(file)]
    return open_pair(_only(models, f"In the folder {folder}").path)


def gguf_files(folder: Path) -> list[Path]:
    """The GGUF files in a folder, in the order of their names; those that Ollama keeps, too."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".gguf" or is_blob(path))
    except OSError as error:
        raise UserError(f"{folder} cannot be read ({error.strerror}); check its permissions.") from None
    return [path for path in paths if _begins_as_gguf(path)][:_MOST_FILES]


def _begins_as_gguf(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (OSError, UserError):
        return False


def _headers_in(folder: Path) -> list[GgufFile]:
    """Of all models and projectors in a folder; damaged files and later parts of split ones are passed over."""
    found = []
    for path in gguf_files(folder):
        try:
            file = read_gguf(path)
        except UserError:
            continue
        if file.value("general.type") not in _NO_MODELS and not file.value("split.no"):
            found.append(file)
    return found


def _open(path: Path) -> GgufFile:
    if is_unfinished(path):
        raise UserError(f"{path.name} is a download that Ollama has not finished; run `ollama pull` for its model.")
    file = read_gguf(path)
    kind = file.value("general.type")
    if kind in _NO_MODELS:
        raise UserError(f"{path.name} is no model ({kind}); give the model's file.")
    return file


def checked_pair(model: GgufFile, projector: GgufFile) -> Pair:
    """A pair of two given files, in either order.

    Raises:
        UserError: they are no pair, or do not belong together.
    """
    if is_projector(model) and not is_projector(projector):
        model, projector = projector, model
    if not is_projector(projector):
        raise UserError(f"{projector.path.name} is not a vision projector; give the mmproj file with --mmproj.")
    if is_projector(model):
        raise UserError(f"{model.path.name} and {projector.path.name} are both vision projectors; give the text GGUF.")
    if why := misfit(model, projector):
        raise UserError(f"{model.path.name} and {projector.path.name} do not belong together: {why}.")
    return Pair(model, projector)


def _fits(model: GgufFile, projector: GgufFile) -> bool:
    try:
        return not misfit(model, projector)
    except UserError:  # no family runs the projector
        return False


def _only(models: Sequence[GgufFile], where: str) -> GgufFile:
    if len(models) == 1:
        return models[0]
    if not models:
        raise UserError(f"{where} is no language model in GGUF that can be used; give the model's file or folder.")
    raise UserError(f"{where} are {len(models)} language models ({_names(models)}); name the file that you mean.")


def _names(files: Sequence[GgufFile]) -> str:
    return ", ".join(file.path.name for file in files)
