"""What is in the models folder: recorded models at once, files without a record by their headers.

Headers are those of files that anybody may have put there: this runs in the process of a job, not in the window's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.library import InstalledModel, Library
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models.library import Entry, ModelsFolder, installed
from desktop_vlm.models.partial import find_partial
from desktop_vlm.models.usage import Usage, read_usage
from desktop_vlm.system.bounded.files import open_regular

BROKEN_ENGINE = (ImportError, OSError, RuntimeError, AttributeError, EngineError)
"""What importing the engine raises where its library is missing, broken or of another version."""

_MOST_FILES = 300
"""Of one folder; no more are looked at."""


def scan(folder: ModelsFolder, references: Sequence[ModelRef] = ()) -> Library:
    """All models of a folder, and `references`, which lie elsewhere; the latest used first.

    Raises:
        UserError: the folder cannot be read.
    """
    usage = read_usage(folder.path)
    entries = folder.entries()
    models = [installed(one, usage, changed(one)) for one in entries if one.record]
    problems = [one.problem for one in entries if one.problem]
    known = {path for model in models for path in (model.files.text, model.files.mmproj) if path}
    loose = list(_loose_files(folder, known))
    if loose or references:
        found, sentences = _unrecorded(folder, loose, references, usage)
        models += [model for model in found if model.files.text not in known]
        problems += sentences
    return Library(tuple(sorted(_with_own_ids(models), key=_order)), find_partial(folder), tuple(problems))


def _unrecorded(
    folder: ModelsFolder, loose: Sequence[list[Path]], references: Sequence[ModelRef], usage: dict[str, Usage]
) -> tuple[list[InstalledModel], list[str]]:
    """Models without a record, and sentences about files that are none."""
    try:
        from desktop_vlm.acquire.unrecorded import find_in, find_references  # brings the engine along
    except BROKEN_ENGINE:
        return [], ["Files without a record cannot be looked at without the engine; `desktop-vlm doctor` says more."]
    models, problems = [], []
    for files in loose:
        found, sentences = find_in(files, folder.path, usage)
        models += found
        problems += sentences
    models += find_references(references, {model.files.text for model in models}, usage)
    return models, problems


def remove(folder: ModelsFolder, model: InstalledModel) -> None:
    """Remove a model that `scan` listed: its files, if they are the program's own, or else its place in the list.

    Raises:
        UserError: there is no record of it, or something cannot be deleted.
    """
    if model.origin.kind == "found":
        raise UserError(f"{model.name} was put into {model.files.text.parent} by you; delete its files there.")
    folder.remove(model.id)


def changed(entry: Entry) -> str:
    """Why a recorded model cannot be trusted to load: a file has another size, or begins otherwise; empty if it can."""
    for file in entry.record.files if entry.record else []:
        path = entry.folder / file.path
        try:
            if path.stat().st_size != file.n_bytes:
                return f"{path.name} has another size than when it was made: get the model again."
            with open_regular(path) as opened:
                if opened.read(4) != b"GGUF":
                    return f"{path.name} is no GGUF file any more: get the model again."
        except (OSError, UserError):
            return ""  # `Entry.missing` says it
    return ""


def _loose_files(folder: ModelsFolder, known: set[Path]) -> Iterator[list[Path]]:
    """The GGUF files that no record names: in the folder itself, and in each of its folders."""
    try:
        places = [folder.path, *folder.subfolders()] if folder.path.is_dir() else []
    except OSError:
        places = []
    for place in places:
        try:
            found = sorted(path for path in place.iterdir() if path.suffix.lower() == ".gguf" and path not in known)
        except OSError:
            continue
        if found:
            yield found[:_MOST_FILES]


def _with_own_ids(models: Sequence[InstalledModel]) -> Iterator[InstalledModel]:
    """The models, with a number behind an id that another one has already."""
    taken: set[str] = set()
    for model in models:
        own, number = model.id, 2
        while own in taken:
            own, number = f"{model.id}-{number}", number + 1
        taken.add(own)
        yield model if own == model.id else replace(model, id=own)


def _order(model: InstalledModel) -> tuple[bool, list[int], str]:
    """The latest used first, then by name."""
    return not model.last_used, [-ord(char) for char in model.last_used], model.name.casefold()
