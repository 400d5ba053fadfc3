"""Declared tables of tensors: which must be there, in which shape and in which types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gguf import GGMLQuantizationType as Type

from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.gate.types import EXACT, WEIGHTS
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile


@dataclass(frozen=True)
class Rule:
    """One tensor.

    Attributes:
        name: in the file.
        shape: as ggml counts, the innermost dimension first; None for any number there.
        types: that it may be stored in.
        is_needed: whether it must be there.
    """

    name: str
    shape: tuple[int | None, ...]
    types: frozenset[Type] = WEIGHTS
    is_needed: bool = True


def exact(name: str, *shape: int | None, is_needed: bool = True) -> Rule:
    """A tensor that is added or scaled by."""
    return Rule(name, shape, EXACT, is_needed)


def check_table(file: GgufFile, rules: Iterable[Rule]) -> None:
    """Hold a file's tensors to their rules; tensors without a rule are not looked at.

    Raises:
        UserError: one is missing, or has another shape or type.
    """
    for rule in rules:
        place = file.tensors.get(rule.name)
        if place is None:
            if rule.is_needed:
                raise refused(file, f"the tensor {rule.name} is missing")
            continue
        if not _fits(place.shape, rule.shape):
            raise refused(
                file,
                f"the tensor {rule.name} has the shape {list(place.shape)} and must have {_shown(rule.shape)}",
            )
        if place.type not in rule.types:
            raise refused(
                file,
                f"the tensor {rule.name} has the type {place.type.name} and must be {_named(rule.types)}",
            )


def _fits(found: tuple[int, ...], rule: tuple[int | None, ...]) -> bool:
    """Whether a shape is as it must be; ones at its end do not count."""
    length = max(len(found), len(rule))
    ones = (1,) * length
    return all(
        needed is None or size == needed
        for size, needed in zip((*found, *ones)[:length], (*rule, *ones)[:length], strict=True)
    )


def _shown(shape: tuple[int | None, ...]) -> str:
    return "[" + ", ".join("any" if size is None else str(size) for size in shape) + "]"


def _named(types: frozenset[Type]) -> str:
    return " or ".join(sorted(kind.name for kind in types)) if len(types) < len(WEIGHTS) else "a type of weights"
