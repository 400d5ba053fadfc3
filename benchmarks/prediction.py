"""Fits `desktop-vlm bench --predict` to what was measured, and says how far off it is for shapes that are left out.

    python -m benchmarks.prediction

Reads the H200's figures in `docs/benchmarks`. Each constant of `diagnostics/prediction/rates.H200` is fitted by least
squares of relative errors; a shape that is left out is predicted by constants that were fitted without it. The last
table predicts what others published of plain llama.cpp on consumer GPUs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as GgmlType

from benchmarks.published_speeds import PUBLISHED
from desktop_vlm.diagnostics.prediction import times
from desktop_vlm.diagnostics.prediction.gpu_models import find_gpu
from desktop_vlm.diagnostics.prediction.rates import H200, Rates, rates_of
from desktop_vlm.diagnostics.prediction.workload import N_NEXT, N_PROMPT, Pass, Workload, workload
from desktop_vlm.families.registry import families
from desktop_vlm.runtime.memory import ModelShape, Placement

FOLDER = Path(__file__).parents[1] / "docs" / "benchmarks"
FAMILIES = ("llava-7b", "pixtral-12b", "qwen2.5-vl-7b")
SHAPES = ("11B", "90B", *FAMILIES)
DECODE, ENCODE, FIRST, SECOND, ROWS = "decode", "encode", "first token", "second question", "a pass of several tokens"


@dataclass(frozen=True)
class Case:
    """A measured time.

    Attributes:
        shape: of the model.
        quantity: one of `DECODE`, `ENCODE`, `FIRST`, `SECOND`, `ROWS`.
        name: what was measured, for a table.
        seconds: measured; of `FIRST`, with the encoding.
        work: of what.
        number: tokens before a decoded one, or rows of a pass.
    """

    shape: str
    quantity: str
    name: str
    seconds: float
    work: Workload
    number: int = 0


def main() -> None:
    """Print constants, errors of shapes left out, and predictions of published figures."""
    found = cases()
    print("fitted:", {name: f"{value:.4g}" for name, value in fit(found).items()})
    print("in use:", {name: f"{getattr(H200, name):.4g}" for name in fit(found)})
    print(f"\n{'left out':16}{'what':44}{'measured':>12}{'predicted':>12}{'error':>8}")
    for case, predicted in left_out(found):
        error = predicted / case.seconds - 1
        print(f"{case.shape:16}{case.name:44}{_ms(case.seconds)}{_ms(predicted)}{error:+8.0%}")
    print(f"\n{'published by others':20}{'':12}{'tokens/s':>10}{'predicted':>20}")
    for name, what, speed, low, high in published():
        outside = "" if low <= speed <= high else "  outside"
        print(f"{name:20}{what:12}{speed:10,.0f}{f'{low:,.0f} - {high:,.0f}':>20}{outside}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:9.1f} ms"


# What was measured


def cases() -> list[Case]:
    """All measured times that are predicted."""
    found = [*_mllama("11B", "speed-11B-gpu.json"), *_mllama("90B", "speed-90B-two-gpus.json"), *_long_contexts()]
    for name in FAMILIES:
        found += _family(name)
    return [*found, *_passes()]


def _mllama(shape: str, file: str) -> Iterable[Case]:
    results = _read(file)["results"]
    seconds = {name: figure["median"] for name, figure in results["times"].items()}
    image, text = work_of(shape), work_of(shape, with_image=False)
    n_before = results["context_tokens"]
    yield Case(shape, DECODE, "decode, text only", seconds["decode, ours, no image"], text, n_before)
    yield Case(shape, DECODE, "decode with an image", seconds["decode, ours, image"], image, n_before)
    yield Case(shape, ENCODE, "encode, Q8_0", seconds["encode, ours, Q8_0"], image)
    yield Case(shape, FIRST, "first token", seconds["first token, ours"], image)
    prefill = sorted(one["prefill_s"] for one in results["second_questions"])
    yield Case(shape, SECOND, "second question", prefill[len(prefill) // 2], image)


def _family(shape: str) -> Iterable[Case]:
    results = _read(f"speed-{shape}-gpu.json")["results"]
    seconds = {name: figure["median"] for name, figure in results["times"].items()}
    work = work_of(shape)
    yield Case(shape, DECODE, "decode with an image", seconds["decode, ours"], work, results["context_tokens"])
    yield Case(shape, ENCODE, "encode a whole screen", seconds["encode, ours"], work)
    yield Case(shape, FIRST, "first token", seconds["first token, whole screen, ours"], work)


def _long_contexts() -> Iterable[Case]:
    """Of the scaling run; plain llama.cpp without an image."""
    for row in _read("scaling-11B-gpu.json")["results"]["contexts"]:
        n_before, decode = row["context_tokens"], row["decode"]
        if n_before >= 4096:
            name = f"decode with an image, {n_before:,} before"
            yield Case("11B", DECODE, name, decode["ours, image"]["median"], work_of("11B"), n_before)


def _passes() -> Iterable[Case]:
    passes = _read("lookup-11B-gpu.json")["results"]["per_pass"]
    yield Case("11B", ROWS, "a pass of 16 tokens", passes["a pass of 16"]["median"], work_of("11B"), 16)


@cache
def _read(file: str) -> Any:
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


@cache
def work_of(shape: str, *, with_image: bool = True) -> Workload:
    """A published shape in Q4_K_M, all of it on a GPU, and a whole screen."""
    vision_type = "F16" if shape in FAMILIES else "Q8_0"
    found = next(one for family in families() if (one := family.published_shape(shape, "Q4_K_M", vision_type)))
    all_layers = len(found.text.layer_bytes) + 1
    placement = Placement(all_layers, (all_layers,), 8192, GgmlType.F16, 512, "CUDA0", True)
    return workload(found if with_image else ModelShape(found.text, None), placement)


# Fitting


def fit(found: Sequence[Case]) -> dict[str, float]:
    """The constants that these cases tell, by their names in `Rates`; those in use where no case tells."""
    constants: dict[str, float] = {}
    rates = H200
    for step in (_fit_decode, _fit_prompts, _fit_own_encoder, _fit_library_encoder, _fit_mask):
        new = step(found, rates)
        constants |= new
        rates = replace(rates, **new)
    return constants


def _fit_decode(found: Sequence[Case], _rates: Rates) -> dict[str, float]:
    chosen = [case for case in found if case.quantity == DECODE]
    passes = [case.work.token(case.work.n_image_tokens + case.number) for case in chosen]
    rows = [(one.n_layers, one.n_bytes) for one in passes]
    layer_s, byte_s = _solve(rows, [case.seconds for case in chosen], [case.seconds for case in chosen])
    return {"layer_s": layer_s, "read_bytes_per_s": 1 / byte_s}


def _fit_prompts(found: Sequence[Case], rates: Rates) -> dict[str, float]:
    """Bytes and products of passes of many rows, and the processor's part of a first token."""
    encoded = {case.shape: case.seconds for case in found if case.quantity == ENCODE}
    rows, seconds, weights = [], [], []
    for case in found:
        parts = _prompt_passes(case)
        if parts:
            first = case.quantity == FIRST
            rows.append((sum(one.n_bytes for one in parts), sum(one.flops for one in parts), float(first)))
            left = case.seconds - (encoded[case.shape] if first else 0.0)
            seconds.append(left - rates.layer_s * sum(one.n_layers for one in parts))
            weights.append(left)
    byte_s, flop_s, host_s = _solve(rows, seconds, weights)
    return {"tile_bytes_per_s": 1 / byte_s, "row_flops_per_s": 1 / flop_s, "host_s": host_s}


def _prompt_passes(case: Case) -> list[Pass]:
    if case.quantity == FIRST:
        return times.first_passes(case.work)
    if case.quantity == SECOND:
        return [case.work.rows(N_NEXT, case.work.n_image_tokens + N_PROMPT)]
    return [case.work.rows(case.number, 400)] if case.quantity == ROWS else []


def _fit_own_encoder(found: Sequence[Case], rates: Rates) -> dict[str, float]:
    """How much longer than its three parts, whose rates were measured one by one, the whole takes."""
    factors = [
        case.seconds / times.own_encoder_s(case.work.image, rates)
        for case in found
        if case.quantity == ENCODE and case.work.image and case.work.image.has_own_kernels
    ]
    return {"encoder_factor": sum(factors) / len(factors)} if factors else {}


def _fit_library_encoder(found: Sequence[Case], rates: Rates) -> dict[str, float]:
    """What libmtmd's encoders take beside their parts; of those without a mask."""
    starts = [
        case.seconds - times.library_encoder_s(case.work.image, rates)
        for case in found
        if case.quantity == ENCODE and case.work.image and not _is_special(case)
    ]
    return {"library_start_s": sum(starts) / len(starts)} if starts else {}


def _fit_mask(found: Sequence[Case], rates: Rates) -> dict[str, float]:
    for case in found:
        image = case.work.image
        if case.quantity == ENCODE and image and image.is_masked:
            without = times.library_encoder_s(replace(image, attention_flops=0.0), rates)
            return {
                "library_masked_flops_per_s": image.attention_flops / (case.seconds - rates.library_start_s - without)
            }
    return {}


def _is_special(case: Case) -> bool:
    image = case.work.image
    return image is None or image.has_own_kernels or image.is_masked


def _solve(rows: Sequence[Sequence[float]], seconds: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Least squares of errors relative to `weights`."""
    scale = np.array(weights)[:, np.newaxis]
    columns = np.abs(np.array(rows, dtype=float)).max(axis=0)
    solved, *_ = np.linalg.lstsq(np.array(rows) / columns / scale, np.array(seconds) / scale[:, 0], rcond=None)
    return [float(value) for value in solved / columns]


# Predicting


def predict(case: Case, rates: Rates) -> float:
    """Seconds of a case, on the H200."""
    if case.quantity == DECODE:
        return times.token_s(case.work, rates, case.number)
    if case.quantity == ENCODE:
        return times.encode_s(case.work, rates, own_kernels=True)
    if case.quantity == FIRST:
        return times.first_token_s(case.work, rates, own_kernels=True)
    return sum(times.rows_s(case.work, one, rates) for one in _prompt_passes(case))


def left_out(found: Sequence[Case]) -> list[tuple[Case, float]]:
    """Each case, and the seconds that are predicted by constants that were fitted without its shape.

    Not for the encoder with a mask: no other shape has one.
    """
    predicted = []
    for shape in SHAPES:
        rates = replace(H200, **fit([case for case in found if case.shape != shape]))
        predicted += [
            (case, predict(case, rates)) for case in found if case.shape == shape and not _needs_its_own(case)
        ]
    return predicted


def _needs_its_own(case: Case) -> bool:
    """Whether a case can only be predicted by constants that were fitted to it."""
    return bool(case.work.image and case.work.image.is_masked) and case.quantity in (ENCODE, FIRST)


def published() -> Iterable[tuple[str, str, float, float, float]]:
    """Name, what, tokens in a second, and the interval that is predicted for them."""
    for one in PUBLISHED:
        gpu = find_gpu(one.gpu)
        ends = rates_of(gpu)
        assert ends
        work = work_of(one.shape, with_image=False)
        speeds: Mapping[str, tuple[float, list[float]]] = {
            "decode": (one.decode, [1 / times.token_s(work, rates, 256) for rates in ends]),
            "prefill 512": (one.prefill, [512 / times.rows_s(work, work.rows(512), rates) for rates in ends]),
        }
        for what, (speed, (high, low)) in speeds.items():
            if speed:
                yield one.gpu, what, speed, low, high


if __name__ == "__main__":
    main()
