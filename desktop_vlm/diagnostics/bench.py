"""Speed of a model, beside the same text GGUF in plain llama.cpp.

Everything is measured turn by turn in one run, so that a machine that slows down slows down all rows;
ratios are medians of the turns' ratios.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.families import loading
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.ggml.device import devices
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.system import steps
from desktop_vlm.system.cores import usable_cores

PLAIN = "text, plain llama.cpp"
HOOKED = "text, hook on, nothing to do"
STOPPED = "text, hook stops between layers"
WITH_IMAGE = "with an image"

_SIDE = 560
"""Of the image for a model that takes any size, in pixels."""


@dataclass(frozen=True)
class BenchRow:
    """One way of running the language model.

    Attributes:
        decode_ratio: decode time over plain llama.cpp's, the median of the turns' ratios.
    """

    prefill_tokens_per_s: float
    decode_tokens_per_s: float
    decode_ratio: float


@dataclass(frozen=True)
class BenchResult:
    """What `measure` found. `encode_ms` is None for a model without its vision projector."""

    model: str
    devices: list[str]
    n_threads: int
    n_prompt: int
    n_generate: int
    encode_ms: float | None
    rows: dict[str, BenchRow]


Run = Callable[[], tuple[float, float]]
"""One turn: seconds of prefill, seconds of decode."""


def measure(
    ref: ModelRef,
    options: LoadOptions,
    *,
    n_prompt: int,
    n_generate: int,
    n_repeat: int,
    progress: Callable[[int, int], None],
) -> BenchResult:
    """Time every way of running the model, `n_repeat` turns after one warm-up.

    Raises:
        UserError: a file or a setting is wrong.
        EngineError: the engine failed.
    """
    if min(n_prompt, n_generate, n_repeat) < 1 or n_prompt + n_generate + 1 > (
        options.n_ctx or n_prompt + n_generate + 1
    ):
        raise UserError("The prompt and the answer must have at least one token each and fit the context (--ctx).")
    threads = options.n_threads or usable_cores()
    loaded = loading.load(ref, options)
    session, placement = loaded.session, loaded.plan.placement
    plain = TextModel(
        ref.text,
        n_ctx=placement.n_ctx,
        n_batch=placement.n_batch,
        n_gpu_layers=placement.n_gpu_layers,
        split=placement.split,
        n_threads=threads,
        kv_type=placement.kv_type,
        should_stop=_asked_to_stop,
        with_hook=False,
    )
    try:
        tokens = [int(t) for t in np.random.RandomState(0).randint(0, plain.n_vocab, n_prompt + n_generate)]
        runs: dict[str, Run] = {
            PLAIN: lambda: _text_turn(plain, tokens, n_prompt, {}),
            HOOKED: lambda: _text_turn(session.text, tokens, n_prompt, {}),
        }
        if session.vision and session.vision.hook_nodes:
            stops = dict.fromkeys(session.vision.hook_nodes, _do_nothing)
            runs[STOPPED] = lambda: _text_turn(session.text, tokens, n_prompt, stops)
        if session.vision:
            runs[WITH_IMAGE] = lambda: _image_turn(session, tokens, n_prompt)
        turns, encode_s = _take_turns(session, runs, n_repeat, progress)
    finally:
        session.close()
        plain.close()
    return BenchResult(
        model=ref.text.name,
        devices=[f"{device.name} ({device.description})" for device in devices()],
        n_threads=threads,
        n_prompt=n_prompt,
        n_generate=n_generate,
        encode_ms=median(encode_s) * 1e3 if encode_s else None,
        rows={name: _row(turns[name], turns[PLAIN], n_prompt, n_generate) for name in runs},
    )


def _take_turns(
    session: Session, runs: dict[str, Run], n_repeat: int, progress: Callable[[int, int], None]
) -> tuple[dict[str, list[tuple[float, float]]], list[float]]:
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    encode_s = []
    for turn in range(n_repeat + 1):  # the first warms up
        progress(turn, n_repeat + 1)
        if session.vision:
            started = perf_counter()
            session.encode(_image(session))
            encode_s.append(perf_counter() - started)
        for name, run in runs.items():
            turns[name].append(run())
    return {name: times[1:] for name, times in turns.items()}, encode_s[1:]


def _text_turn(
    model: TextModel, tokens: list[int], n_prompt: int, handlers: Mapping[bytes, Handler]
) -> tuple[float, float]:
    model.forget_from(0)
    started = perf_counter()
    for at in range(0, n_prompt, model.n_batch):
        model.decode(tokens[at : min(at + model.n_batch, n_prompt)], at, outputs="last", handlers=handlers)
    prefilled = perf_counter()
    for at in range(n_prompt, len(tokens)):
        model.decode([tokens[at]], at, outputs="last", handlers=handlers)
    return prefilled - started, perf_counter() - prefilled


def _image_turn(session: Session, tokens: list[int], n_prompt: int) -> tuple[float, float]:
    session.forget()
    image = _image(session)
    prompt = Prompt((session.measure("bench", image), *tokens[1:n_prompt]))
    _, timing = session.evaluate(prompt, {"bench": image})
    started = perf_counter()
    for token in tokens[n_prompt:]:
        session.extend(token)
    return timing.prefill_s, perf_counter() - started


def _image(session: Session) -> Image.Image:
    """An image that takes every tile, or the whole square."""
    assert session.projector is not None
    sizing = session.projector.capabilities.sizing
    assert sizing is not None
    side = sizing.side or _SIDE
    return Image.linear_gradient("L").resize((side * sizing.max_tiles, side)).convert("RGB")


def _do_nothing(_tensor: object) -> None:
    pass


def _row(
    turns: list[tuple[float, float]], plain: list[tuple[float, float]], n_prompt: int, n_generate: int
) -> BenchRow:
    return BenchRow(
        prefill_tokens_per_s=n_prompt / median(prefill for prefill, _ in turns),
        decode_tokens_per_s=n_generate / median(decode for _, decode in turns),
        decode_ratio=median(mine / other for (_, mine), (_, other) in zip(turns, plain, strict=True)),
    )


def _asked_to_stop() -> bool:
    """Never; it is asked after each part of a computation."""
    steps.count()
    return False
