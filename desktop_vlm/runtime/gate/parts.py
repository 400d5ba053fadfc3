"""A model that is split over several files: llama.cpp finds them by the name of the first, and so does the gate."""

from __future__ import annotations

import re
from pathlib import Path

from gguf import GGUFValueType as ValueType
from gguf import Keys

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.gate.refusal import fields_of, refused
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf

_MOST_PARTS = 1000
_NAME = re.compile(r"(.+)-00001-of-(\d{5})\.gguf")


def parts_of(file: GgufFile) -> list[GgufFile]:
    """The files of a model, this one first.

    Raises:
        UserError: one is missing or another one, or this is not the first.
    """
    fields = fields_of(file)
    for key in (Keys.Split.LLM_KV_SPLIT_COUNT, Keys.Split.LLM_KV_SPLIT_NO):
        _check_type(fields, key)
    count = fields.integer(Keys.Split.LLM_KV_SPLIT_COUNT, 1, least=0, most=_MOST_PARTS)
    if count <= 1:
        return [file]
    if number := fields.integer(Keys.Split.LLM_KV_SPLIT_NO, least=0, most=count - 1):
        raise UserError(f"{file.path.name} is part {number + 1} of {count} of a model; give its first part.")
    name = _NAME.fullmatch(file.path.name)
    if not name or int(name[2]) != count:
        raise UserError(
            f"{file.path.name} is the first of {count} parts of a model, and its name must say so: "
            f"{file.path.stem}-00001-of-{count:05}.gguf, with the others beside it."
        )
    others = [file.path.with_name(f"{name[1]}-{part:05}-of-{count:05}.gguf") for part in range(2, count + 1)]
    parts = [file, *(_part(path, index) for index, path in enumerate(others, 1))]
    _check_apart(parts)
    return parts


def _part(path: Path, index: int) -> GgufFile:
    found = read_gguf(path)
    fields = fields_of(found)
    _check_type(fields, Keys.Split.LLM_KV_SPLIT_NO)
    number = fields.integer(Keys.Split.LLM_KV_SPLIT_NO, least=0, most=_MOST_PARTS)
    if number != index:
        raise refused(found, f"the setting {Keys.Split.LLM_KV_SPLIT_NO} is {number} and must be {index}")
    return found


def _check_type(fields: Fields, key: str) -> None:
    """llama.cpp asserts it of all parts but the first."""
    if fields.has(key) and fields.file.settings[key].type is not ValueType.UINT16:
        raise fields.bad(key, "of the type uint16")


def _check_apart(parts: list[GgufFile]) -> None:
    known: dict[str, Path] = {}
    for part in parts:
        for name in part.tensors:
            if name in known:
                raise refused(part, f"the tensor {name} is in {known[name].name} as well")
            known[name] = part.path
