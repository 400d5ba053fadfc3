"""Which model to load, and how. Both travel whole from settings and command line to the loader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.fields import Choice, CommandOption, OneOf, Whole, WholeOr, setting

_FIRST_PART = re.compile(r"(.+)-00001-of-(\d{5})\.gguf")
_MOST_PARTS = 1000


@dataclass(frozen=True)
class ModelRef:
    """The two files of a model, and a smaller one that drafts for it.

    Attributes:
        text: GGUF of the language model.
        mmproj: GGUF of the vision projector; None for text only.
        draft: GGUF of a small language model with the same tokenizer, which says what may come next; mostly None.
    """

    text: Path
    mmproj: Path | None = None
    draft: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is opened: of a language model that is split, its further parts as well, which lie beside it."""
        parts = [self.text]
        if first := _FIRST_PART.fullmatch(self.text.name):
            count = min(int(first[2]), _MOST_PARTS)
            parts += [
                self.text.with_name(f"{first[1]}-{number:05}-of-{first[2]}.gguf") for number in range(2, count + 1)
            ]
        return (*parts, *(path for path in (self.mmproj, self.draft) if path))


@dataclass(frozen=True)
class LoadOptions:
    """How to load it. A new option is declared here and used where it matters; settings and command line follow.

    Attributes:
        n_ctx: context length in tokens; 0 for the length that the model was trained with.
        n_gpu_layers: layers on GPUs; negative for as many as fit, 0 for none.
        kv_type: type of the KV cache: F32, F16, Q8_0, ..., or "auto" for the best that fits.
        n_threads: processor threads; None for one per usable core.
        n_batch: most tokens computed at once, fewer on a processor; a stop is noticed between batches.
        memory_share: how much of the free memory to count on; less, where counting on all of it went wrong.
    """

    n_ctx: int = setting(
        4096,
        Whole(512, 131072, step=1024, unit="tokens"),
        "Context length",
        "How much of a conversation the model keeps in mind. A longer context needs more memory.",
        group="Memory",
        command=CommandOption("--ctx", "TOKENS", "context length (default: 4096)"),
    )
    n_gpu_layers: int = setting(
        -1,
        WholeOr("auto", "Automatic", Whole(0, 999, unit="layers"), meaning=-1),
        "GPU layers",
        "How many layers of the model run on the GPU; 0 for none.",
        group="Memory",
        command=CommandOption("--gpu-layers", "N", "layers on the GPU (default: all; 0: none)"),
    )
    kv_type: str = setting(
        "auto",
        OneOf(
            (
                Choice("auto", "Automatic"),
                Choice("F32", "F32: exact, largest"),
                Choice("F16", "F16: usual"),
                Choice("Q8_0", "Q8_0: half of F16"),
                Choice("Q4_0", "Q4_0: smallest, less exact"),
            )
        ),
        "KV cache",
        "The type in which the context is stored. A smaller one takes less memory and is less exact.",
        group="Memory",
        command=CommandOption("--kv-type", "TYPE", "type of the KV cache (default: auto)"),
    )
    n_threads: int | None = setting(
        None,
        WholeOr("auto", "Automatic", Whole(1, 512, unit="threads"), meaning=None),
        "Processor threads",
        "How many threads compute at once. Automatic takes one for each core.",
        group="Memory",
        command=CommandOption("--threads", "N", "processor threads (default: one per core)"),
    )
    n_batch: int = 512
    memory_share: float = 1.0
