"""What to put where so that a model fits.

`plan` tries placements from the most generous to the most modest and says in one sentence what it chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.options import LoadOptions
from desktop_vlm.runtime.ggml.quantize import kv_cache_type
from desktop_vlm.runtime.memory import CPU, ModelShape, Need, Placement, predict

_GIB = 1 << 30
_SPARE = 0.04
"""Share of a device's free memory that is left to others."""

_MOST_AT_ONCE = {True: 512, False: 256}
"""Most tokens computed at once with layers on GPUs (True) and without, where a stop waits for them."""
_FEW_AT_ONCE = 64


@dataclass(frozen=True)
class DeviceBudget:
    """A device and its free memory in bytes."""

    name: str
    free_bytes: int


@dataclass(frozen=True)
class Plan:
    """A placement, what it needs on each device, and why it was chosen, in one sentence."""

    placement: Placement
    needs: Mapping[str, Need] = field(default_factory=dict)
    reason: str = ""


def plan(
    shape: ModelShape,
    gpus: Sequence[DeviceBudget],
    main_memory_bytes: int,
    options: LoadOptions,
) -> Plan:
    """Choose a placement that fits; where none does, the one that lacks least.

    Args:
        shape: of the model.
        gpus: GPUs, in ggml's order.
        main_memory_bytes: free main memory.
        options: what is asked for.

    Raises:
        UserError: there is no such type of a KV cache.
    """
    kv_type = kv_cache_type(options.kv_type)
    names = [gpu.name for gpu in gpus]
    free = {**{gpu.name: gpu.free_bytes for gpu in gpus}, CPU: main_memory_bytes}
    plans: list[tuple[int, Plan]] = []  # with the bytes that each lacks
    for placement in _candidates(shape, gpus, options, kv_type):
        needs = predict(shape, placement, names)
        lacking = sum(max(0, need.still_free - int(free[name] * (1 - _SPARE))) for name, need in needs.items())
        plans.append((lacking, Plan(placement, needs, _reason(shape, placement, needs, free, kv_type))))
        if not lacking:
            break
    return min(plans, key=lambda one: one[0])[1]


def _candidates(
    shape: ModelShape, gpus: Sequence[DeviceBudget], options: LoadOptions, kv_type: GgmlType | None
) -> Iterator[Placement]:
    """Placements from the most generous to the most modest."""
    exact = GgmlType.F32 if shape.text.is_f32 else GgmlType.F16
    kv_types = [kv_type] if kv_type is not None else [exact, GgmlType.Q8_0]
    if kv_type is None and shape.text.head_dim % 32:
        kv_types = [exact]  # Q8_0 packs 32 numbers of a head
    all_layers = len(shape.text.layer_bytes) + 1
    asked = options.n_gpu_layers
    most = 0 if not gpus else all_layers if asked < 0 else min(asked, all_layers)
    least = 0 if asked < 0 else most
    can_stream = shape.vision is None or shape.vision.can_stream

    def placed(n: int, kv: GgmlType, *, resident: bool, few: bool = False) -> Placement:
        placement = Placement(
            n_gpu_layers=n,
            split=(0,) * len(gpus),
            n_ctx=options.n_ctx or shape.text.n_ctx_train,
            kv_type=kv,
            n_batch=min(_FEW_AT_ONCE if few else _MOST_AT_ONCE[n > 0], options.n_batch),
            vision_device=gpus[0].name if n else CPU,
            vision_resident=resident or not can_stream,
        )
        return replace(placement, split=_split(shape, placement, gpus))

    for kv in kv_types:
        for resident in (True, False):
            yield placed(most, kv, resident=resident)
    for n in range(most, least - 1, -1):
        if n == 0:
            yield placed(0, kv_types[0], resident=True)
        yield placed(n, kv_types[-1], resident=False, few=n > 0)


def _split(shape: ModelShape, without_layers: Placement, gpus: Sequence[DeviceBudget]) -> tuple[int, ...]:
    """Layers for each device, in proportion to the memory that is left once the encoder and the program have theirs."""
    taken = predict(shape, without_layers, [gpu.name for gpu in gpus])
    left = [max(0, gpu.free_bytes - (taken[gpu.name].total if gpu.name in taken else 0)) for gpu in gpus]
    shares = left if any(left) else [1] * len(left)
    counts, given, passed = [], 0, 0
    for share in shares:
        passed += share
        upto = round(without_layers.n_gpu_layers * passed / sum(shares))
        counts.append(upto - given)
        given = upto
    return tuple(counts)


def _reason(
    shape: ModelShape,
    placement: Placement,
    needs: Mapping[str, Need],
    free: Mapping[str, int],
    asked_kv_type: GgmlType | None,
) -> str:
    def share(name: str) -> str:
        return f"{name} {needs[name].still_free / _GIB:.1f} of {free[name] / _GIB:.1f} GiB"

    all_layers = len(shape.text.layer_bytes) + 1
    used = ", ".join(share(name) for name in needs if name != CPU) or share(CPU)
    if not placement.n_gpu_layers:
        where = "All on the processor"
    elif placement.n_gpu_layers < all_layers:
        where = f"{placement.n_gpu_layers} of {all_layers} layers on GPUs"
    else:
        where = "All layers on GPUs"
    less = []
    if placement.kv_type == GgmlType.Q8_0 != asked_kv_type:
        less.append("the KV cache in Q8_0")
    if shape.vision and not placement.vision_resident:
        less.append("the vision weights streamed from disk per image")
    saving = f", with {' and '.join(less)} to save room" if less else ""
    return f"{where} ({used}){saving}."
