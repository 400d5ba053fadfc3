"""Room for a draft model: beside what was planned for the large one, which never gives anything up for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime.memory import CPU, ModelShape, Need, Placement, predict
from desktop_vlm.runtime.model_shape import TextShape
from desktop_vlm.runtime.planner import DeviceBudget, Plan, shortages

_SPARE = 0.04
"""Share of a device's free memory that is left to others, as for the large model."""


def draft_placement(shape: TextShape, large: Placement) -> Placement:
    """All of it on one GPU that has layers of the large model, the last such; on the processor where none has.

    Args:
        shape: of the draft model.
        large: where the large model is.
    """
    used = [place for place, count in enumerate(large.split) if count]
    n_layers = len(shape.layer_bytes) + 1 if used else 0
    return Placement(
        n_gpu_layers=n_layers,
        split=tuple(n_layers if used and place == used[-1] else 0 for place in range(len(large.split))),
        n_ctx=large.n_ctx,
        kv_type=GgmlType.F32 if shape.is_f32 else GgmlType.F16,
        n_batch=large.n_batch,
        vision_device=CPU,
        vision_resident=True,
    )


def beside(plan: Plan, shape: TextShape, gpus: Sequence[DeviceBudget], main_memory_bytes: int) -> Plan | None:
    """The plan with a draft model counted in; None where there is no room for one.

    Args:
        plan: of the large model.
        shape: of the draft model.
        gpus: GPUs, in ggml's order.
        main_memory_bytes: free main memory.
    """
    names = [gpu.name for gpu in gpus]
    needs = {name: replace(need) for name, need in plan.needs.items()}
    for name, need in predict(ModelShape(shape, None), draft_placement(shape, plan.placement), names).items():
        needs.setdefault(name, Need(context=need.context, runtime=need.runtime))
        needs[name].draft = need.total - need.context - need.runtime
    if shortages(needs, gpus, main_memory_bytes, spare=_SPARE):
        return None
    return replace(plan, needs=needs)
