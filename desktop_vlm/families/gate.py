"""The gate that every model passes before llama.cpp, ggml or libmtmd sees any of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.families.base import Family, ModelHeaders
from desktop_vlm.families.registry import family_of
from desktop_vlm.runtime.gate.contents import check_contents
from desktop_vlm.runtime.gate.language_model import check_language_model
from desktop_vlm.runtime.gate.same_tokens import check_same_tokens
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader, check_is_gguf, header_of
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf


@dataclass(frozen=True)
class Admitted:
    """A model whose files may be loaded.

    Attributes:
        headers: of both files.
        family: that it belongs to.
        files: that were looked at: the language model, its other parts, the vision projector.
    """

    headers: ModelHeaders
    family: Family
    files: tuple[GgufFile, ...]

    def check_unchanged(self) -> None:
        """Check that the files are still those that were admitted.

        Raises:
            UserError: one was replaced or written to.
        """
        for file in self.files:
            file.check_same()


def admit(ref: ModelRef) -> Admitted:
    """Check a model's files, and find its family.

    Raises:
        UserError: a file is missing, damaged or none that can be run; the sentence names it and the field.
    """
    text = open_gguf(ref.text)
    projector = open_gguf(ref.mmproj) if ref.mmproj else None
    return admit_files(text, projector)


def admit_draft(path: Path, large: GgufFile) -> tuple[GgufFile, ...]:
    """Check a language model that is to draft for another one; its files.

    Args:
        path: of the draft model.
        large: header of the other one.

    Raises:
        UserError: as for `admit`, or its tokens are others.
    """
    draft = open_gguf(path)
    admitted = admit_files(draft, None)
    check_same_tokens(large, draft)
    return admitted.files


def admit_files(text: GgufFile, projector: GgufFile | None) -> Admitted:
    """`admit`, of files whose headers were read.

    Raises:
        UserError: as for `admit`.
    """
    family, files = check_headers(text, projector)
    for file in files:
        check_contents(file)
    return Admitted(_headers(text, projector), family, files)


def check_headers(text: GgufFile, projector: GgufFile | None) -> tuple[Family, tuple[GgufFile, ...]]:
    """Check a model's headers alone; its family, and all files that it consists of.

    Raises:
        UserError: as for `admit`.
    """
    if projector:
        _check_is_projector(projector)
    parts = check_language_model(text)
    family = family_of(_headers(text, projector), projector.path.name if projector else "")
    if projector is None:
        return family, tuple(parts)
    family.check_projector(projector)
    return family, (*parts, projector)


def check_output(text: GgufFile | None, projector: GgufFile) -> None:
    """Check the headers of what a conversion is about to write, by what every load of it will ask.

    Raises:
        UserError: it could not be loaded.
    """
    if text:
        check_headers(text, projector)
        return
    _check_is_projector(projector)
    family_of(ModelHeaders(GgufHeader(), header_of(projector)), projector.path.name).check_projector(projector)


def _headers(text: GgufFile, projector: GgufFile | None) -> ModelHeaders:
    return ModelHeaders(header_of(text), header_of(projector) if projector else None)


def _check_is_projector(file: GgufFile) -> None:
    if file.architecture != "clip":
        raise UserError(
            f"{file.path.name} holds a {file.architecture or 'nameless'} model, not a vision projector; "
            "give the mmproj file here."
        )


def open_gguf(path: Path) -> GgufFile:
    """Read a header.

    Raises:
        UserError: it is missing, no ordinary file, no GGUF or damaged.
    """
    check_is_gguf(path)
    return read_gguf(path)
