"""What to expect of models on a GPU that is not here: whether they fit, by the planner, and how long things take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from desktop_vlm.api.options import LoadOptions
from desktop_vlm.diagnostics.prediction import times
from desktop_vlm.diagnostics.prediction.gpu_models import GpuModel
from desktop_vlm.diagnostics.prediction.rates import Rates, predicts_images, rates_of
from desktop_vlm.diagnostics.prediction.workload import workload
from desktop_vlm.families.loading import check_options
from desktop_vlm.families.registry import families
from desktop_vlm.models.catalogue import CatalogueModel, CatalogueType
from desktop_vlm.runtime.memory import CPU, ModelShape
from desktop_vlm.runtime.planner import DeviceBudget, Plan, plan

_GIB = 1 << 30
_TAKEN_BYTES = 900 << 20
"""Of a GPU's memory, before a model: the driver's part, and what the desktop shows."""
MAIN_MEMORY_BYTES = 12 * _GIB
"""Of main memory that is free: of the 16 GB that most machines have."""


@dataclass(frozen=True)
class Interval:
    """A quantity that is not known better than this."""

    low: float
    high: float


@dataclass(frozen=True)
class NamedShape:
    """A model to be predicted.

    Attributes:
        name: as people know it, with its types.
        shape: how large it is.
    """

    name: str
    shape: ModelShape


@dataclass(frozen=True)
class Prediction:
    """What to expect of one model on one GPU. A quantity is None where nothing can be said of it.

    Attributes:
        model: its name.
        fits: `gpu`, `partly`, `cpu` or `no`.
        placement: what would be put where, in one sentence.
        n_gpu_layers, n_layers: of the language model, the output layer included.
        load_s: from the disk.
        encode_s: of a whole screen.
        first_token_s: from a new image and 64 tokens.
        second_question_s: of 32 tokens about the same image.
        decode_tokens_per_s: after the image and 512 tokens.
    """

    model: str
    fits: str
    placement: str
    n_gpu_layers: int
    n_layers: int
    load_s: Interval | None = None
    encode_s: Interval | None = None
    first_token_s: Interval | None = None
    second_question_s: Interval | None = None
    decode_tokens_per_s: Interval | None = None


def published_shapes(models: Iterable[CatalogueModel]) -> list[NamedShape]:
    """Models of the catalogue in their usual types.

    Raises:
        UserError: the catalogue is damaged.
    """
    return [found for model in models if (found := published_shape(model, model.types[0]))]


def published_shape(model: CatalogueModel, kind: CatalogueType) -> NamedShape | None:
    """A model of the catalogue in one of its types; None where no family knows its shape."""
    for family in families():
        shape = family.published_shape(model.published, kind.text, kind.vision)
        if shape:
            return NamedShape(f"{model.title} {kind.text}", shape)
    return None


def predict(model: NamedShape, gpu: GpuModel, options: LoadOptions) -> Prediction:
    """What to expect of a model on a GPU.

    Raises:
        UserError: an option is wrong.
    """
    check_options(options)
    free_bytes = gpu.memory_gib * _GIB - _TAKEN_BYTES
    chosen = plan(model.shape, [DeviceBudget(gpu.name, free_bytes)], MAIN_MEMORY_BYTES, options)
    n_layers, on_gpu = len(model.shape.text.layer_bytes) + 1, max(0, chosen.placement.n_gpu_layers)
    free = {gpu.name: free_bytes, CPU: MAIN_MEMORY_BYTES}
    missing = sum(max(0, need.still_free - free[name]) for name, need in chosen.needs.items())
    if missing:
        sentence = f"Too large: {missing / _GIB:.1f} GiB are missing, with what main memory can take."
        return Prediction(model.name, "no", sentence, 0, n_layers)
    if not on_gpu:
        return Prediction(model.name, "cpu", chosen.reason, 0, n_layers)
    fits = "gpu" if on_gpu >= n_layers else "partly"
    return _timed(Prediction(model.name, fits, chosen.reason, on_gpu, n_layers), model.shape, chosen, gpu)


def _timed(found: Prediction, shape: ModelShape, chosen: Plan, gpu: GpuModel) -> Prediction:
    """With its times, as far as the GPU's kernels are those that were measured."""
    ends = rates_of(gpu)
    if ends is None:
        return found
    work = workload(shape, chosen.placement)
    token = _between(ends, lambda rates: times.token_s(work, rates))
    found = replace(
        found,
        load_s=_between(ends, lambda rates: times.load_s(work, rates)),
        decode_tokens_per_s=Interval(1 / token.high, 1 / token.low),
    )
    if not predicts_images(gpu) or work.image is None:
        return found
    own_kernels = gpu.runs_own_kernels
    return replace(
        found,
        encode_s=_between(ends, lambda rates: times.encode_s(work, rates, own_kernels=own_kernels)),
        first_token_s=_between(ends, lambda rates: times.first_token_s(work, rates, own_kernels=own_kernels)),
        second_question_s=_between(ends, lambda rates: times.second_s(work, rates)),
    )


def _between(ends: tuple[Rates, Rates], seconds: Callable[[Rates], float]) -> Interval:
    fast, slow = ends
    return Interval(seconds(fast), seconds(slow))
