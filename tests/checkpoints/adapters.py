"""LoRA adapters as PEFT saves them, made from seeds with NumPy alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.seeded import Stored, decode, read_stored, write_json, write_stored

Values = dict[str, NDArray[np.float32]]
PREFIX = "base_model.model."


def weights_of(folder: Path) -> Values:
    """All tensors of a plain checkpoint by the names that it has."""
    found: Values = {}
    for path in folder.glob("*.safetensors"):
        found |= {name: decode(*stored) for name, stored in read_stored(path).items()}
    return found


def f32(values: NDArray[np.float32]) -> Stored:
    return ("F32", values.shape, values.astype("<f4").tobytes())


def layer(module: str, shape: tuple[int, ...], rank: int) -> dict[str, NDArray[np.float32]]:
    """Random `A` and `B` of a linear layer with weights of `shape`."""
    rng = np.random.RandomState(zlib.crc32(module.encode()))
    n_out, n_in = shape
    return {
        f"{PREFIX}{module}.lora_A.weight": (rng.random_sample((rank, n_in)) - 0.5).astype(np.float32),
        f"{PREFIX}{module}.lora_B.weight": (rng.random_sample((n_out, rank)) - 0.5).astype(np.float32),
    }


def write_adapter(
    folder: Path, base: Path, modules: Iterable[str], *, rank: int = 8, more: Values | None = None, **settings: Any
) -> dict[str, NDArray[np.float32]]:
    """Write an adapter of linear layers of the checkpoint `base` into `folder`, and return its tensors.

    Args:
        folder: where; made if missing.
        base: the checkpoint that it is for.
        modules: names of layers, as the checkpoint has them.
        rank: of all layers.
        more: other tensors, which go before those of the same name.
        settings: of adapter_config.json.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = weights_of(base)
    tensors: dict[str, NDArray[np.float32]] = {}
    for module in modules:
        tensors |= layer(module, weights[f"{module}.weight"].shape, rank)
    tensors |= more or {}
    write_stored(folder / "adapter_model.safetensors", {name: f32(values) for name, values in tensors.items()})
    config = {"peft_type": "LORA", "base_model_name_or_path": str(base), "r": rank, "lora_alpha": 12}
    write_json(folder / "adapter_config.json", {**config, **settings})
    return tensors
