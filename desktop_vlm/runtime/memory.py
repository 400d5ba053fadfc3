"""What a placement of a model takes of each device's memory, known before loading.

The files' headers say how large the weights are, and the rest follows from the shapes. The language model's part is
counted here; a family counts its vision projector's by `VisionNeeds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime.attention_memory import kv_cache_bytes, plain_scores_bytes
from desktop_vlm.runtime.model_shape import TextShape

CPU = "CPU"

_MIB = 1 << 20
_CONTEXT_BYTES = 530 * _MIB
"""What a GPU's driver takes for a process that uses the device: of an H200, more than smaller GPUs'."""
_RUNTIME_BYTES = 180 * _MIB
"""What CUDA's libraries take there: their kernels, and memory pools of ggml."""
_PROGRAM_BYTES = 90 * _MIB
"""What the process takes of main memory before any model: Python and libraries."""


@dataclass(frozen=True)
class Placement:
    """What is put where.

    Attributes:
        n_gpu_layers: layers on GPUs, counted from the last one; the output layer is one of them.
        split: how many of them on each GPU.
        n_ctx: context length in tokens.
        kv_type: type of the KV cache.
        n_batch: most tokens computed at once.
        vision_device: where images are encoded.
        vision_resident: whether the encoder's weights stay there between images; else they are streamed from disk
            per image.
    """

    n_gpu_layers: int
    split: tuple[int, ...]
    n_ctx: int
    kv_type: GgmlType
    n_batch: int
    vision_device: str
    vision_resident: bool


@dataclass
class Need:
    """Bytes needed on one device, by what for.

    Attributes:
        text: weights of the language model.
        kv_cache: of the language model.
        cross_attention: weights that a vision projector adds between the language model's layers.
        vision: weights of the image encoder.
        encoding: what the encoder works in; given back before `image_keys`, which the text sees, are made.
        image_keys: see `encoding`.
        buffers: of llama.cpp.
        scratch: what one step after the other uses.
        draft: weights, KV cache and buffers of a draft model.
        context: of the driver; taken already when a device's free memory is asked for.
        runtime: of libraries and the program.
    """

    text: int = 0
    kv_cache: int = 0
    cross_attention: int = 0
    vision: int = 0
    encoding: int = 0
    image_keys: int = 0
    buffers: int = 0
    scratch: int = 0
    draft: int = 0
    context: int = 0
    runtime: int = 0

    @property
    def total(self) -> int:
        """At the peak."""
        parts: list[int] = [getattr(self, part.name) for part in fields(self)]
        return sum(parts) - min(self.encoding, self.image_keys)

    @property
    def still_free(self) -> int:
        """What must be free for it when that is asked for."""
        return self.total - self.context


class VisionNeeds(Protocol):
    """What a family's vision projector takes of memory.

    Attributes:
        can_stream: whether the encoder's weights can be streamed from disk per image, to save memory
            (`Placement.vision_resident` false).
    """

    @property
    def can_stream(self) -> bool: ...

    def add_to(
        self, needs: Mapping[str, Need], text: TextShape, placement: Placement, device_of: Sequence[str]
    ) -> None:
        """Add what encoding the largest image in a full context takes at its peak.

        Args:
            needs: by device, to be added to; `CPU` and every GPU are there.
            text: shape of the language model.
            placement: what is put where.
            device_of: the device of each of the language model's layers, the output layer last.
        """
        ...


@dataclass(frozen=True)
class ModelShape:
    """How large a whole model is; `vision` is None for text only."""

    text: TextShape
    vision: VisionNeeds | None


def predict(shape: ModelShape, placement: Placement, gpus: Sequence[str]) -> dict[str, Need]:
    """Bytes on each device: at the peak, which is the encoding of the largest image in a full context."""
    needs = {name: Need(context=_CONTEXT_BYTES, runtime=_RUNTIME_BYTES) for name in gpus}
    needs[CPU] = Need(runtime=_PROGRAM_BYTES)
    device_of = _layer_devices(len(shape.text.layer_bytes), placement, gpus)
    _add_text(needs, shape.text, placement, device_of)
    if shape.vision:
        shape.vision.add_to(needs, shape.text, placement, device_of)
    return {name: need for name, need in needs.items() if name == CPU or need.total > need.context + need.runtime}


def _layer_devices(n_layers: int, placement: Placement, gpus: Sequence[str]) -> list[str]:
    """The device of every layer, the output layer last."""
    on_gpu = [name for name, count in zip(gpus, placement.split, strict=True) for _ in range(count)]
    return [CPU] * (n_layers + 1 - len(on_gpu)) + on_gpu


def _add_text(needs: Mapping[str, Need], text: TextShape, placement: Placement, device_of: list[str]) -> None:
    n_ctx, n_batch, head_dim = placement.n_ctx, placement.n_batch, text.head_dim
    kv_bytes = kv_cache_bytes(placement.kv_type, n_ctx=n_ctx, n_kv_heads=text.kv_width // head_dim, head_dim=head_dim)
    for layer, n_bytes in enumerate(text.layer_bytes):
        needs[device_of[layer]].text += n_bytes
        needs[device_of[layer]].kv_cache += kv_bytes
    needs[device_of[-1]].text += text.output_bytes
    needs[CPU].text += text.embedding_bytes
    rows = n_batch * (2 * text.feed_forward + 8 * text.width) * 4
    mask = n_batch * n_ctx * 2
    scores = plain_scores_bytes(
        placement.kv_type,
        on_processor=not placement.n_gpu_layers,
        n_ctx=n_ctx,
        n_batch=n_batch,
        n_heads=text.n_heads,
        head_dim=head_dim,
    )
    for name in set(device_of):
        needs[name].buffers += rows + mask + scores
        if name != CPU and CPU in device_of:
            needs[name].buffers += 2 * max(text.layer_bytes)  # weights that come over for a long prompt
