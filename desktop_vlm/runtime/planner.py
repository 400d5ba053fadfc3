"""What to put where so that a model fits.

`plan` tries placements from the most generous to the most modest and says in one sentence what it chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.options import LoadOptions
from desktop_vlm.runtime.attention_memory import whole_context
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
    """A GPU and its free memory in bytes.

    Attributes:
        shares_main_memory: whether that is main memory, as an integrated GPU's is.
    """

    name: str
    free_bytes: int
    shares_main_memory: bool = False


@dataclass(frozen=True)
class Shortage:
    """A device on which a plan needs more than is free, both in bytes."""

    name: str
    needed_bytes: int
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
    gpus = [_within(gpu, main_memory_bytes) for gpu in gpus]
    names = [gpu.name for gpu in gpus]
    free = {**{gpu.name: gpu.free_bytes for gpu in gpus}, CPU: main_memory_bytes}
    plans: list[tuple[int, Plan]] = []  # with the bytes that each lacks
    for placement in _candidates(shape, gpus, options, kv_type):
        needs = predict(shape, placement, names)
        short = shortages(needs, gpus, main_memory_bytes, spare=_SPARE)
        lacking = sum(device.needed_bytes - device.free_bytes for device in short)
        plans.append((lacking, Plan(placement, needs, _reason(shape, placement, needs, free, kv_type))))
        if not lacking:
            break
    return min(plans, key=lambda one: one[0])[1]


def shortages(
    needs: Mapping[str, Need], gpus: Sequence[DeviceBudget], main_memory_bytes: int, *, spare: float = 0.0
) -> list[Shortage]:
    """Where there is too little; what GPUs take of main memory counts with what the processor does.

    Args:
        needs: by device.
        gpus: GPUs.
        main_memory_bytes: free main memory.
        spare: share of what is free that is not to be touched.
    """
    inside = {gpu.name for gpu in gpus if gpu.shares_main_memory}
    rooms = [(gpu.name, {gpu.name}, gpu.free_bytes) for gpu in gpus] + [(CPU, {CPU} | inside, main_memory_bytes)]
    found = []
    for name, together, free_bytes in rooms:
        needed_bytes = sum(needs[one].still_free for one in together if one in needs)
        usable_bytes = int(free_bytes * (1 - spare))
        if needed_bytes > usable_bytes:
            found.append(Shortage(name, needed_bytes, usable_bytes))
    return found


def _within(gpu: DeviceBudget, main_memory_bytes: int) -> DeviceBudget:
    """No more of main memory than is free, whatever the driver says."""
    return replace(gpu, free_bytes=min(gpu.free_bytes, main_memory_bytes)) if gpu.shares_main_memory else gpu


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
            n_ctx=whole_context(options.n_ctx or shape.text.n_ctx_train),
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
