"""The models that can be had, from `catalogue.toml`: what they are, under which licence, and how large.

Nothing here asks the hub, and nothing needs the engine: the window reads it as it starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.section import Section
from desktop_vlm.system.bounded.toml_text import BadTomlError, parse_toml

HUB = "https://huggingface.co"

STREAMING_BYTES = 384 << 20
"""Room that a conversion takes beside its result: what is not converted yet of the checkpoint (docs/downloads.md)."""

_FILE = "catalogue.toml"
_WAY_OUT = "install Desktop VLM again"
_MOST_BYTES = 1 << 50
_REPO, _URL = re.compile(r"[\w.-]+/[\w.-]+"), re.compile(r"https://\S+")
_FILE_NAME = re.compile(r"[\w.-]+\.gguf")

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
    """All of them, in the order in which they are shown: easy ones first.

    Raises:
        UserError: the file is damaged.
    """
    return parse_catalogue(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))


def parse_catalogue(text: str) -> tuple[CatalogueModel, ...]:
    """The models that a catalogue's text describes.

    Raises:
        UserError: it is damaged; the sentence names the model and the key.
    """
    try:
        content = parse_toml(text)
    except BadTomlError as error:
        raise UserError(f"{_FILE} is damaged ({error}); {_WAY_OUT}.") from None
    tables = content.get("model")
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
        raise UserError(f"{_FILE} has no list of tables `model`; {_WAY_OUT}.")
    models = tuple(_model(Section(table, f"{_FILE}: model {i + 1}", _WAY_OUT)) for i, table in enumerate(tables))
    if twice := next((one.name for one in models if [other.name for other in models].count(one.name) > 1), ""):
        raise UserError(f"{_FILE} has two models named {twice}; {_WAY_OUT}.")
    return models


def _model(section: Section) -> CatalogueModel:
    known = {one.name for one in fields(CatalogueModel)}
    if unknown := next((key for key in section.values if key not in known), None):
        raise section.wrong(unknown, "a key of a model")
    types = section.values.get("types")
    if not isinstance(types, list) or not types or not all(isinstance(one, dict) for one in types):
        raise section.wrong("types", "a list of tables")
    kind = section.string("kind")
    if kind not in {"checkpoint", "pair"}:
        raise section.wrong("kind", "checkpoint or pair")
    made = tuple(
        _type(Section(one, f"{section.where}: types {i + 1}", _WAY_OUT), is_pair=kind == "pair")
        for i, one in enumerate(types)
    )
    texts = {key: section.string(key) for key in ("name", "title", "family", "published", "good_at", "licence")}
    return CatalogueModel(
        **texts,
        repo=_matching(section, "repo", _REPO),
        licence_url=_matching(section, "licence_url", _URL),
        kind=kind,
        types=made,
        parameters=section.integer("parameters", most=_MOST_BYTES),
        licence_note=section.string("licence_note", ""),
        is_gated=section.switch("is_gated", False),
        download_bytes=section.integer("download_bytes", 0, least=0, most=_MOST_BYTES),
    )


def _type(section: Section, *, is_pair: bool) -> CatalogueType:
    named = section.values.get("files", [])
    is_list = isinstance(named, list) and all(isinstance(one, str) and _FILE_NAME.fullmatch(one) for one in named)
    if not is_list or len(named) != (2 if is_pair else 0):
        raise section.wrong("files", "two names of files" if is_pair else "left out")
    output_bytes = section.integer("output_bytes", most=_MOST_BYTES)
    return CatalogueType(section.string("text"), section.string("vision"), output_bytes, tuple(named))


def _matching(section: Section, key: str, form: re.Pattern[str]) -> str:
    value = section.string(key)
    if not form.fullmatch(value):
        raise section.wrong(key, "of its usual form")
    return value


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
