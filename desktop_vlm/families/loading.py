"""From two files to a session: plan, load, and once more with less where the memory does not suffice after all."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.errors import OutOfMemoryError
from desktop_vlm.families.mllama.mmproj import check_is_gguf, open_mmproj
from desktop_vlm.runtime.ggml.device import cpu_device, gpu_devices
from desktop_vlm.runtime.llama_log import log_collector
from desktop_vlm.runtime.model_shape import ModelShape, read_shape
from desktop_vlm.runtime.planner import CPU, DeviceBudget, Placement, Plan, plan
from desktop_vlm.runtime.session import Progress, Session

_LOG = logging.getLogger(__name__)

_EARLY_STARTS = "GGML_CUDA_PDL"
"""Since Hopper, ggml's CUDA kernels start before those in front of them have ended; with weights in F32 this made a
wrong token in some thousands. It is read once, before the first kernel: docs/decisions/0005."""

_LESS = 0.8
"""What a second try counts on, of the memory that the first one counted on."""


def open_session(
    text_path: Path,
    mmproj_path: Path | None,
    *,
    n_ctx: int,
    n_batch: int,
    n_gpu_layers: int,
    n_threads: int,
    kv_type: GgmlType | None,
    memory_share: float = 1.0,
    progress: Progress | None = None,
) -> tuple[Session, Plan]:
    """Load a model where it fits.

    Args:
        text_path: the text GGUF.
        mmproj_path: the vision half; None for text only.
        n_ctx: context length in tokens; 0 for the length that the model was trained with.
        n_batch: most tokens computed at once.
        n_gpu_layers: layers on graphics devices; negative for as many as fit.
        n_threads: processor threads.
        kv_type: type of the KV cache; None for the best that fits.
        memory_share: how much of the free memory to count on.
        progress: told ("load", fraction).

    Raises:
        UserError: a file is missing or damaged, or the two do not belong together.
        EngineError: a device failed.
        OutOfMemoryError: there is no room even for the most modest placement.
        Cancelled: from `progress`.
    """
    log_collector()
    mmproj = open_mmproj(mmproj_path) if mmproj_path else None
    check_is_gguf(text_path)
    shape = read_shape(text_path, mmproj)
    if shape and shape.text.is_f32:
        os.environ.setdefault(_EARLY_STARTS, "0")

    def chosen(share: float) -> Plan:
        if shape is None:  # loading will tell what is wrong with the file
            return Plan(Placement(n_gpu_layers, (), n_ctx, kv_type or GgmlType.F16, n_batch, CPU, True))
        return plan(
            shape,
            rooms(share),
            int(cpu_device().memory()[0] * share),
            n_ctx=n_ctx,
            n_gpu_layers=n_gpu_layers,
            kv_type=kv_type,
            n_batch=n_batch,
        )

    def load(how: Plan) -> Session:
        return Session(text_path, mmproj, how.placement, n_threads=n_threads, progress=progress)

    first = chosen(memory_share)
    _LOG.info("%s", first.reason)
    try:
        return load(first), first
    except OutOfMemoryError as error:
        second = _more_modest(first, chosen(memory_share * _LESS), shape)
        if second is None:
            raise
        _LOG.warning("%s; trying once more with less", error)
    return load(second), second


def rooms(share: float = 1.0) -> Sequence[DeviceBudget]:
    """The graphics devices and a share of their free memory."""
    return [DeviceBudget(device.name, int(device.memory()[0] * share)) for device in gpu_devices()]


def _more_modest(first: Plan, second: Plan, shape: ModelShape | None) -> Plan | None:
    """The second plan where it asks for less; else the first with what it can do without; None if there is nothing."""
    if second.placement != first.placement:
        return replace(second, reason=f"{second.reason} More did not fit.")
    if shape is None or shape.vision is None or not first.placement.vision_resident:
        return None
    modest = replace(first.placement, vision_resident=False)
    return replace(first, placement=modest, reason=f"{first.reason} The vision weights did not fit.")
