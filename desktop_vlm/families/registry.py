"""The model families that there are, and which of them a model belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.families.base import Family, ModelHeaders
from desktop_vlm.families.generic.family import GenericFamily
from desktop_vlm.families.generic.vision_family import GenericVisionFamily
from desktop_vlm.families.jinja_template.chat_format import find_format_of
from desktop_vlm.families.llava15.family import LlavaFamily
from desktop_vlm.families.mllama.family import MllamaFamily
from desktop_vlm.families.pixtral.family import PixtralFamily
from desktop_vlm.families.qwen25vl.family import QwenFamily
from desktop_vlm.runtime.chat_format import ChatFormat, PlainFormat, choose_format
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader, check_is_gguf, read_header
from desktop_vlm.runtime.text_model import TextModel

_families: list[Family] = [
    MllamaFamily(),
    LlavaFamily(),
    PixtralFamily(),
    QwenFamily(),
    GenericVisionFamily(),
    GenericFamily(),
]
"""The first that recognises a model's headers gets it, so what takes anything stands last."""

_LONGEST_KIND = 60
"""Characters of a kind of projector that a sentence shows."""


def families() -> tuple[Family, ...]:
    """All of them, in the order in which they are asked."""
    return tuple(_families)


@contextmanager
def registered(family: Family) -> Iterator[None]:
    """Have one more family for a while, which is asked before all others."""
    _families.insert(0, family)
    try:
        yield
    finally:
        _families.remove(family)


def read_headers(text_path: Path, mmproj_path: Path | None) -> ModelHeaders:
    """The headers of a model's files.

    Raises:
        UserError: a file is missing or no GGUF, or the mmproj is damaged or not a vision projector.
    """
    mmproj = _projector_header(mmproj_path) if mmproj_path else None
    check_is_gguf(text_path)
    return ModelHeaders(read_header(text_path) or GgufHeader(), mmproj)


def _projector_header(path: Path) -> GgufHeader:
    check_is_gguf(path)
    header = read_header(path)
    if header is None:
        raise UserError(
            f"{path.name} is damaged or cut off and cannot be read as a GGUF; convert or download it again."
        )
    if header.architecture != "clip":
        raise UserError(
            f"{path.name} holds a {header.architecture or 'nameless'} model, not a vision projector; "
            "give the mmproj file here."
        )
    return header


def family_of(headers: ModelHeaders, mmproj_name: str = "The mmproj") -> Family:
    """The family that a model belongs to.

    Raises:
        UserError: there is none that can run this vision projector.
    """
    for family in _families:
        if family.recognises(headers):
            return family
    kind = headers.mmproj.projector_type if headers.mmproj else ""
    known = ", ".join(family.name for family in _families if family.name != "text")
    shown = kind if kind.isprintable() and len(kind) <= _LONGEST_KIND else repr(kind[:_LONGEST_KIND])
    raise UserError(f"{mmproj_name} is a projector of type {shown or 'unknown'}; this program runs {known}.")


def chat_format_of(family: Family, text: TextModel) -> ChatFormat:
    """The format that a family's model was trained on.

    What the family knows of this very model comes first, then all formats whose control tokens the vocabulary has, the
    family's own before everybody's: any language model may stand in for the one that a vision projector was made with.
    Else it is the file's own chat template, and plain text for base models.
    """
    known = family.chat_format(text)
    if known:
        return known
    everybodys = [one for other in _families for one in other.chat_formats]
    return choose_format([*family.chat_formats, *everybodys], text) or find_format_of(text) or PlainFormat()
