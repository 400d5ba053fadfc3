"""GPUs by their makers' published specifications, from `gpu_models.toml`, and finding one by what a person calls it."""

from __future__ import annotations

import difflib
import re
import textwrap
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.toml_text import parse_toml

_FILE = "gpu_models.toml"
_MOST_NAMED = 6
_LONGEST_NAME = 60
_ALIKE = 0.6
"""How alike a name must be to be proposed; 1 is the same."""

_MAKERS = {"Radeon": "AMD", "Arc": "Intel"}
_F16_FLOPS = {"Turing": 512, "Ampere": 512, "AmperePro": 1024, "Ada": 512, "Blackwell": 512, "Hopper": 4096}
"""Of the tensor units of one multiprocessor in one cycle, dense f16 that add up in f32."""
_INT8_PER_F16 = {"Turing": 4, "Ampere": 4, "AmperePro": 2, "Ada": 4, "Blackwell": 4, "Hopper": 2}
_OWN_KERNELS = {"Ampere", "AmperePro", "Ada", "Blackwell", "Hopper"}
"""Compute capability 8.0 and newer, for which our CUDA kernels of the vision encoder are made."""


@dataclass(frozen=True)
class GpuModel:
    """A GPU as its maker specifies it.

    Attributes:
        name: as people know it, with the maker where that is part of it.
        generation: of its maker, such as `Ada`.
        memory_gib: of its own memory.
        bytes_per_s: bandwidth of that memory.
        n_multiprocessors: or what its maker has instead.
        clock_hz: lowest and highest boost clock; the same but for laptops.
        bus_bytes_per_s: of the slot, in one direction.
    """

    name: str
    generation: str
    memory_gib: int
    bytes_per_s: float
    n_multiprocessors: int
    clock_hz: tuple[float, float]
    bus_bytes_per_s: float

    @property
    def maker(self) -> str:
        """NVIDIA, AMD or Intel."""
        return _MAKERS.get(self.generation, "NVIDIA")

    @property
    def is_laptop(self) -> bool:
        """Whether it is soldered into a laptop, which decides how much power it gets."""
        return "Laptop" in self.name

    @property
    def runs_own_kernels(self) -> bool:
        """Whether this program's CUDA kernels run there."""
        return self.generation in _OWN_KERNELS

    @property
    def f16_flops(self) -> int:
        """Of one multiprocessor in one cycle: dense f16 that add up in f32; 0 where not known."""
        return _F16_FLOPS.get(self.generation, 0)

    @property
    def f16_flops_per_s(self) -> float:
        """Of the whole GPU at its highest clock, as data sheets name it; 0 where not known."""
        return self.f16_flops * self.n_multiprocessors * self.clock_hz[1]

    @property
    def int8_ops_per_s(self) -> float:
        """The same in int8; 0 where not known."""
        return self.f16_flops_per_s * _INT8_PER_F16.get(self.generation, 0)


@cache
def gpu_models() -> tuple[GpuModel, ...]:
    """All of them, by generation."""
    text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return tuple(_gpu(generation, row) for generation, table in parse_toml(text).items() for row in table["gpus"])


def _gpu(generation: str, row: list[object]) -> GpuModel:
    name, memory_gib, bandwidth, n_multiprocessors, clock, bus = row
    clocks = [float(one) for one in clock] if isinstance(clock, list) else [float(str(clock))] * 2
    return GpuModel(
        name=str(name),
        generation=generation,
        memory_gib=int(str(memory_gib)),
        bytes_per_s=float(str(bandwidth)) * 1e9,
        n_multiprocessors=int(str(n_multiprocessors)),
        clock_hz=(clocks[0] * 1e9, clocks[1] * 1e9),
        bus_bytes_per_s=float(str(bus)) * 1e9,
    )


def find_gpu(text: str, memory_bytes: int = 0) -> GpuModel:
    """The GPU that a person, or its driver, calls `text`, in whatever letters: `rtx4060`, `RTX 4060 Laptop GPU`.

    Args:
        text: its name, with its memory where there are several of that name.
        memory_bytes: that it has, where that is known; 0 where not.

    Raises:
        UserError: there is none, or several; the sentence names those that are near.
    """
    given = _key(text)
    exact = [gpu for gpu in gpu_models() if _key(gpu.name) == given]
    found = exact or [gpu for gpu in gpu_models() if _key(_without_memory(gpu.name)) == given]
    if len(found) > 1 and memory_bytes:
        found = [min(found, key=lambda gpu: abs(gpu.memory_gib * 2**30 - memory_bytes))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"There are several GPUs of that name; say which: {_listed([gpu.name for gpu in found])}.")
    near = _near(given)
    meant = f"; did you mean {_listed(near)}?" if near else ";"
    named = textwrap.shorten(text, _LONGEST_NAME, placeholder="...") or '""'
    raise UserError(f"No GPU {named} is known here{meant} `desktop-vlm bench --predict list` names all.")


def _key(name: str) -> str:
    """What is left of a name that matters: `NVIDIA GeForce RTX 4060 Laptop GPU` is `4060laptop`."""
    words = re.sub(r"mobile|(with )?max-q( design)?", "laptop", name.casefold())
    words = re.sub(r"nvidia|geforce|amd|radeon|intel|graphics|\brtx|\brx|\barc\b|\bgpu\b|\(.*?\)", " ", words)
    words = re.sub(r"gib\b", "gb", words)
    return re.sub(r"[^a-z0-9]", "", words)


def _without_memory(name: str) -> str:
    return re.sub(r" \d+ GB$", "", name)


def _near(given: str) -> list[str]:
    """Names that are alike, those with the same number first."""
    by_key = {_key(gpu.name): gpu.name for gpu in gpu_models()}
    number = re.search(r"\d{3,4}", given)
    same = [name for key, name in by_key.items() if number and number[0] in key]
    alike = [by_key[key] for key in difflib.get_close_matches(given, by_key, _MOST_NAMED, _ALIKE)]
    return list(dict.fromkeys([*same, *alike]))[:_MOST_NAMED]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
