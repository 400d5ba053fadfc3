"""From a model's files to a session: plan, load, and once more with less where memory does not suffice after all."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.errors import OutOfMemoryError, UserError
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.families.base import Family
from desktop_vlm.families.gate import Admitted, admit, admit_draft
from desktop_vlm.families.registry import chat_format_of
from desktop_vlm.runtime.chat_format import ChatFormat
from desktop_vlm.runtime.draft_model import DraftModel, load_draft
from desktop_vlm.runtime.draft_plan import beside, draft_placement
from desktop_vlm.runtime.ggml.device import cpu_device, gpu_devices
from desktop_vlm.runtime.ggml.gguf_header import header_of
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile
from desktop_vlm.runtime.ggml.quantize import kv_cache_type
from desktop_vlm.runtime.llama_log import log_collector
from desktop_vlm.runtime.memory import CPU, ModelShape, Placement
from desktop_vlm.runtime.model_shape import TextShape, text_shape
from desktop_vlm.runtime.planner import DeviceBudget, Plan, plan
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.vision_runner import VisionProjector
from desktop_vlm.system import steps
from desktop_vlm.system.cores import usable_cores

_LOG = logging.getLogger(__name__)

_EARLY_STARTS = "GGML_CUDA_PDL"
"""Since Hopper, ggml's CUDA kernels start before those in front of them have ended; with weights in F32 this made a
wrong token in some thousands. It is read once, before the first kernel: docs/decisions/0005."""

_LESS = 0.8
"""What a second try counts on, of the memory that the first one counted on."""


@dataclass(frozen=True)
class DraftFiles:
    """A draft model, opened and not loaded; `shape` is None where its header says too little."""

    path: Path
    files: tuple[GgufFile, ...]
    shape: TextShape | None


@dataclass(frozen=True)
class OpenedFiles:
    """A model's files, opened and not loaded.

    Attributes:
        ref: which they are.
        admitted: what the gate found of them.
        projector: the vision projector; None for text only.
        shape: how large the model is; None where the language model's header says too little.
        draft: the draft model's files and shape; None without one.
    """

    ref: ModelRef
    admitted: Admitted
    projector: VisionProjector | None
    shape: ModelShape | None
    draft: DraftFiles | None = None

    @property
    def family(self) -> Family:
        """Which family the model belongs to."""
        return self.admitted.family


@dataclass(frozen=True)
class Loaded:
    """A model ready to be asked.

    Attributes:
        family: that it belongs to.
        session: its language model and vision runner.
        chat_format: how a conversation is written for it.
        plan: what was put where, and why.
        draft: a small model that says what may come next; None where none was asked for, or none fits.
    """

    family: Family
    session: Session
    chat_format: ChatFormat
    plan: Plan
    draft: DraftModel | None = None

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        if self.draft:
            self.draft.close()
        self.session.close()


def open_files(ref: ModelRef) -> OpenedFiles:
    """Let a model's files through the gate and find its family.

    Raises:
        UserError: a file is missing or damaged, or no family can run this vision projector.
    """
    admitted = admit(ref)
    projector = admitted.family.open_projector(ref.mmproj) if ref.mmproj else None
    text = text_shape(admitted.headers.text)
    shape = ModelShape(text, projector.needs if projector else None) if text else None
    return OpenedFiles(ref, admitted, projector, shape, _open_draft(ref.draft, admitted) if ref.draft else None)


def _open_draft(path: Path, large: Admitted) -> DraftFiles:
    files = admit_draft(path, large.files[0])
    return DraftFiles(path, files, text_shape(header_of(files[0])))


def load(ref: ModelRef, options: LoadOptions, progress: StageProgress | None = None) -> Loaded:
    """Load a model where it fits.

    Args:
        ref: its files.
        options: how.
        progress: called with ("load", fraction).

    Raises:
        UserError: an option is wrong, a file is missing or damaged, or the two do not belong together.
        EngineError: a device failed.
        OutOfMemoryError: there is no room even for the most modest placement.
        Cancelled: from `progress`.
    """
    check_options(options)
    log_collector()
    steps.note_gpu(is_used=options.n_gpu_layers != 0 and bool(gpu_devices()))
    files = open_files(ref)
    if files.shape and files.shape.text.is_f32:
        os.environ.setdefault(_EARLY_STARTS, "0")
    first = _count_draft(files, choose_placement(files.shape, options), options)
    _LOG.info("%s", first.reason)
    try:
        return _load(files, first, options, progress)
    except OutOfMemoryError as error:
        less = replace(options, memory_share=options.memory_share * _LESS)
        second = _more_modest(first, _count_draft(files, choose_placement(files.shape, less), less), files.shape)
        if second is None:
            raise
        _LOG.warning("%s; trying once more with less", error)
    return _load(files, second, options, progress)


def choose_placement(shape: ModelShape | None, options: LoadOptions) -> Plan:
    """What to put where on this machine; just what is asked for where the shape is not known.

    Raises:
        UserError: there is no such type of a KV cache.
    """
    if shape is None:  # loading will tell what is wrong with the file
        kv_type = kv_cache_type(options.kv_type) or GgmlType.F16
        return Plan(Placement(options.n_gpu_layers, (), options.n_ctx, kv_type, options.n_batch, CPU, True))
    return plan(shape, device_budgets(options.memory_share), _main_memory_bytes(options), options)


def _main_memory_bytes(options: LoadOptions) -> int:
    return int(cpu_device().memory()[0] * options.memory_share)


def device_budgets(share: float = 1.0) -> Sequence[DeviceBudget]:
    """The GPUs and a share of their free memory."""
    return [
        DeviceBudget(device.name, int(device.memory()[0] * share), device.shares_main_memory)
        for device in gpu_devices()
    ]


def check_options(options: LoadOptions) -> None:
    """Refuse values that no model can be loaded with.

    Raises:
        UserError: with the option and its least value.
    """
    kv_cache_type(options.kv_type)
    limits = (("n_ctx", options.n_ctx, 0), ("n_batch", options.n_batch, 1), ("n_threads", options.n_threads or 1, 1))
    for name, value, least in limits:
        if value < least:
            raise UserError(f"The setting {name} is {value}; it must be at least {least}.")


def _load(files: OpenedFiles, how: Plan, options: LoadOptions, progress: StageProgress | None) -> Loaded:
    n_threads = options.n_threads or usable_cores()
    session = Session(files.ref.text, files.projector, how.placement, n_threads=n_threads, progress=progress)
    try:
        files.admitted.check_unchanged()
        draft = None
        if files.draft:
            how, draft = _with_draft(files.draft, how, session, n_threads, progress)
    except BaseException:
        session.close()
        raise
    return Loaded(files.family, session, chat_format_of(files.family, session.text), how, draft)


def _count_draft(files: OpenedFiles, how: Plan, options: LoadOptions) -> Plan:
    """The plan with the draft model in it, where there is room; asked before anything is loaded."""
    if files.draft is None or files.draft.shape is None:
        return how
    budgets, main_memory_bytes = device_budgets(options.memory_share), _main_memory_bytes(options)
    return beside(how, files.draft.shape, budgets, main_memory_bytes) or how


def _with_draft(
    files: DraftFiles, how: Plan, session: Session, n_threads: int, progress: StageProgress | None
) -> tuple[Plan, DraftModel | None]:
    """Load the draft model where it was planned, and say what became of it."""
    name = files.path.name
    if session.most_at_once == 1:
        return replace(how, reason=f"{how.reason} {name} is not used: this model computes token by token."), None
    no_room = replace(how, reason=f"{how.reason} There is no room for {name} to draft.")
    if files.shape is None or not any(need.draft for need in how.needs.values()):
        return no_room, None
    placement = draft_placement(files.shape, how.placement)
    try:
        draft = load_draft(files.path, session, placement, n_threads, progress)
    except OutOfMemoryError as error:
        _LOG.warning("%s; going on without a draft model", error)
        return no_room, None
    try:
        for file in files.files:
            file.check_same()
    except UserError:
        draft.close()
        raise
    return replace(how, reason=f"{how.reason} {name} drafts."), draft


def _more_modest(first: Plan, second: Plan, shape: ModelShape | None) -> Plan | None:
    """The second plan where it asks for less; else the first with what it can do without; None if there is nothing."""
    if second.placement != first.placement:
        return replace(second, reason=f"{second.reason} More did not fit.")
    if shape is None or shape.vision is None or not shape.vision.can_stream or not first.placement.vision_resident:
        return None
    modest = replace(first.placement, vision_resident=False)
    return replace(first, placement=modest, reason=f"{first.reason} The vision weights did not fit.")
