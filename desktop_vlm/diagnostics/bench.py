"""Speed of a model, beside plain llama.cpp on the same weights.

Everything is measured turn by turn in one run, so that a machine that slows down slows down all rows;
ratios are medians of the turns' ratios. Whoever stops it gets what was measured so far.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from statistics import median
from time import perf_counter

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.diagnostics.speed.figures import (
    MS,
    SECONDS,
    TOKENS_PER_S,
    BenchResult,
    BenchRow,
    Requested,
    Series,
    after_warm_up,
    figures,
)
from desktop_vlm.diagnostics.speed.sides import Sides, pass_of
from desktop_vlm.families import loading
from desktop_vlm.runtime import abi
from desktop_vlm.runtime.ggml.device import devices
from desktop_vlm.runtime.pass_times import ROWS
from desktop_vlm.system.cores import usable_cores

__all__ = ["HOOKED", "PLAIN", "STOPPED", "WITH_IMAGE", "BenchPlan", "BenchResult", "BenchRow", "measure"]

PLAIN = "text, plain llama.cpp"
HOOKED = "text, hook on, nothing to do"
STOPPED = "text, hook stops between layers"
WITH_IMAGE = "with an image"

_ROWS = {
    PLAIN: ("prefill, plain", "decode, plain"),
    HOOKED: ("prefill, hooked", "decode, hooked"),
    STOPPED: ("prefill, stopped", "decode, stopped"),
    WITH_IMAGE: ("prefill", "decode"),
}

Progress = Callable[[str, float], None]
"""Called with what is done now and the fraction that is behind."""


@dataclass(frozen=True)
class BenchPlan:
    """What to measure.

    Attributes:
        n_prompt, n_generate: tokens of the prompt and of the answer.
        n_repeat: turns after one that warms up.
        image_size: of the image that is asked about; None for all tiles, or the model's own size.
    """

    n_prompt: int
    n_generate: int
    n_repeat: int
    image_size: tuple[int, int] | None = None

    def check(self, options: LoadOptions) -> None:
        """Refuse what cannot be measured.

        Raises:
            UserError: there would be nothing to measure, or no room for it.
        """
        n_tokens = self.n_prompt + self.n_generate + 1
        if min(self.n_prompt, self.n_generate, self.n_repeat) < 1 or n_tokens > (options.n_ctx or n_tokens):
            raise UserError("The prompt and the answer must have at least one token each and fit the context (--ctx).")


def measure(ref: ModelRef, options: LoadOptions, plan: BenchPlan, progress: Progress) -> BenchResult:
    """Time every way of running the model.

    Ctrl+C during the turns ends them; what was measured before it comes back, and says so.

    Raises:
        UserError: a file or a setting is wrong.
        EngineError: the engine failed.
        KeyboardInterrupt: before anything was measured.
    """
    plan.check(options)
    started = perf_counter()
    loaded = loading.load(ref, options, lambda _stage, fraction: progress("Loading the model", fraction))
    load_s = perf_counter() - started
    with closing(loaded):
        sides = Sides(loaded, options, plan.image_size, plan.n_prompt, plan.n_generate)
        with closing(sides):
            series, n_whole = _take_turns(sides, plan.n_repeat + 1, progress)
    return _result(ref, options, plan, sides, loaded, series, n_whole, load_s)


def _take_turns(sides: Sides, n_turns: int, progress: Progress) -> tuple[Series, int]:
    """Seconds of everything in each turn, and how many turns are whole; the first one warms up."""
    series: dict[str, list[float]] = {}
    steps = sides.steps()
    turn = 0
    try:
        for turn in range(n_turns):
            for number, (name, step) in enumerate(steps.items()):
                progress(f"Measuring {name}, turn {turn + 1} of {n_turns},", (turn + number / len(steps)) / n_turns)
                for what, seconds in step().items():
                    series.setdefault(what, []).append(seconds)
    except KeyboardInterrupt:
        if not series:
            raise
        return series, turn
    return series, n_turns


def _result(
    ref: ModelRef,
    options: LoadOptions,
    plan: BenchPlan,
    sides: Sides,
    loaded: loading.Loaded,
    series: Series,
    n_whole: int,
    load_s: float,
) -> BenchResult:
    series = {**after_warm_up(series), "load": [load_s]}
    encode_s = series.get("encode")
    by_size = {rows: series.get(pass_of(rows)) for rows in ROWS}
    return BenchResult(
        model=ref.text.name,
        mmproj=ref.mmproj.name if ref.mmproj else None,
        family=loaded.family.name,
        devices=[f"{device.name} ({device.description})" for device in devices()],
        placement=loaded.plan.reason,
        n_threads=options.n_threads or usable_cores(),
        n_prompt=plan.n_prompt,
        n_generate=plan.n_generate,
        image=sides.image_size,
        n_turns=max(0, n_whole - 1),
        is_complete=n_whole == plan.n_repeat + 1,
        load_s=load_s,
        encode_ms=median(encode_s) * 1e3 if encode_s else None,
        rows=_rows(series, plan),
        figures=figures(_requested(plan, sides), series),
        passes_ms={rows: median(values) * 1e3 for rows, values in by_size.items() if values},
        versions={
            "desktop-vlm": __version__,
            "llama-cpp-python": abi.installed_version(),
            "python": sys.version.split()[0],
        },
        date=date.today().isoformat(),
        notes=[note for note in (*sides.notes, sides.drafted) if note],
    )


def _rows(series: Series, plan: BenchPlan) -> dict[str, BenchRow]:
    plain = series.get("decode, plain", ())
    made = {}
    for name, (prefill, decode) in _ROWS.items():
        if decode in series and plain:
            made[name] = BenchRow(
                prefill_tokens_per_s=plan.n_prompt / median(series[prefill]),
                decode_tokens_per_s=plan.n_generate / median(series[decode]),
                decode_ratio=median(mine / other for mine, other in zip(series[decode], plain, strict=False)),
            )
    return made


def _requested(plan: BenchPlan, sides: Sides) -> list[Requested]:
    n, prompt = plan.n_generate, plan.n_prompt
    requested = [Requested("load the model", SECONDS, "load")]
    if sides.image_size:
        size = "{} x {}".format(*sides.image_size)
        requested += [
            Requested(f"encode an image of {size}", MS, "encode", "encode, plain"),
            Requested(f"first token, a new image and {prompt - 1} tokens", MS, "first token", "first token, plain"),
            Requested(f"second question of {sides.n_second} tokens", MS, "second question"),
        ]
    requested += [
        Requested(f"read a prompt of {prompt} tokens", TOKENS_PER_S, "prefill, hooked", "prefill, plain", prompt),
        Requested("decode, text", TOKENS_PER_S, "decode, hooked", "decode, plain", n),
    ]
    if sides.stops_between_layers:
        stopped = "decode, text, stops between layers"
        requested.append(Requested(stopped, TOKENS_PER_S, "decode, stopped", "decode, plain", n))
    if sides.image_size:
        requested.append(Requested("decode behind an image", TOKENS_PER_S, "decode", "decode, plain image", n))
    if sides.drafted:
        requested.append(Requested("decode with the draft model", TOKENS_PER_S, "drafted", "decode, plain drafted"))
    requested.append(Requested("decode what stood before", TOKENS_PER_S, "repeated", "decode, plain", n))
    return requested
