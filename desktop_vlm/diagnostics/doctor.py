"""What this machine has, what models need, and what will be used: the facts of `desktop-vlm doctor`.

The engine is imported inside functions only: where its library is missing or broken, all other facts still hold.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.loaded_model import DeviceMemory
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.runtime import abi
from desktop_vlm.system.cores import usable_cores
from desktop_vlm.system.gpus import (
    InstalledGpu,
    NvidiaDriver,
    install_line,
    installed_gpus,
    needed_for_building,
    nvidia_driver,
    pinned_engine,
)
from desktop_vlm.system.sandbox import lacking
from desktop_vlm.system.text_extra import INSTALL, installed_versions, missing_packages

if TYPE_CHECKING:
    from desktop_vlm.runtime.memory import ModelShape
    from desktop_vlm.runtime.planner import DeviceBudget, Plan, Shortage

_BROKEN = (ImportError, OSError, RuntimeError, AttributeError, EngineError)
"""What importing the engine raises where its library is missing, broken or of another version."""

_MARKS = {
    "NVIDIA": ("cuda", "nvidia"),
    "AMD": ("rocm", "amd", "radeon"),
    "Intel": ("sycl", "intel"),
    "Apple": ("mtl", "metal", "apple"),
}
"""What ggml's names for a vendor's GPUs contain, in small letters."""

_BACKENDS = {
    "NVIDIA": ("CUDA", "Vulkan"),
    "AMD": ("ROCm", "Vulkan"),
    "Intel": ("SYCL", "Vulkan"),
    "Apple": ("Metal", "MTL"),
}
"""ggml's backends that can compute on a vendor's GPUs."""

_LEFT_ALONE = "It is integrated, and left alone because there is a GPU with memory of its own."

_WITHOUT_LIMIT = 1 << 50

STREAMED = "vision streamed"
"""In few words: the vision encoder's weights are streamed from disk per image."""

_GIB = 1 << 30


@dataclass(frozen=True)
class Request:
    """What a model would be loaded with.

    Attributes:
        model: text GGUF or folder of a model to look at besides the known ones; None for no other.
        mmproj: its vision projector, where it lies elsewhere.
        n_ctx: context length in tokens; 0 for the length that each model was trained with.
        n_gpu_layers: layers on GPUs; negative for as many as fit.
        kv_type: type of the KV cache, or "auto".
    """

    model: Path | None = None
    mmproj: Path | None = None
    n_ctx: int = 4096
    n_gpu_layers: int = -1
    kv_type: str = "auto"

    @property
    def options(self) -> LoadOptions:
        return LoadOptions(n_ctx=self.n_ctx, n_gpu_layers=self.n_gpu_layers, kv_type=self.kv_type)


@dataclass(frozen=True)
class Program:
    """Versions; `llama_cpp_python` is empty where it is not installed."""

    desktop_vlm: str
    python: str
    system: str
    llama_cpp_python: str


@dataclass(frozen=True)
class Engine:
    """The engine's library.

    Attributes:
        llama_cpp: version of llama.cpp.
        features: what it was built for, by backend (CPU, CUDA, Vulkan, ...); some backends have no features.
        uses_gpu: whether it has a GPU to compute on (llama_supports_gpu_offload).
        left_alone: GPUs, by ggml's names, that no model is put on: integrated ones where there is another, and those
            that two backends know, once.
        vision_kernels: why the encoder of Llama 3.2 Vision does not use our own CUDA kernels, by GPU; empty where it
            does, if the weights' types allow it.
        cpu_vision_kernels: the same of our kernels for the CPU; None where that is not known.
        has_compiled_callback: whether our evaluation callback was compiled; if not, Python does its work.
        has_scheduler: whether llama.cpp shows its scheduler; if not, the callback is never taken out.
    """

    llama_cpp: str
    features: dict[str, list[str]]
    uses_gpu: bool
    has_compiled_callback: bool
    has_scheduler: bool
    vision_kernels: dict[str, str] = field(default_factory=dict)
    left_alone: tuple[str, ...] = ()
    cpu_vision_kernels: str | None = None


@dataclass(frozen=True)
class GpuState:
    """A GPU of this machine.

    Attributes:
        name: as the system knows it.
        is_used: whether the engine has it as a device.
        could_help: whether it is not used although the engine would be faster with it.
        why: why it is not used and what to do, as a sentence; empty where it is used.
        command: what to type for that; may be empty.
    """

    name: str
    is_used: bool
    could_help: bool
    why: str = ""
    command: str = ""


@dataclass(frozen=True)
class ModelNeed:
    """The memory that a model needs where there is plenty, on all devices together, and what is chosen here.

    Attributes:
        name: of the model.
        text_bytes: weights of the language model.
        vision_bytes: weights of the vision encoder.
        cross_attention_bytes: weights of cross-attention layers, and what one image takes: its keys and values, or the
            memory that its encoding works in.
        context_bytes: the KV cache.
        buffers_bytes: intermediate results, and the process itself.
        fits: whether the most modest placement has room here, going by what is free now.
        here: what is chosen here, in a few words.
        reason: the planner's own sentence about it.
    """

    name: str
    text_bytes: int = 0
    vision_bytes: int = 0
    cross_attention_bytes: int = 0
    context_bytes: int = 0
    buffers_bytes: int = 0
    fits: bool = False
    here: str = ""
    reason: str = ""

    @property
    def total_bytes(self) -> int:
        """All together; 0 where nothing is known."""
        weights = self.text_bytes + self.vision_bytes + self.cross_attention_bytes
        return weights + self.context_bytes + self.buffers_bytes


@dataclass(frozen=True)
class TextReading:
    """Whether the text of images can be read.

    Attributes:
        missing: packages without which it cannot.
        versions: of what is there, by package.
        command: what to type for what is missing; empty where it can be read.
    """

    missing: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    command: str = ""


@dataclass(frozen=True)
class Report:
    """All facts.

    Attributes:
        engine: None where the library cannot be loaded; `problem` then says so, and there are no devices and models.
        gpus: those that the system lists.
        text: of images, which no model is needed for.
        nvidia_driver: None where there is none.
        unprotected: protections against hostile files that this system lacks -> why; see `system.sandbox`.
    """

    program: Program
    engine: Engine | None
    problem: str
    n_cores: int
    devices: list[DeviceMemory]
    gpus: list[GpuState]
    nvidia_driver: NvidiaDriver | None
    n_ctx: int
    models: list[ModelNeed]
    text: TextReading = field(default_factory=TextReading)
    unprotected: dict[str, str] = field(default_factory=dict)


def examine(request: Request) -> Report:
    """Look at the machine and plan for every model, without loading one.

    Raises:
        UserError: the model of `request` or a setting is wrong.
    """
    engine, devices, models, problem = None, [], [], ""
    try:
        engine, devices = _engine(), _devices()
    except _BROKEN as error:
        problem = _cannot_load(error)
    else:
        models = _models(request)
    return Report(
        program=_program(),
        engine=engine,
        problem=problem,
        n_cores=usable_cores(),
        devices=devices,
        gpus=[gpu_state(gpu, engine, devices) for gpu in installed_gpus()],
        nvidia_driver=nvidia_driver(),
        n_ctx=request.n_ctx,
        models=models,
        text=text_reading(),
        unprotected=lacking(),
    )


def text_reading() -> TextReading:
    """What is there of the extra `text`; none of it is loaded."""
    missing = missing_packages()
    return TextReading(missing, dict(installed_versions()), INSTALL if missing else "")


# The program and the engine


def _program() -> Program:
    return Program(__version__, platform.python_version(), platform.platform(), abi.installed_version())


def _cannot_load(error: Exception) -> str:
    if isinstance(error, EngineError):  # a sentence with a way out already
        return str(error)
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    again = f"pip install --force-reinstall --no-cache-dir {pinned_engine()}"
    return f"The engine's library cannot be loaded ({reason}); install it again: {again}"


def _engine() -> Engine:
    abi.check_installed()  # another version may fail to import in ways that say nothing
    from desktop_vlm.families.mllama.cuda.encoder_layer import why_unavailable
    from desktop_vlm.runtime import llama
    from desktop_vlm.runtime.ggml import cpu_kernels
    from desktop_vlm.runtime.ggml.device import devices, gpu_devices
    from desktop_vlm.runtime.ggml.library import backend_features
    from desktop_vlm.runtime.llama_log import log_collector
    from desktop_vlm.runtime.native_stops import native_library

    llama.check()
    log_collector()  # or llama.cpp prints what it finds
    used = gpu_devices()
    return Engine(
        llama_cpp=llama.llama_version().decode(),
        features={backend: _listed(found) for backend, found in backend_features().items()},
        uses_gpu=bool(llama.llama_supports_gpu_offload()),
        has_compiled_callback=native_library() is not None,
        has_scheduler=llama.shows_scheduler(),
        vision_kernels={gpu.name: why_unavailable(gpu) for gpu in used},
        left_alone=tuple(device.name for device in devices() if device.is_gpu and device not in used),
        cpu_vision_kernels=cpu_kernels.why_unavailable(),
    )


def _listed(features: dict[str, str]) -> list[str]:
    """Features as a person reads them: what is there by its name, a setting with its value."""
    return [name if value == "1" else f"{name} {value}" for name, value in features.items()]


def _devices() -> list[DeviceMemory]:
    from desktop_vlm.runtime.ggml.device import devices

    return [DeviceMemory(one.name, one.description, one.is_gpu, *one.memory()) for one in devices()]


# GPUs


def gpu_state(gpu: InstalledGpu, engine: Engine | None, devices: Sequence[DeviceMemory]) -> GpuState:
    """Whether the engine uses a GPU, and if not, why and what to do."""
    known = [device.name for device in devices if device.is_gpu and _is_of(gpu.vendor, device)]
    left_alone = engine.left_alone if engine else ()
    if any(name not in left_alone for name in known):
        return GpuState(gpu.name, is_used=True, could_help=False)
    if known:
        return GpuState(gpu.name, is_used=False, could_help=False, why=_LEFT_ALONE)
    if engine is None:
        return GpuState(gpu.name, is_used=False, could_help=gpu.could_help)
    why, command = _why_unused(gpu, engine)
    return GpuState(gpu.name, is_used=False, could_help=gpu.could_help, why=why, command=command)


def _is_of(vendor: str, device: DeviceMemory) -> bool:
    name = f"{device.name} {device.description}".lower()
    return any(mark in name for mark in _MARKS[vendor])


def _why_unused(gpu: InstalledGpu, engine: Engine) -> tuple[str, str]:
    built_for = [backend for backend in _BACKENDS[gpu.vendor] if backend in engine.features]
    if not gpu.could_help and gpu.vendor == "NVIDIA":
        return "NVIDIA's driver is not running; install it, then ask again.", ""
    if not gpu.could_help:
        return "It shares the CPU's memory and may not be faster, so nothing is missing.", ""
    if built_for:
        return f"llama-cpp-python was built with {built_for[0]} but finds no GPU; is its driver new enough?", ""
    needed = needed_for_building(gpu.vendor)
    sentence = f"This llama-cpp-python does not use it. With {needed} installed, build one that does:"
    return sentence, install_line(gpu.vendor, sys.platform)


# Models


def _models(request: Request) -> list[ModelNeed]:
    """The demo, the model that was named, and the known ones."""
    from desktop_vlm.families.registry import families
    from desktop_vlm.runtime.ggml.quantize import kv_cache_type

    kv_cache_type(request.kv_type)
    if request.n_ctx < 0:
        raise UserError(f"The setting n_ctx is {request.n_ctx}; it must be at least 0.")
    if request.mmproj and not request.model:
        raise UserError("A vision projector alone is no model; name the text GGUF too, with --model.")
    named = find_model(request.model, request.mmproj) if request.model else None
    others = [need_of(named[0].stem, _shape(ModelRef(*named)), request)] if named else []
    known = [need_of(model.name, model.shape, request) for family in families() for model in family.known_models()]
    return [_demo(request), *others, *known]


def _demo(request: Request) -> ModelNeed:
    name = "The bundled demo"
    try:
        paths = demo_model()
    except UserError as error:
        return ModelNeed(name, here="not installed", reason=str(error))
    return need_of(name, _shape(ModelRef(*paths)), request)


def _shape(ref: ModelRef) -> ModelShape:
    from desktop_vlm.families.loading import open_files

    shape = open_files(ref).shape
    if shape is None:
        raise UserError(f"{ref.text.name} does not say how large its layers are; convert or download it again.")
    return shape


def need_of(name: str, shape: ModelShape, request: Request) -> ModelNeed:
    """What a model needs, and what is chosen for it here."""
    from desktop_vlm.families.loading import device_budgets
    from desktop_vlm.runtime.ggml.device import cpu_device
    from desktop_vlm.runtime.memory import CPU, Need
    from desktop_vlm.runtime.planner import plan, shortages

    def planned(gpus: Sequence[DeviceBudget], main_memory_bytes: int) -> Plan:
        return plan(shape, gpus, main_memory_bytes, request.options)

    gpus, main_memory_bytes = device_budgets(), cpu_device().memory()[0]
    needs = planned([replace(gpu, free_bytes=_WITHOUT_LIMIT) for gpu in gpus], _WITHOUT_LIMIT).needs.values()
    weights_and_keys = Need(
        text=sum(need.text for need in needs),
        vision=sum(need.vision for need in needs),
        cross_attention=sum(need.cross_attention + max(need.image_keys, need.encoding) for need in needs),
        kv_cache=sum(need.kv_cache for need in needs),
    )
    chosen = planned(gpus, main_memory_bytes)
    free_bytes = {CPU: main_memory_bytes} | {gpu.name: gpu.free_bytes for gpu in gpus}
    short = shortages(chosen.needs, gpus, main_memory_bytes)
    return ModelNeed(
        name,
        text_bytes=weights_and_keys.text,
        vision_bytes=weights_and_keys.vision,
        cross_attention_bytes=weights_and_keys.cross_attention,
        context_bytes=weights_and_keys.kv_cache,
        buffers_bytes=sum(need.total for need in needs) - weights_and_keys.total,
        fits=not short,
        here=_too_large(short) if short else in_few_words(chosen, shape, free_bytes),
        reason=chosen.reason,
    )


def in_few_words(plan: Plan, shape: ModelShape, free_bytes: dict[str, int]) -> str:
    """What a plan puts where and what it takes there, in GiB of what is free (`free_bytes`, by device)."""
    from desktop_vlm.runtime.memory import CPU

    placement, n_layers = plan.placement, len(shape.text.layer_bytes) + 1
    gpus = [device for device in plan.needs if device != CPU]
    shares = ", ".join(
        f"{device} ({plan.needs[device].still_free / _GIB:.1f} of {free_bytes[device] / _GIB:.1f} GiB)"
        for device in gpus or [CPU]
    )
    part = "all" if placement.n_gpu_layers in {0, n_layers} else f"{placement.n_gpu_layers} of {n_layers} layers"
    words = [f"{part} on {shares}"]
    if placement.kv_type.name not in {"F16", "F32"}:
        words.append(f"KV cache in {placement.kv_type.name}")
    if shape.vision and not placement.vision_resident:
        words.append(STREAMED)
    return ", ".join(words)


def _too_large(short: Sequence[Shortage]) -> str:
    return "does not fit: " + ", ".join(
        f"{device.name} has {device.free_bytes / _GIB:.1f} of the {device.needed_bytes / _GIB:.1f} GiB needed"
        for device in short
    )
