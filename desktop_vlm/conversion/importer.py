"""What a family's importer says of GGUF files that another program laid out: what becomes of them, as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, get_args

from desktop_vlm.conversion.gguf_copy import CopiedTensor
from desktop_vlm.conversion.metadata import KeyValue
from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

RowOrder = Literal["auto", "interleaved", "plain"]
ROW_ORDERS: tuple[str, ...] = get_args(RowOrder)


@dataclass(frozen=True)
class ImportOptions:
    """What a person may decide.

    Attributes:
        cross_rows: in which order the files have the rows of cross-attention's queries and keys: interleaved within
            each head, plain, or as the weights show.
        checkpoint: a folder with (a part of) the checkpoint that the files were made from, to compare with.
    """

    cross_rows: RowOrder = "auto"
    checkpoint: Path | None = None


@dataclass(frozen=True)
class ImportedFile:
    """One file to be written.

    Attributes:
        arch: its `general.architecture`.
        type: the type that most of its tensors have.
        metadata: entries about the model; what is general is added.
        tensors: in the order of the file.
    """

    arch: str
    type: FileType
    metadata: list[KeyValue] = field(repr=False)
    tensors: list[CopiedTensor] = field(repr=False)


@dataclass(frozen=True)
class ImportRecipe:
    """What becomes of a model.

    Attributes:
        text: the language model's file.
        mmproj: the vision projector's file.
        notes: what was decided, and what to know, as sentences.
    """

    text: ImportedFile
    mmproj: ImportedFile
    notes: tuple[str, ...] = ()


class Importer(Protocol):
    """Imports one kind of foreign files.

    Attributes:
        title: what it imports, for people.
        family: that runs the result.
    """

    title: str
    family: str

    def recognises(self, file: GgufFile) -> bool:
        """Whether a file is of that kind; by its header, never by its name."""
        ...

    def is_projector(self, file: GgufFile) -> bool:
        """Whether a file that it recognises is only the vision projector of a pair."""
        ...

    def needs_projector(self, file: GgufFile) -> bool:
        """Whether a file that it recognises is only the language model of a pair."""
        ...

    def recipe(self, model: GgufFile, projector: GgufFile | None, options: ImportOptions) -> ImportRecipe:
        """What becomes of the files.

        Raises:
            UserError: a part is missing, damaged, or does not fit; the sentence names the file and the field.
        """
        ...
