"""Spellings of tensor names: what changed between versions of a checkpoint's format is its prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Prefixes = Mapping[str, str]
"""Prefix as a checkpoint has it -> canonical prefix; the first that fits is taken."""


@dataclass(frozen=True)
class TensorNames:
    """The layouts that a family's checkpoints exist in, other than the canonical one."""

    layouts: tuple[Prefixes, ...] = ()

    def canonical(self, stored: str) -> str:
        """The canonical name of the tensor that a checkpoint calls `stored`."""
        pair = self._pair(stored)
        return pair[1] + stored.removeprefix(pair[0]) if pair else stored

    def spelling(self, stored: Iterable[str]) -> Spelling:
        """How the checkpoint with the tensors `stored` spells canonical names."""
        used = dict.fromkeys(pair for name in stored if (pair := self._pair(name)))
        layout = next((one for one in self.layouts if any(pair in one.items() for pair in used)), {})
        pairs = dict.fromkeys([*sorted(used, key=lambda pair: -len(pair[1])), *layout.items()])
        return Spelling(tuple(pairs))

    def _pair(self, stored: str) -> tuple[str, str] | None:
        pairs = ((prefix, name) for layout in self.layouts for prefix, name in layout.items())
        return next((pair for pair in pairs if stored.startswith(pair[0])), None)


@dataclass(frozen=True)
class Spelling:
    """How one checkpoint spells names: (its prefix, canonical prefix), the first that fits is taken."""

    prefixes: tuple[tuple[str, str], ...] = ()

    def of(self, canonical: str) -> str:
        """How the checkpoint spells `canonical`."""
        for stored, prefix in self.prefixes:
            if canonical.startswith(prefix):
                return stored + canonical.removeprefix(prefix)
        return canonical
