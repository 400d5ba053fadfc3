"""Lookup decoding: what passes of several tokens take, and what answers gain that repeat what stood before.

    python -m benchmarks.lookup --shape 11B --device gpu --json docs/benchmarks/lookup-11B-gpu.json
    python -m benchmarks.lookup --shape mid --device cpu --json docs/benchmarks/lookup-mid-cpu.json

One answer is drawn, behind an image where the shape has a vision projector. The rows then decode just its tokens, in
turn: a choice is made of the real logits for every one, and then the answer's token is taken, as the likeliest tokens
of random weights are so nearly equal that rounding decides between them. The rows: one token a pass; with drafts that
are always wrong, which is what lookup decoding can cost; and with a text to draft from that holds the answer, half of
it (every other ten tokens), or nothing of it. How much real answers repeat is measured by `lookup_acceptance`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Any

from PIL import Image

from benchmarks import report
from benchmarks.ours import n_gpu_layers
from benchmarks.quiet import Quiet
from benchmarks.random_model import SHAPES, write
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm import backend
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.diagnostics.speed.known_answer import Recorder, Teacher
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.pass_times import ROWS
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.text_stream import TextStream

PLAIN = "one token a pass"
WRONG = "drafts, all wrong"
NOTHING = "lookup, nothing to repeat"
HALF = "lookup, half of the answer stands before"
WHOLE = "lookup, all of the answer stands before"

_N_PROMPT = 400
_LIKELIEST = SamplingOptions(temperature=0.0)


class _Wrong(Lookup):
    """Finds what is never right."""

    def propose(self, most: int) -> tuple[list[int], int]:
        return [0] * most, 4


class _Sides:
    """One model with a prompt, and the rows over it."""

    def __init__(self, model: backend.Model, image: Image.Image | None, n_tokens: int) -> None:
        """Draw the answer."""
        self._model, self._session = model, model._session  # noqa: SLF001
        ids = [1000 + 7 * i % 500 for i in range(_N_PROMPT)]
        given = [model.n_vocab, *ids] if image is not None else ids
        self._prompt, self._images = model._prompt(given, image)  # noqa: SLF001
        self._ids, self._n_tokens = ids, n_tokens
        self._lengths: dict[str, DraftLength] = {}
        recorder = Recorder(_LIKELIEST, model.n_vocab)
        self._decode(recorder, None)
        self.tokens = recorder.tokens

    def answers(self) -> dict[str, Callable[[], float]]:
        """What returns seconds, by name."""
        half = [token for at in range(0, len(self.tokens), 20) for token in (-1, *self.tokens[at : at + 10])]
        known: dict[str, list[int]] = {NOTHING: [], HALF: half, WHOLE: self.tokens}
        looked_up = {
            name: partial(self._seconds, name, partial(Lookup, [text, self._ids])) for name, text in known.items()
        }
        return {PLAIN: partial(self._seconds, "", None), WRONG: partial(self._seconds, WRONG, _Wrong), **looked_up}

    def passes(self) -> dict[str, Callable[[], float]]:
        """The same for passes of several tokens."""
        return {pass_of(rows): partial(self._pass, rows) for rows in ROWS if rows <= self._session.most_at_once}

    def _pass(self, rows: int) -> float:
        self._session.evaluate(self._prompt, self._images)
        draft = self.tokens[1:rows]
        seconds = []
        for _ in range(5):
            started = perf_counter()
            self._session.extend(self.tokens[0], draft=draft)
            seconds.append(perf_counter() - started)
            self._session.take_back(rows)
        return sorted(seconds)[2]

    def _seconds(self, name: str, lookup: Callable[[], Lookup] | None) -> float:
        drafts = None
        if lookup:
            on_gpu = self._model.n_gpu_layers > 0
            drafts = Drafts(lookup(), self._lengths.setdefault(name, DraftLength(on_gpu=on_gpu)))
        return self._decode(Teacher(_LIKELIEST, self._model.n_vocab, self.tokens), drafts)

    def _decode(self, sampler: Sampler, drafts: Drafts | None) -> float:
        """Decode an answer: seconds of a token."""
        generation = Generation(self._session, sampler, TextStream(()), self._n_tokens, drafts)
        with closing(sampler):
            logits, _timing = self._session.evaluate(self._prompt, self._images)
            for _piece in generation.run(logits[-1]):
                pass
        return generation.decode_s / generation.n_tokens


def pass_of(rows: int) -> str:
    """The name of a row."""
    return f"a pass of {rows}"


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """All figures of one model."""
    options = LoadOptions(n_ctx=2048, n_gpu_layers=n_gpu_layers(args.device))
    ref = ModelRef(*write(args.shape, args.models, args.text_type, "Q8_0"))
    if args.without_image:
        ref = ModelRef(ref.text)
    image = None if args.without_image else Image.linear_gradient("L").convert("RGB").resize((1024, 700))
    with backend.load_model(ref, options) as model:
        sides = _Sides(model, image, args.most)
        quiet = Quiet(args.patience if args.device == "cpu" else 0)
        passes = take_turns(sides.passes(), args.repeat, quiet)
        answers = take_turns(sides.answers(), args.repeat, quiet)
    return {"answer_tokens": len(sides.tokens), "disturbed_measurements": quiet.disturbed, **_figures(passes, answers)}


def _figures(passes: Turns, answers: Turns) -> dict[str, Any]:
    per_pass = {name: report.summary(values, "s") for name, values in passes.items()}
    per_token = {name: report.summary(values, "s") for name, values in answers.items()}
    comparisons = {
        f"time of {name} / of a pass of 1": report.ratios(passes[pass_of(1)], values)
        for name, values in passes.items()
        if name != pass_of(1)
    }
    comparisons |= {
        f"{PLAIN} / {name}": report.ratios(values, answers[PLAIN]) for name, values in answers.items() if name != PLAIN
    }
    show(per_pass | per_token, comparisons)
    return {"per_pass": per_pass, "per_token": per_token, "comparisons": comparisons}


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="mid", help="whose layers, with random weights")
    report.add_common_arguments(parser)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--without-image", action="store_true", help="the language model alone")
    parser.add_argument("--most", type=int, default=200, metavar="TOKENS", help="length of the answer")
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="turns after two that warm up")
    args = parser.parse_args()
    report.write(args.json, "lookup", args, measure(args), None)


if __name__ == "__main__":
    main()
