"""Which model to load, and how. Both travel whole from settings and command line to the loader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelRef:
    """The two files of a model.

    Attributes:
        text: GGUF of the language model.
        mmproj: GGUF of the vision projector; None for text only.
    """

    text: Path
    mmproj: Path | None = None


@dataclass(frozen=True)
class LoadOptions:
    """How to load it.

    Attributes:
        n_ctx: context length in tokens; 0 for the length that the model was trained with.
        n_gpu_layers: layers on GPUs; negative for as many as fit, 0 for none.
        n_threads: processor threads; None for one per usable core.
        n_batch: most tokens computed at once, fewer on a processor; a stop is noticed between batches.
        kv_type: type of the KV cache: F32, F16, Q8_0, ..., or "auto" for the best that fits.
        memory_share: how much of the free memory to count on; less, where counting on all of it went wrong.
    """

    n_ctx: int = 4096
    n_gpu_layers: int = -1
    n_threads: int | None = None
    n_batch: int = 512
    kv_type: str = "auto"
    memory_share: float = 1.0
