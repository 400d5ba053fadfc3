"""`desktop-vlm bench --predict GPU`: what to expect of models on a GPU that is not here."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from desktop_vlm.acquire.target import read_target
from desktop_vlm.api.errors import UserError
from desktop_vlm.cli.options import installed_model, load_options, model_ref
from desktop_vlm.diagnostics.prediction.gpu_models import GpuModel, find_gpu, gpu_models
from desktop_vlm.diagnostics.prediction.predict import (
    Interval,
    NamedShape,
    Prediction,
    predict,
    published_shape,
    published_shapes,
)
from desktop_vlm.diagnostics.prediction.rates import predicts_images, rates_of
from desktop_vlm.families.loading import open_files
from desktop_vlm.models import catalogue
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.border.streams import require_stdout

LIST = "list"
_WIDTH = 110
_NAME = 32
_CELL = 15
_UNKNOWN = "-"

IS_PREDICTION = (
    "This is a prediction and no measurement: the times follow from the published specification of the GPU by a model "
    "of time that was fitted to one NVIDIA H200; docs/benchmarks.md says how far off it was for what it had not seen."
)
_OTHER_MAKER = (
    "ggml runs {name} by other kernels than those that were measured, so nothing is said of images, and of decoding "
    "only what the memory allows."
)
_NO_KERNELS = "Of ggml's kernels for {name} nothing is known here, so only what fits is said."
_OF_WHAT = (
    "load: from an SSD of 0.5 to 5 GB/s. encode: a whole screen of 1920 x 1080. first token: from a new image and 64 "
    "tokens. next: a second question of 32 tokens about it. decode: tokens in a second after the image and 512 others. "
    "What does not fit the GPU goes to main memory, of which 12 GiB are taken to be free. -: nothing can be said."
)


def run(args: argparse.Namespace) -> int:
    """Run `bench --predict`; 0 is the exit code of success.

    Raises:
        UserError: no such GPU or model is known, or an option is wrong.
    """
    require_stdout()
    if args.predict.strip().casefold() == LIST:
        print(json.dumps([asdict(gpu) for gpu in gpu_models()], indent=2) if args.json else "\n".join(_list()))
        return 0
    gpu, options = find_gpu(args.predict), load_options(args)
    found = [predict(model, gpu, options) for model in _models(args)]
    if args.json:
        models = [asdict(one) for one in found]
        print(json.dumps({"prediction": IS_PREDICTION, "gpu": asdict(gpu), "models": models}, indent=2))
    else:
        print("\n".join(_describe(gpu, found)))
    return 0


def _models(args: argparse.Namespace) -> list[NamedShape]:
    """What to predict: the model that is named, here or in the catalogue; all of the catalogue where none is.

    Raises:
        UserError: there is no such model, or its header says too little.
    """
    if args.model is None:
        return published_shapes(catalogue.catalogue())
    if found := _of_catalogue(args.model):
        return [found]
    ref = model_ref(args)
    shape = open_files(ref).shape
    if shape is None:
        raise UserError(f"{ref.text.name} does not say how large it is; convert or download it again.")
    return [NamedShape(ref.text.stem, shape)]


def _of_catalogue(name: Path) -> NamedShape | None:
    """The model NAME[:TYPE] of the catalogue; None where it means files or an installed model, or nothing.

    Raises:
        UserError: the model cannot be had in this type.
    """
    text = as_text(str(name))
    if name.exists() or not catalogue.find(text.split(":")[0]) or installed_model(name, None):
        return None
    target = read_target(text)
    assert target.known
    kind = target.known.type_named(target.text_type)
    return published_shape(target.known, kind) if kind else None


# Printing


def _list() -> Iterator[str]:
    yield f"{'GPU':32}{'memory':>9}{'bandwidth':>13}{'f16':>14}{'int8':>13}"
    for gpu in gpu_models():
        f16, int8 = gpu.f16_flops_per_s / 1e12, gpu.int8_ops_per_s / 1e12
        rates = f"{f16:8.0f} TFLOPS{int8:8.0f} TOPS" if f16 else f"{_UNKNOWN:>14}{_UNKNOWN:>13}"
        yield f"{gpu.name:32}{gpu.memory_gib:6} GB{gpu.bytes_per_s / 1e9:8.0f} GB/s{rates}"
    yield "f16: dense products that add up in f32, at the highest clock."


def _describe(gpu: GpuModel, found: Iterable[Prediction]) -> Iterator[str]:
    rows = list(found)
    yield f"{gpu.name}: {gpu.memory_gib} GB, {gpu.bytes_per_s / 1e9:.0f} GB/s, {gpu.n_multiprocessors} multiprocessors"
    yield ""
    yield f"{'':{_NAME}}" + "".join(f"{name:>{_CELL}}" for name in ("load", "encode", "first token", "next", "decode"))
    for row in rows:
        yield from _row(row)
    yield ""
    yield from textwrap.wrap(IS_PREDICTION, _WIDTH)
    if rates_of(gpu) is None:
        yield from textwrap.wrap(_NO_KERNELS.format(name=gpu.name), _WIDTH)
    elif not predicts_images(gpu):
        yield from textwrap.wrap(_OTHER_MAKER.format(name=gpu.name), _WIDTH)
    yield from textwrap.wrap(_OF_WHAT, _WIDTH)


def _row(row: Prediction) -> Iterator[str]:
    seconds = (row.load_s, row.encode_s, row.first_token_s, row.second_question_s)
    if row.fits in ("gpu", "partly"):
        cells = "".join(f"{_time(one):>{_CELL}}" for one in seconds)
        yield f"{row.model:{_NAME}}{cells}{_speed(row.decode_tokens_per_s):>{_CELL}}".rstrip()
    else:
        yield row.model
    yield from textwrap.wrap(row.placement, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _time(seconds: Interval | None) -> str:
    """Two figures that count, in the unit of the larger one."""
    if seconds is None:
        return _UNKNOWN
    if seconds.high < 1:
        return f"{_two_figures(seconds.low * 1e3)} - {_two_figures(seconds.high * 1e3)} ms"
    return f"{_two_figures(seconds.low)} - {_two_figures(seconds.high)} s"


def _speed(speed: Interval | None) -> str:
    return f"{_two_figures(speed.low)} - {_two_figures(speed.high)} t/s" if speed else _UNKNOWN


def _two_figures(value: float) -> str:
    return f"{float(f'{value:.2g}'):g}"
