"""How much memory a model needs, and what to put where so that it fits.

All of it is known before loading: the files' headers say how large the weights are, and the rest follows from
the shapes. `predict` adds it up for one placement; `plan` tries placements from the most generous to the most
modest and says in one sentence what it chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.families.mllama.cross_attention import KEY_BLOCK, ROWS_AT_ONCE, STATES_AT_ONCE
from desktop_vlm.families.mllama.cuda.cublas import WORKSPACE_BYTES
from desktop_vlm.families.mllama.cuda.encoder_layer import PARTS_BYTES
from desktop_vlm.families.mllama.vision_encoder import PROJECTED_AT_ONCE
from desktop_vlm.runtime.attention_memory import kv_cache_bytes, plain_scores_bytes
from desktop_vlm.runtime.model_shape import ModelShape, TextShape, VisionShape

CPU = "CPU"

_MIB = 1 << 20
_GIB = 1 << 30
_CONTEXT_BYTES = 530 * _MIB
"""What a graphics driver takes for a process that uses a device: of an H200, more than smaller cards'."""
_RUNTIME_BYTES = 180 * _MIB
"""What CUDA's libraries take there: their kernels, and memory pools of ggml."""
_PROGRAM_BYTES = 90 * _MIB
"""What the process takes of main memory before any model: Python and libraries."""
_SPARE = 0.04
"""Share of a device's free memory that is left to others."""

_MOST_AT_ONCE = {True: 512, False: 256}
"""Most tokens computed at once with layers on graphics devices (True) and without, where a stop waits for them."""
_FEW_AT_ONCE = 64


@dataclass(frozen=True)
class DeviceBudget:
    """A device and its free memory in bytes."""

    name: str
    free_bytes: int


@dataclass(frozen=True)
class Placement:
    """What is put where.

    Attributes:
        n_gpu_layers: layers on graphics devices, counted from the last one; the output layer is one of them.
        split: how many of them on each graphics device.
        n_ctx: context length in tokens.
        kv_type: type of the KV cache.
        n_batch: most tokens computed at once.
        vision_device: where pictures are encoded.
        vision_resident: whether the encoder's weights stay there between pictures.
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
        text, kv_cache, cross_attention, vision: weights, and the cache of the text half.
        encoding: what the encoder works in; given back before `picture_keys`, which the text sees, are made.
        picture_keys: see `encoding`.
        buffers: of llama.cpp.
        scratch: what one step after the other uses.
        context: of the driver; taken already when a device's free memory is asked for.
        runtime: of libraries and the program.
    """

    text: int = 0
    kv_cache: int = 0
    cross_attention: int = 0
    vision: int = 0
    encoding: int = 0
    picture_keys: int = 0
    buffers: int = 0
    scratch: int = 0
    context: int = 0
    runtime: int = 0

    @property
    def total(self) -> int:
        """At the peak."""
        parts: list[int] = [getattr(self, part.name) for part in fields(self)]
        return sum(parts) - min(self.encoding, self.picture_keys)

    @property
    def still_free(self) -> int:
        """What must be free for it when that is asked for."""
        return self.total - self.context


@dataclass(frozen=True)
class Plan:
    """A placement, what it needs on each device, and why it was chosen, in one sentence."""

    placement: Placement
    needs: Mapping[str, Need] = field(default_factory=dict)
    reason: str = ""


# What a placement needs


def predict(shape: ModelShape, placement: Placement, gpus: Sequence[str]) -> dict[str, Need]:
    """Bytes on each device: at the peak, which is the encoding of a picture of all tiles in a full context."""
    needs = {name: Need(context=_CONTEXT_BYTES, runtime=_RUNTIME_BYTES) for name in gpus}
    needs[CPU] = Need(runtime=_PROGRAM_BYTES)
    device_of = _layer_devices(len(shape.text.layer_bytes), placement, gpus)
    _add_text(needs, shape.text, placement, device_of)
    if shape.vision:
        _add_cross_attention(needs, shape.text, shape.vision, placement, device_of)
        _add_encoder(needs, shape.vision, placement)
    return {name: need for name, need in needs.items() if name == CPU or need.total > need.context + need.runtime}


def _layer_devices(n_layers: int, placement: Placement, gpus: Sequence[str]) -> list[str]:
    """The device of every layer, the output layer last."""
    on_gpu = [name for name, count in zip(gpus, placement.split, strict=True) for _ in range(count)]
    return [CPU] * (n_layers + 1 - len(on_gpu)) + on_gpu


def _add_text(needs: dict[str, Need], text: TextShape, placement: Placement, device_of: list[str]) -> None:
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
        n_heads=text.width // head_dim,
        head_dim=head_dim,
    )
    for name in set(device_of):
        needs[name].buffers += rows + mask + scores
        if name != CPU and CPU in device_of:
            needs[name].buffers += 2 * max(text.layer_bytes)  # weights that come over for a long prompt


def _add_cross_attention(
    needs: dict[str, Need], text: TextShape, vision: VisionShape, placement: Placement, device_of: list[str]
) -> None:
    n_keys = -(-vision.n_tokens // KEY_BLOCK) * KEY_BLOCK
    rows = (min(placement.n_batch, ROWS_AT_ONCE) * 2 * text.feed_forward + placement.n_batch * 4 * text.width) * 4
    states = STATES_AT_ONCE * (vision.text_width + 3 * vision.kv_width) * 4
    for after, n_bytes in vision.cross_bytes.items():
        need = needs[device_of[after] if after >= 0 else CPU]
        need.cross_attention += n_bytes
        need.picture_keys += vision.n_cross[after] * 2 * n_keys * vision.kv_width * 2
        need.scratch = max(need.scratch, rows, states)


def _add_encoder(needs: dict[str, Need], vision: VisionShape, placement: Placement) -> None:
    need = needs[placement.vision_device]
    weights = sum(vision.block_bytes) if placement.vision_resident else max(vision.block_bytes)
    need.vision += weights + vision.outside_bytes
    stream = vision.n_all * vision.width * 4  # one number of every token and feature
    states = vision.n_tokens * vision.text_width
    features = vision.width * (2 * vision.n_kept + 1) + vision.text_width
    need.scratch = max(need.scratch, PROJECTED_AT_ONCE * features * 4)
    if placement.vision_device == CPU:
        need.encoding = stream * (1 + vision.n_kept)
        need.scratch = max(need.scratch, stream * 4)  # queries, keys, values and the result, in part twice
        needs[CPU].buffers += 2 * states * 4  # of this picture, and of one that is remembered
    else:
        unpacked = vision.width * vision.feed_forward * 2
        need.encoding = stream * (6 + vision.n_kept) // 2 + unpacked + WORKSPACE_BYTES + PARTS_BYTES
        need.picture_keys += states * 2  # the states are still there when keys are made of them
        needs[CPU].buffers += states * 2


# Choosing


def plan(
    shape: ModelShape,
    gpus: Sequence[DeviceBudget],
    main_memory_bytes: int,
    *,
    n_ctx: int,
    n_gpu_layers: int = -1,
    kv_type: GgmlType | None = None,
    n_batch: int = 512,
) -> Plan:
    """Choose a placement that fits; where none does, the one that lacks least.

    Args:
        shape: of the model.
        gpus: graphics devices, in ggml's order.
        main_memory_bytes: free main memory.
        n_ctx: context length in tokens; 0 for the length that the model was trained with.
        n_gpu_layers: layers on graphics devices; negative for as many as fit.
        kv_type: type of the KV cache; None for the best that fits.
        n_batch: most tokens computed at once, if they fit.
    """
    wish = Placement(n_gpu_layers, (), n_ctx or shape.text.n_ctx_train, GgmlType.F16, n_batch, CPU, True)
    names = [room.name for room in gpus]
    free = {**{room.name: room.free_bytes for room in gpus}, CPU: main_memory_bytes}
    plans: list[tuple[int, Plan]] = []  # with the bytes that each lacks
    for placement in _candidates(shape, gpus, wish, kv_type):
        needs = predict(shape, placement, names)
        lacking = sum(max(0, need.still_free - int(free[name] * (1 - _SPARE))) for name, need in needs.items())
        plans.append((lacking, Plan(placement, needs, _reason(shape, placement, needs, free, kv_type))))
        if not lacking:
            break
    return min(plans, key=lambda one: one[0])[1]


def _candidates(
    shape: ModelShape, gpus: Sequence[DeviceBudget], wish: Placement, kv_type: GgmlType | None
) -> Iterator[Placement]:
    """Placements from the most generous to the most modest."""
    exact = GgmlType.F32 if shape.text.is_f32 else GgmlType.F16
    kv_types = [kv_type] if kv_type is not None else [exact, GgmlType.Q8_0]
    if kv_type is None and shape.text.head_dim % 32:
        kv_types = [exact]  # Q8_0 packs 32 numbers of a head
    all_layers = len(shape.text.layer_bytes) + 1
    most = 0 if not gpus else all_layers if wish.n_gpu_layers < 0 else min(wish.n_gpu_layers, all_layers)
    least = 0 if wish.n_gpu_layers < 0 else most

    def placed(n: int, kv: GgmlType, *, resident: bool, few: bool = False) -> Placement:
        placement = replace(
            wish,
            n_gpu_layers=n,
            split=(0,) * len(gpus),
            kv_type=kv,
            vision_device=gpus[0].name if n else CPU,
            vision_resident=resident,
            n_batch=min(_FEW_AT_ONCE if few else _MOST_AT_ONCE[n > 0], wish.n_batch),
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
    taken = predict(shape, without_layers, [room.name for room in gpus])
    rooms = [max(0, room.free_bytes - (taken[room.name].total if room.name in taken else 0)) for room in gpus]
    shares = rooms if any(rooms) else [1] * len(rooms)
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
    wanted_kv_type: GgmlType | None,
) -> str:
    def share(name: str) -> str:
        return f"{name} {needs[name].still_free / _GIB:.1f} of {free[name] / _GIB:.1f} GiB"

    all_layers = len(shape.text.layer_bytes) + 1
    used = ", ".join(share(name) for name in needs if name != CPU) or share(CPU)
    if not placement.n_gpu_layers:
        where = "All on the processor"
    elif placement.n_gpu_layers < all_layers:
        where = f"{placement.n_gpu_layers} of {all_layers} layers on graphics devices"
    else:
        where = "All layers on graphics devices"
    less = []
    if placement.kv_type == GgmlType.Q8_0 != wanted_kv_type:
        less.append("the context's memory in Q8_0")
    if shape.vision and not placement.vision_resident:
        less.append("the vision weights read anew for every picture")
    saving = f", with {' and '.join(less)} to save room" if less else ""
    return f"{where} ({used}){saving}."
