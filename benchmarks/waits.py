"""Decoding behind an image, with and without waiting for the GPU at each cross-attention layer (docs/decisions/0013).

    python -m benchmarks.waits --shape 11B --device gpu --json FILE

The same model loaded twice, and plain llama.cpp, in turn; whether the logits are the same is looked at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.model_bytes import bytes_per_token
from benchmarks.ours import PlainText, Settings, WithImage, n_gpu_layers, random_tokens
from benchmarks.quiet import Quiet
from benchmarks.random_model import write
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm.runtime import native_stops

PLAIN, WAITING, WITHOUT = "plain llama.cpp, text", "image, waiting", "image, without waiting"
_SLACK = 64
_COMPARED = 24


class Sides:
    """Everything that is measured, loaded at once."""

    def __init__(self, args: argparse.Namespace, stack: ExitStack) -> None:
        self._n_context, self._n_generate = args.context, args.generate
        files = write(args.shape, args.models, args.text_type, args.vision_type)
        settings = Settings(n_ctx=args.context + args.generate + _SLACK, n_gpu_layers=n_gpu_layers(args.device))
        self._plain = stack.enter_context(closing(PlainText(files[0], settings)))
        self._models: dict[str, WithImage] = {}
        for name, leaves_out in ((WAITING, False), (WITHOUT, True)):
            with patch.object(native_stops, "LEAVES_OUT_WAITS", leaves_out):
                self._models[name] = stack.enter_context(closing(WithImage(*files, settings)))
        self.bytes = bytes_per_token(files[0], self._models[WAITING].mmproj)

    def rows(self) -> dict[str, Callable[[], float]]:
        """Seconds of a token, by name."""
        rows: dict[str, Callable[[], float]] = {PLAIN: partial(self._plain.decode, self._n_context, self._n_generate)}
        for name, model in self._models.items():
            rows[name] = partial(model.decode, self._n_context, self._n_generate, n_tiles=4)
        return {name: partial(self._per_token, row) for name, row in rows.items()}

    def _per_token(self, decode: Callable[[], float]) -> float:
        n_tokens: int = self._n_generate
        return decode() / n_tokens

    def are_equal(self) -> bool:
        """Whether both give the same logits, for some tokens one after the other."""
        waiting, without = (self._logits(model) for model in self._models.values())
        return bool(np.array_equal(waiting, without))

    def _logits(self, model: WithImage) -> NDArray[np.float32]:
        """Of some tokens: float32 (n, n_vocab)."""
        model.session.forget()
        model.fill(self._n_context, n_tiles=4)
        tokens = random_tokens(model.session.text.n_vocab, _COMPARED)
        return np.stack([model.session.extend(token).copy() for token in tokens])


def compare(turns: Turns, ideal_slowdown: float) -> dict[str, dict[str, Any]]:
    """How many times as fast it is without, and what part of the ideal's speed both have."""
    ideal = [seconds * ideal_slowdown for seconds in turns[PLAIN]]
    return {
        "without waiting: times as fast": report.ratios(turns[WITHOUT], turns[WAITING]),
        **{f"{name}: part of the ideal's speed": report.ratios(turns[name], ideal) for name in (WAITING, WITHOUT)},
    }


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--vision-type", default="Q8_0")
    report.add_speed_arguments(parser, context="before the decoded tokens")
    args = parser.parse_args()
    quiet = Quiet(args.patience if args.device == "cpu" else 0)
    with ExitStack() as stack:
        sides = Sides(args, stack)
        equal = sides.are_equal()
        turns = take_turns(sides.rows(), args.repeat, quiet)
    times = {name: report.summary(seconds, "s") for name, seconds in turns.items()}
    comparisons = compare(turns, sides.bytes.ideal_slowdown(with_keys=False))
    show(times, comparisons)
    print(f"logits of {_COMPARED} tokens: {'the same' if equal else 'NOT the same'}")
    results = {"times": times, "ratios": comparisons, "same_logits": equal, "disturbed_measurements": quiet.disturbed}
    report.write(args.json, "waits", args, results)


if __name__ == "__main__":
    main()
