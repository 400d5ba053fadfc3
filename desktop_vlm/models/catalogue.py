"""The models that can be had, from `catalogue.toml`: what they are, under which licence, and how large.

Nothing here asks the hub, and nothing needs the engine: the window reads it as it starts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

HUB = "https://huggingface.co"

STREAMING_BYTES = 384 << 20
"""Room that a conversion takes beside its result: what is not converted yet of the checkpoint (docs/downloads.md)."""

TYPE_NOTES = {
    "Q4_K_M": "smallest, hardly worse",
    "Q5_K_M": "a little larger and better",
    "Q8_0": "nearly as the original",
    "F16": "as the original, twice as large",
}
"""What the types mean for a person, in a few words."""


@dataclass(frozen=True)
class CatalogueType:
    """A type that a model can be had in.

    Attributes:
        text, vision: of most weights of the language model and of the vision projector.
        output_bytes: of both files, about.
        files: of a finished pair: the language model, then the vision projector.
    """

    text: str
    vision: str
    output_bytes: int
    files: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What it means."""
        return TYPE_NOTES.get(self.text, "")


@dataclass(frozen=True)
class CatalogueModel:
    """A model that can be had.

    Attributes:
        name: what `pull` takes.
        title: as people know it.
        family: of `families/`.
        published: what the family calls its shape (`Family.published_shape`).
        repo: hub id.
        kind: `checkpoint`, which is converted here, or `pair`, finished GGUF files.
        parameters: numbers in it.
        good_at: in one line.
        types: that it can be had in, the smallest first, which is also the usual one.
        licence, licence_url: its name, and where to read it.
        licence_note: what a person has to know before; empty for nothing unusual.
        is_gated: whether the hub wants an account that accepted the licence.
        download_bytes: of a checkpoint; a pair's are those of its type.
    """

    name: str
    title: str
    family: str
    published: str
    repo: str
    kind: str
    parameters: int
    good_at: str
    types: tuple[CatalogueType, ...]
    licence: str
    licence_url: str
    licence_note: str = ""
    is_gated: bool = False
    download_bytes: int = 0

    @property
    def is_converted(self) -> bool:
        """Whether a checkpoint is downloaded and converted."""
        return self.kind == "checkpoint"

    @property
    def page_url(self) -> str:
        """Its page on the hub, where a licence is accepted."""
        return f"{HUB}/{self.repo}"

    def type_named(self, text: str) -> CatalogueType | None:
        """The type of this name, in whatever letters; the usual one for ""."""
        return self.types[0] if not text else next((one for one in self.types if one.text == text.upper()), None)

    def downloaded(self, kind: CatalogueType) -> int:
        """Bytes to be transferred for a type."""
        return self.download_bytes if self.is_converted else kind.output_bytes

    def peak(self, kind: CatalogueType) -> int:
        """Bytes needed on the disk at the peak."""
        return kind.output_bytes + (STREAMING_BYTES if self.is_converted else 0)


@cache
def catalogue() -> tuple[CatalogueModel, ...]:
    """All of them, in the order in which they are shown: easy ones first."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tuple(_model(table) for table in tomllib.loads(text)["model"])


def _model(table: dict[str, Any]) -> CatalogueModel:
    types = tuple(
        CatalogueType(one["text"], one["vision"], one["output_bytes"], tuple(one.get("files", ())))
        for one in table["types"]
    )
    return CatalogueModel(**(table | {"types": types}))


def find(text: str) -> CatalogueModel | None:
    """The model of this name, title or hub id, in whatever letters; None where there is none."""
    given = text.strip().casefold()
    return next((one for one in catalogue() if given in {one.name, one.title.casefold(), one.repo.casefold()}), None)


def made_from(repo: str) -> CatalogueModel | None:
    """The model that a repository's name says it was made from, whose licence goes with it; None where it says none.

    `unsloth/Llama-3.2-11B-Vision-Instruct-bnb-4bit` was made from `meta-llama/Llama-3.2-11B-Vision-Instruct`.
    """
    name = repo.rsplit("/", maxsplit=1)[-1].casefold()
    bases = {one.repo.split("/")[-1].casefold().removesuffix("-gguf"): one for one in catalogue()}
    found = max((base for base in bases if name.startswith(base)), key=len, default="")
    return bases.get(found)
