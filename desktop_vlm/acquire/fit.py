"""How models of the catalogue would run on this machine, by the planner that would also load them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_vlm.api.library import Fit
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.families.loading import device_budgets
from desktop_vlm.families.registry import families
from desktop_vlm.models.catalogue import CatalogueModel, CatalogueType
from desktop_vlm.runtime.ggml.device import cpu_device, gpu_devices
from desktop_vlm.runtime.llama_log import log_collector
from desktop_vlm.runtime.memory import CPU, ModelShape
from desktop_vlm.runtime.planner import DeviceBudget, Plan, plan, shortages

_GB = 1e9


def fit_models(models: Iterable[CatalogueModel], options: LoadOptions) -> tuple[Fit, ...]:
    """For each model and each of its types, what would be put where now.

    Raises:
        UserError: an option is wrong.
        EngineError: the engine's library cannot be used.
    """
    log_collector()  # or llama.cpp prints what devices it finds
    gpus, main_memory_bytes = device_budgets(), cpu_device().memory()[0]
    return tuple(
        fit_of(model, kind, shape, plan(shape, gpus, main_memory_bytes, options), gpus, main_memory_bytes)
        for model in models
        for kind in model.types
        if (shape := _shape(model, kind))
    )


def machine() -> str:
    """What models run on here, in a few words: `NVIDIA RTX 4070, 12 GB`."""
    found = gpu_devices() or [cpu_device()]
    names = [f"{device.description}, {device.memory()[1] / _GB:.0f} GB" for device in found]
    return " and ".join(names) if len(names) <= 2 else f"{len(names)} times {names[0]}"


def _shape(model: CatalogueModel, kind: CatalogueType) -> ModelShape | None:
    shapes = (family.published_shape(model.published, kind.text, kind.vision) for family in families())
    return next((shape for shape in shapes if shape), None)


def fit_of(
    model: CatalogueModel,
    kind: CatalogueType,
    shape: ModelShape,
    chosen: Plan,
    gpus: Sequence[DeviceBudget],
    main_memory_bytes: int,
) -> Fit:
    """What a plan means for a person."""
    needed = sum(need.total for need in chosen.needs.values())
    short = shortages(chosen.needs, gpus, main_memory_bytes)
    if short:
        where = "main memory" if short[0].name == CPU else short[0].name
        lacks, has = short[0].needed_bytes / _GB, short[0].free_bytes / _GB
        sentence = f"Too large for this computer: {where} has {has:.1f} GB free of the {lacks:.1f} GB that it needs."
        return Fit(model.name, kind.text, "no", sentence, needed)
    n_layers, on_gpus = len(shape.text.layer_bytes) + 1, chosen.placement.n_gpu_layers
    if on_gpus <= 0:
        sentence = f"Runs on the processor, in {needed / _GB:.1f} GB of memory."
        return Fit(model.name, kind.text, "cpu", sentence, needed)
    names = " and ".join(name for name in chosen.needs if name != CPU)
    if on_gpus >= n_layers and chosen.placement.vision_resident:
        sentence = f"Fits {names}: {_gpu_bytes(chosen) / _GB:.1f} GB of it."
        return Fit(model.name, kind.text, "gpu", sentence, needed)
    part = "the language model" if on_gpus >= n_layers else f"{on_gpus} of {n_layers} layers"
    sentence = f"Fits {names} partly: {part}, {_gpu_bytes(chosen) / _GB:.1f} GB of it; the rest is in main memory."
    return Fit(model.name, kind.text, "partly", sentence, needed)


def _gpu_bytes(chosen: Plan) -> int:
    return sum(need.total for name, need in chosen.needs.items() if name != CPU)
