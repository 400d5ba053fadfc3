"""Models without a record: GGUF files that a person put into the models folder, or that lie elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from gguf import LlamaFileType

from desktop_vlm.acquire.gguf_pairs import Pair, importer_of, is_projector, misfit, open_pair
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel, Origin
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models.files import name_stem
from desktop_vlm.models.library import id_of
from desktop_vlm.models.usage import Usage
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf

_NO_MODELS = ("adapter", "imatrix")


def find_in(files: Sequence[Path], folder: Path, usage: dict[str, Usage]) -> tuple[list[InstalledModel], list[str]]:
    """The models that are made of `files`, which lie in one folder below `folder`; and sentences about the others."""
    texts: list[GgufFile] = []
    projectors: list[GgufFile] = []
    problems = []
    for path in files:
        try:
            file = read_gguf(path)
        except UserError as error:
            problems.append(str(error))
            continue
        kind = file.value("general.type")
        if kind in _NO_MODELS:
            problems.append(f"{path} is no model ({kind}).")
        elif not file.value("split.no"):  # a later part of a model goes with its first
            (projectors if is_projector(file) else texts).append(file)
    models = []
    for text in texts:
        pair, problem = _paired(text, projectors)
        found = describe(pair, usage, problem)
        models.append(replace(found, id=id_of(str(text.path.relative_to(folder).with_suffix("")))))
    used = {model.files.mmproj for model in models}
    problems += [
        f"{one.path} is a vision projector without its language model." for one in projectors if one.path not in used
    ]
    return models, problems


def find_references(references: Iterable[ModelRef], known: set[Path], usage: dict[str, Usage]) -> list[InstalledModel]:
    """Models that lie elsewhere; those that are gone are left out."""
    models: list[InstalledModel] = []
    for ref in dict.fromkeys(references):
        if ref.text in known or not ref.text.is_file():
            continue
        try:
            pair, problem = open_pair(ref.text, ref.mmproj), ""
        except UserError as error:
            problem = str(error)
            try:
                pair = Pair(read_gguf(ref.text))
            except UserError:
                continue
        found = describe(pair, usage, problem)
        models.append(replace(found, id=id_of(str(ref.text)), origin=Origin("reference", str(ref.text))))
    return models


def describe(pair: Pair, usage: dict[str, Usage], problem: str = "") -> InstalledModel:
    """What the headers say of a model; why it cannot be loaded, unless a `problem` is known already."""
    text, projector = pair.model, pair.projector
    family = ""
    try:
        family = check_usable(pair)
    except UserError as error:
        problem = problem or str(error)
    if importer_of(text):
        problem = f"It is in another program's layout; take it over with `desktop-vlm import {text.path}`."
    used = usage.get(str(text.path), Usage())
    name = text.value("general.name")
    return InstalledModel(
        id="",
        name=name if isinstance(name, str) and name.strip() and name.isprintable() else text.path.stem,
        family=family,
        files=ModelRef(text.path, projector.path if projector else None),
        text_type=_type(text),
        vision_type=_type(projector) if projector else "",
        text_bytes=text.n_bytes,
        mmproj_bytes=projector.n_bytes if projector else 0,
        origin=Origin("found", str(text.path.parent)),
        is_owned=False,
        problem=problem,
        last_used=used.last_used,
        speed=used.speed,
    )


def _paired(text: GgufFile, projectors: Sequence[GgufFile]) -> tuple[Pair, str]:
    """A language model with the projector that fits; and what is not clear about that."""
    fitting = [one for one in projectors if _fits(text, one)]
    alike = [one for one in fitting if name_stem(one.path) == name_stem(text.path)]
    chosen = alike or fitting
    if len(chosen) > 1:
        names = ", ".join(one.path.name for one in chosen)
        return Pair(text), f"Several vision projectors fit it ({names}); keep one of them beside it."
    return Pair(text, chosen[0] if chosen else None), ""


def _fits(text: GgufFile, projector: GgufFile) -> bool:
    try:
        return not misfit(text, projector)
    except UserError:  # no family runs the projector
        return False


def _type(file: GgufFile) -> str:
    """The type of most weights, as the file says it."""
    value = file.value("general.file_type")
    try:
        name: str = LlamaFileType(value).name
    except ValueError:
        return ""
    return name.removeprefix("MOSTLY_").removeprefix("ALL_")
